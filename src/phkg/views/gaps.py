"""What nobody knows: by method and by region how much is silent, undated, contradicted, or said of a wider place only."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode

from phkg.views.reader import Link, Reader, Text, sort_key
from phkg.views.site import Kind
from phkg.views.standings import Standings
from phkg.vocabulary import ph

ORDERS = ("silent", "in_part", "wider_only", "undated", "contradicted", "name")
"""Orders of the lines: by one of the counts, the most first, or by name."""


@dataclass(frozen=True)
class Gaps:
    """How many of `questions` (one method in one region) are not known well.

    `silent`: no state holds. `in_part`: of these, somebody has spoken all the same, of a part of the region or without a state.
    Of the others, `wider_only`: the word is of a wider place; `undated`: the word has no date; `contradicted`: words differ.
    """

    questions: int
    silent: int
    in_part: int
    wider_only: int
    undated: int
    contradicted: int


@dataclass(frozen=True)
class GapLine:
    """The gaps of one method or of one region."""

    about: Link
    short_name: Text
    gaps: Gaps


@dataclass(frozen=True)
class GapsPage:
    """What is not known, in all and line by line; both lists in the order `sort`."""

    total: Gaps
    by_region: tuple[GapLine, ...]
    by_method: tuple[GapLine, ...]
    sort: str


def gaps_page(reader: Reader, methods_kind: Kind, table: Standings) -> GapsPage:
    """What is not known of all methods in all regions, the most silent first; only what somebody has spoken of is looked at."""
    methods, regions = reader.site.records(methods_kind), reader.site.regions
    current, places = set(methods), set(regions)
    said_at = reader.graph.each(ph.saidAt)
    found: Counter[tuple[NamedNode | None, str]] = Counter()
    for method, region in dict.fromkeys((*table.standing, *table.statements)):
        if method in current and region in places:
            gaps = _gaps_of(table, said_at, method, region)
            found.update((about, gap) for gap in gaps for about in (method, region, None))
    page = GapsPage(
        total=_gaps(found, None, len(methods) * len(regions)),
        by_region=tuple(GapLine(reader.link(one), reader.short_name(one), _gaps(found, one, len(methods))) for one in regions),
        by_method=tuple(GapLine(reader.link(one), reader.link(one).label, _gaps(found, one, len(regions))) for one in methods),
        sort="",
    )
    return in_order(page, ORDERS[0])


def in_order(page: GapsPage, sort: str) -> GapsPage:
    """The page with its lines in another of the orders."""

    def place(line: GapLine) -> tuple:
        most = 0 if sort == "name" else getattr(line.gaps, sort)
        return -most, sort_key(line.short_name.value), line.about.iri

    return replace(page, by_region=tuple(sorted(page.by_region, key=place)), by_method=tuple(sorted(page.by_method, key=place)), sort=sort)


def _gaps_of(table: Standings, said_at: dict, method: NamedNode, region: NamedNode) -> tuple[str, ...]:
    """What is lacking in what has been said of one method in one region; `known` where a state holds,
    `beside` where the question does not concern the region."""
    standing = table.standing.get((method, region))
    held = table.holds[standing] if standing is not None else None
    if standing is None or held is None or held.state is None:
        return ("in_part",)
    if not held.known:
        return () if held.applies else ("beside",)
    lacking = {"wider_only": said_at.get(standing, region) != region, "undated": held.undated, "contradicted": held.contradiction}
    return ("known", *(gap for gap, there in lacking.items() if there))


def _gaps(found: Counter[tuple[NamedNode | None, str]], about: NamedNode | None, questions: int) -> Gaps:
    in_part, wider_only, undated, contradicted = (found[about, gap] for gap in ("in_part", "wider_only", "undated", "contradicted"))
    questions -= found[about, "beside"]
    return Gaps(questions, questions - found[about, "known"], in_part, wider_only, undated, contradicted)
