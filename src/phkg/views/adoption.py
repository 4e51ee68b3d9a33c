"""How a method has spread over time: in how many regions it gave access, as a band between what is known and what may be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from pyoxigraph import NamedNode, Triple

from phkg.analysis.adoption import AdoptionCurve, adoption
from phkg.analysis.coverage import Coverage
from phkg.graph.bounds import term_bounds
from phkg.graph.facts import DATA_SET, READ, SUBCLASS, TYPE, gather
from phkg.graph.reading import Kept
from phkg.views.graph import Graph
from phkg.views.waits import MethodAccess, method_access, timelines
from phkg.vocabulary import ph

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
    """The steps of the band, from the first year shown to the last day; `regions` is how many it was at most possible in at any time."""

    first_year: int
    last_year: int
    now: AdoptionStep
    steps: tuple[AdoptionStep, ...]
    regions: int


@dataclass(frozen=True)
class Spread:
    """What the adoption of methods is worked out of: a snapshot, its day, and what is the same for all methods.

    A method's own words are read when it is asked for, and its curve is worked out once.
    """

    graph: Graph
    on: date
    common: tuple[Triple, ...]
    _known: Kept[tuple[Adoption | None, MethodAccess]] = field(repr=False, compare=False)

    def of(self, method: NamedNode) -> Adoption | None:
        """The adoption of a method; None when no region is known ever to have given access.

        Raises FactFault where the graph is not what it should be.
        """
        return self._both(method)[0]

    def access(self, method: NamedNode) -> MethodAccess:
        """Who has access to a method and who has waited for it. Raises FactFault as `of` does."""
        return self._both(method)[1]

    def _both(self, method: NamedNode) -> tuple[Adoption | None, MethodAccess]:
        return self._known.get(method, lambda: self._made(method))

    def _made(self, method: NamedNode) -> tuple[Adoption | None, MethodAccess]:
        facts = gather([*self.common, *self._words(method)])
        words = [word for word in facts.statements if word.method == method.value]
        rows = timelines(words, facts, self.on)
        day = self.graph.object(method, ph.recommendedSince)
        recommended = None if day is None else term_bounds(method.value, day)
        found = method_access(method.value, rows, self.on, recommended, facts.whole)
        somewhere = any(word.state in facts.gives_access for word in words)
        return (_adoption(adoption(rows, self.on, facts.whole)) if somewhere else None), found

    def _words(self, method: NamedNode) -> list[Triple]:
        """The statements about a method, and what they point to: places, concepts, sources and the kinds of these."""
        statements = [one for one in self.graph.subjects(ph.method, method) if self.graph.object(one, TYPE) == ph.ImplementationStatement]
        found = _about(self.graph, [method, *statements])
        named = _about(self.graph, _objects(found))
        kinds = _about(self.graph, _objects(triple for triple in named if triple.predicate == ph.sourceKind))
        return list(dict.fromkeys([*found, *named, *kinds]))


def read_spread(graph: Graph, on: date) -> Spread:
    """What is the same for all methods; `on` is the day of the snapshot, where all curves end."""
    registries, regions = graph.subjects(TYPE, ph.Registry), graph.subjects(TYPE, ph.Region)
    indicators = [value for one in registries for value in graph.objects(one, ph.populationIndicator)]
    observations = [one for indicator in indicators for one in graph.subjects(DATA_SET, indicator)]
    links = [Triple(one, predicate, other) for predicate in (SUBCLASS, ph.within) for one, other in graph.pairs(predicate)]
    return Spread(graph, on, (*links, *_about(graph, [*registries, *regions, *observations])), graph.kept())


def _about(graph: Graph, things: Iterable[NamedNode]) -> list[Triple]:
    return [Triple(one, predicate, value) for one in things for predicate, value in graph.about(one) if predicate in READ]


def _objects(triples: Iterable[Triple]) -> list[NamedNode]:
    """The things that triples point to, each once; classes and properties are none of them."""
    return list(dict.fromkeys(one.object for one in triples if isinstance(one.object, NamedNode) and one.predicate != TYPE))


def _adoption(curve: AdoptionCurve) -> Adoption | None:
    if not any(point.coverage.with_access or point.coverage.part for point in curve.steps):
        return None
    first = curve.steps[0].day.year
    steps = [_step(None, first, curve.before), *(_step(point.day, 0, point.coverage) for point in curve.steps)]
    # Regions to which the method has not applied at any time are none of those that could have it.
    regions = max(coverage.regions for coverage in (curve.before, *(point.coverage for point in curve.steps)))
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
