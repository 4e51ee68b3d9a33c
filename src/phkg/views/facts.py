"""Any record as a list of named facts, in the order and words of the ontology."""

from __future__ import annotations

from collections.abc import Collection
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
    graph = reader.graph
    grouped: dict[NamedNode, list] = {}
    for predicate, value in graph.about(record):
        if predicate not in HEAD and predicate not in without and predicate not in ph.DATE_BOUNDS:
            grouped.setdefault(predicate, []).append(value)
    ordered = sorted(grouped, key=lambda predicate: (_rank(reader, predicate), predicate.value))
    return tuple(
        Fact(
            property=predicate.value,
            label=reader.label(predicate),
            definition=reader.text(predicate, NamedNode(SKOS + "definition")),
            values=tuple(shown_values(reader, predicate, grouped[predicate])),
        )
        for predicate in ordered
    )


def web(address: Literal) -> Web | None:
    """An outward link, or None when the address is not one that a browser may safely open."""
    if not address.value.startswith(("https://", "http://")):
        return None
    return Web(address.value, address.value.split("://", 1)[1].rstrip("/"))


def _bare(identifier: str) -> str:
    """An identifier without the name of its register before the colon (`HGNC:1100`); other colons belong to it."""
    register, _, rest = identifier.partition(":")
    return rest if rest and register.isalpha() else identifier


def _rank(reader: Reader, predicate: NamedNode) -> int:
    rank = reader.graph.integer(predicate, ph.rank)
    return 10_000 if rank is None else rank


def shown_values(reader: Reader, predicate: NamedNode, values: list) -> list[Value]:
    """The values of a property as they are shown, texts only in the reader's language (else in the next that there are any in)."""
    lookup = reader.graph.text(predicate, ph.lookupUrl)
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
            elif lookup and not value.language:
                shown.append(Web(lookup.replace("{}", quote(_bare(value.value), safe="/:")), value.value))
            else:
                shown.append(Text(value.value, value.language or ""))
    return shown
