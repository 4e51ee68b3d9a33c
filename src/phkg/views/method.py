"""The page of a method: where it stands in each region and on whose word, then what is known of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from pyoxigraph import NamedNode

from phkg.views.access import WaitLine, wait_line
from phkg.views.adoption import Adoption, Spread
from phkg.views.ages import Ages, ages
from phkg.views.counts import StateCount, fullest_first
from phkg.views.differences import Differences, differences
from phkg.views.facts import Fact, facts
from phkg.views.reader import Reader
from phkg.views.records import Head, Part, Uses, head, parts, uses
from phkg.views.relations import SHOWN_APART, Event, Relations, events, laboratories, relations
from phkg.views.site import RETIREMENT, TYPE, Kind
from phkg.views.source_lines import SourceLine, sources
from phkg.views.standings import Standings
from phkg.views.statements import StandingLine, StatementLine, StatementLines, newest_first, standing_line
from phkg.views.waited import Waited, waited
from phkg.vocabulary import ph


@dataclass(frozen=True)
class Coverage:
    """Share of the population that lives where the method gives access, from `low` to `high` (0 to 1).

    The low end counts regions without a known word as no, the high end as yes.
    """

    low: float
    high: float


@dataclass(frozen=True)
class MethodPage:
    """A method with its standing in every region.

    `with_access` counts the regions that give access to all whom the method is meant for, `for_a_part` those that give it
    to a part of them; `regions` are those that the method applies to. `history` is every word, also those that have been replaced; `events` are its dates in order, `adoption` how access has spread (None: it is known nowhere),
    `wait` how long people have waited and `waited` the same by region (None: nobody has dated a start).
    `disputed` are the standings whose words contradict each other.
    """

    head: Head
    facts: tuple[Fact, ...]
    counts: tuple[StateCount, ...]
    with_access: int
    for_a_part: int
    unknown: int
    regions: int
    coverage: Coverage | None
    first_since: str
    latest_word: str
    source_count: int
    ages: Ages
    standings: tuple[StandingLine, ...]
    disputed: tuple[StandingLine, ...]
    wider: tuple[StatementLine, ...]
    differences: Differences | None
    events: tuple[Event, ...]
    adoption: Adoption | None
    wait: WaitLine | None
    waited: Waited | None
    history: tuple[StatementLine, ...]
    intended_uses: tuple[Part, ...]
    gene_roles: tuple[Part, ...]
    evidence: tuple[Part, ...]
    relations: Relations
    laboratories: tuple[StatementLine, ...]
    uses: tuple[Uses, ...]
    sources: tuple[SourceLine, ...]


def method_page(reader: Reader, method: NamedNode, kind: Kind, table: Standings, spread: Spread) -> MethodPage:
    """The page of one method."""
    regions = reader.site.regions
    words = StatementLines(reader)
    lines = tuple(
        standing_line(reader, region, method, table.standing.get((method, region)), table.statements.get((method, region), []), words) for region in regions
    )
    places = table.places.get(method, ())
    history = newest_first(
        [words[statement] for known in (table.statements, table.replaced) for place in places for statement in known.get((method, place), [])]
    )
    wider = {statement.value for place in places if place not in regions for statement in table.statements.get((method, place), [])}
    states = Counter(line.state.iri if line.state else None for line in lines)
    holds = [table.of(method, region) for region in regions]
    access = [line for line, one in zip(lines, holds, strict=True) if one and one.gives_access and not one.part]
    return MethodPage(
        head=head(reader, method, kind),
        facts=facts(reader, method, without=(ph.statedBy, *RETIREMENT, *SHOWN_APART)),
        counts=tuple(
            StateCount(concept, states[concept.iri], sum(line.part for line in lines if line.state == concept))
            for concept in sorted(reader.concepts(ph.State), key=fullest_first, reverse=True)
            if states[concept.iri]
        )
        + ((StateCount(None, states[None]),) if states[None] else ()),
        with_access=len(access),
        for_a_part=sum(one is not None and one.gives_access and one.part for one in holds),
        unknown=sum(one is None or not one.told for one in holds),
        regions=table.concerned(method, regions),
        coverage=_coverage(reader, method),
        first_since=min((line.since for line in access if line.since), default=""),
        latest_word=max((line.word_date for line in history), default=""),
        source_count=len({source.link.iri for line in history for source in line.sources}),
        ages=ages(line.word_date for line in history),
        standings=lines,
        disputed=tuple(line for line in lines if line.contradiction),
        wider=tuple(line for line in history if line.iri in wider),
        differences=differences(reader, lines),
        events=events(history),
        adoption=spread.of(method),
        wait=wait_line(reader, spread.access(method)),
        waited=waited(reader, spread.access(method)),
        history=history,
        intended_uses=parts(reader, method, ph.IntendedUse),
        gene_roles=parts(reader, method, ph.GeneRole),
        evidence=parts(reader, method, ph.Evidence),
        relations=relations(reader, method),
        laboratories=laboratories(reader, history),
        uses=uses(reader, method, without=(ph.method, ph.restsOn, *SHOWN_APART)),
        sources=sources(reader, method),
    )


def _coverage(reader: Reader, method: NamedNode) -> Coverage | None:
    for record in reader.graph.subjects(ph.method, method):
        if reader.graph.object(record, TYPE) == ph.Coverage:
            low = reader.graph.text(record, ph.coverageLow)
            high = reader.graph.text(record, ph.coverageHigh)
            return Coverage(float(low), float(high)) if low and high else None
    return None
