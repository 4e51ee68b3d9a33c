"""Any record as a list of named facts, in the order and words of the ontology."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from phkg.views.reader import Link, Reader, Text
from phkg.views.site import ALT_LABEL, DESCRIPTION, PREF_LABEL, TITLE, TYPE
from phkg.vocabulary import ph
from phkg.vocabulary.namespaces import SKOS, XSD

ANY_URI = NamedNode(XSD + "anyURI")
BOOLEAN = NamedNode(XSD + "boolean")
HEAD = (TYPE, PREF_LABEL, ALT_LABEL, TITLE, DESCRIPTION, ph.rank)
"""What a page shows in its head or by its order, and so not again among its facts."""


@dataclass(frozen=True)
class Web:
    """An address outside this site."""

    address: str
    shown: str


@dataclass(frozen=True)
class Truth:
    """A yes or a no."""

    is_true: bool


Value = Link | Text | Web | Truth


@dataclass(frozen=True)
class Fact:
    """A property of a record with its values, under the property's name; `definition` explains the name."""

    property: str
    label: Text
    definition: Text | None
    values: tuple[Value, ...]


def facts(reader: Reader, record: NamedNode, without: Collection[NamedNode] = ()) -> tuple[Fact, ...]:
    """What a record says about itself, but for its head, the bounds of its dates and the properties named."""
    return facts_of(reader, reader.graph.described(record), without)


def facts_of(reader: Reader, described: Mapping[NamedNode, list], without: Collection[NamedNode] = ()) -> tuple[Fact, ...]:
    """The same of a record whose properties are at hand."""
    shown = [one for one in described if one not in without and one not in HEAD and one not in ph.DATE_BOUNDS]
    named = sorted((reader.pieces.get(("property", one), lambda one=one: _property(reader, one)) for one in shown), key=lambda one: one.order)
    return tuple(Fact(one.iri.value, one.label, one.definition, tuple(_shown(reader, one, described[one.iri]))) for one in named)


def web(address: Literal) -> Web | None:
    """An outward link, or None when the address is not one that a browser may safely open."""
    if not address.value.startswith(("https://", "http://")):
        return None
    return Web(address.value, address.value.split("://", 1)[1].rstrip("/"))


def _bare(identifier: str) -> str:
    """An identifier without the name of its register before the colon (`HGNC:1100`); other colons belong to it."""
    register, _, rest = identifier.partition(":")
    return rest if rest and register.isalpha() else identifier


@dataclass(frozen=True)
class _Property:
    """What is said of a property itself; `lookup` is the address at which its values are looked up elsewhere."""

    iri: NamedNode
    order: tuple[int, str]
    label: Text
    definition: Text | None
    lookup: str | None


def _property(reader: Reader, iri: NamedNode) -> _Property:
    rank = reader.graph.integer(iri, ph.rank)
    order = (10_000 if rank is None else rank, iri.value)
    return _Property(iri, order, reader.label(iri), reader.text(iri, NamedNode(SKOS + "definition")), reader.graph.text(iri, ph.lookupUrl))


def shown_values(reader: Reader, predicate: NamedNode, values: list) -> list[Value]:
    """The values of a property as they are shown, texts only in the reader's language (else in the next that there are any in)."""
    return _shown(reader, reader.pieces.get(("property", predicate), lambda: _property(reader, predicate)), values)


def _shown(reader: Reader, of: _Property, values: list) -> list[Value]:
    shown: list[Value] = []
    spoken = reader.spoken(values)
    for value in values:
        if isinstance(value, NamedNode):
            shown.append(reader.link(value))
        elif value in spoken:
            outward = web(value) if value.datatype == ANY_URI else None
            if outward:
                shown.append(outward)
            elif value.datatype == BOOLEAN:
                shown.append(Truth(value.value in ("true", "1")))
            elif of.lookup and not value.language:
                shown.append(Web(of.lookup.replace("{}", quote(_bare(value.value), safe="/:")), value.value))
            else:
                shown.append(Text(value.value, value.language or ""))
    return shown
