"""Methods × regions: every standing in one table, with silence shown as silence, narrowed and sorted as the reader asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from phkg.views.ages import Ages, ages
from phkg.views.choices import NARROWED_BY, Choice, Filter, filters
from phkg.views.counts import StateCount, fullest_first
from phkg.views.faces import Cell, Face, Faces
from phkg.views.lists import ranks_by_name
from phkg.views.reader import Concept, Link, Reader, Text, slug
from phkg.views.site import TYPE, Kind, subclasses
from phkg.views.standings import Holds, Standings
from phkg.views.statements import shown_states
from phkg.vocabulary import ph

ROWS_A_PAGE = 60
ORDERS = ("access", "silence", "newest", "name")
"""How rows can be sorted: most regions with access first, most silence first, the newest word first, by name."""


@dataclass(frozen=True)
class Column:
    """A region as a column; `begins_group` says that it does not lie in the same wider place as the one before."""

    place: Link
    short_name: Text
    begins_group: bool


@dataclass(frozen=True)
class Row:
    """A method with its cells, one a region; how many regions give access to all, and how many have which state."""

    method: Link
    cells: tuple[Cell, ...]
    with_access: int
    counts: tuple[StateCount, ...]


@dataclass(frozen=True)
class MatrixPage:
    """The table, its legend, and what it can be narrowed to and sorted by.

    `faces` are the looks of the cells, each once. `total` counts all methods asked for, `left_out` those of them on which nobody has spoken;
    `after` is the slug of the last method when more follow.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    faces: tuple[Face, ...]
    states: tuple[Concept, ...]
    filters: tuple[Filter, ...]
    only_gaps: bool
    orders: tuple[Choice, ...]
    total: int
    left_out: int
    after: str | None
    ages: Ages


def matrix_page(reader: Reader, methods_kind: Kind, table: Standings, asked: Mapping[str, str]) -> MatrixPage:
    """The table of the methods on which somebody has spoken, by the parameters of the address (already checked).

    Raises ValueError with the slug when `after` names no method of the table.
    """
    graph = reader.graph
    chosen = {name: asked.get(name, "") for name, *_ in NARROWED_BY}
    kind = asked.get("kind", "")
    regions = _regions(reader, asked.get("within", ""))
    methods = [
        method
        for method in reader.site.records(methods_kind)
        if all(_has(reader, method, predicate, chosen[name]) for name, _, predicate in NARROWED_BY if chosen[name])
        and (not kind or any(slug(type_) == kind for type_ in graph.objects(method, TYPE) if isinstance(type_, NamedNode)))
    ]
    spoken = [method for method in methods if method in table.places]
    wanted = [method for method in spoken if _wanted(table, method, regions, asked)]
    order, names = asked.get("sort") or ORDERS[0], ranks_by_name(reader, methods_kind)
    ordered = sorted(wanted, key=lambda method: _order(names[method], table, method, regions, order))
    first = _after(ordered, asked.get("after", ""))
    shown = ordered[first : first + ROWS_A_PAGE]
    faces = Faces(reader)
    rows = tuple(_row(reader, method, table, regions, faces) for method in shown)
    return MatrixPage(
        columns=_columns(reader, regions),
        rows=rows,
        faces=faces.all(),
        states=shown_states(reader),
        filters=filters(reader, subclasses(graph, methods_kind.iri)[1:], asked),
        only_gaps=asked.get("only") == "gaps",
        orders=tuple(Choice(name, Text(name), name == order) for name in ORDERS),
        total=len(wanted),
        left_out=len(methods) - len(spoken),
        after=slug(shown[-1]) if first + ROWS_A_PAGE < len(ordered) else None,
        ages=ages(holds.word_date for method in shown for holds in _held(table, method, regions)),
    )


def _regions(reader: Reader, within: str) -> tuple[NamedNode, ...]:
    if not within:
        return reader.site.regions
    return tuple(region for region in reader.site.regions if _has(reader, region, ph.within, within))


def _has(reader: Reader, record: NamedNode, predicate: NamedNode, wanted: str) -> bool:
    return any(isinstance(value, NamedNode) and slug(value) == wanted for value in reader.graph.objects(record, predicate))


def _wanted(table: Standings, method: NamedNode, regions: tuple[NamedNode, ...], asked: Mapping[str, str]) -> bool:
    """Whether some region has the state asked for, and, where only gaps are wanted, whether some have access and others not."""
    state = asked.get("state", "")
    if state and not any(one.state and slug(one.state) == state for one in _held(table, method, regions)):
        return False
    if asked.get("only") != "gaps":
        return True
    return 0 < sum(one.gives_access for one in _held(table, method, regions)) < table.concerned(method, regions)


def _held(table: Standings, method: NamedNode, regions: tuple[NamedNode, ...]) -> list[Holds]:
    """What holds of a method, in those of the regions where anything does."""
    held = table.by_method.get(method, {})
    return [held[region] for region in regions if region in held]


def _order(name: int, table: Standings, method: NamedNode, regions: tuple[NamedNode, ...], order: str) -> tuple[object, ...]:
    """What places a method in an order; `name` is its rank by name."""
    if order == "silence":
        return (sum(holds.told for holds in _held(table, method, regions)), name)
    if order == "newest":
        dates = [holds.word_date for holds in _held(table, method, regions)]
        return (tuple(-ord(character) for character in max(dates, default="")) or (0,), name)
    return (name,) if order == "name" else (-table.access(method, regions), name)


def _after(ordered: list[NamedNode], last: str) -> int:
    if not last:
        return 0
    for number, method in enumerate(ordered, 1):
        if slug(method) == last:
            return number
    raise ValueError(last)


def _columns(reader: Reader, regions: tuple[NamedNode, ...]) -> tuple[Column, ...]:
    columns, before = [], None
    for region in regions:
        group = reader.graph.object(region, ph.within)
        columns.append(Column(reader.link(region), reader.short_name(region), before is not None and group != before))
        before = group
    return tuple(columns)


def _row(reader: Reader, method: NamedNode, table: Standings, regions: tuple[NamedNode, ...], faces: Faces) -> Row:
    held = table.by_method.get(method, {})
    states = Counter(holds.state if (holds := held.get(region)) else None for region in regions)
    known = sorted((reader.concept(state) for state in states if state), key=fullest_first, reverse=True)
    counts = [StateCount(concept, states[NamedNode(concept.iri)]) for concept in known]
    silent = [StateCount(None, states[None])] if states[None] else []
    return Row(reader.link(method), faces.cells(table, method, regions), table.access(method, regions), (*counts, *silent))
