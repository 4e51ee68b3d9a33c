"""Who has access and who has waited for it, over all methods at once: worked out of one snapshot, the same for every language."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from phkg.analysis.basis import Basis
from phkg.analysis.coverage import Coverage, RegionAccess, coverage, coverage_basis
from phkg.analysis.dates import Bounds
from phkg.analysis.timeline import Timeline, never, timeline
from phkg.analysis.waiting import YEAR, PersonYears, Quantile, TimeToAdoption, adopted, person_years, time_to_adoption
from phkg.analysis.words import Statement
from phkg.graph.bounds import term_bounds
from phkg.graph.facts import READ, Facts, gather
from phkg.views.graph import Graph
from phkg.vocabulary import ph

if TYPE_CHECKING:
    from phkg.analysis.regularity import Regularity

SEED = 21
"""The seed of the intervals over methods, so that anybody gets the same ones."""
HALF = 0.5


@dataclass(frozen=True)
class MethodWait:
    """The waiting for one method since the clock started: `since` is the day, `recommended` whether by a recommendation.

    `early` and `late` are the times in years by which half of the regions had it, by the early and the late curve.
    """

    since: Bounds
    recommended: bool
    person_years: PersonYears
    early: Quantile
    late: Quantile


@dataclass(frozen=True)
class MethodAccess:
    """One method: how many live where it gives access, what that rests on, and the waiting (None: nobody has dated a start)."""

    method: str
    coverage: Coverage
    basis: Basis
    wait: MethodWait | None


@dataclass(frozen=True)
class RegionWaits:
    """What one region has waited over all methods with a clock: years that each inhabitant waited, and person-years (None: size unknown)."""

    region: str
    years_low: float
    years_high: float
    person_years_low: float | None
    person_years_high: float | None


@dataclass(frozen=True)
class Waits:
    """All methods in the order of their IRIs, all regions in that of theirs, and whether the same region comes last."""

    methods: tuple[MethodAccess, ...]
    regions: tuple[RegionWaits, ...]
    regularity: Regularity
    low: float
    high: float | None


def read_waits(graph: Graph, on: date, current: Iterable[NamedNode]) -> Waits:
    """The access to every method of `current` on the day `on`, and the waiting until then.

    Raises FactFault where the graph is not what it should be.
    """
    facts = gather(graph.triples(READ))
    recommended = {subject.value: term_bounds(subject.value, value) for subject, value in graph.pairs(ph.recommendedSince)}
    words: dict[str, list[Statement]] = defaultdict(list)
    for word in facts.statements:
        words[word.method].append(word)
    methods = []
    for method in sorted(one.value for one in current):
        rows = timelines(words.get(method, []), facts, on)
        methods.append(method_access(method, rows, on, recommended.get(method), facts.whole))
    return _summed(methods, on)


def narrowed(waits: Waits, methods: Collection[str], on: date) -> Waits:
    """The same over some of the methods only; `on` is the day until which they were waited for."""
    return _summed([one for one in waits.methods if one.method in methods], on)


def _summed(methods: list[MethodAccess], on: date) -> Waits:
    from phkg.analysis.regularity import regularity  # NumPy takes a tenth of a second to load: only this waits for it.

    found = [one.wait for one in methods if one.wait]
    timed = [one.person_years for one in found]
    highs = [one.high for one in timed if one.high is not None]
    return Waits(
        methods=tuple(methods),
        regions=_regions(timed),
        regularity=regularity([_shares(one, on) for one in found], SEED),
        low=math.fsum(one.low for one in timed),
        high=math.fsum(highs) if len(highs) == len(timed) else None,
    )


def _shares(wait: MethodWait, on: date) -> dict[str, tuple[float, float]]:
    """Region → the share (0 to 1) of the days since the clock started that it waited, as `waited_shares` of its timeline."""
    days = (on - wait.since.earliest).days
    return {one.region: (one.days_low / days, one.days_high / days) for one in wait.person_years.regions} if days > 0 else {}


def method_access(method: str, rows: list[Timeline], on: date, recommended: Bounds | None, whole: int | None) -> MethodAccess:
    """The access to one method by its timelines; `recommended` is when it began to be, `whole` the population of all regions, where known."""
    answers = [RegionAccess(row.region, row.at(on), row.population) for row in rows]
    start = _start(rows, on, recommended)
    wait = None if start is None else _wait(rows, start, recommended is not None, on, whole)
    return MethodAccess(method, coverage(answers, whole), coverage_basis(answers), wait)


def timelines(words: list[Statement], facts: Facts, on: date) -> list[Timeline]:
    """The timeline of every region; silence where nobody has said anything of the method anywhere."""
    if not words:
        return [never(region, facts.populations.get(region)) for region in facts.regions]
    return [timeline(words, region, facts.places, on, facts.access, facts.populations.get(region)) for region in facts.regions]


def _start(rows: list[Timeline], on: date, recommended: Bounds | None) -> Bounds | None:
    """When the clock starts: with the recommendation, else on the first day on which some region is known to have had full access.

    None where that day is today at the earliest, so that nobody has waited as far as anybody knows.
    """
    if recommended is not None:
        return recommended if recommended.latest < on else None
    first = min((day for row in rows if (day := adopted(row, on).sure) is not None), default=on)
    return Bounds(first, first) if first < on else None


def _wait(rows: list[Timeline], since: Bounds, recommended: bool, on: date, whole: int | None) -> MethodWait:
    curves: TimeToAdoption = time_to_adoption(rows, since, on)
    return MethodWait(since, recommended, person_years(rows, since, on, whole), curves.early.quantile(HALF), curves.late.quantile(HALF))


def _regions(timed: list[PersonYears]) -> tuple[RegionWaits, ...]:
    """The waits of each region, added up over methods."""
    found = defaultdict(list)
    for one in timed:
        for wait in one.regions:
            found[wait.region].append(wait)
    return tuple(
        RegionWaits(
            region=region,
            years_low=sum(wait.days_low for wait in waits) / YEAR,
            years_high=sum(wait.days_high for wait in waits) / YEAR,
            person_years_low=_sum(wait.person_years_low for wait in waits),
            person_years_high=_sum(wait.person_years_high for wait in waits),
        )
        for region, waits in sorted(found.items())
    )


def _sum(values: Iterable[float | None]) -> float | None:
    known = list(values)
    return None if any(value is None for value in known) else math.fsum(value or 0.0 for value in known)
