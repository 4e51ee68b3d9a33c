"""An undeclared prefix is named with its place; declared ones, and colons elsewhere, are none."""

import pytest

from phkg.sparql.prefixes import undeclared_prefix
from phkg.sparql.service import Place


@pytest.mark.parametrize(
    "query, found",
    [
        ("ASK { ?s foo:bar ?o }", ("foo:", Place(1, 10))),
        ("# a:b\nPREFIX a: <x:>\nASK { a:b å:ö 'c:d' }", ("å:", Place(3, 11))),
        ("ASK { ?s :p ?o }", (":", Place(1, 10))),
        ("PREFIX : <x:> ASK { ?s :p 1 . ?s a:q 2 . ?s b:q 3 }", ("a:", Place(1, 34))),
        ("PREFIX a: <x:> ASK { _:b a:b ?c . <y:z> a:d 'e:f', \"g:h\"@sv }", None),
        ("PREFIX a: <x:> ASK { ?s ^a:b/a:c? ?o }", None),
    ],
)
def test_the_first_prefix_that_is_not_declared_is_found(query: str, found: tuple[str, Place] | None) -> None:
    assert undeclared_prefix(query) == found


def test_the_endpoint_says_which_prefix_and_where(endpoint) -> None:
    for query, code in (("ASK { ?s b:b ?o }", "prefix"), ("PREFIX b: <x:> ASK { ?s b:b }", "syntax")):
        told = endpoint.query(query).json()
        assert (told["status"], told["code"]) == (400, code)
    told = endpoint.query("ASK { ?s b:b ?o }").json()
    assert (told["line"], told["column"]) == (1, 10) and "PREFIX b: <…>" in told["detail"]
