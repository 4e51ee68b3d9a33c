"""A few regions beside each other and beside the nation: every method of which somebody has spoken in one of them."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from phkg.views.ages import Ages, ages
from phkg.views.choices import Choice
from phkg.views.faces import Cell, Faces
from phkg.views.matrix import Column
from phkg.views.reader import Link, Reader, slug, sort_key
from phkg.views.site import Kind
from phkg.views.standings import Standings

CHOSEN = ("a", "b", "c", "d")
"""The parameters by which regions are chosen."""


@dataclass(frozen=True)
class CompareRow:
    """A method with its cells, one a chosen region; in how many regions of the nation it gives access to all."""

    method: Link
    cells: tuple[Cell, ...]
    nation: int


@dataclass(frozen=True)
class ComparePage:
    """Chosen regions beside each other. `alike` counts the methods left out because all chosen regions have the same state.

    `choices` are the regions for each of the parameters of CHOSEN, with the one chosen.
    """

    columns: tuple[Column, ...]
    rows: tuple[CompareRow, ...]
    choices: tuple[tuple[Choice, ...], ...]
    only_differences: bool
    alike: int
    regions: int
    ages: Ages


def compare_page(reader: Reader, methods_kind: Kind, table: Standings, chosen: tuple[str, ...], only_differences: bool) -> ComparePage:
    """The comparison of the regions with these slugs (empty ones are left out, others must be known)."""
    by_slug = {slug(region): region for region in reader.site.regions}
    regions = tuple(by_slug[one] for one in dict.fromkeys(chosen) if one)
    spoken = [method for method in reader.site.records(methods_kind) if _spoken(table, method, regions)]
    wanted = [method for method in spoken if not only_differences or _differ(table, method, regions)]
    faces = Faces(reader)
    rows = [
        CompareRow(
            method=reader.link(method),
            cells=faces.cells(table, method, regions),
            nation=table.access(method, reader.site.regions),
        )
        for method in wanted
    ]
    return ComparePage(
        columns=tuple(Column(reader.link(region), reader.short_name(region), False) for region in regions),
        rows=tuple(sorted(rows, key=lambda row: (-row.nation, sort_key(row.method.label.value)))),
        choices=tuple(tuple(Choice(one, reader.short_name(region), one == picked) for one, region in by_slug.items()) for picked in chosen),
        only_differences=only_differences,
        alike=len(spoken) - len(wanted),
        regions=len(reader.site.regions),
        ages=ages(holds.word_date for method in wanted for region in regions if (holds := table.of(method, region))),
    )


def _spoken(table: Standings, method: NamedNode, regions: tuple[NamedNode, ...]) -> bool:
    return any((method, region) in table.standing or (method, region) in table.statements for region in regions)


def _differ(table: Standings, method: NamedNode, regions: tuple[NamedNode, ...]) -> bool:
    """Whether the regions differ in state or extent; silence beside a state differs as well, for it may hide a difference."""
    return len({(holds.state, holds.part) if (holds := table.of(method, region)) else None for region in regions}) > 1
