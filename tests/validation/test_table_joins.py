"""Triples about a second record become a sub-select where that is worth while, and never change what a query finds."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phkg.records.knowledge import find_knowledge
from phkg.validation import whole_graph
from phkg.validation.query_text import tokens
from phkg.validation.run import load_shapes
from phkg.validation.table_joins import with_tables

REWRITTEN = {
    "SELECT $this { $this ex:p ?a ; ex:q ?b . ?v ex:p ?a ; ex:q ?b . }": "SELECT $this { $this ex:p ?a ; ex:q ?b . { SELECT * WHERE { ?v ex:p ?a ; ex:q ?b } } }",
    "SELECT $this { ?v ex:p ?a . $this ex:p ?a . FILTER(?v != $this) ?v ex:q ?b . $this ex:q ?b }": "SELECT $this { { SELECT * WHERE { ?v ex:p ?a . ?v ex:q ?b } } $this ex:p ?a . FILTER(?v != $this)  $this ex:q ?b }",
    # A full stop in a string and a bracket in a comment are none.
    'SELECT $this { $this ex:p ?a, "a . {" ; ex:q ?b . # }\n?v ex:p ?a, true ; ex:q ?b OPTIONAL { ?v ex:r ?c } }': 'SELECT $this { $this ex:p ?a, "a . {" ; ex:q ?b . # }\n{ SELECT * WHERE { ?v ex:p ?a, true ; ex:q ?b } } OPTIONAL { ?v ex:r ?c } }',
}
LEFT = [
    "SELECT $this { $this ex:p ?a ; ex:q ?b . ?v ex:p ?a . }",  # one property in common: a look-up is as good
    "SELECT $this { $this ex:p ?a ; ex:q ?b . ?a ex:p ?b ; ex:q ?b }",  # reached from $this by a look-up
    "SELECT $this { $this ex:p ?a ; ex:q ?b . ?v ex:p ?a ; ex:q ?b ; ex:r $this }",
    "SELECT $this { $this ex:p ?a ; ex:q ?b . OPTIONAL { $this ex:r ?v } ?v ex:p ?a ; ex:q ?b }",  # there the order of the parts matters
    "SELECT $this { $this ex:p ?a ; ex:q ?b . ?v ex:p ?a ; ex:q ?b ; ex:r _:c }",
    "SELECT $this { $this ex:p ?a ; ex:q ?b . ?v ex:p ?a ; ex:q [ ex:r ?b ] }",
    "SELECT $this { { $this ex:p ?a ; ex:q ?b . ?v ex:p ?a ; ex:q ?b } }",
]
_PREFIX = "PREFIX ex: <http://ex/>\n"


@pytest.mark.parametrize(("query", "expected"), REWRITTEN.items())
def test_second_record_that_agrees_in_several_properties_becomes_a_sub_select(query: str, expected: str) -> None:
    assert _words(with_tables(query)) == _words(expected)


@pytest.mark.parametrize("query", LEFT)
def test_other_queries_stay_as_they_are(query: str) -> None:
    assert with_tables(query) == query


_names = st.sampled_from(["a", "b", "c"])
_triples = st.lists(st.tuples(_names, st.sampled_from("pqr"), _names), max_size=14)


@pytest.mark.parametrize("query", REWRITTEN)
@settings(max_examples=40, deadline=None)
@given(triples=_triples)
def test_solutions_are_the_same(query: str, triples: list) -> None:
    store = ox.Store()
    store.extend(ox.Quad(*(ox.NamedNode(f"http://ex/{name}") for name in triple)) for triple in triples)
    query = query.replace(', "a . {"', "").replace(", true", "")
    before, after = (sorted(str(row["this"]) for row in store.query(_PREFIX + text)) for text in (query, with_tables(query)))
    assert before == after


def test_rules_that_compare_statements_are_joined_by_a_table() -> None:
    by_table = {str(query.shape).rpartition("#")[2].rstrip(">") for query in whole_graph.plan(load_shapes(find_knowledge())) if "SELECT *" in query.query}
    assert {"statement-contradiction", "statement-twice", "statement-overlap", "observation-twice"} <= by_table


def _words(query: str) -> list[str]:
    return [token.text for token in tokens(query)]
