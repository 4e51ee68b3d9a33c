"""The list of a kind of record: all of them by name, or some, narrowed to what is asked for and cut into pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from phkg.views.reader import Reader, Text, slug, sort_key
from phkg.views.records import ListChoice, ListEntry, ListFilter, ListPage, Reach, class_label
from phkg.views.search import Names
from phkg.views.site import CLASSIFICATION, DEFINITION, DESCRIPTION, TYPE, Kind, subclasses
from phkg.views.standings import Standings
from phkg.vocabulary import ph

ENTRIES_OF_A_PAGE = 500
"""Records on one page of a list."""


@dataclass(frozen=True)
class Narrowing:
    """What a list is narrowed to: the slugs of a class and of an area, and words that stand in one name of the record."""

    kind: str = ""
    area: str = ""
    words: str = ""


@dataclass(frozen=True)
class Cut:
    """A page of a list: at most `limit` records, beginning after the one with the slug `after`."""

    limit: int = ENTRIES_OF_A_PAGE
    after: str = ""


ALL = Narrowing()
FIRST = Cut()


def kinds_in(reader: Reader, kind: Kind) -> tuple[str, ...]:
    """The slugs of the classes below a kind that any of its records has; of organisations, of their classifications."""
    return tuple(slug(class_) for class_ in _kinds(reader, kind))


def areas_in(reader: Reader, kind: Kind) -> tuple[str, ...]:
    """The slugs of the areas that any record of a kind is in, in the order of their scheme."""
    return tuple(slug(area) for area in _areas(reader, kind))


def _kinds(reader: Reader, kind: Kind) -> dict[NamedNode, int]:
    """The classes below a kind that any of its records has, or else their classifications, with how many have it."""
    by_class = _told_by(kind) == TYPE
    values = subclasses(reader.graph, kind.iri)[1:] if by_class else [NamedNode(concept.iri) for concept in reader.concepts(ph.OrganisationKind)]
    return _counted(reader, kind, _told_by(kind), values)


def _told_by(kind: Kind) -> NamedNode:
    """The property that tells records of a kind apart: the Organization Ontology classifies organisations by concepts, not by classes."""
    return CLASSIFICATION if kind.iri == ph.ORGANISATION else TYPE


def _kind_of(reader: Reader, kind: Kind, record: NamedNode) -> Text:
    told = None if _told_by(kind) == TYPE else reader.graph.object(record, _told_by(kind))
    return reader.label(told) if isinstance(told, NamedNode) else class_label(reader, record)


def _areas(reader: Reader, kind: Kind) -> dict[NamedNode, int]:
    """The areas that any record of a kind is in, in the order of their scheme, with how many are in it."""
    return _counted(reader, kind, ph.clinicalArea, [NamedNode(concept.iri) for concept in reader.concepts(ph.ClinicalArea)])


def _counted(reader: Reader, kind: Kind, predicate: NamedNode, values: Sequence[NamedNode]) -> dict[NamedNode, int]:
    """Of the values of a property those that any record of a kind has, with how many have it; counted once."""

    def count() -> dict[NamedNode, int]:
        records = set(reader.site.records(kind))
        counts = {value: len(records.intersection(reader.graph.having(predicate, value))) for value in values}
        return {value: count for value, count in counts.items() if count}

    return reader.pieces.get(("counted", kind.iri, predicate), count)


def list_page(reader: Reader, kind: Kind, names: Names | None = None, narrowing: Narrowing = ALL, cut: Cut = FIRST, table: Standings | None = None) -> ListPage:
    """The list of a kind of record, by name and where names are equal by IRI; `names` are needed to narrow by words, `table` to say how far methods have come.

    Raises ValueError when there is no record of which the slug is `cut.after`.
    """
    found = _narrowed(reader, kind, names, narrowing)
    records = [record for record in by_name(reader, kind) if record in found]
    rest = records
    if cut.after:
        last = reader.site.record(kind.folder, cut.after)
        if last is None:
            raise ValueError(cut.after)
        ranks = ranks_by_name(reader, kind)
        # One without a place in the order is no longer in use.
        rest = [record for record in records if (ranks[record] > ranks[last] if last in ranks else _place(reader, record) > _place(reader, last))]
    shown = rest[: cut.limit]
    return ListPage(
        label=reader.text(kind.iri, ph.plural) or reader.label(kind.iri),
        definition=reader.text(kind.iri, DEFINITION),
        filters=_filters(reader, kind, narrowing),
        words=narrowing.words.strip(),
        entries=tuple(
            ListEntry(reader.link(record), _kind_of(reader, kind, record), reader.text(record, DESCRIPTION), _reach(reader, table, record) if table else None)
            for record in shown
        ),
        total=len(records),
        after=slug(shown[-1]) if shown and len(shown) < len(rest) else None,
    )


def _filters(reader: Reader, kind: Kind, to: Narrowing) -> tuple[ListFilter, ...]:
    """The ways to narrow a list; none where every record has the same."""
    found = (("kind", reader.label(kind.iri), _kinds(reader, kind), to.kind), ("area", reader.label(ph.clinicalArea), _areas(reader, kind), to.area))
    return tuple(
        ListFilter(name, label, tuple(ListChoice(slug(one), reader.label(one), count, slug(one) == chosen) for one, count in counts.items()))
        for name, label, counts, chosen in found
        if len(counts) > 1
    )


def _reach(reader: Reader, table: Standings, method: NamedNode) -> Reach:
    regions = reader.site.regions
    known = sum(one is not None and one.known for one in (table.of(method, region) for region in regions))
    return Reach(table.access(method, regions), known, table.concerned(method, regions))


def by_name(reader: Reader, kind: Kind) -> tuple[NamedNode, ...]:
    """The records of a kind by name and where names are equal by IRI."""

    name = order_name(reader, kind)

    def read() -> Mapping[str, tuple[NamedNode, ...]]:
        # Who shows a few of many names follows from the order of all, and not from each of the names.
        return reader.graph.table(name, {"": tuple(sorted(set(reader.site.records(kind)), key=lambda record: _place(reader, record)))})

    return reader.pieces.apart(name, read)[""]


def order_name(reader: Reader, kind: Kind) -> str:
    """The name under which the order of `by_name` is kept (`Kept.apart`)."""
    return f"by name {reader.language} {kind.folder}"


def ranks_by_name(reader: Reader, kind: Kind) -> dict[NamedNode, int]:
    """The place of each record of a kind in the order of `by_name`."""
    return reader.pieces.get(("ranks by name", kind.iri), lambda: {record: rank for rank, record in enumerate(by_name(reader, kind))})


def methods_by_name(reader: Reader) -> tuple[NamedNode, ...]:
    """The methods that a registry follows, by name; none where it follows none."""
    kind = next((kind for kind in reader.site.kinds if kind.iri == ph.Method), None)
    return by_name(reader, kind) if kind else ()


def _narrowed(reader: Reader, kind: Kind, names: Names | None, to: Narrowing) -> set[NamedNode]:
    graph, found = reader.graph, set(reader.site.records(kind))
    if to.kind:
        found &= {record for record in found if to.kind in (slug(one) for one in graph.objects(record, _told_by(kind)))}
    if to.area:
        found &= {record for record in found if to.area in (slug(area) for area in graph.objects(record, ph.clinicalArea))}
    if to.words.strip() and names:
        found &= names.matching(to.words)
    return found


def _place(reader: Reader, record: NamedNode) -> tuple[tuple, str]:
    return sort_key(reader.link(record).label.value), record.value
