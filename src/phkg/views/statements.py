"""One source's word on one method in one place, and the standing that follows from all such words."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from phkg.views.facts import Fact, facts_of
from phkg.views.objections import ObjectionLine, objections_to
from phkg.views.reader import Concept, Link, Reader, Text, anchor
from phkg.views.source_lines import SourceLine, source_lines
from phkg.vocabulary import ph

SHOWN_APART = (
    ph.method,
    ph.place,
    ph.statementKind,
    ph.state,
    ph.since,
    ph.until,
    ph.plannedStart,
    ph.asOf,
    ph.statedBy,
    ph.confidence,
    ph.reason,
    ph.note,
    ph.eligibility,
)
"""Properties of a statement that have a place of their own on the page; the others follow as qualifiers."""


@dataclass(frozen=True)
class StatementLine:
    """A statement with everything that its source says, and the open objections to it. Dates are ISO 8601, as precise as the source."""

    iri: str
    anchor: str
    method: Link
    place: Link
    kind: Concept | None
    state: Concept | None
    since: str
    until: str
    planned_start: str
    word_date: str
    eligibility: Text | None
    qualifiers: tuple[Fact, ...]
    sources: tuple[SourceLine, ...]
    confidence: Concept | None
    reason: Text | None
    notes: tuple[Text, ...]
    objections: tuple[ObjectionLine, ...]


@dataclass(frozen=True)
class StandingLine:
    """The derived state of a method in a region, with what it rests on, what disagrees, and plans beyond it.

    `state` is None for silence: nobody's word is known. `said_at` is the place whose word holds, when it is another.
    `reason_not_offered` is why it is not, and `absence` which kind of absence that is, where the words name it.
    `also` are the other words from here: older ones, words on parts of the region (an organisation in it), and words that
    say no state.
    """

    place: Link
    short_name: Text
    method: Link
    state: Concept | None
    reason_not_offered: Concept | None
    absence: Concept | None
    since: str
    word_date: str
    said_at: Link | None
    rests_on: tuple[StatementLine, ...]
    disagrees: tuple[StatementLine, ...]
    plans: tuple[StatementLine, ...]
    also: tuple[StatementLine, ...]
    contradiction: bool
    undated: bool
    part: bool

    @property
    def contested(self) -> bool:
        """Whether somebody contests a statement that the standing rests on."""
        return any(line.objections for line in self.rests_on)

    @property
    def of_parts(self) -> tuple[StatementLine, ...]:
        """The other words that are not about the region itself."""
        return tuple(line for line in self.also if line.place.iri != self.place.iri)


def statement_line(reader: Reader, statement: NamedNode) -> StatementLine:
    """One implementation statement."""
    said = reader.graph.described(statement)

    def thing(predicate: NamedNode) -> NamedNode | None:
        first = next(iter(said.get(predicate, ())), None)
        return first if isinstance(first, NamedNode) else None

    def concept(predicate: NamedNode) -> Concept | None:
        found = thing(predicate)
        return reader.concept(found) if found else None

    def plain(predicate: NamedNode) -> str:
        return next((value.value for value in said.get(predicate, ())), "")

    said_by = source_lines(reader, said.get(ph.statedBy, []))
    return StatementLine(
        iri=statement.value,
        anchor=anchor(statement.value),
        method=reader.link(thing(ph.method) or statement),
        place=reader.link(thing(ph.place) or statement),
        kind=concept(ph.statementKind),
        state=concept(ph.state),
        since=plain(ph.since),
        until=plain(ph.until),
        planned_start=plain(ph.plannedStart),
        word_date=plain(ph.asOf) or _newest_date(reader, said_by),
        eligibility=reader.choose(said.get(ph.eligibility, [])),
        qualifiers=facts_of(reader, said, without=SHOWN_APART),
        sources=said_by,
        confidence=concept(ph.confidence),
        reason=reader.choose(said.get(ph.reason, [])),
        notes=tuple(Text(value.value, value.language or "") for value in reader.spoken(said.get(ph.note, []))),
        objections=objections_to(reader, statement),
    )


class StatementLines(dict[NamedNode, StatementLine]):
    """The statements of one page, each read once however often the page shows it."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self._reader = reader

    def __missing__(self, statement: NamedNode) -> StatementLine:
        # The pages of a method, of its places and of all statements show the same.
        self[statement] = self._reader.recent(("statement", statement), lambda: statement_line(self._reader, statement))
        return self[statement]


def newest_first(lines: list[StatementLine]) -> tuple[StatementLine, ...]:
    """Statements by the date of their word, the newest first and the undated last."""
    return tuple(sorted(lines, key=lambda line: (line.word_date or line.since, line.iri), reverse=True))


def standing_line(
    reader: Reader,
    region: NamedNode,
    method: NamedNode,
    standing: NamedNode | None,
    statements: list[NamedNode],
    known: StatementLines | None = None,
) -> StandingLine:
    """The standing of a method in a region.

    `standing` is the derived record, None for silence; `statements` are all about this method in this region; `known` holds the
    statements that the page has read already.
    """
    graph = reader.graph
    words = StatementLines(reader) if known is None else known
    held: dict[NamedNode, list] = graph.described(standing) if standing else {}
    used: set[NamedNode] = set()

    def lines(predicate: NamedNode) -> tuple[StatementLine, ...]:
        found = [value for value in held.get(predicate, ()) if isinstance(value, NamedNode)]
        used.update(found)
        return newest_first([words[value] for value in found])

    rests_on, disagrees, plans = lines(ph.restsOn), lines(ph.disagrees), lines(ph.plan)
    state, said_at, as_of = (next(iter(held.get(predicate, ())), None) for predicate in (ph.state, ph.saidAt, ph.asOf))
    reasons = (graph.object(NamedNode(line.iri), ph.reasonNotOffered) for line in rests_on)
    reason = next((one for one in reasons if isinstance(one, NamedNode)), None)
    return StandingLine(
        place=reader.link(region),
        short_name=reader.short_name(region),
        method=reader.link(method),
        state=reader.concept(state) if isinstance(state, NamedNode) else None,
        reason_not_offered=reader.concept(reason) if reason else None,
        absence=absence_of(reader, reason, state),
        since=min((line.since for line in rests_on if line.since), default=""),
        word_date=as_of.value if as_of is not None else "",
        said_at=reader.link(said_at) if isinstance(said_at, NamedNode) and said_at != region else None,
        rests_on=rests_on,
        disagrees=disagrees,
        plans=plans,
        also=newest_first([words[one] for one in statements if one not in used]),
        contradiction=bool(standing) and graph.is_true(standing, ph.contradiction),
        undated=bool(standing) and graph.is_true(standing, ph.undated),
        part=is_part(reader, standing),
    )


def region_of(reader: Reader, statement: NamedNode) -> NamedNode | None:
    """The region that a statement is about: its place, or the region that the place (an organisation) lies in."""
    place = reader.graph.object(statement, ph.place)
    if not isinstance(place, NamedNode) or place in reader.site.regions:
        return place if isinstance(place, NamedNode) else None
    region = reader.graph.object(place, ph.inRegion)
    return region if isinstance(region, NamedNode) else place


def absence_of(reader: Reader, *of: NamedNode | Literal | None) -> Concept | None:
    """Which kind of absence a reason for not offering is, or else a state; the first that is one decides."""
    kinds = (reader.graph.object(one, ph.absence) for one in of if isinstance(one, NamedNode))
    return next((reader.concept(kind) for kind in kinds if isinstance(kind, NamedNode)), None)


def shown_states(reader: Reader) -> tuple[Concept, ...]:
    """The states that a legend explains; what is itself a kind of absence stands there among those."""
    return tuple(state for state in reader.concepts(ph.State) if absence_of(reader, NamedNode(state.iri)) is None)


def is_part(reader: Reader, standing: NamedNode | None) -> bool:
    """Whether a standing holds for only a part of those whom the method is meant for."""
    extent = reader.graph.object(standing, ph.extent) if standing else None
    return isinstance(extent, NamedNode) and reader.graph.is_true(extent, ph.isPart)


def _newest_date(reader: Reader, said_by: tuple[SourceLine, ...]) -> str:
    """The date of the newest source, as precise as it is: the one whose last possible day is the latest."""

    def last_day(line: SourceLine) -> tuple[str, str]:
        source = NamedNode(line.link.iri)
        return (reader.graph.text(source, ph.issuedLatest) or "", reader.graph.text(source, ph.issuedEarliest) or "")

    if len(said_by) == 1:
        return said_by[0].date
    return max(said_by, key=last_day).date if said_by else ""
