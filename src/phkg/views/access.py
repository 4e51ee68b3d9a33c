"""Equal access in the nation: coverage of every method as an interval, who has waited how long, and how much of it nobody knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from statistics import fmean
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode

from phkg.analysis.basis import Basis
from phkg.views.ages import Ages, ages
from phkg.views.choices import Choice
from phkg.views.inputs import Input, LastChange, record_inputs, statement_inputs
from phkg.views.lists import areas_in
from phkg.views.long_lists import ListPart, Lists
from phkg.views.reader import Concept, Link, Reader, Text, slug, sort_key
from phkg.views.standings import Standings
from phkg.views.waits import MethodAccess, RegionWaits, Waits
from phkg.vocabulary import ph

if TYPE_CHECKING:
    from phkg.analysis.regularity import RegionRegularity

COVERAGE_ORDERS = ("low", "high", "unknown", "answering", "name")
WAIT_ORDERS = ("low", "high", "since", "name")
REGION_ORDERS = ("name", "low", "high", "years", "people")
"""Orders of the three tables, the first where none is asked for: numbers from the highest, days and names from the first."""
LISTS = ("coverage", "waits")
"""The two tables of methods; either can be asked for alone."""
LEVELS = 4
"""Shades of the map, without the one for nobody having waited."""


@dataclass(frozen=True)
class Rests:
    """What a figure rests on: `answering` of `regions` regions, where that `share` (0 to 1; None: not known) of the population lives."""

    answering: int
    regions: int
    share: float | None


@dataclass(frozen=True)
class CoverageLine:
    """The share of the population (0 to 1) that lives where a method gives access, and the regions that this comes from."""

    method: Link
    low: float
    high: float
    with_access: int
    part: int
    without_access: int
    unknown: int
    rests: Rests


@dataclass(frozen=True)
class WaitLine:
    """The waiting for one method since the day (`since_first` to `since_last`) of the first known access, or of a recommendation.

    Person-years from `low` to `high` (None: no end). Half of the regions had it within `half_early` to `half_late` years (None: not yet).
    """

    method: Link
    recommended: bool
    since_first: str
    since_last: str
    low: float
    high: float | None
    half_early: float | None
    half_late: float | None
    rests: Rests


@dataclass(frozen=True)
class RegionLine:
    """The waiting of one region over the methods that have a clock.

    It waited `low` to `high` (0 to 1) of the time on average; with another choice of methods `interval_low` to `interval_high`. An inhabitant
    waited `years_low` to `years_high` years, methods added up; `people_low` and `people_high` are person-years. It surely waited longest for
    `last_low` methods and perhaps for `last_high`. `level` is its shade on the map by `years_low`; None: not known whether it waited at all.
    """

    place: Link
    short_name: Text
    methods: int
    low: float
    high: float
    interval_low: float
    interval_high: float
    years_low: float
    years_high: float
    people_low: float | None
    people_high: float | None
    last_low: int
    last_high: int
    level: int | None


@dataclass(frozen=True)
class Agreement:
    """How regularly the same regions come last: such agreement or more comes by chance in the share `p` (0 to 1; None: nothing to rank)
    of `draws` shufflings that begin with the seed `seed`; `level` is that of the intervals."""

    p: float | None
    draws: int
    seed: int
    level: float


@dataclass(frozen=True)
class AccessPage:
    """Equal access. Over all `methods` on average `low` to `high` (0 to 1) of the population have access; of `questions` (a method in a
    region) `unknown` have no answer. `silent` methods of which nobody has spoken are not in `coverage`; `undated` ones not in `waits`.

    `people_low` and `people_high` are all person-years. `separate` is whether some region surely waited more of the time than another.
    `step` is the number of years of one shade of the map. `population` is the indicator and `population_date` its day. All is over the
    methods of `area` only, where there is one; `areas` are those that can be asked for. `inputs` are the files that it rests on.

    Long tables of methods are cut: `lists` says how much of each is here. With `show` the page is one of them alone, and `after` the slug of its
    last method when more follow on further pages.
    """

    area: Concept | None
    areas: tuple[Choice, ...]
    methods: int
    silent: int
    undated: int
    regions: int
    questions: int
    unknown: int
    low: float | None
    high: float | None
    people_low: float
    people_high: float | None
    coverage: tuple[CoverageLine, ...]
    waits: tuple[WaitLine, ...]
    by_region: tuple[RegionLine, ...]
    agreement: Agreement
    separate: bool
    step: float
    population: Link | None
    population_date: str
    sort: str
    waits_sort: str
    regions_sort: str
    inputs: tuple[Input, ...]
    last_change: LastChange | None
    ages: Ages
    show: str
    lists: tuple[ListPart, ...]
    after: str | None

    @property
    def sizes(self) -> dict[str, int]:
        """How many lines each of the tables of methods has in all, by its name."""
        return {one.name: one.total for one in self.lists}


def access_page(reader: Reader, waits: Waits, table: Standings, area: NamedNode | None = None) -> AccessPage:
    """The page of the nation with all its lines, each table in the first of its orders; `waits` are those of `area`, if any."""
    spoken = [one for one in waits.methods if one.basis.answering or one.coverage.part]
    by_region = region_lines(reader, waits)
    registry = reader.site.registry
    indicator = reader.graph.object(registry, ph.populationIndicator)
    counted = {one.method for one in waits.methods}
    return AccessPage(
        area=reader.concept(area) if area else None,
        areas=_areas(reader, area),
        methods=len(waits.methods),
        silent=len(waits.methods) - len(spoken),
        undated=sum(one.wait is None for one in spoken),
        regions=len(reader.site.regions),
        questions=sum(one.coverage.regions for one in waits.methods),
        unknown=sum(one.coverage.unknown for one in waits.methods),
        low=fmean(float(one.coverage.low) for one in waits.methods) if waits.methods else None,
        high=fmean(float(one.coverage.high) for one in waits.methods) if waits.methods else None,
        people_low=round(waits.low, 1),
        people_high=_rounded(waits.high),
        coverage=_sorted((_coverage(reader, one) for one in spoken), _coverage_key(COVERAGE_ORDERS[0])),
        waits=_sorted((line for one in waits.methods if (line := wait_line(reader, one))), _wait_key(WAIT_ORDERS[0])),
        by_region=by_region,
        agreement=agreement(waits),
        separate=max((one.low for one in by_region), default=0) > min((one.high for one in by_region), default=0),
        step=_step(waits),
        population=reader.link(indicator) if isinstance(indicator, NamedNode) else None,
        population_date=reader.graph.text(registry, ph.populationDate) or "",
        sort=COVERAGE_ORDERS[0],
        waits_sort=WAIT_ORDERS[0],
        regions_sort=REGION_ORDERS[0],
        inputs=(*record_inputs(reader, [indicator] if isinstance(indicator, NamedNode) else []), *statement_inputs(reader, table)),
        last_change=None,
        ages=ages(
            holds.word_date for (method, _), iri in table.standing.items() if (holds := table.holds[iri]).known and (area is None or method.value in counted)
        ),
        show="",
        lists=(),
        after=None,
    )


def arranged(
    page: AccessPage, sort: str = "", waits_sort: str = "", regions_sort: str = "", last_change: LastChange | None = None, show: str = "", after: str = ""
) -> AccessPage:
    """A page that has all its lines, its tables in the orders asked for (each of its own ORDERS, or empty) and cut to what goes on one page.

    `show` and `after` ask for one of its tables alone. Raises ValueError when it has no line of a method `after`.
    """
    lists = Lists(show, after)
    coverage, waits, by_region = page.coverage, page.waits, page.by_region
    if sort not in ("", page.sort):
        coverage = _sorted(coverage, _coverage_key(sort))
    if waits_sort not in ("", page.waits_sort):
        waits = _sorted(waits, _wait_key(waits_sort))
    if regions_sort not in ("", page.regions_sort):
        by_region = _sorted(by_region, _region_key(regions_sort))
    return replace(
        page,
        coverage=lists.of("coverage", coverage, _known_by),
        waits=lists.of("waits", waits, _known_by),
        by_region=() if show else by_region,
        sort=sort or page.sort,
        waits_sort=waits_sort or page.waits_sort,
        regions_sort=regions_sort or page.regions_sort,
        last_change=last_change,
        show=show,
        lists=tuple(lists.shown),
        after=lists.after,
    )


def _known_by(line: CoverageLine | WaitLine) -> str:
    return slug(NamedNode(line.method.iri))


def _areas(reader: Reader, chosen: NamedNode | None) -> tuple[Choice, ...]:
    kind = next((kind for kind in reader.site.kinds if kind.iri == ph.Method), None)
    there = set(areas_in(reader, kind)) if kind else set()
    concepts = [one for one in reader.concepts(ph.ClinicalArea) if slug(NamedNode(one.iri)) in there]
    return tuple(Choice(slug(NamedNode(one.iri)), one.label, chosen is not None and one.iri == chosen.value) for one in concepts)


def _coverage(reader: Reader, one: MethodAccess) -> CoverageLine:
    found = one.coverage
    return CoverageLine(
        method=reader.link(NamedNode(one.method)),
        low=round(float(found.low), 6),
        high=round(float(found.high), 6),
        with_access=found.with_access,
        part=found.part,
        without_access=found.without_access,
        unknown=found.unknown,
        rests=_rests(one.basis),
    )


def wait_line(reader: Reader, one: MethodAccess) -> WaitLine | None:
    """The waiting for one method; None where no clock has started."""
    wait = one.wait
    return wait and WaitLine(
        method=reader.link(NamedNode(one.method)),
        recommended=wait.recommended,
        since_first=wait.since.earliest.isoformat(),
        since_last=wait.since.latest.isoformat(),
        low=round(wait.person_years.low, 1),
        high=_rounded(wait.person_years.high),
        half_early=_rounded(wait.early.time),
        half_late=_rounded(wait.late.time),
        rests=_rests(wait.person_years.basis),
    )


def agreement(waits: Waits) -> Agreement:
    """How regularly the same regions come last, over all methods with a clock."""
    return Agreement(waits.regularity.p, waits.regularity.draws, waits.regularity.seed, waits.regularity.level)


def region_lines(reader: Reader, waits: Waits) -> tuple[RegionLine, ...]:
    """The lines of the regions in the order of the registry; those that no method with a clock concerns have none."""
    step = _step(waits)
    queues = {one.region: one for one in waits.regularity.regions}
    sums = {one.region: one for one in waits.regions}
    there = [region for region in reader.site.regions if region.value in queues and region.value in sums]
    return tuple(_region(reader, region, queues[region.value], sums[region.value], step) for region in there)


def _region(reader: Reader, region: NamedNode, queue: RegionRegularity, waited: RegionWaits, step: float) -> RegionLine:
    return RegionLine(
        place=reader.link(region),
        short_name=reader.short_name(region),
        methods=queue.methods,
        low=round(queue.mean_low, 6),
        high=round(queue.mean_high, 6),
        interval_low=round(queue.low, 6),
        interval_high=round(queue.high, 6),
        years_low=round(waited.years_low, 2),
        years_high=round(waited.years_high, 2),
        people_low=_rounded(waited.person_years_low),
        people_high=_rounded(waited.person_years_high),
        last_low=queue.last_low,
        last_high=queue.last_high,
        level=_level(waited, step),
    )


def _step(waits: Waits) -> float:
    """The years of one shade: a quarter of the longest wait that is sure, up to a whole year; a tenth of a year where all is less."""
    longest = max((one.years_low for one in waits.regions), default=0.0) / LEVELS
    return float(-(-longest // 1)) if longest > 1 else max(round(longest + 0.05, 1), 0.1)


def _level(waited: RegionWaits, step: float) -> int | None:
    if waited.years_low > 0:
        return min(LEVELS, int(waited.years_low // step) + 1)
    return None if waited.years_high > 0 else 0


def _rests(found: Basis) -> Rests:
    share = found.population_share
    return Rests(found.answering, found.regions, None if share is None else round(float(share), 6))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _sorted(lines: Iterable[Any], key: Callable[[Any], Any]) -> tuple[Any, ...]:
    return tuple(sorted(lines, key=key))


def _coverage_key(sort: str) -> Callable[[CoverageLine], tuple]:
    def key(line: CoverageLine) -> tuple:
        by = {"low": (line.low, line.high), "high": (line.high, line.low), "unknown": (line.high - line.low,), "answering": (line.rests.answering,)}
        return (*(-value for value in by.get(sort, ())), sort_key(line.method.label.value), line.method.iri)

    return key


def _wait_key(sort: str) -> Callable[[WaitLine], tuple]:
    def key(line: WaitLine) -> tuple:
        high = float("inf") if line.high is None else line.high
        by = {"low": (-line.low, -high), "high": (-high, -line.low), "since": (line.since_last, line.since_first)}
        return (*by.get(sort, ()), sort_key(line.method.label.value), line.method.iri)

    return key


def _region_key(sort: str) -> Callable[[RegionLine], tuple]:
    def key(line: RegionLine) -> tuple:
        by = {"low": (line.low, line.high), "high": (line.high, line.low), "years": (line.years_low, line.years_high)}
        return (*(-value for value in by.get(sort, (line.people_low or 0, line.people_high or 0))), sort_key(line.short_name.value), line.place.iri)

    return key
