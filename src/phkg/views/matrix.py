"""Methods × regions: every standing in one table, with silence shown as silence."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from phkg.views.reader import Concept, Link, Reader, Text, sort_key
from phkg.views.site import TYPE, Kind, subclasses
from phkg.views.standings import Standings, gives_access
from phkg.views.statements import is_part
from phkg.vocabulary import ph


@dataclass(frozen=True)
class Column:
    """A region as a column."""

    place: Link
    short_name: Text


@dataclass(frozen=True)
class Cell:
    """The standing of a method in a region; `state` None is silence, `parts` says that a part of it has spoken."""

    state: Concept | None
    contradiction: bool
    part: bool
    parts: bool
    path: str


@dataclass(frozen=True)
class Row:
    """A method with its cells, one a region, and how many regions give access to all whom it is meant for."""

    method: Link
    cells: tuple[Cell, ...]
    with_access: int


@dataclass(frozen=True)
class Choice:
    """A value that the table can be narrowed to."""

    slug: str
    label: Text
    chosen: bool


@dataclass(frozen=True)
class MatrixPage:
    """The table, the legend of its states, and what it can be narrowed to."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    states: tuple[Concept, ...]
    kinds: tuple[Choice, ...]
    areas: tuple[Choice, ...]
    left_out: int


def matrix_page(
    reader: Reader, methods_kind: Kind, table: Standings, area: str | None = None, kind: str | None = None
) -> MatrixPage:
    """The table of all methods on which somebody has spoken, narrowed to an area and a kind of method by their slugs.

    Raises ValueError with the allowed slugs when one is unknown.
    """
    graph = reader.graph
    areas = [NamedNode(concept.iri) for concept in reader.concepts(ph.ClinicalArea)]
    kinds = subclasses(graph, methods_kind.iri)[1:]
    area_iri, kind_iri = _chosen("area", area, areas), _chosen("kind", kind, kinds)
    methods = [
        method
        for method in reader.site.records(methods_kind)
        if (area_iri is None or area_iri in graph.objects(method, ph.clinicalArea))
        and (kind_iri is None or kind_iri in graph.objects(method, TYPE))
    ]
    spoken = {method for method, _ in table.statements}
    rows = [_row(reader, method, table) for method in methods if method in spoken]
    return MatrixPage(
        columns=tuple(Column(reader.link(region), reader.short_name(region)) for region in reader.site.regions),
        rows=tuple(sorted(rows, key=lambda row: (-row.with_access, sort_key(row.method.label.value)))),
        states=reader.concepts(ph.State),
        kinds=tuple(Choice(_slug(iri), reader.label(iri), iri == kind_iri) for iri in kinds),
        areas=tuple(Choice(_slug(iri), reader.label(iri), iri == area_iri) for iri in areas),
        left_out=len(methods) - len(rows),
    )


def _row(reader: Reader, method: NamedNode, table: Standings) -> Row:
    page = reader.link(method)
    cells = tuple(_cell(reader, method, region, table, page.path or "") for region in reader.site.regions)
    access = sum(gives_access(reader, table.standing.get((method, region))) for region in reader.site.regions)
    return Row(page, cells, access)


def _cell(reader: Reader, method: NamedNode, region: NamedNode, table: Standings, page: str) -> Cell:
    graph = reader.graph
    path = f"{page}#{_slug(region)}"
    standing = table.standing.get((method, region))
    if standing is None:
        words = table.statements.get((method, region), [])
        return Cell(None, False, False, any(graph.object(word, ph.place) != region for word in words), path)
    state = graph.object(standing, ph.state)
    return Cell(
        state=reader.concept(state) if isinstance(state, NamedNode) else None,
        contradiction=graph.is_true(standing, ph.contradiction),
        part=is_part(reader, standing),
        parts=False,
        path=path,
    )


def _chosen(name: str, slug: str | None, choices: list[NamedNode]) -> NamedNode | None:
    if not slug:
        return None
    found = next((iri for iri in choices if _slug(iri) == slug), None)
    if found is None:
        allowed = ", ".join(_slug(iri) for iri in choices)
        raise ValueError(f"{name}={slug}: {allowed}")
    return found


def _slug(iri: NamedNode) -> str:
    return iri.value.rsplit("/", 1)[-1].rsplit("#", 1)[-1]

