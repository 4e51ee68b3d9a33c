"""The list of a kind of record: all of them by name, or some, narrowed to what is asked for and cut into pages."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from phkg.views.reader import Reader, sort_key
from phkg.views.records import ListEntry, ListPage, class_label
from phkg.views.search import Names
from phkg.views.site import DEFINITION, DESCRIPTION, TYPE, Kind, subclasses
from phkg.vocabulary import ph


@dataclass(frozen=True)
class Narrowing:
    """What a list is narrowed to: the slugs of a class and of an area, and words that stand in one name of the record."""

    kind: str = ""
    area: str = ""
    words: str = ""


@dataclass(frozen=True)
class Cut:
    """A page of a list: at most `limit` records (None: all), beginning after the one with the slug `after`."""

    limit: int | None = None
    after: str = ""


ALL = Narrowing()
WHOLE = Cut()


def kinds_in(reader: Reader, kind: Kind) -> tuple[str, ...]:
    """The slugs of the classes below a kind that any of its records has."""
    graph, records = reader.graph, set(reader.site.records(kind))
    below = subclasses(graph, kind.iri)[1:]
    return tuple(slug(class_) for class_ in below if not records.isdisjoint(graph.subjects(TYPE, class_)))


def areas_in(reader: Reader, kind: Kind) -> tuple[str, ...]:
    """The slugs of the areas that any record of a kind is in, in the order of their scheme."""
    graph, records = reader.graph, set(reader.site.records(kind))
    areas = (NamedNode(concept.iri) for concept in reader.concepts(ph.ClinicalArea))
    return tuple(slug(area) for area in areas if not records.isdisjoint(graph.subjects(ph.clinicalArea, area)))


def slug(iri: NamedNode) -> str:
    """The end of an IRI, by which it is named in addresses."""
    return iri.value.rsplit("/", 1)[-1].rsplit("#", 1)[-1]


def list_page(
    reader: Reader, kind: Kind, names: Names | None = None, narrowing: Narrowing = ALL, cut: Cut = WHOLE
) -> ListPage:
    """The list of a kind of record, by name and where names are equal by IRI; `names` are needed to narrow by words.

    Raises ValueError when there is no record of which the slug is `cut.after`.
    """
    found = _narrowed(reader, kind, names, narrowing)
    records = [record for record in _by_name(reader, kind) if record in found]
    rest = records
    if cut.after:
        last = reader.site.record(kind.folder, cut.after)
        if last is None:
            raise ValueError(cut.after)
        rest = [record for record in records if _place(reader, record) > _place(reader, last)]
    shown = rest[: cut.limit]
    return ListPage(
        label=reader.text(kind.iri, ph.plural) or reader.label(kind.iri),
        definition=reader.text(kind.iri, DEFINITION),
        entries=tuple(
            ListEntry(reader.link(record), class_label(reader, record), reader.text(record, DESCRIPTION)) for record in shown
        ),
        total=len(records),
        after=slug(shown[-1]) if shown and len(shown) < len(rest) else None,
    )


def _by_name(reader: Reader, kind: Kind) -> tuple[NamedNode, ...]:
    def read() -> tuple[NamedNode, ...]:
        return tuple(sorted(set(reader.site.records(kind)), key=lambda record: _place(reader, record)))

    return reader.pieces.get(("by name", kind.iri), read)


def _narrowed(reader: Reader, kind: Kind, names: Names | None, to: Narrowing) -> set[NamedNode]:
    graph, found = reader.graph, set(reader.site.records(kind))
    if to.kind:
        found &= {record for record in found if to.kind in (slug(class_) for class_ in graph.objects(record, TYPE))}
    if to.area:
        found &= {record for record in found if to.area in (slug(area) for area in graph.objects(record, ph.clinicalArea))}
    if to.words.strip() and names:
        found &= names.matching(to.words)
    return found


def _place(reader: Reader, record: NamedNode) -> tuple[tuple, str]:
    return sort_key(reader.link(record).label.value), record.value
