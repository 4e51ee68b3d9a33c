"""All sources with how much rests on them and how old they are, in an order of the reader's choice, page by page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
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


@dataclass(frozen=True)
class Placed:
    """What decides in which lists a source stands, and where; `kind` is an IRI, or empty."""

    iri: str
    kind: str
    needs_better: bool
    date: str
    rests_on_it: int


@dataclass(frozen=True)
class Sources:
    """Every source without a successor: under an empty key what places them, in the order of their titles, and by their IRIs the sources.

    So a page that shows some follows from these and from the places of all, and not from all their titles.
    """

    placed: Mapping[str, tuple[Placed, ...]]
    lines: Mapping[str, SourceLine]


def read_sources(name: str, reader: Reader, kind: Kind) -> Sources:
    """Every source with what rests on it, counted in one reading; as tables with this name (`Kept.apart`)."""
    uses = Counter(quad.object for quad in reader.graph.triples((ph.statedBy,)))
    lines = {one.value: source_line(reader, one) for one in reader.site.records(kind)}
    ordered = sorted(lines.items(), key=lambda item: (sort_key(item[1].title.value), item[0]))
    placed = (Placed(iri, line.kind.iri if line.kind else "", line.needs_better, line.date, uses[NamedNode(iri)]) for iri, line in ordered)
    return Sources(reader.graph.table(f"{name} in order", {"": tuple(placed)}), reader.graph.table(name, lines))


def kinds_of_sources(reader: Reader, chosen: str = "") -> tuple[Choice, ...]:
    """The kinds of source, in the order of their scheme."""
    return tuple(Choice(slug(NamedNode(one.iri)), one.label, slug(NamedNode(one.iri)) == chosen) for one in reader.concepts(ph.SourceKind))


def sources_page(
    reader: Reader,
    sources: Sources,
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
        one
        for one in sources.placed[""]
        if (not kind or one.kind.endswith(f"/{kind}")) and (one.needs_better or not only_wanting) and (among is None or NamedNode(one.iri) in among)
    ]
    order = sort or ORDERS[0]
    if order in _PLACES:
        found.sort(key=_PLACES[order], reverse=order == "newest")
    begin = 0
    if after:
        begin = next((at for at, one in enumerate(found, 1) if one.iri.endswith(f"/{after}")), 0)
        if not begin:
            raise ValueError(after)
    shown = found[begin : begin + MOST_ROWS]
    return SourcesPage(
        rows=tuple(SourceRow(sources.lines[one.iri], one.rests_on_it) for one in shown),
        total=len(found),
        undated=sum(not one.date for one in found),
        wanting=sum(one.needs_better for one in found),
        unused=sum(not one.rests_on_it for one in found),
        sort=order,
        only_wanting=only_wanting,
        kinds=kinds_of_sources(reader, kind),
        after=slug(NamedNode(shown[-1].iri)) if begin + len(shown) < len(found) else None,
    )


_PLACES: dict[str, Callable[[Placed], tuple]] = {
    "use": lambda one: (-one.rests_on_it,),
    "oldest": lambda one: (not one.date, one.date),
    "newest": lambda one: (one.date,),
}
"""Orders that go before that of the titles."""
