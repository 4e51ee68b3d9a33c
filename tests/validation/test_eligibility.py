"""Which SPARQL constraints may run once over the whole graph; and that those then give the engine's own results."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phkg.validation import whole_graph
from phkg.validation.eligibility import refusal
from phkg.validation.engines import _main_engine, results_of
from phkg.validation.shapes_graph import read_shapes

SAFE = [
    "SELECT $this ?value WHERE { $this ex:p ?value }",
    "SELECT DISTINCT $this ?value WHERE { $this ex:p ?value . FILTER (?value != $this) }",
    "SELECT $this ?value WHERE { $this ex:p ?value . FILTER (?value NOT IN (ex:a, ex:b)) }",
    "SELECT $this ?value WHERE { $this ex:p ?value . FILTER NOT EXISTS { $this ex:q ?value } }",
    "SELECT $this ?value WHERE { $this ex:p ?value . FILTER NOT EXISTS { ?value ex:q ?other . FILTER (?other != $this) } }",
    "SELECT $this ?value WHERE { $this ex:p ?value . OPTIONAL { $this ex:q ?q } FILTER (!BOUND(?q)) }",
    "SELECT $this ?value WHERE { { $this ex:p ?value } UNION { $this ex:q ?value . FILTER ($this = ?value) } }",
    "SELECT $this ?value WHERE { $this ex:p ?value ; ex:q/^ex:p ?other . BIND (str($this) AS ?name) FILTER (?other != ?value) }",
    "SELECT $this ?value WHERE { $this ex:p ?a . ?value ex:p ?a . FILTER (?value != $this) $this ex:q ?b . ?value ex:q ?b . }",
    "SELECT $this (COUNT(?v) AS ?total) WHERE { $this ex:p ?v } GROUP BY $this HAVING (COUNT(?v) > 1)",
    "SELECT $this WHERE { $this ex:p ?v . FILTER EXISTS { ?v ex:q ?w . FILTER NOT EXISTS { ?w ex:p $this } } }",
]
UNSAFE = {
    "SELECT $this WHERE { ?other ex:p ?value }": "does not surely bind",
    "SELECT ?value WHERE { $this ex:p ?value }": "not projected",
    "SELECT $this WHERE { $this ex:p ?v . MINUS { $this ex:q ?v } }": "MINUS",
    "SELECT $this WHERE { $this ex:p ?v } LIMIT 1": "LIMIT",
    "SELECT $this WHERE { $this ex:p ?v . { SELECT ?v WHERE { ?v ex:q ?w } } }": "SELECT",
    "SELECT $this (COUNT(?v) AS ?value) WHERE { $this ex:p ?v }": "aggregate",
    "SELECT $this WHERE { $this ex:p ?v . { ?v ex:q ?w . FILTER (?w = $this) } }": "not bound",
    "SELECT $this WHERE { OPTIONAL { $this ex:p ?v } }": "does not surely bind",
    "SELECT $this WHERE { $this ex:p* ?v }": "does not surely bind",
    "SELECT $this WHERE { { $this ex:p ?v } UNION { ?v ex:q ?w } }": "does not surely bind",
    "SELECT $this WHERE { BIND (str($this) AS ?n) $this ex:p ?n }": "before it is bound",
    "SELECT $this WHERE { $this ex:p ?v . VALUES ?v { ex:a } }": "VALUES",
    "SELECT $this WHERE { $this ex:p ?v . GRAPH ?g { ?v ex:q ?w } }": "GRAPH",
    "SELECT $this WHERE { $this ex:p ?v . FILTER ($currentShape = ?v) }": "currentShape",
    "SELECT $this WHERE { $this ex:p ?v": "expected",
    "SELECT $this WHERE { $this ex:p ?v . SERVICE ex:s { ?v ex:q ?w } }": "SERVICE",
}


@pytest.mark.parametrize("query", SAFE)
def test_query_that_binds_this_wherever_it_looks_at_it_is_taken(query: str) -> None:
    assert refusal(query) is None


@pytest.mark.parametrize(("query", "reason"), UNSAFE.items())
def test_query_that_would_change_its_meaning_is_refused(query: str, reason: str) -> None:
    assert reason in (refusal(query) or "")


def _shapes(query: str):
    return read_shapes(
        [
            f"""@prefix ex: <http://ex/> . @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
            ex:names sh:declare [ sh:prefix "ex" ; sh:namespace "http://ex/"^^xsd:anyURI ] .
            ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:sparql [ sh:prefixes ex:names ; sh:select \"\"\"{query}\"\"\" ] .""".encode()
        ]
    )


_names = st.sampled_from(["<http://ex/a>", "<http://ex/b>", "<http://ex/c>"])
_triples = st.lists(st.tuples(_names, st.sampled_from(["<http://ex/p>", "<http://ex/q>"]), _names), max_size=9)
_TYPED = "<http://ex/a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://ex/C> .\n<http://ex/b> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://ex/C> .\n"


@pytest.mark.parametrize("query", SAFE)
@settings(max_examples=12, deadline=None)
@given(triples=_triples)
def test_once_over_the_whole_graph_finds_what_asking_for_each_node_finds(query: str, triples: list) -> None:
    shapes = _shapes(query)
    assert len(whole_graph.plan(shapes)) == 1
    data = (_TYPED + "".join(f"{s} {p} {o} .\n" for s, p, o in triples)).encode()

    def rows(once: bool) -> list[tuple]:
        # Two solutions for one node and value are the same thing to say.
        return sorted({(r.focus, r.value, r.severity, r.shape, r.component) for r in results_of(_main_engine(shapes, once=once), data)})

    assert rows(True) == rows(False)


@pytest.mark.parametrize(
    "more",
    [
        "ex:Other a sh:NodeShape ; sh:node ex:S .",  # evaluated for values too
        "ex:S sh:deactivated true .",
        "ex:S sh:path [ sh:inversePath ex:p ] .",
    ],
)
def test_shape_that_is_not_only_for_its_targets_stays_with_the_engine(more: str) -> None:
    base = """@prefix ex: <http://ex/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
        ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:sparql [ sh:select "SELECT $this WHERE { $this <http://ex/p> ?v }" ] ."""
    assert len(whole_graph.plan(read_shapes([base.encode()]))) == 1
    assert whole_graph.plan(read_shapes([(base + more).encode()])) == []
