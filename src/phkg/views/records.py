"""The page of any record: what it says, its parts, what points at it, and on whose word it stands."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from pyoxigraph import NamedNode

from phkg.views.facts import Fact, facts
from phkg.views.reader import Link, Reader, Text, anchor, sort_key
from phkg.views.site import DESCRIPTION, REPLACED_BY, RETIREMENT, TYPE, Kind
from phkg.views.source_lines import SourceLine, sources
from phkg.vocabulary import ph


@dataclass(frozen=True)
class Head:
    """What stands at the top of every record's page. `retired_on` is empty for a record in use."""

    iri: str
    label: Text
    other_names: tuple[Text, ...]
    kind: Text
    list_path: str
    list_label: Text
    description: Text | None
    replaced_by: Link | None
    retired_on: str
    retirement_reason: Text | None


@dataclass(frozen=True)
class Part:
    """A sub-record: its name, its place on the page, its facts and its sources."""

    iri: str
    anchor: str
    kind: Text
    facts: tuple[Fact, ...]
    sources: tuple[SourceLine, ...]


@dataclass(frozen=True)
class Uses:
    """Records that refer to this one by the same property."""

    label: Text
    inverse_of: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class RecordPage:
    """A record of any kind."""

    head: Head
    facts: tuple[Fact, ...]
    parts: tuple[Part, ...]
    uses: tuple[Uses, ...]
    sources: tuple[SourceLine, ...]


@dataclass(frozen=True)
class Reach:
    """How far a method has come: of `regions` regions, how many are `known`, and in how many of these all have `access` for whom it is meant."""

    access: int
    known: int
    regions: int


@dataclass(frozen=True)
class ListEntry:
    """A record in the list of its kind; `reach` is None for what is no method."""

    link: Link
    kind: Text
    description: Text | None
    reach: Reach | None


@dataclass(frozen=True)
class ListChoice:
    """A value that a list can be narrowed to, with how many of all records it leaves."""

    slug: str
    label: Text
    count: int
    chosen: bool


@dataclass(frozen=True)
class ListFilter:
    """A parameter of a list's address with its heading and its values."""

    name: str
    label: Text
    choices: tuple[ListChoice, ...]


@dataclass(frozen=True)
class ListPage:
    """The records of a kind, or those among them that were asked for.

    `filters` are the ways to narrow the list, `words` what it has been narrowed to by name. `total` counts all that were asked for;
    `after` is the slug of the last entry when more follow on further pages.
    """

    label: Text
    definition: Text | None
    filters: tuple[ListFilter, ...]
    words: str
    entries: tuple[ListEntry, ...]
    total: int
    after: str | None


def head(reader: Reader, record: NamedNode, kind: Kind) -> Head:
    """The head of a record's page."""
    successor = reader.graph.object(record, REPLACED_BY)
    return Head(
        iri=record.value,
        label=reader.label(record),
        other_names=reader.other_names(record),
        kind=class_label(reader, record),
        list_path=reader.kind_path(kind.folder) or "",
        list_label=reader.text(kind.iri, ph.plural) or reader.label(kind.iri),
        description=reader.text(record, DESCRIPTION),
        replaced_by=reader.link(successor) if isinstance(successor, NamedNode) else None,
        retired_on=reader.graph.text(record, ph.retiredOn) or "",
        retirement_reason=reader.text(record, ph.retirementReason),
    )


def class_label(reader: Reader, record: NamedNode) -> Text:
    """The name of a record's class."""
    class_ = reader.graph.object(record, TYPE)
    return reader.label(class_) if isinstance(class_, NamedNode) else Text("")


def record_page(reader: Reader, record: NamedNode, kind: Kind) -> RecordPage:
    """The page of a record."""
    return RecordPage(
        head=head(reader, record, kind),
        facts=facts(reader, record, without=(ph.statedBy, *RETIREMENT)),
        parts=parts(reader, record),
        uses=uses(reader, record),
        sources=sources(reader, record),
    )


def parts(reader: Reader, record: NamedNode, class_: NamedNode | None = None) -> tuple[Part, ...]:
    """The sub-records that point at their record (of one class, when given), in the order of their IRIs."""
    found: dict[NamedNode, NamedNode] = {}
    for subject, predicate in reader.graph.pointing_at(record):
        if subject.value.startswith(record.value + "/"):
            found.setdefault(subject, predicate)
    return tuple(
        Part(
            iri=subject.value,
            anchor=anchor(subject.value),
            kind=class_label(reader, subject),
            facts=facts(reader, subject, without=(predicate, ph.statedBy)),
            sources=sources(reader, subject),
        )
        for subject, predicate in found.items()
        if class_ is None or reader.graph.object(subject, TYPE) == class_
    )


def uses(reader: Reader, record: NamedNode, without: Collection[NamedNode] = (), shown: Collection[NamedNode] = ()) -> tuple[Uses, ...]:
    """Which records refer to this one, by property and in the order of their names; sub-records count as theirs.

    Left out are the properties `without` and the subjects `shown`, which have a place of their own on the page.
    """
    grouped: dict[NamedNode, dict[str, Link]] = {}
    for subject, predicate in reader.graph.pointing_at(record, without):
        if subject in shown or subject.value.startswith(record.value + "/"):
            continue
        owner = owning_record(reader, subject)
        if owner is not None and owner != record:
            link = reader.link(owner)
            grouped.setdefault(predicate, {})[link.iri] = link
    return tuple(
        Uses(
            label=reader.label(predicate),
            inverse_of=predicate.value,
            links=tuple(sorted(links.values(), key=lambda link: sort_key(link.label.value))),
        )
        for predicate, links in sorted(grouped.items(), key=lambda item: item[0].value)
    )


def owning_record(reader: Reader, subject: NamedNode) -> NamedNode | None:
    """The record that a subject is, or is a part of; None for derived facts and concepts.

    An implementation statement is shown with its method, an objection with what it contests.
    """
    if not subject.value.startswith(reader.site.base):
        return None
    steps = subject.value[len(reader.site.base) :].split("/")
    kind = reader.site.kind_of_folder(steps[0])
    if kind is None or len(steps) < 2:
        return None
    if kind.iri == ph.Objection:
        statement = reader.graph.object(subject, ph.contests)
        is_statement = isinstance(statement, NamedNode) and reader.graph.object(statement, TYPE) == ph.ImplementationStatement
        return owning_record(reader, statement) if is_statement else None
    if kind.iri == ph.ImplementationStatement:
        method = reader.graph.object(subject, ph.method)
        return method if isinstance(method, NamedNode) else None
    return reader.site.record(steps[0], steps[1])
