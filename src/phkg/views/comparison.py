"""The regions of an indicator beside each other: a funnel where counts allow it, else a line each; never in the order of the values."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from phkg.analysis.basis import Nothing
from phkg.views.reader import Link, Reader, Text

if TYPE_CHECKING:
    from phkg.analysis.rates import Kind, Rates, RegionCount
    from phkg.views.indicator import ObservationLine

SEED = 21
"""The seed of the chance band, so that anybody gets the same one."""
AGREES = 0.1
"""How far a published value may lie from its own counts, as a share of it, for the counts to be those of the value: it is rounded."""
WIDE = 10
"""From how many times the smallest region the largest one is, sizes stand on a logarithmic scale."""
STEPS = 40
"""Places at which the lines of the funnel are worked out."""


@dataclass(frozen=True)
class Point:
    """A region's value in the indicator's unit; None where nobody has given one for this time, or gave it without the counts it needs.

    `low` and `high` are its interval at 95 % where it has counts: `events` among `of`. `few`: fewer cases than chance leaves alone.
    `outside` is the level (0 to 1) of the outermost limits that it lies outside, `above` on which side; `at` its place by size (0 to 1).
    """

    place: Link
    short_name: Text
    value: float | None
    low: float | None
    high: float | None
    events: int | None
    of: float | None
    few: bool
    outside: float | None
    above: bool | None
    at: float | None


@dataclass(frozen=True)
class Limits:
    """One pair of funnel lines: the `level` (0 to 1), and at each place by size the values between which chance leaves a region."""

    level: float
    line: tuple[tuple[float, float, float], ...]


@dataclass(frozen=True)
class Systematic:
    """The systematic component of variation with the band that chance alone gives it, found by `draws` drawings from the seed `seed`.

    `p` is the share of drawings with a chi-square at least as large as the one seen.
    """

    value: float
    low: float | None
    high: float | None
    p: float | None
    draws: int
    seed: int


@dataclass(frozen=True)
class Comparison:
    """The regions in the order of the registry, for the `periods` (several are pooled; `until` ends a longer one).

    `form` is `funnel`, `too-few` (fewer cases in all than `least`, so nothing is compared), `counts` (cases with no number that they are
    counted among) or `values` (no counts). `answering` regions have a value, `events` cases in all. `axis` are the marks of the values, the last one its end, `sizes` those of the sizes with their places.
    """

    form: str
    share: bool
    periods: tuple[str, ...]
    until: str
    points: tuple[Point, ...]
    answering: int
    national: float | None
    events: int
    least: int
    axis: tuple[float, ...]
    sizes: tuple[tuple[float, float], ...]
    limits: tuple[Limits, ...]
    systematic: Systematic | None


def comparison(reader: Reader, lines: Iterable[ObservationLine]) -> Comparison | None:
    """All regions beside each other for the time of which most of them have a value, the latest of such; None where fewer than two have one."""
    by_period: dict[tuple[str, str], list[ObservationLine]] = defaultdict(list)
    for line in lines:
        if line.is_region and line.value is not None and line.since:
            by_period[line.since, line.until].append(line)
    regions = {period: len({line.place.iri for line in here}) for period, here in by_period.items()}
    latest = max(regions, key=lambda period: (regions[period], period), default=None)
    if latest is None or regions[latest] < 2:
        return None
    here = {line.place.iri: line for line in reversed(by_period[latest])}
    per = _per(list(here.values()))
    if per is not None:
        return _by_counts(reader, by_period, latest, per)
    counted = all(line.numerator is not None and line.numerator == line.value for line in here.values())
    points = tuple(_alone(reader, region, here.get(region.value), counted) for region in reader.site.regions)
    most = max(max(point.value or 0.0, point.high or 0.0) for point in points)
    events = round(sum(line.numerator or 0 for line in here.values()))
    return Comparison(
        "counts" if counted else "values", False, (latest[0],), latest[1], points, len(here), None, events, 0, axis(most), (), (), None
    )  # fmt: skip


def axis(most: float) -> tuple[float, ...]:
    """Marks from 0 to the first that reaches `most`, three to six of them, by steps of 1, 2 or 5 times a power of ten."""
    if most <= 0:
        return (0.0, 1.0)
    power = 10.0 ** math.floor(math.log10(most / 5))
    step = next(power * times for times in (1, 2, 5, 10) if power * times * 5 >= most * (1 - 1e-9))
    return tuple(round(step * number, 10) for number in range(math.ceil(most / step - 1e-9) + 1))


def _per(lines: Sequence[ObservationLine]) -> float | None:
    """What one event of one is as a value (100 for per cent), where all values but few are those of their counts; else None."""
    found = [line.value * line.denominator / line.numerator for line in lines if line.value and line.numerator and line.denominator]
    if len(found) < 2 or any(line.numerator is None or not line.denominator for line in lines):
        return None
    per = 10.0 ** round(math.log10(median(found)))
    return per if abs(median(found) / per - 1) < AGREES else None


def _by_counts(reader: Reader, by_period: dict[tuple[str, str], list[ObservationLine]], latest: tuple[str, str], per: float) -> Comparison:
    from phkg.analysis.rates import Kind, RegionCount, SmallNumbers, pooled, rates

    # What the source has published is no secret, so nothing is withheld; few cases are marked instead.
    rule = SmallNumbers(least_shown=0)
    here = by_period[latest]
    kind = Kind.SHARE if per <= 100 and all((line.numerator or 0) <= (line.denominator or 0) for line in here) else Kind.RATE

    def counts(lines: list[ObservationLine]) -> list[RegionCount]:
        told = {line.place.iri: line for line in reversed(lines) if line.numerator is not None and line.denominator}
        return [
            RegionCount(region.value, round(one.numerator or 0), one.denominator)
            if (one := told.get(region.value))
            else RegionCount(region.value, Nothing.NO_STATEMENT, None)
            for region in reader.site.regions
        ]

    periods, rows = (latest[0],), counts(here)
    years = {int(since): counts(then) for (since, until), then in by_period.items() if since.isdecimal() and not until and since <= latest[0]}
    if len(latest[0]) == 4 and not latest[1]:
        together = pooled(years, rule)
        if together.enough:
            periods, rows = tuple(map(str, together.years)), list(together.rows)
    found = rates(rows, kind, per, rule)
    comparable = found.comparable and sum(row.value is not None for row in found.rows) > 1
    return _drawn(reader, found, rows, kind, per, periods, latest[1], rule.least_national, comparable)


def _drawn(
    reader: Reader, found: Rates, rows: Sequence[RegionCount], kind: Kind, per: float, periods: tuple[str, ...], until: str, least: int, comparable: bool
) -> Comparison:
    from phkg.analysis.rates import FUNNEL_LEVELS
    from phkg.analysis.rates import Kind as Kinds
    from phkg.views.indicator import FEW

    told = [row.of for row in found.rows if row.value is not None and row.of]
    place = _place(min(told), max(told))
    limits = tuple(_limits(found, level, per, min(told), max(told)) for level in FUNNEL_LEVELS) if comparable else ()
    points = tuple(
        Point(
            reader.link(region), reader.short_name(region), _rounded(row.value), _rounded(row.low), _rounded(row.high), row.events,
            row.of if row.value is not None else None, row.events is not None and row.events < FEW, row.outside if comparable else None,
            row.above if comparable else None, round(place(row.of), 4) if row.of and row.value is not None else None,
        )
        for region, row in zip(reader.site.regions, found.rows, strict=True)
    )  # fmt: skip
    most = max([point.value or 0.0 for point in points] + [high for line in limits[-1:] for _, _, high in line.line])
    return Comparison(
        "funnel" if comparable else "too-few", kind is Kinds.SHARE, periods, until, points, len(told), _rounded(found.national), found.events, least,
        axis(min(most, per) if kind is Kinds.SHARE else most), _sizes(min(told), max(told)), limits, _systematic(rows, kind) if comparable else None,
    )  # fmt: skip


def _place(least: float, most: float) -> Callable[[float], float]:
    """From a size to its place (0 to 1) between the smallest and the largest, with a little room outside them."""
    if most < least * WIDE:
        first, last = 0.0, most * 1.1
        return lambda size: (size - first) / (last - first)
    first, last = math.log(least / 1.5), math.log(most * 1.5)
    return lambda size: (math.log(size) - first) / (last - first)


def _sizes(least: float, most: float) -> tuple[tuple[float, float], ...]:
    place = _place(least, most)
    if most < least * WIDE:
        return tuple((size, round(place(size), 4)) for size in axis(most) if size <= most * 1.1)
    powers = (10.0**number for number in range(math.floor(math.log10(least)), math.ceil(math.log10(most)) + 1))
    return tuple((size, round(place(size), 4)) for size in powers if 0 <= place(size) <= 1)


def _limits(found: Rates, level: float, per: float, least: float, most: float) -> Limits:
    from phkg.analysis.rates import Kind, funnel_of_counts, funnel_of_shares

    place, national = _place(least, most), (found.national or 0.0) / per
    sizes = [least / 1.5 * (most * 2.25 / least) ** (step / STEPS) for step in range(STEPS + 1)]
    sizes = [size for size in sizes if 0 <= place(size) <= 1 + 1e-9]
    if found.kind is Kind.SHARE:
        low, high = funnel_of_shares(national, sizes, level)
    else:
        low, high = (ends / sizes for ends in funnel_of_counts([size * national for size in sizes], level))
    return Limits(
        level, tuple((round(place(size), 4), round(float(a) * per, 4), round(float(b) * per, 4)) for size, a, b in zip(sizes, low, high, strict=True))
    )


def _systematic(rows: Sequence[RegionCount], kind: Kind) -> Systematic | None:
    from phkg.analysis.chance import variation

    found = variation(rows, kind, SEED)
    scv = found.measures["scv"]
    return None if scv.value is None else Systematic(round(scv.value, 3), _rounded(scv.low, 3), _rounded(scv.high, 3), found.p, found.draws, found.seed)


def _alone(reader: Reader, region: NamedNode, line: ObservationLine | None, counted: bool) -> Point:
    """A region that stands in no funnel: its value, with Byar's interval where it is a count."""
    from phkg.analysis.rates import byar

    value = line.value if line else None
    low, high = (round(float(end), 1 if float(end) < 100 else 0) for end in byar(value)) if counted and value is not None else (None, None)
    events = round(value) if counted and value is not None else None
    return Point(reader.link(region), reader.short_name(region), value, low, high, events, None, line is not None and line.few, None, None, None)


def _rounded(value: float | None, digits: int = 4) -> float | None:
    return None if value is None else round(value, digits)
