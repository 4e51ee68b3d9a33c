"""The page of a method: where it stands in each region and on whose word, then what is known of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from pyoxigraph import NamedNode

from phkg.views.facts import Fact, facts
from phkg.views.reader import Concept, Reader
from phkg.views.records import Head, Part, Uses, head, parts, uses
from phkg.views.site import REPLACED_BY, TYPE, Kind
from phkg.views.standings import Standings, gives_access, gives_access_to_a_part
from phkg.views.statements import (
    SourceLine,
    StandingLine,
    StatementLine,
    newest_first,
    sources,
    standing_line,
    statement_line,
)
from phkg.vocabulary import ph


@dataclass(frozen=True)
class Coverage:
    """Share of the population that lives where the method gives access, from `low` to `high` (0 to 1).

    The low end counts regions without a known word as no, the high end as yes.
    """

    low: float
    high: float


@dataclass(frozen=True)
class StateCount:
    """In how many regions a state holds; `state` is None for silence."""

    state: Concept | None
    regions: int


@dataclass(frozen=True)
class MethodPage:
    """A method with its standing in every region.

    `with_access` counts the regions that give access to all whom the method is meant for, `for_a_part` those that give it
    to a part of them. `history` is every word, also those that have been replaced.
    """

    head: Head
    facts: tuple[Fact, ...]
    counts: tuple[StateCount, ...]
    with_access: int
    for_a_part: int
    regions: int
    coverage: Coverage | None
    first_since: str
    latest_word: str
    source_count: int
    standings: tuple[StandingLine, ...]
    wider: tuple[StatementLine, ...]
    history: tuple[StatementLine, ...]
    parts: tuple[tuple[str, tuple[Part, ...]], ...]
    uses: tuple[Uses, ...]
    sources: tuple[SourceLine, ...]


PART_CLASSES = (ph.IntendedUse, ph.GeneRole, ph.Evidence)


def method_page(reader: Reader, method: NamedNode, kind: Kind, table: Standings) -> MethodPage:
    """The page of one method."""
    regions = reader.site.regions
    lines = tuple(
        standing_line(
            reader, region, method, table.standing.get((method, region)), table.statements.get((method, region), [])
        )
        for region in regions
    )
    elsewhere = [
        statement_line(reader, statement)
        for (about, place), found in table.statements.items()
        if about == method and place not in regions
        for statement in found
    ]
    history = newest_first(
        [
            statement_line(reader, statement)
            for words in (table.statements, table.replaced)
            for (about, _), found in words.items()
            if about == method
            for statement in found
        ]
    )
    states = Counter(line.state.iri if line.state else None for line in lines)
    standing = [table.standing.get((method, region)) for region in regions]
    access = [line for line, one in zip(lines, standing, strict=True) if gives_access(reader, one)]
    return MethodPage(
        head=head(reader, method, kind),
        facts=facts(reader, method, without=(ph.statedBy, REPLACED_BY)),
        counts=tuple(
            StateCount(concept, states[concept.iri]) for concept in reader.concepts(ph.State) if states[concept.iri]
        )
        + ((StateCount(None, states[None]),) if states[None] else ()),
        with_access=len(access),
        for_a_part=sum(gives_access_to_a_part(reader, one) for one in standing),
        regions=len(regions),
        coverage=_coverage(reader, method),
        first_since=min((line.since for line in access if line.since), default=""),
        latest_word=max((line.word_date for line in history), default=""),
        source_count=len({source.link.iri for line in history for source in line.sources}),
        standings=lines,
        wider=newest_first(elsewhere),
        history=history,
        parts=tuple(
            (class_.value, found) for class_ in PART_CLASSES if (found := parts(reader, method, class_))
        ),
        uses=uses(reader, method, without=(ph.method, ph.restsOn)),
        sources=sources(reader, method),
    )


def _coverage(reader: Reader, method: NamedNode) -> Coverage | None:
    for record in reader.graph.subjects(ph.method, method):
        if reader.graph.object(record, TYPE) == ph.Coverage:
            low = reader.graph.text(record, ph.coverageLow)
            high = reader.graph.text(record, ph.coverageHigh)
            return Coverage(float(low), float(high)) if low and high else None
    return None
