"""JSON-LD as written here, read back by two strangers: whatever the value, the triples are the same."""

from __future__ import annotations

import json

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

from phkg.graph.snapshot import Snapshot
from phkg.publishing import json_ld
from phkg.publishing.described import describe
from phkg.publishing.history import History
from phkg.publishing.json_ld_nodes import Nodes
from phkg.publishing.provenance import Provenance
from phkg.publishing.site import publish
from phkg.views.graph import Graph

XSD = "http://www.w3.org/2001/XMLSchema#"
OTHERS = (
    "http://purl.org/dc/terms/issued",
    "http://www.w3.org/2000/01/rdf-schema#subClassOf",
    "https://example.org/else",
    "https://w3id.org/phkg/ontology#id",
    "https://w3id.org/phkg/ontology#nowhere",
)
LEXICAL = st.sampled_from(["1", "-1", "+1", "01", "1.0", "true", "1", "2021", "2021-09-14", "å", "", "9007199254740993", '<&"\\'])
VALUES = st.one_of(
    st.builds(Literal, LEXICAL),
    st.builds(lambda text, code: Literal(text, language=code), LEXICAL, st.sampled_from(["sv", "en", "sv-FI"])),
    st.builds(
        lambda text, kind: Literal(text, datatype=NamedNode(XSD + kind)), LEXICAL, st.sampled_from(["integer", "boolean", "date", "gYear", "string", "decimal"])
    ),
    st.sampled_from([NamedNode("https://w3id.org/phkg/methods/x"), NamedNode("https://w3id.org/phkg/ontology#Method")]),
)


@pytest.fixture(scope="module")
def terms(town_snapshot: Snapshot) -> dict:
    return json_ld.context(Graph(town_snapshot.store))


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_whatever_the_value_two_readers_find_the_same_triples(data: st.DataObject, terms: dict) -> None:
    named = [term["@id"] if isinstance(term, dict) else term for name, term in terms["@context"].items() if not name.startswith("@")]
    properties = sorted({iri for iri in named if iri.startswith("http") and not iri.endswith(("#", "/"))} | set(OTHERS))
    subject = NamedNode("https://w3id.org/phkg/methods/x")
    pairs = data.draw(st.lists(st.tuples(st.sampled_from(properties), VALUES), min_size=1, max_size=6))
    triples = [Triple(subject, NamedNode(iri), value) for iri, value in pairs]
    wanted = {str(triple) for triple in triples}
    document = {**json.loads(Nodes(terms).record([triples], "")), **terms}
    by_store = {str(quad.triple) for quad in pyoxigraph.parse(json.dumps(document).encode(), format=RdfFormat.JSON_LD)}
    lines = jsonld.to_rdf(document, {"format": "application/n-quads"}).encode()
    by_processor = {str(quad.triple) for quad in pyoxigraph.parse(lines, format=RdfFormat.N_QUADS)}
    assert by_store == wanted
    assert by_processor == wanted


def test_every_subject_of_a_registry_reads_back_as_it_was(town_snapshot: Snapshot, terms: dict) -> None:
    triples = sorted((quad.triple for quad in town_snapshot.store), key=lambda triple: (triple.subject.value, str(triple)))
    nodes = Nodes(terms)
    whole = nodes.document(nodes.lines(triples))
    assert {str(quad.triple) for quad in pyoxigraph.parse(whole, format=RdfFormat.JSON_LD)} == {str(triple) for triple in triples}


def in_any_order(value: object) -> object:
    """JSON-LD without its context, in which only the order of keys and of arrays is free."""
    if isinstance(value, dict):
        return {key: in_any_order(one) for key, one in value.items() if key != "@context"}
    if isinstance(value, list):
        return sorted((in_any_order(one) for one in value), key=lambda one: json.dumps(one, sort_keys=True))
    return value


def test_every_record_is_written_as_a_processor_compacts_it(town_snapshot: Snapshot, terms: dict) -> None:
    site = publish(town_snapshot, ()).site
    compared = 0
    for record in (record for kind in site.kinds for record in site.records(kind)):
        description = describe(site, Provenance(site.base, History()), record)
        assert description
        lines = "".join(f"{triple} .\n" for triple in description.triples)
        expanded = jsonld.from_rdf(lines, {"format": "application/n-quads", "useNativeTypes": True})
        (first,) = [node for node in expanded if node["@id"] == record.value]
        rest = [node for node in expanded if node is not first and len(node) > 1]
        compacted = jsonld.compact({**first, **({"@included": rest} if rest else {})}, terms)
        assert in_any_order(json.loads(Nodes(terms).record(description.subjects, ""))) == in_any_order(compacted), record
        compared += 1
    assert compared >= 15
