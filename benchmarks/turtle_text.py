"""Terms as N-Triples strings and records as Turtle text, without any RDF library, so that the generator owes nothing to what it measures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

XSD = "http://www.w3.org/2001/XMLSchema#"
RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
BASE = "https://w3id.org/phkg/"
PREFIXES = {
    "xsd": XSD,
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "org": "http://www.w3.org/ns/org#",
    "qb": "http://purl.org/linked-data/cube#",
    "schema": "https://schema.org/",
    "ph": BASE + "ontology#",
    "indication": BASE + "indications/",
    "indicator": BASE + "indicators/",
    "method": BASE + "methods/",
    "organisation": BASE + "organisations/",
    "region": BASE + "regions/",
    "source": BASE + "sources/",
}
"""Prefix → namespace, in the order in which files declare them; the prefix of a concept scheme is the scheme's own slug."""

_CONCEPT = re.compile(re.escape(BASE) + r"concepts/([a-z0-9-]+)/([a-z0-9-]+)\Z")
_LOCAL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\Z")
_BARE = {
    XSD + "integer": re.compile(r"[+-]?[0-9]+\Z"),
    XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+\Z"),
    XSD + "boolean": re.compile(r"(true|false)\Z"),
}


@dataclass
class Record:
    """One record: its term and, by predicate, its values; all are terms in N-Triples. Faults change it in place."""

    iri: str
    values: dict[str, list[str]] = field(default_factory=dict)

    def triples(self) -> int:
        """How many triples it is."""
        return sum(map(len, self.values.values()))


def iri(name: str) -> str:
    """The IRI of a prefixed name such as `ph:method` or `state:routine`, in N-Triples; an unknown prefix is a concept scheme."""
    prefix, _, local = name.partition(":")
    return f"<{PREFIXES.get(prefix, BASE + 'concepts/' + prefix + '/')}{local}>"


def text(value: str, language: str = "") -> str:
    """A plain or language-tagged text in N-Triples; `value` holds no sign that needs escaping."""
    return f'"{value}"@{language}' if language else f'"{value}"'


def typed(value: object, datatype: str) -> str:
    """A literal of the XML Schema type `datatype`, exactly as written."""
    return f'"{value}"^^<{XSD}{datatype}>'


def file_text(records: Sequence[Record]) -> str:
    """The Turtle file of some records: the prefixes it uses, then each record with its predicates one a line."""
    used: set[str] = set()
    body = "\n".join(_record(record, used) for record in records)
    schemes = sorted(used - PREFIXES.keys())
    declared = [(prefix, PREFIXES[prefix]) for prefix in PREFIXES if prefix in used]
    declared += [(scheme, f"{BASE}concepts/{scheme}/") for scheme in schemes]
    return "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in declared) + "\n" + body


def _record(record: Record, used: set[str]) -> str:
    lines = []
    for predicate, objects in _ordered(record.values):
        name = "a" if predicate == RDF_TYPE else _term(predicate, used)
        lines.append(f"{name} " + " ,\n        ".join(_term(value, used) for value in objects))
    return f"{_term(record.iri, used)} " + " ;\n    ".join(lines) + " .\n"


def _ordered(values: Mapping[str, list[str]]) -> Iterable[tuple[str, list[str]]]:
    return sorted(values.items(), key=lambda pair: (pair[0] != RDF_TYPE, pair[0]))


_known: dict[str, tuple[str, str]] = {}


def _term(term: str, used: set[str]) -> str:
    if term.startswith('"'):
        lexical, mark, datatype = term.rpartition("^^<")
        if not mark:
            return term
        datatype = datatype[:-1]
        bare = _BARE.get(datatype)
        if bare is not None and bare.match(lexical[1:-1]):
            return lexical[1:-1]
        used.add("xsd")
        return f"{lexical}^^xsd:{datatype.removeprefix(XSD)}"
    if term not in _known:
        _known[term] = _shortened(term)
    prefix, short = _known[term]
    if prefix:
        used.add(prefix)
    return short


def _shortened(term: str) -> tuple[str, str]:
    concept = _CONCEPT.match(term[1:-1])
    if concept:
        return concept[1], f"{concept[1]}:{concept[2]}"
    for prefix, namespace in PREFIXES.items():
        local = term[1:-1].removeprefix(namespace)
        if local != term[1:-1] and _LOCAL.match(local):
            return prefix, f"{prefix}:{local}"
    return "", term
