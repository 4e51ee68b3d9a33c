"""JSON-LD that reads like plain JSON: names of properties as keys, texts by language, arrays only where there is more than one.

The context is made from the vocabulary alone, never from the records, so that it changes only with the vocabulary. What a
property may also hold (a date without a day, a text without language) is written out with its type: nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from phkg.publishing.rdf_formats import PREFIXES
from phkg.views.graph import Graph
from phkg.vocabulary import ph
from phkg.vocabulary.namespaces import DCTERMS, FOAF, OWL, PROV, RDF, RDFS, SKOS, XSD

TYPE = NamedNode(RDF + "type")
RANGE = NamedNode(RDFS + "range")
OBJECT_PROPERTY = NamedNode(OWL + "ObjectProperty")
PROPERTIES = (OBJECT_PROPERTY, NamedNode(OWL + "DatatypeProperty"), NamedNode(OWL + "AnnotationProperty"))
TEXTS = frozenset({SKOS + name for name in ("prefLabel", "altLabel", "definition", "note")} | {DCTERMS + "title", DCTERMS + "description", RDFS + "label"})
"""Properties of other vocabularies that hold texts in several languages; they say no range themselves."""

PLAIN = frozenset(XSD + name for name in ("string", "boolean", "integer"))
"""Datatypes that JSON has a kind of value for."""

HISTORY = {
    "created": {"@id": DCTERMS + "created", "@type": XSD + "dateTime"},
    "modified": {"@id": DCTERMS + "modified", "@type": XSD + "dateTime"},
    "endedAtTime": {"@id": PROV + "endedAtTime", "@type": XSD + "dateTime"},
    "wasGeneratedBy": {"@id": PROV + "wasGeneratedBy", "@type": "@id"},
    "primaryTopic": {"@id": FOAF + "primaryTopic", "@type": "@id"},
    "identifier": DCTERMS + "identifier",
}
"""Terms in which the history of a record is told; the vocabulary does not hold them, since records do not use them."""

INTEROPERABLE = 2**53
"""Whole numbers below this are exact in every JSON reader (RFC 8259, section 6)."""

PARTS = "parts"
"""The term under which the parts of a record stand, since most of them do not point back at it."""


def context(graph: Graph) -> dict[str, Any]:
    """The context of all JSON-LD of a registry, made from its vocabulary."""
    terms: dict[str, Any] = {"@version": 1.1, "@vocab": ph.NAMESPACE, "id": "@id", "type": "@type", PARTS: "@included"}
    terms |= PREFIXES
    names: dict[str, list[NamedNode]] = {}
    for property_ in sorted(_properties(graph), key=lambda iri: (not iri.value.startswith(ph.NAMESPACE), iri.value)):
        names.setdefault(_local(property_), []).append(property_)
    for name, (property_, *others) in names.items():
        if name not in terms:
            terms[name] = _term(graph, property_)
        for other in others:
            prefix = next((prefix for prefix, start in PREFIXES.items() if other.value == start + name), None)
            if prefix:
                terms[f"{prefix}:{name}"] = _term(graph, other)
    return {"@context": HISTORY | terms}


def expanded(triples: Iterable[Triple]) -> bytes:
    """Triples as expanded JSON-LD by the library's own writer."""
    return bytes(serialize(triples, format=RdfFormat.JSON_LD) or b"")


def _properties(graph: Graph) -> set[NamedNode]:
    return {iri for kind in PROPERTIES for iri in graph.subjects(TYPE, kind)} | {NamedNode(RDFS + "label")}


def _local(iri: NamedNode) -> str:
    return iri.value.rsplit("#", 1)[-1].rsplit("/", 1)[-1]


def _term(graph: Graph, property_: NamedNode) -> Any:
    ranges = {value.value for value in graph.objects(property_, RANGE) if not isinstance(value, Literal)}
    if property_.value in TEXTS or RDF + "langString" in ranges:
        return {"@id": property_.value, "@container": "@language"}
    if OBJECT_PROPERTY in graph.objects(property_, TYPE):
        return {"@id": property_.value, "@type": "@id"}
    if len(ranges) == 1 and (only := next(iter(ranges))).startswith(XSD) and only not in PLAIN:
        return {"@id": property_.value, "@type": only}
    return property_.value
