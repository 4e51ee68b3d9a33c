"""The formats of answers: media types with their aliases, short names for `format=`, and the engine's writers."""

from __future__ import annotations

from pyoxigraph import QueryResultsFormat, RdfFormat

TABLES = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "text/csv": QueryResultsFormat.CSV,
    "text/tab-separated-values": QueryResultsFormat.TSV,
    "application/json": QueryResultsFormat.JSON,
    "application/xml": QueryResultsFormat.XML,
    "text/xml": QueryResultsFormat.XML,
}
"""Media types for the answers to SELECT and ASK, the most wanted first."""

GRAPHS = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/json": RdfFormat.JSON_LD,
    "application/xml": RdfFormat.RDF_XML,
}
"""Media types for the answers to CONSTRUCT and DESCRIBE, the most wanted first."""

NAMES: dict[str, tuple[str | None, str | None]] = {
    "json": ("application/sparql-results+json", "application/ld+json"),
    "xml": ("application/sparql-results+xml", "application/rdf+xml"),
    "csv": ("text/csv", None),
    "tsv": ("text/tab-separated-values", None),
    "turtle": (None, "text/turtle"),
    "ttl": (None, "text/turtle"),
    "n3": (None, "text/turtle"),
    "n-triples": (None, "application/n-triples"),
    "nt": (None, "application/n-triples"),
    "rdf": (None, "application/rdf+xml"),
    "rdf+xml": (None, "application/rdf+xml"),
    "json-ld": (None, "application/ld+json"),
    "jsonld": (None, "application/ld+json"),
}
"""Names for `format=`, each with its media type for tables and for graphs."""


def named(name: str) -> tuple[str | None, str | None] | None:
    """The media types, for tables and for graphs, that a value of `format=` stands for; None for a value that is none."""
    name = name.strip().lower()
    if name in NAMES:
        return NAMES[name]
    # A plus sign in an address stands for a space unless it is escaped, and people forget.
    name = name.replace(" ", "+")
    types = (name if name in TABLES else None, name if name in GRAPHS else None)
    return types if any(types) else NAMES.get(name)


def content_type(media_type: str) -> str:
    """The Content-Type of an answer; text says that it is UTF-8."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
