"""Who contests a statement, why, since when and on which source; and the list of all objections, those that are open first."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from phkg.views.reader import Link, Reader, Text, anchor, sort_key
from phkg.views.site import DEFINITION, TYPE, Kind
from phkg.views.source_lines import SourceLine, sources
from phkg.vocabulary import ph


@dataclass(frozen=True)
class ObjectionLine:
    """An objection with everything that its source says. Dates are ISO 8601, as precise as the source.

    `contests` is the statement, named by place and method, with its place on the page of the method. `is_open` as long as it was not settled by the day
    that is looked at; `settlement` says how it was.
    """

    iri: str
    anchor: str
    contests: Link
    by: Link
    reason: Text | None
    since: str
    until: str
    settlement: Text | None
    is_open: bool
    sources: tuple[SourceLine, ...]


@dataclass(frozen=True)
class ObjectionsPage:
    """Every objection that had been made by the day that is looked at: the open ones first, then by who makes them; `open` of `total` are open."""

    label: Text
    definition: Text | None
    lines: tuple[ObjectionLine, ...]
    open: int
    total: int


def objection_line(reader: Reader, objection: NamedNode) -> ObjectionLine:
    """One objection."""
    graph = reader.graph
    by, statement = (graph.object(objection, predicate) for predicate in (ph.contestedBy, ph.contests))
    since, until = (graph.text(objection, predicate) or "" for predicate in (ph.since, ph.until))
    return ObjectionLine(
        iri=objection.value,
        anchor=anchor(objection.value),
        contests=named_statement(reader, statement if isinstance(statement, NamedNode) else objection),
        by=reader.link(by if isinstance(by, NamedNode) else objection),
        reason=reader.text(objection, ph.objectionReason),
        since=since,
        until=until,
        settlement=reader.text(objection, ph.settlement),
        is_open=not _is_past(reader, until),
        sources=sources(reader, objection),
    )


def objections_to(reader: Reader, statement: NamedNode) -> tuple[ObjectionLine, ...]:
    """The open objections to a statement on the day that is looked at, in the order of their IRIs. All are read at once for all statements."""
    found = reader.pieces.get("open objections", lambda: _open_by_statement(reader))
    return found.get(statement.value, ())


def objections_page(reader: Reader, kind: Kind) -> ObjectionsPage:
    """The list of objections."""
    lines = sorted(_made(reader), key=lambda line: (not line.is_open, sort_key(line.by.label.value), sort_key(line.contests.label.value), line.iri))
    return ObjectionsPage(
        label=reader.text(kind.iri, ph.plural) or reader.label(kind.iri),
        definition=reader.text(kind.iri, DEFINITION),
        lines=tuple(lines),
        open=sum(line.is_open for line in lines),
        total=len(lines),
    )


def named_statement(reader: Reader, statement: NamedNode) -> Link:
    """A statement with its name, which is that of its place and its method; any other thing with its own."""
    place, method = (reader.graph.object(statement, predicate) for predicate in (ph.place, ph.method))
    if not isinstance(place, NamedNode) or not isinstance(method, NamedNode):
        return reader.link(statement)
    label = reader.label(method)
    return Link(statement.value, Text(f"{reader.short_name(place).value}: {label.value}", label.language), reader.path(statement))


def _open_by_statement(reader: Reader) -> dict[str, tuple[ObjectionLine, ...]]:
    found: dict[str, tuple[ObjectionLine, ...]] = {}
    for line in _made(reader):
        if line.is_open:
            found[line.contests.iri] = (*found.get(line.contests.iri, ()), line)
    return found


def _made(reader: Reader) -> list[ObjectionLine]:
    """The objections that had been made by then and have not been retired, in the order of their IRIs."""
    graph = reader.graph
    lines = (objection_line(reader, one) for one in graph.subjects(TYPE, ph.Objection) if not graph.is_retired(one))
    return [line for line in lines if not line.since or line.since <= reader.site.date[: len(line.since)]]


def _is_past(reader: Reader, until: str) -> bool:
    """Whether a date, as precise as it is, lies before the day that is looked at, or is that day, month or year."""
    return bool(until) and until <= reader.site.date[: len(until)]
