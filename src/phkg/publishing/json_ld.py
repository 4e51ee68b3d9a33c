"""JSON-LD that reads like plain JSON: names of properties as keys, texts by language, arrays only where there is more than one.

The context is made from the vocabulary alone, never from the records, so that it changes only with the vocabulary. What a
property may also hold (a date without a day, a text without language) is written out with its type: nothing is lost.
"""

from __future__ import annotations

import json
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
TEXTS = frozenset(
    {SKOS + name for name in ("prefLabel", "altLabel", "definition", "note")}
    | {DCTERMS + "title", DCTERMS + "description", RDFS + "label"}
)
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
FIRST, LAST = ("id", "type", "prefLabel", "title", "label"), (PARTS, "@graph")


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


def compact(records: Iterable[Iterable[Triple]], terms: dict[str, Any], address: str) -> bytes:
    """One record, the first, with all others as its parts, as JSON-LD with the context named by its address.

    Each record is the triples of one subject; `terms` is what `context` gives.
    """
    # Here, because loading it takes as long as a page.
    from pyld import jsonld

    first, *others = ([node for node in _expanded(triples)] for triples in records)
    if first:
        parts = [node for other in others for node in other]
        if parts:
            first[0]["@included"] = parts
    return _written(jsonld.compact(first, terms, {"documentLoader": _refuse}), address)


def expanded(triples: Iterable[Triple]) -> bytes:
    """Triples as expanded JSON-LD by the library's own writer."""
    return bytes(serialize(triples, format=RdfFormat.JSON_LD) or b"")


def _written(document: dict[str, Any], address: str) -> bytes:
    document.pop("@context", None)
    return json.dumps({"@context": address, **_arranged(document)}, ensure_ascii=False, indent=2).encode() + b"\n"


def _arranged(node: Any) -> Any:
    """The same with what a thing is and is called first, and its parts last."""
    if isinstance(node, list):
        return [_arranged(one) for one in node]
    if not isinstance(node, dict):
        return node
    keys = [key for key in FIRST if key in node] + [key for key in node if key not in (*FIRST, *LAST)]
    return {key: _arranged(node[key]) for key in (*keys, *(key for key in LAST if key in node))}


def _expanded(triples: Iterable[Triple]) -> list[dict[str, Any]]:
    found = json.loads(expanded(dict.fromkeys(triples)))
    for node in found:
        classes = node.pop(TYPE.value, [])
        if classes:
            node["@type"] = sorted(value["@id"] for value in classes)
        for values in node.values():
            if isinstance(values, list):
                values[:] = sorted((_native(value) for value in values), key=_order)
    return found


def _native(value: Any) -> Any:
    """Truth values and whole numbers as JSON has them, where that loses nothing of how they are written."""
    if not isinstance(value, dict) or "@value" not in value:
        return value
    text, datatype = value["@value"], value.get("@type")
    if datatype == XSD + "boolean" and text in ("true", "false"):
        return {"@value": text == "true"}
    if datatype == XSD + "integer" and text.lstrip("-").isdecimal() and abs(int(text)) < INTEROPERABLE and str(int(text)) == text:
        return {"@value": int(text)}
    return value


def _order(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


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


def _refuse(address: str, options: dict[str, Any]) -> dict[str, Any]:
    raise LookupError(f"{address} is not fetched: documents carry their context with them.")
