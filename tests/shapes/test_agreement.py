"""Engines by three authors say the same of the same records: all whole, everything added at once, everything taken away at once."""

import json
import logging
import subprocess
import sys
from functools import cache

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from rdflib.plugins.sparql import processor
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery

from .shapes_graph import PREFIXES, VALID_TEXT, Case, as_ntriples, load_cases, parse, sh, shapes_text, shapes_triples
from .test_constraints import findings

Row = tuple[str, str, str | None]

# A process of its own: a crash of the engine must not end the tests.
SECOND_OPINION = """
import json, sys, shacl_rust
shapes, data = json.load(sys.stdin)
json.dump(shacl_rust.validate(data, shapes, data_format="nt", shapes_format="nt", experimental_index=True), sys.stdout)
"""


def everything_added() -> list[ox.Triple]:
    """valid.ttl and what every case adds."""
    found = parse(VALID_TEXT)
    for case in load_cases():
        found += [triple for triple in parse(PREFIXES + case.add) if triple not in found]
    return found


def everything_removed() -> list[ox.Triple]:
    """valid.ttl less what any case takes away, but for the links that most other rules hang on."""
    pairs = tuple(pair for case in load_cases() for pair in case.remove)
    return Case("", pairs, "", (), None).data()


GRAPHS = {"whole": lambda: parse(VALID_TEXT), "added": everything_added, "removed": everything_removed}


def to_rdflib(triples: list[ox.Triple]) -> rdflib.Graph:
    """An rdflib graph that keeps every literal as it was written."""
    graph = rdflib.Graph()

    def node(term):
        if isinstance(term, ox.NamedNode):
            return rdflib.URIRef(term.value)
        if isinstance(term, ox.BlankNode):
            return rdflib.BNode(term.value)
        plain = term.language or term.datatype.value.endswith("#string")
        return rdflib.Literal(term.value, term.language, None if plain else term.datatype.value, normalize=False)

    for triple in triples:
        graph.add((node(triple.subject), node(triple.predicate), node(triple.object)))
    return graph


@cache
def shapes_for_the_judge() -> rdflib.Graph:
    return to_rdflib(shapes_triples())


def judge(triples: list[ox.Triple]) -> list[Row]:
    """(source shape, focus, value) by pyshacl."""
    _, report, _ = pyshacl.validate(to_rdflib(triples), shacl_graph=shapes_for_the_judge())
    term = {name: rdflib.URIRef(sh(name).value) for name in ("ValidationResult", "sourceShape", "focusNode", "value")}
    rows = []
    for result in report.subjects(rdflib.RDF.type, term["ValidationResult"]):
        value = report.value(result, term["value"])
        shape, focus = report.value(result, term["sourceShape"]), report.value(result, term["focusNode"])
        rows.append((str(shape), plain(focus), None if value is None else plain(value)))
    return sorted(rows, key=str)


def plain(value: rdflib.term.Node) -> str:
    """A term as N-Triples writes it, with its lexical form as it stands."""
    if not isinstance(value, rdflib.Literal):
        return value.n3()
    if value.language:
        return str(ox.Literal(str(value), language=value.language))
    return str(ox.Literal(str(value), datatype=ox.NamedNode(value.datatype) if value.datatype else None))


@pytest.fixture
def each_query_read_once(monkeypatch):
    """rdflib reads a query anew for each focus node, which is nine tenths of pyshacl's time here."""
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)

    @cache
    def read(text, base=None):
        return translateQuery(parseQuery(text), base)

    monkeypatch.setattr(processor, "parseQuery", lambda text: text)
    monkeypatch.setattr(processor, "translateQuery", lambda text, base=None, namespaces=None: read(text, base))


@pytest.mark.parametrize("name", GRAPHS)
def test_the_judge_agrees_with_the_fast_engines(name, each_query_read_once):
    triples = GRAPHS[name]()
    assert sorted(set(judge(triples)), key=str) == sorted(set(findings(triples)), key=str)


@pytest.mark.parametrize("name", GRAPHS)
def test_the_second_opinion_agrees_with_the_fast_engines(name):
    triples = GRAPHS[name]()
    given = json.dumps([shapes_text(), as_ntriples(triples)])
    ran = subprocess.run([sys.executable, "-c", SECOND_OPINION], input=given, capture_output=True, text=True, check=True, timeout=120)
    rows = {(row["sourceShape"].strip("<>"), row["focusNode"], row.get("value")) for row in json.loads(ran.stdout)["results"]}
    assert sorted(rows, key=str) == sorted(set(findings(triples)), key=str)
