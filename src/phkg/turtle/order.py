"""The fixed order of the canonical form: prefixes, records, predicates and values."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyoxigraph

from phkg.turtle.document import Node, Pair
from phkg.turtle.tokens import is_plain_local

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_DCTERMS = "http://purl.org/dc/terms/"
_FIRST_PREDICATES = (RDF_TYPE, _SKOS + "prefLabel", _SKOS + "altLabel", _SKOS + "definition")
_FIRST_PREFIXES = ("rdf", "rdfs", "xsd", "owl", "skos", "dcterms", "org", "prov", "qb", "schema", "dcat", "sh", "ph")
_DIGITS = re.compile("([0-9]+)")
_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\]')


def natural(text: str) -> tuple[object, ...]:
    """A sort key in which 2 comes before 10; texts that differ only in leading zeros are told apart by the text itself."""
    parts: list[object] = list(_DIGITS.split(text))
    for index in range(1, len(parts), 2):
        digits = str(parts[index]).lstrip("0")
        parts[index] = (len(digits), digits)
    return (parts, text)


def prefix_order(name: str) -> tuple[object, ...]:
    """The sort key of a prefix: the well-known ones in their fixed order, then the others by name."""
    known = name in _FIRST_PREFIXES
    return (0 if known else 1, _FIRST_PREFIXES.index(name) if known else 0, natural(name))


class Names:
    """Writes addresses with the prefixes of a file, and remembers which were used.

    The longest namespace wins, among equal ones the first in order; where the local name would need an escape the whole address is written.
    """

    def __init__(self, prefixes: dict[str, str]) -> None:
        self._prefixes = sorted(prefixes.items(), key=lambda item: (-len(item[1]), prefix_order(item[0])))
        self._written: dict[str, str] = {}
        self._used: dict[str, str] = {}

    def write(self, iri: str) -> str:
        """The address as ``prefix:name`` or ``<…>``."""
        written = self._written.get(iri)
        if written is None:
            written = self._written[iri] = self._new(iri)
        return written

    def used(self) -> list[tuple[str, str]]:
        """The prefixes that were used with their namespaces, in order."""
        return sorted(self._used.items(), key=lambda item: prefix_order(item[0]))

    def _new(self, iri: str) -> str:
        for name, namespace in self._prefixes:
            if iri.startswith(namespace) and is_plain_local(iri[len(namespace) :]):
                self._used[name] = namespace
                return f"{name}:{iri[len(namespace) :]}"
        return in_brackets(iri)


def in_brackets(iri: str) -> str:
    """The whole address within ``<…>``."""
    return "<" + _NOT_IN_IRI.sub(lambda match: f"\\u{ord(match[0]):04X}", iri) + ">"


def is_single(node: Node) -> bool:
    """Whether the part is a term by itself, not ``[ … ]`` or a ``( … )`` with members."""
    return node.pairs is None and not node.members


def subject_order(subject: Node) -> tuple[object, ...]:
    """The sort key of a record: addresses in natural order with parts of an address right after it, then blank nodes as they stand."""
    if not is_single(subject):
        return (2,)
    if isinstance(subject.term, pyoxigraph.NamedNode):
        return (0, address_order(subject.term.value))
    return (1, natural(subject.term.value))


def address_order(iri: str) -> tuple[object, ...]:
    """The sort key of an address: what lies under it (`…/a/1`) comes before its neighbours (`…/a-b`)."""
    return natural(iri.replace("/", "\x01").replace("#", "\x02"))


def predicate_order(pair: Pair, names: Names) -> tuple[object, ...]:
    """The sort key of a predicate: the type, labels, definition, Dublin Core terms, then the others as they are written."""
    iri = pair.predicate.term.value
    if iri in _FIRST_PREDICATES:
        return (_FIRST_PREDICATES.index(iri),)
    return (len(_FIRST_PREDICATES) + (0 if iri.startswith(_DCTERMS) else 1), natural(names.write(iri)))


def object_order(node: Node, languages: Sequence[str]) -> tuple[object, ...]:
    """The sort key of a value: addresses, plain literals, then texts by language (those given first, the others by tag), blank nodes."""
    term = node.term
    if not is_single(node):
        return (3,)
    if isinstance(term, pyoxigraph.NamedNode):
        return (0, natural(term.value))
    if isinstance(term, pyoxigraph.Literal):
        tag = term.language or ""
        rank = -1 if not tag else languages.index(tag) if tag in languages else len(languages)
        return (1, rank, tag, natural(term.value), term.datatype.value)
    return (2, natural(term.value))
