"""Rates and shares of regions with intervals, funnel limits, and the rule of small numbers.

With x events among n (a share), or O events where E were expected (a count), and z the normal quantile of the level:

    Wilson   (2x + z² ∓ z √(z² + 4x(1 − x/n))) / (2(n + z²))                           share; Wilson 1927, J Am Stat Assoc 22:209
    Byar     O(1 − 1/(9O) − z/(3√O))³ , (O+1)(1 − 1/(9(O+1)) + z/(3√(O+1)))³          count; Breslow & Day 1987, IARC 82, p. 69
    funnel   the values at which a region's own interval just leaves out the national value:
             for a share θ ∓ z √(θ(1 − θ)/n); for a count the solution of Byar's limit = E by Newton's method

So a point lies outside the funnel exactly when its interval at that level leaves out the national value, and the chart cannot contradict
the table. Idea of the funnel: Spiegelhalter 2005, Stat Med 24:1185. Its lines are drawn at 95 % and 99.8 %.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phkg.analysis.basis import Basis, Nothing, basis

Floats = NDArray[np.float64]
FUNNEL_LEVELS = (0.95, 0.998)
"""The levels of the two pairs of funnel lines: about two and three standard errors."""


class Kind(Enum):
    """What the events are counted among."""

    SHARE = "share"
    """Each of the n has the event or not, as an operation that met its time limit: Wilson."""
    RATE = "rate"
    """Events in a population, each person perhaps with several, as analyses per 100 000: Byar."""


def quantile(level: float) -> float:
    """z: the two-sided normal quantile of a level (0.95 → 1.96)."""
    return NormalDist().inv_cdf((1 + level) / 2)


def wilson(events: ArrayLike, of: ArrayLike, level: float = 0.95) -> tuple[Floats, Floats]:
    """Wilson's interval of the share events/of; 0 to 1 where `of` is 0. Works on numbers and on arrays of one shape."""
    x, n = np.asarray(events, float), np.asarray(of, float)
    z = quantile(level)
    inner = z * np.sqrt(z * z + 4 * x * (1 - x / np.where(n > 0, n, 1)))
    low, high = ((2 * x + z * z + sign * inner) / (2 * (n + z * z)) for sign in (-1, 1))
    return np.where(x <= 0, 0.0, low), np.where(x >= n, 1.0, high)


def byar(events: ArrayLike, level: float = 0.95) -> tuple[Floats, Floats]:
    """Byar's interval of a count; the low end of 0 events is 0. Works on numbers and on arrays."""
    low = np.asarray(events, float)
    z, high = quantile(level), low + 1
    safe = np.where(low > 0, low, 1)
    # Cubes are written out: NumPy's power takes ten times as long.
    below = 1 - 1 / (9 * safe) - z / (3 * np.sqrt(safe))
    above = 1 - 1 / (9 * high) + z / (3 * np.sqrt(high))
    return np.maximum(low * below * below * below, 0.0), high * above * above * above


def funnel_of_shares(national: float, of: ArrayLike, level: float) -> tuple[Floats, Floats]:
    """The shares between which chance leaves a region of that size when the true share is `national`; within 0 to 1."""
    n = np.asarray(of, float)
    half = quantile(level) * np.sqrt(national * (1 - national) / np.where(n > 0, n, np.nan))
    return np.maximum(national - half, 0.0), np.minimum(national + half, 1.0)


def funnel_of_counts(expected: ArrayLike, level: float) -> tuple[Floats, Floats]:
    """The counts between which chance leaves a region whose expected count is `expected`: those at which Byar's limits reach it.

    The lower one is 0 where not even 0 events would be outside.
    """
    e, z = np.asarray(expected, float), quantile(level)
    # Byar's limits, with s the square root of the count (plus 1 at the upper end), are (s² − 1/9 ∓ z s/3)³ / s⁴ = E.
    upper = _solve(e, -z / 3) ** 2
    lower = _solve(e, z / 3) ** 2 - 1
    return np.where(byar(0, level)[1] >= e, 0.0, np.maximum(lower, 0.0)), upper


def _solve(e: Floats, linear: float) -> Floats:
    """The root s ≥ 1/3 of s² + linear·s − 1/9 = E^⅓ s^(4/3), from above by Newton's method in s^⅓."""
    cube = np.cbrt(e)
    t = np.cbrt(np.sqrt(e) + 2 * abs(linear) + 1)
    for _ in range(12):
        square = t * t
        third = square * t
        value = third * third + linear * third - 1 / 9 - cube * square * square
        slope = 6 * third * square + 3 * linear * square - 4 * cube * third
        t = np.maximum(t - value / slope, 0.05)
    return t * t * t


@dataclass(frozen=True)
class RegionCount:
    """A region's events among `of` (persons, operations …), or the kind of nothing it has instead; `of` None is not known."""

    region: str
    events: int | Nothing
    of: float | None


def counts_basis(rows: Iterable[RegionCount]) -> Basis:
    """What a figure over counts rests on: the regions that have both events and what they are counted among."""
    gaps = ((row.events if isinstance(row.events, Nothing) else None if row.of else Nothing.NO_STATEMENT, row.of) for row in rows)
    return basis(((gap, None if of is None else round(of)) for gap, of in gaps), no_is_an_answer=False)


@dataclass(frozen=True)
class SmallNumbers:
    """The rule of small numbers.

    `least_shown`: a count from 1 to one less is withheld, and known to lie in that range. `least_national`: with fewer events in the whole
    country, years are pooled, or nothing is compared. Helseatlas of Norway withholds counts under 5 and asks for 1 200 to 1 300 cases before it
    compares; at 1 000 cases among 21 regions alike the highest rate is still twice the lowest.
    """

    least_shown: int = 5
    least_national: int = 1000


@dataclass(frozen=True)
class RegionRate:
    """A region's rate, times `per`, with its interval; or its kind of nothing, with what a withheld count allows.

    `outside` is the highest funnel level whose limits it lies outside (None: inside all), `above` on which side of the national rate.
    """

    region: str
    events: int | None
    of: float | None
    value: float | None
    low: float | None
    high: float | None
    nothing: Nothing | None
    outside: float | None = None
    above: bool | None = None


@dataclass(frozen=True)
class Rates:
    """The rates of all regions, the national one over those that answered, and what it rests on.

    `comparable` is False where there are fewer events in all than the rule asks for: then show the national rate only, and say why.
    `national_low` and `national_high` are bounds where counts are withheld.
    """

    kind: Kind
    rows: tuple[RegionRate, ...]
    events: int
    national: float | None
    national_low: float | None
    national_high: float | None
    comparable: bool
    method: str
    level: float
    basis: Basis


def rates(rows: Iterable[RegionCount], kind: Kind, per: float = 1.0, rule: SmallNumbers | None = None, level: float = 0.95) -> Rates:
    """Every region's rate with its interval and its place in the funnel.

    Counts under the rule are withheld; where that would leave a single region withheld, so that its count could be had from the total, the
    smallest other count is withheld as well. Raises ValueError where a share has more events than it is counted among, or a negative number.
    """
    rule = rule or SmallNumbers()
    given = list(rows)
    for row in given:
        _check(row, kind)
    shown = withheld(given, rule)
    told = [row for row in shown if not isinstance(row.events, Nothing) and row.of]
    hidden = [row for row in shown if row.events is Nothing.WITHHELD and row.of]
    events = sum(int(row.events) for row in told if not isinstance(row.events, Nothing))
    among = sum(row.of or 0.0 for row in told)
    national = events / among if among else None
    everybody = among + sum(row.of or 0.0 for row in hidden)
    original = {row.region: row.events for row in given}
    least, most = (_total_withheld(hidden, original, rule, end) for end in (0, 1))
    found = []
    for row in shown:
        found.append(_rate(row, kind, per, rule, level, national, original[row.region]))
    return Rates(
        kind, tuple(found), events, national * per if national is not None else None,
        (events + least) / everybody * per if everybody else None, (events + most) / everybody * per if everybody else None,
        events + least >= rule.least_national, "Wilson" if kind is Kind.SHARE else "Byar", level,
        counts_basis(shown),
    )  # fmt: skip


def withheld(rows: Sequence[RegionCount], rule: SmallNumbers) -> list[RegionCount]:
    """The rows with every count that the rule does not let through replaced by `Nothing.WITHHELD`, secondary disclosure prevented."""
    found = [replace(row, events=Nothing.WITHHELD) if not isinstance(row.events, Nothing) and 0 < row.events < rule.least_shown else row for row in rows]
    hidden = [row for row in found if row.events is Nothing.WITHHELD]
    by_source = [row for row in rows if row.events is Nothing.WITHHELD]
    open_rows = [row for row in found if not isinstance(row.events, Nothing) and row.events > 0]
    if len(hidden) == 1 and not by_source and open_rows:
        least = min(open_rows, key=lambda row: (row.events, row.region))
        found[found.index(least)] = replace(least, events=Nothing.WITHHELD)
    return found


@dataclass(frozen=True)
class Pooled:
    """Counts of several years put together: which years, and whether they are enough for a comparison."""

    years: tuple[int, ...]
    rows: tuple[RegionCount, ...]
    enough: bool


def pooled(by_year: Mapping[int, Sequence[RegionCount]], rule: SmallNumbers) -> Pooled:
    """As few of the latest years as give the national number of events that the rule asks for; all of them where they do not.

    A region that has no number in one of the years has none in the sum, of the kind it had last. Numbers and what they are counted
    among are summed, so the rate is that of the whole period.
    """
    taken: list[int] = []
    rows: list[RegionCount] = []
    for year in sorted(by_year, reverse=True):
        taken.append(year)
        rows = _summed([by_year[other] for other in taken])
        if sum(row.events for row in rows if not isinstance(row.events, Nothing)) >= rule.least_national:
            return Pooled(tuple(sorted(taken)), tuple(rows), True)
    return Pooled(tuple(sorted(taken)), tuple(rows), False)


def _summed(years: Sequence[Sequence[RegionCount]]) -> list[RegionCount]:
    found: dict[str, RegionCount] = {}
    for number, year in enumerate(years):
        here = {row.region: row for row in year}
        if not number:
            found = here
            continue
        for region in list(found):
            other = here.get(region, RegionCount(region, Nothing.NO_STATEMENT, None))
            row = found[region]
            if isinstance(row.events, Nothing):
                continue
            if isinstance(other.events, Nothing):
                found[region] = replace(row, events=other.events)
            else:
                among = row.of + other.of if row.of is not None and other.of is not None else None
                found[region] = RegionCount(region, row.events + other.events, among)
    return list(found.values())


def _check(row: RegionCount, kind: Kind) -> None:
    if row.of is not None and row.of < 0:
        raise ValueError(f"{row.region} counts among {row.of}; that number is 0 or more.")
    if isinstance(row.events, Nothing):
        return
    if row.events < 0:
        raise ValueError(f"{row.region} has {row.events} events; a count is 0 or more.")
    if kind is Kind.SHARE and row.of is not None and row.events > row.of:
        raise ValueError(f"{row.region} has {row.events} events among {row.of}; of a share there are at most as many events as that.")


def _total_withheld(hidden: Sequence[RegionCount], original: Mapping[str, int | Nothing], rule: SmallNumbers, end: int) -> int:
    return sum(_range(row, original[row.region], rule)[end] for row in hidden)


def _range(row: RegionCount, original: int | Nothing, rule: SmallNumbers) -> tuple[int, int]:
    """The counts that a withheld one may be: 1 to the rule's last.

    For one that was withheld only to protect another, up to the next doubling of the rule's number, so that the range does not tell it.
    """
    top = rule.least_shown - 1
    if not isinstance(original, Nothing):
        while top < original:
            top = 2 * top + 1
    return 1, top if row.of is None else min(top, max(int(row.of), 1))


def _rate(row: RegionCount, kind: Kind, per: float, rule: SmallNumbers, level: float, national: float | None, original: int | Nothing) -> RegionRate:
    if not row.of or (isinstance(row.events, Nothing) and row.events is not Nothing.WITHHELD):
        nothing = row.events if isinstance(row.events, Nothing) else Nothing.NO_STATEMENT
        return RegionRate(row.region, None, row.of, None, None, None, nothing)
    if isinstance(row.events, Nothing):
        least, most = _range(row, original, rule)
        return RegionRate(row.region, None, row.of, None, least / row.of * per, most / row.of * per, Nothing.WITHHELD)
    value = row.events / row.of
    low, high = interval(row.events, row.of, kind, level)
    outside = above = None
    if national is not None:
        above = value > national if value != national else None
        for limit in FUNNEL_LEVELS:
            under, over = interval(row.events, row.of, kind, limit)
            outside = limit if not under <= national <= over else outside
    return RegionRate(row.region, row.events, row.of, value * per, low * per, high * per, None, outside, above)


def interval(events: float, of: float, kind: Kind, level: float) -> tuple[float, float]:
    """The interval of one rate: Wilson's for a share, Byar's for a rate."""
    if kind is Kind.SHARE:
        low, high = wilson(events, of, level)
        return float(low), float(high)
    low, high = byar(events, level)
    return float(low) / of, float(high) / of
