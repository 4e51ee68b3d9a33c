"""The forms in which triples are served: their media types, the endings of addresses that ask for them, and their writers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pyoxigraph import RdfFormat, Triple, serialize

from phkg.vocabulary import namespaces

TURTLE = "text/turtle"
JSON_LD = "application/ld+json"
FORMATS = {
    TURTLE: RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    JSON_LD: RdfFormat.JSON_LD,
}
"""Media types with the library's writer; JSON-LD to be read by people is written by `phkg.publishing.json_ld`."""

SUFFIXES = {".ttl": TURTLE, ".nt": "application/n-triples", ".rdf": "application/rdf+xml", ".jsonld": JSON_LD}
"""Endings of addresses that ask for a form without negotiation."""

PREFIXES = {**namespaces.PREFIXES, "dc": namespaces.DC, "foaf": namespaces.FOAF}
"""The prefixes of answers: those of the vocabulary, and those in which the history of a record is told."""

NAMES = {TURTLE: "Turtle", "application/n-triples": "N-Triples", "application/rdf+xml": "RDF/XML", JSON_LD: "JSON-LD"}
"""What people call the forms."""


def write(triples: Iterable[Triple], media_type: str, prefixes: Mapping[str, str] | None = None) -> bytes:
    """Triples in one of the media types of FORMATS, each once, by the library's own writer."""
    unique = list(dict.fromkeys(triples))
    return bytes(serialize(unique, format=FORMATS[media_type], prefixes=prefixes or PREFIXES) or b"")


def split_suffix(path: str) -> tuple[str, str | None]:
    """An address without its ending, and the media type that the ending asks for (None when it has none of SUFFIXES)."""
    for suffix, media_type in SUFFIXES.items():
        if path.endswith(suffix):
            return path[: -len(suffix)], media_type
    return path, None
