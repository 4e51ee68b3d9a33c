"""The reader and the formatter on the W3C Turtle suite."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from phkg.turtle.reader import read

_spec = importlib.util.spec_from_file_location("w3c_turtle", Path(__file__).with_name("w3c_turtle.py"))
w3c_turtle = importlib.util.module_from_spec(_spec)
sys.modules["w3c_turtle"] = w3c_turtle
_spec.loader.exec_module(w3c_turtle)

KNOWN: dict[str, str] = {}
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
