"""All sources with how much rests on them and how old they are, in an order of the reader's choice, page by page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass

from pyoxigraph import NamedNode

from phkg.views.choices import Choice
from phkg.views.reader import Reader, slug, sort_key
from phkg.views.site import Kind
from phkg.views.source_lines import SourceLine, source_line
from phkg.vocabulary import ph

ORDERS = ("use", "oldest", "newest", "name")
"""Orders of the sources: what most rests on first; by date, the undated last; by title."""
MOST_ROWS = 100
"""Sources on one page."""


@dataclass(frozen=True)
class SourceRow:
    """A source and how many records and statements name it as theirs."""

    source: SourceLine
    rests_on_it: int


@dataclass(frozen=True)
class SourcesPage:
    """The sources that were asked for, in the order `sort`; `total`, `undated` and `wanting` (a better one) count all of these.

    `kinds` are the kinds of source to choose from; `after` is the slug of the last row when more follow.
    """

    rows: tuple[SourceRow, ...]
    total: int
    undated: int
    wanting: int
    unused: int
    sort: str
    only_wanting: bool
    kinds: tuple[Choice, ...]
    after: str | None


def source_rows(reader: Reader, kind: Kind) -> tuple[SourceRow, ...]:
    """Every source without a successor with what rests on it, counted in one reading."""
    uses = Counter(quad.object for quad in reader.graph.triples((ph.statedBy,)))
    return tuple(SourceRow(source_line(reader, one), uses[one]) for one in reader.site.records(kind))


def kinds_of_sources(reader: Reader, chosen: str = "") -> tuple[Choice, ...]:
    """The kinds of source, in the order of their scheme."""
    return tuple(Choice(slug(NamedNode(one.iri)), one.label, slug(NamedNode(one.iri)) == chosen) for one in reader.concepts(ph.SourceKind))


def sources_page(
    reader: Reader,
    rows: tuple[SourceRow, ...],
    *,
    sort: str = "",
    kind: str = "",
    only_wanting: bool = False,
    among: Collection[NamedNode] | None = None,
    after: str = "",
) -> SourcesPage:
    """One page of the sources; `among` are those that a search has found, None for all.

    Raises ValueError when `after` names no source of the list.
    """
    found = [
        row
        for row in rows
        if (not kind or (row.source.kind and row.source.kind.iri.endswith(f"/{kind}")))
        and (row.source.needs_better or not only_wanting)
        and (among is None or NamedNode(row.source.link.iri) in among)
    ]
    order = sort or ORDERS[0]
    found.sort(key=_PLACES["name"])
    found.sort(key=_PLACES[order], reverse=order == "newest")
    begin = 0
    if after:
        begin = next((at for at, row in enumerate(found, 1) if row.source.link.iri.endswith(f"/{after}")), 0)
        if not begin:
            raise ValueError(after)
    shown = tuple(found[begin : begin + MOST_ROWS])
    return SourcesPage(
        rows=shown,
        total=len(found),
        undated=sum(not row.source.date for row in found),
        wanting=sum(row.source.needs_better for row in found),
        unused=sum(not row.rests_on_it for row in found),
        sort=order,
        only_wanting=only_wanting,
        kinds=kinds_of_sources(reader, kind),
        after=slug(NamedNode(shown[-1].source.link.iri)) if begin + len(shown) < len(found) else None,
    )


_PLACES: dict[str, Callable[[SourceRow], tuple]] = {
    "use": lambda row: (-row.rests_on_it,),
    "oldest": lambda row: (not row.source.date, row.source.date),
    "newest": lambda row: (row.source.date,),
    "name": lambda row: (sort_key(row.source.title.value), row.source.link.iri),
}
