"""What a query may see of a store elsewhere does not hang on how it is spelt: held to what an engine without any wall reads in it."""

from __future__ import annotations

import pyoxigraph
import pytest
from pyoxigraph import NamedNode, Quad, QueryBoolean

from phkg.sparql.isolation import Named, isolate
from phkg.sparql.problems import Problem

BASE = "https://example.org/"
GLUED = [
    "SELECT * { GRAPH<x:g>{ ?s ?p ?o } }",
    "PREFIX x: <x:> SELECT * { GRAPHx:g{ ?s ?p ?o } }",
    "PREFIX : <x:> SELECT * { GRAPH:g{ ?s ?p ?o } }",
    "PREFIX : <x:> PREFIX graph: <y:> SELECT * { GRAPH:g{ ?s ?p ?o } }",
    "PREFIX x: <x:> PREFIX GRAPHx: <y:> SELECT * { GRAPHx:g{ ?s ?p ?o } }",
    "PREFIX x: <x:> SELECT * { VALUES ?z { 1 } GRAPHx:g{ ?s ?p ?o } }",
    "PREFIX x: <x:> ASK { FILTER EXISTS { GRAPHx:g{ ?s ?p ?o } } }",
    "PREFIXx: <x:> SELECT * { GRAPHx:g{ ?s ?p ?o } }",
    "SELECT * FROM<x:g>{ ?s ?p ?o }",
    "SELECT * FROMNAMED<x:g>{ GRAPH?g{ ?s ?p ?o } }",
    "PREFIX x: <x:> SELECT * FROMx:g{ ?s ?p ?o }",
    "PREFIX x: <x:> SELECT * FROMNAMEDx:g{ GRAPH ?g { ?s ?p ?o } }",
    "PREFIX x: <x:> SELECT * FROM NAMEDx:g{ GRAPH ?g { ?s ?p ?o } }",
    "ASKFROM<x:g>{ ?s ?p ?o }",
    "PREFIX x: <x:> ASKFROMx:g{ ?s ?p ?o }",
    "PREFIX x: <x:> PREFIX ASKFROMx: <y:> ASKFROMx:g{ ?s ?p ?o }",
    "PREFIX x: <x:> PREFIX FROMx: <y:> SELECT * FROMx:g{ ?s ?p ?o }",
    "PREFIX x: <x:> PREFIX NAMEDx: <y:> SELECT * FROM NAMEDx:g FROM NAMED x:g { GRAPH ?g { ?s ?p ?o } }",
    "CONSTRUCTWHERE{ ?s ?p ?o }",
    "PREFIX x: <x:> CONSTRUCTFROMx:gWHERE{ ?s ?p ?o }",
]
"""Keywords without a space beside them, as an engine may take them."""


@pytest.fixture
def store() -> pyoxigraph.Store:
    found = pyoxigraph.Store()
    found.add(Quad(NamedNode("x:s"), NamedNode("x:p"), NamedNode("x:secret"), NamedNode("x:g")))
    return found


def sees(store: pyoxigraph.Store, query: str) -> bool:
    answer = store.query(query, base_iri=BASE)
    return bool(answer) if isinstance(answer, QueryBoolean) else any("secret" in str(row) for row in answer)


@pytest.mark.parametrize("query", GLUED)
def test_no_spelling_reaches_another_graph(store: pyoxigraph.Store, query: str) -> None:
    try:
        sees(store, query)
    except SyntaxError:
        return
    try:
        sent = isolate(query, BASE).text
    except Problem as problem:
        assert problem.code == "unclear"
        return
    try:
        assert not sees(store, sent)
    except SyntaxError:
        pass


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("PREFIX x: <x:> SELECT ?o { x:s x:p ?o }", ["<x:o>"]),
        ("PREFIX graph: <x:> PREFIX from: <x:> PREFIX named: <x:> SELECT ?o { graph:s from:p ?o FILTER(?o = named:o) }", ["<x:o>"]),
        ("PREFIX : <x:> SELECT ?o { :s :p ?o }", ["<x:o>"]),
        ("PREFIX x: <y:> PREFIX x: <x:> SELECT ?o { x:s x:p ?o }", ["<x:o>"]),
        ("PREFIX p: <x:> PREFIX a.b: <x:> SELECT ?o { p:s a.b:p ?o }", ["<x:o>"]),
        ("BASE <x:> PREFIX å: <x:> SELECT ?o { _:b å:p ?o . _:b ?p å:o }", ["<x:o>"]),
        ("PREFIX x: <x:> SELECT ?o { x:a\\.b x:p ?o }", ["<x:dotted>"]),
        ("PREFIX x: <x:> SELECT ?o { x:s x:p ?o FILTER(?o=x:o||?o=x:none) }", ["<x:o>"]),
        ("PREFIX x: <http://www.w3.org/2001/XMLSchema#> SELECT ?o { BIND(x:integer('7') AS ?o) }", ['"7"^^<http://www.w3.org/2001/XMLSchema#integer>']),
    ],
)
def test_names_keep_their_meaning(query: str, answer: list[str]) -> None:
    store = pyoxigraph.Store()
    for subject, value in (("x:s", "x:o"), ("x:a.b", "x:dotted")):
        store.add(Quad(NamedNode(subject), NamedNode("x:p"), NamedNode(value)))
    assert [str(row["o"]) for row in store.query(isolate(query, BASE).text)] == answer


@pytest.mark.parametrize(
    "query", ["PREFIX x: <x:> SELECT * FROM NAMEDx:g { GRAPH ?g { ?s ?p ?o } }", "ASKFROM<x:g>{ ?s ?p ?o }", "PREFIX x: <x:> SELECT * { GRAPHx:g{} }"]
)
def test_a_keyword_without_its_space_is_refused_and_the_answer_says_what_is_right(query: str) -> None:
    with pytest.raises(Problem) as refused:
        isolate(query, BASE)
    assert (refused.value.status, refused.value.code) == (400, "unclear")
    assert refused.value.detail["en"].endswith("put spaces around every keyword.")


def test_the_one_graph_that_may_be_seen_is_given_its_name_in_the_store() -> None:
    store = pyoxigraph.Store()
    store.add(Quad(NamedNode("x:s"), NamedNode("x:p"), NamedNode("x:o"), NamedNode("x:stored")))
    for query in ("PREFIX x: <x:> SELECT ?o { GRAPH x:shown { ?s ?p ?o } }", "PREFIX graph: <x:> SELECT ?o { GRAPH graph:shown { ?s ?p ?o } }"):
        sent = isolate(query, BASE, Named("x:shown", "x:stored")).text
        assert [str(row["o"]) for row in store.query(sent)] == ["<x:o>"]
