"""The reader and the formatter on the W3C Turtle suite."""

from __future__ import annotations

import pytest

from phkg.turtle.format import format_turtle
from phkg.turtle.reader import read

from . import w3c_turtle

_folder = w3c_turtle.suite_folder()
_cases = w3c_turtle.cases(_folder) if _folder else []
pytestmark = pytest.mark.skipif(_folder is None, reason="the W3C Turtle suite (rdf/rdf11/rdf-turtle) is not in $PHKG_W3C")


def graph(data):
    document = read(data)
    assert document.errors == ()
    return w3c_turtle.canonical(statement.triple for statement in document.triples)


@pytest.mark.parametrize("case", [case for case in _cases if case.kind != "negative"], ids=lambda case: case.name)
def test_positive(case):
    assert graph(case.data) == w3c_turtle.parsed(case.data)


@pytest.mark.parametrize("case", [case for case in _cases if case.kind == "eval"], ids=lambda case: case.name)
def test_eval(case):
    assert graph(case.data) == w3c_turtle.parsed(case.result.read_bytes())


@pytest.mark.parametrize("case", [case for case in _cases if case.kind == "negative"], ids=lambda case: case.name)
def test_negative(case):
    assert read(case.data).errors != ()


@pytest.mark.parametrize("case", [case for case in _cases if case.kind != "negative"], ids=lambda case: case.name)
def test_formatted(case):
    once = format_turtle(case.data)
    assert w3c_turtle.parsed(once) == w3c_turtle.parsed(case.data)
    assert format_turtle(once) == once
