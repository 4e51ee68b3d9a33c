"""What changed between two states of the registry, in the words of the data: by kind of record, and what follows from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode, Quad, Store

from phkg.graph.changes import NOTHING, Changes, Pairs, RecordChange, Sort
from phkg.graph.compared import Compared
from phkg.graph.consequences import CoverageChange, Held, StandingChange
from phkg.views.facts import Value, shown_values
from phkg.views.graph import natural
from phkg.views.objections import ObjectionLine, named_statement, objection_line
from phkg.views.reader import Concept, Link, Reader, Text, sort_key
from phkg.views.site import REPLACED_BY, TYPE
from phkg.views.source_lines import SourceLine, source_line
from phkg.vocabulary import ph

SORTS: tuple[Sort, ...] = ("new", "changed", "moved", "withdrawn")
MOST_LINES = 50
"""Records of one kind that are told one by one; of more, the rest is counted."""


@dataclass(frozen=True)
class FactChange:
    """A property whose values changed, in one language."""

    label: Text
    before: tuple[Value, ...]
    after: tuple[Value, ...]


@dataclass(frozen=True)
class Said:
    """A statement in one sentence: method, place, the state that it said before (None: the same) and says now, and its sources.

    `kind` is the kind of a statement that says no state.
    """

    method: Link
    place: Link
    kind: Concept | None
    before: Concept | None
    state: Concept | None
    since: str
    until: str
    planned_start: str
    sources: tuple[SourceLine, ...]


@dataclass(frozen=True)
class RecordLine:
    """What became of one record. `sort` is new, changed, moved or withdrawn.

    `part` names the kind of a part of a record, `name` the part itself (the end of its identifier, if it has no name); `record` is then the record. `was` is
    the end of the former identifier of what moved, `successor` what has replaced it, `gone` whether nothing is left of it.
    `source` is a new source, `objection` what somebody contests and why.
    """

    sort: str
    iri: str
    record: Link
    part: Text | None
    name: Text | None
    said: Said | None
    source: SourceLine | None
    objection: ObjectionLine | None
    facts: tuple[FactChange, ...]
    was: str
    successor: Link | None
    gone: bool


@dataclass(frozen=True)
class SortCount:
    """How many records were new, changed, moved or withdrawn."""

    sort: str
    count: int


@dataclass(frozen=True)
class KindLines:
    """The changes of one kind of record (label None: the vocabulary). `more` are counted only; `follow` name what moved."""

    label: Text | None
    counts: tuple[SortCount, ...]
    lines: tuple[RecordLine, ...]
    more: int
    follow: int


@dataclass(frozen=True)
class StandingChangeLine:
    """A state that holds from now on (None: nobody has said). `contradiction` is made, settled or empty."""

    method: Link
    place: Link
    before: Concept | None
    after: Concept | None
    before_part: bool
    after_part: bool
    since: str
    sources: tuple[SourceLine, ...]
    contradiction: str


@dataclass(frozen=True)
class CoverageBounds:
    """The least and greatest share (0 to 1) of the population with access; `unknown` of `regions` regions are silent."""

    low: float
    high: float
    unknown: int
    regions: int


@dataclass(frozen=True)
class CoverageChangeLine:
    """The coverage of a method before and after; None where there was, or is, no such method."""

    method: Link
    before: CoverageBounds | None
    after: CoverageBounds | None


@dataclass(frozen=True)
class Beyond:
    """How many of a list are told no more."""

    standings: int = 0
    coverages: int = 0
    contradictions: int = 0
    unsupported: int = 0
    pages: int = 0


@dataclass(frozen=True)
class ChangesView:
    """Everything that changed (`count` records), by kind, and what follows. `fault` says why nothing could be derived."""

    count: int
    counts: tuple[SortCount, ...]
    kinds: tuple[KindLines, ...]
    standings: tuple[StandingChangeLine, ...]
    coverages: tuple[CoverageChangeLine, ...]
    contradictions: tuple[StandingChangeLine, ...]
    unsupported: tuple[Link, ...]
    pages: tuple[Link, ...]
    more: Beyond
    fault: str


class ChangeReader(Reader):
    """Reads a snapshot together with what is there no longer, which has a name but no page."""

    def __init__(self, reader: Reader, gone: Iterable[tuple[str, Pairs]]) -> None:
        """`gone` are subjects that the snapshot does not hold, with what was said of them."""
        store = Store()
        self._gone: set[str] = set()
        for subject, pairs in gone:
            if reader.graph.object(NamedNode(subject), TYPE) is None:
                self._gone.add(subject)
                store.bulk_extend([Quad(NamedNode(subject), *pair) for pair in pairs])
        super().__init__(replace(reader.site, graph=reader.graph.with_gone(store)), reader.language, reader.question)

    def path(self, iri: NamedNode) -> str | None:
        """The page of a thing; None for what is gone."""
        return None if iri.value in self._gone else super().path(iri)


def gone_of(changes: Changes) -> Iterable[tuple[str, Pairs]]:
    """The subjects of which nothing is left, or that have another identifier, with what was said of them."""
    return ((change.was, change.before) for change in changes.records if change.gone or change.was != change.subject)


def changes_view(reader: ChangeReader, compared: Compared, most: int | None = MOST_LINES) -> ChangesView:
    """The changes for readers of one language; `most` cuts every list (None: all of it)."""
    moved = compared.changes.moved
    told = [change for change in compared.changes.records if not _follows(reader, change, moved)]
    followers = Counter(_folder(reader, change.subject) for change in compared.changes.records if _follows(reader, change, moved))
    by_kind: dict[str, list[RecordLine]] = {folder: [] for folder in followers}
    for change in told:
        by_kind.setdefault(_folder(reader, change.subject), []).append(_line(reader, change))
    order = [*(kind.folder for kind in reader.site.kinds), ""]
    described = {change.subject: change.after for change in compared.changes.records}
    follows = compared.follows
    pairs = [(one, _standing(reader, one, described)) for one in follows.standings] if follows else []
    pairs.sort(key=lambda pair: (sort_key(pair[1].method.label.value), _rank(reader, pair[1].place), pair[1].place.iri))
    standings = [line for one, line in pairs if one.is_other]
    contradictions = [line for one, line in pairs if one.contradiction]
    coverages = [_coverage(reader, one) for one in follows.coverages] if follows else []
    coverages.sort(key=lambda line: (sort_key(line.method.label.value), line.method.iri))
    unsupported = [_thing(reader, NamedNode(iri)) for iri in follows.unsupported] if follows else []
    pages = _pages(reader, [line for lines in by_kind.values() for line in lines], [line for _, line in pairs], coverages)
    return ChangesView(
        count=len(told),
        counts=_counts(change.sort for change in told),
        kinds=tuple(_of_kind(reader, one, by_kind[one], followers[one], most) for one in sorted(by_kind, key=order.index)),
        standings=tuple(standings[:most]),
        coverages=tuple(coverages[:most]),
        contradictions=tuple(contradictions[:most]),
        unsupported=tuple(unsupported[:most]),
        pages=tuple(pages[:most]),
        more=Beyond(*(_beyond(found, most) for found in (standings, coverages, contradictions, unsupported, pages))),
        fault=compared.fault,
    )


def counts_of(reader: Reader, changes: Changes) -> tuple[SortCount, ...]:
    """How many records came, changed, moved and went, without those that only follow."""
    return _counts(change.sort for change in changes.records if not _follows(reader, change, changes.moved))


def narrowed(reader: Reader, compared: Compared, about: NamedNode) -> Compared:
    """Only what says something of one record: the record with its parts, what links to it, and what follows for it.

    What links to an organisation also says something of the region that it lies in.
    """
    return compared.about(about.value, [one.value for one in reader.graph.subjects(ph.inRegion, about)])


def _follows(reader: Reader, change: RecordChange, moved: Mapping[str, str]) -> bool:
    """Whether a change is only what must be so after another record has moved: its parts move along, and links to it change."""
    owner = _owner(reader, change.was)
    along = change.sort == "moved" and change.was != owner and owner in moved
    return change.follows or (along and not change.removed and not change.added)


def _owner(reader: Reader, iri: str) -> str:
    """The record that a part belongs to: the first two steps after the base of all records."""
    if not _folder(reader, iri):
        return iri
    return reader.site.base + "/".join(iri[len(reader.site.base) :].split("/")[:2])


def _folder(reader: Reader, iri: str) -> str:
    """The folder of the kind of record that an IRI belongs to; empty for the vocabulary and whatever is no record."""
    base = reader.site.base
    folder = iri[len(base) :].split("/")[0] if iri.startswith(base) else ""
    return folder if reader.site.kind_of_folder(folder) else ""


def _of_kind(reader: Reader, folder: str, lines: list[RecordLine], follow: int, most: int | None) -> KindLines:
    def order(line: RecordLine) -> tuple:
        names = [line.said.place.label.value, line.said.method.label.value] if line.said else [line.record.label.value]
        rank = _rank(reader, line.said.place) if line.said else 0
        return SORTS.index(line.sort), rank, [sort_key(name) for name in names], natural(line.iri)

    ordered = sorted(lines, key=order)
    kind = reader.site.kind_of_folder(folder)
    label = (reader.text(kind.iri, ph.plural) or reader.label(kind.iri)) if kind else None
    return KindLines(label, _counts(line.sort for line in lines), tuple(ordered[:most]), _beyond(ordered, most), follow)


def _counts(sorts: Iterable[str]) -> tuple[SortCount, ...]:
    counts = Counter(sorts)
    return tuple(SortCount(sort, counts[sort]) for sort in SORTS if counts[sort])


def _line(reader: Reader, change: RecordChange) -> RecordLine:
    node, owner = NamedNode(change.subject), _owner(reader, change.subject)
    says = change.after or change.before
    said = _said(reader, change, says) if (TYPE, ph.ImplementationStatement) in says else None
    objection = objection_line(reader, node) if (TYPE, ph.Objection) in says else None
    is_part = owner != change.subject and said is None and objection is None
    class_ = _value(says, TYPE)
    successor = change.successor if change.sort == "withdrawn" else ""
    return RecordLine(
        sort=change.sort,
        iri=change.subject,
        record=objection.contests if objection else _thing(reader, NamedNode(owner) if is_part else node),
        part=reader.label(class_) if is_part and isinstance(class_, NamedNode) else None,
        name=reader.label(node) if is_part else None,
        said=said,
        source=source_line(reader, node) if change.sort == "new" and (TYPE, ph.Source) in says else None,
        objection=objection,
        facts=_facts(reader, change, said),
        was=change.was.removeprefix(reader.site.base) if change.was != change.subject else "",
        successor=_thing(reader, NamedNode(successor)) if successor else None,
        gone=change.gone,
    )


def _said(reader: Reader, change: RecordChange, says: Pairs) -> Said | None:
    method, place, state, kind = (_value(says, one) for one in (ph.method, ph.place, ph.state, ph.statementKind))
    if not isinstance(method, NamedNode) or not isinstance(place, NamedNode):
        return None
    before = _value(change.before, ph.state) if change.before and change.after else state
    sources = sorted((value for predicate, value in says if predicate == ph.statedBy and isinstance(value, NamedNode)), key=str)

    def text(predicate: NamedNode) -> str:
        value = _value(says, predicate)
        return value.value if value is not None else ""

    return Said(
        method=reader.link(method),
        place=reader.link(place),
        kind=reader.concept(kind) if isinstance(kind, NamedNode) and state is None else None,
        before=reader.concept(before) if isinstance(before, NamedNode) and before != state else None,
        state=reader.concept(state) if isinstance(state, NamedNode) else None,
        since=text(ph.since),
        until=text(ph.until),
        planned_start=text(ph.plannedStart),
        sources=tuple(source_line(reader, source) for source in sources),
    )


def _facts(reader: Reader, change: RecordChange, said: Said | None) -> tuple[FactChange, ...]:
    """The properties that changed. Of a record that came or went the record itself says enough."""
    if change.sort == "new" or change.gone:
        return ()
    # Of a record that was replaced, what was said of it has moved on; what was added tells why.
    removed = NOTHING if change.sort == "withdrawn" else change.removed
    told = {REPLACED_BY, ph.retiredOn, *((ph.state,) if said else ())}
    properties = {predicate for predicate, _ in removed | change.added} - told
    found = []
    for predicate in sorted(properties, key=lambda one: (reader.graph.integer(one, ph.rank) or 10_000, one.value)):
        sides = [[value for one, value in pairs if one == predicate] for pairs in (removed, change.added)]
        language = _language(reader, sides[0] + sides[1])
        before, after = (tuple(shown_values(reader, predicate, sorted((one for one in side if _in(one, language)), key=str))) for side in sides)
        found.append(FactChange(reader.label(predicate), before, after))
    return tuple(found)


def _language(reader: Reader, values: list) -> str | None:
    """The language in which a changed text is shown, so that it is not compared with its own translation."""
    there = [value.language for value in values if isinstance(value, Literal) and value.language]
    return next((code for code in (reader.language, *reader.site.languages) if code in there), min(there, default=None))


def _in(value: object, language: str | None) -> bool:
    return not isinstance(value, Literal) or not value.language or value.language == language


def _thing(reader: Reader, iri: NamedNode) -> Link:
    """A thing with its name: of a statement its place and method, of a part of a record the record."""
    named = named_statement(reader, iri)
    if named != reader.link(iri):
        return named
    owner, class_ = NamedNode(_owner(reader, iri.value)), reader.graph.object(iri, TYPE)
    if owner == iri or not isinstance(class_, NamedNode):
        return reader.link(iri)
    label = reader.label(owner)
    return Link(iri.value, Text(f"{label.value}: {reader.label(class_).value} {reader.label(iri).value}", label.language), reader.path(iri))


def _standing(reader: Reader, one: StandingChange, described: Mapping[str, Pairs]) -> StandingChangeLine:
    def state(held: Held | None) -> Concept | None:
        return reader.concept(NamedNode(held.state)) if held else None

    words = [described.get(iri) or frozenset(reader.graph.about(NamedNode(iri))) for iri in (one.after.rests_on if one.after else ())]
    starts = [start.value for says in words if (start := _value(says, ph.since)) is not None]
    sources = {value for says in words for predicate, value in says if predicate == ph.statedBy and isinstance(value, NamedNode)}
    return StandingChangeLine(
        method=reader.link(NamedNode(one.method)),
        place=reader.link(NamedNode(one.region)),
        before=state(one.before),
        after=state(one.after),
        before_part=one.before is not None and one.before.part,
        after_part=one.after is not None and one.after.part,
        since=min(starts, default=""),
        sources=tuple(source_line(reader, source) for source in sorted(sources, key=str)),
        contradiction=one.contradiction,
    )


def _coverage(reader: Reader, one: CoverageChange) -> CoverageChangeLine:
    before, after = (CoverageBounds(**vars(share)) if share else None for share in (one.before, one.after))
    return CoverageChangeLine(reader.link(NamedNode(one.method)), before, after)


def _pages(reader: Reader, lines: list[RecordLine], standings: list[StandingChangeLine], coverages: list[CoverageChangeLine]) -> list[Link]:
    """The pages that say something else than before: of the records, and of methods and places whose words or standings changed."""
    links = [line.record for line in lines if not line.said]
    links += [link for line in lines if line.said for link in (line.said.method, line.said.place)]
    links += [link for line in standings for link in (line.method, line.place)] + [line.method for line in coverages]
    pages = {link.path.split("#")[0]: link for link in links if link.path}
    named = [Link(link.iri, reader.label(NamedNode(_owner(reader, link.iri))), path) for path, link in pages.items()]
    return sorted(named, key=lambda link: link.path or "")


def _rank(reader: Reader, place: Link) -> int:
    return reader.graph.integer(NamedNode(place.iri), ph.rank) or 0


def _value(pairs: Pairs, predicate: NamedNode) -> NamedNode | Literal | None:
    return min((value for one, value in pairs if one == predicate), key=str, default=None)


def _beyond(found: list, most: int | None) -> int:
    return 0 if most is None else max(0, len(found) - most)
