"""How a method has spread over time: in how many regions it gave access, as a band between what is known and what may be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from pyoxigraph import NamedNode, Triple

from phkg.analysis.adoption import AdoptionCurve, adoption
from phkg.analysis.coverage import Access, Coverage, access
from phkg.analysis.standing import Standing
from phkg.analysis.timeline import timeline
from phkg.analysis.words import Statement
from phkg.graph.facts import READ, Facts, gather
from phkg.views.graph import Graph

DAYS_A_YEAR = 365.25


@dataclass(frozen=True)
class AdoptionStep:
    """From this day on access is known in `low` regions and may be in up to `high`, with the shares of the population (0 to 1).

    `at` is the day as a year with decimals, for drawing. The day is empty for the time before the first change.
    """

    day: str
    at: float
    low: int
    high: int
    low_share: float
    high_share: float


@dataclass(frozen=True)
class Adoption:
    """The steps of the band, from the first year shown to the last day, over all `regions`."""

    first_year: int
    last_year: int
    now: AdoptionStep
    steps: tuple[AdoptionStep, ...]
    regions: int


@dataclass(frozen=True)
class Spread:
    """What adoption is worked out of, for all methods of a snapshot; each curve is worked out once."""

    facts: Facts
    by_method: dict[str, list[Statement]]
    on: date
    _known: dict[str, Adoption | None] = field(default_factory=dict, repr=False, compare=False)

    def of(self, method: NamedNode) -> Adoption | None:
        """The adoption of a method; None when no region is known ever to have given access."""
        if method.value not in self._known:
            self._known[method.value] = self._made(method.value)
        return self._known[method.value]

    def _made(self, method: str) -> Adoption | None:
        words = self.by_method.get(method, [])
        if not any(word.state in self.facts.gives_access for word in words):
            return None
        facts = self.facts
        rows = [
            timeline(words, region, facts.places, self.on, self._access, facts.populations.get(region)) for region in facts.regions
        ]
        return _adoption(adoption(rows, self.on, facts.whole), len(rows))

    def _access(self, found: Standing) -> Access:
        return access(found.state in self.facts.gives_access, found.is_part)


def read_spread(graph: Graph, on: date) -> Spread:
    """One bulk read a property; `on` is the day of the snapshot, where all curves end. Raises FactFault for a graph out of order."""
    facts = gather(Triple(subject, predicate, value) for predicate in READ for subject, value in graph.pairs(predicate))
    by_method: dict[str, list[Statement]] = defaultdict(list)
    for statement in facts.statements:
        by_method[statement.method].append(statement)
    return Spread(facts, dict(by_method), on)


def _adoption(curve: AdoptionCurve, regions: int) -> Adoption | None:
    if not any(point.coverage.with_access or point.coverage.part for point in curve.steps):
        return None
    first = curve.steps[0].day.year
    steps = [_step(None, first, curve.before), *(_step(point.day, 0, point.coverage) for point in curve.steps)]
    return Adoption(first, curve.on.year + 1, _step(curve.on, 0, curve.at(curve.on)), tuple(_changed(steps)), regions)


def _changed(steps: list[AdoptionStep]) -> Iterable[AdoptionStep]:
    """The steps at which the number of regions changes; those that only move shares are left out."""
    last: tuple[int, int] | None = None
    for step in steps:
        if (step.low, step.high) != last:
            last = (step.low, step.high)
            yield step


def _step(day: date | None, first_year: int, coverage: Coverage) -> AdoptionStep:
    at = first_year if day is None else day.year + (day.timetuple().tm_yday - 1) / DAYS_A_YEAR
    high = coverage.regions - coverage.without_access
    shares = round(float(coverage.low), 6), round(float(coverage.high), 6)
    return AdoptionStep(day.isoformat() if day else "", round(at, 3), coverage.with_access, high, *shares)
