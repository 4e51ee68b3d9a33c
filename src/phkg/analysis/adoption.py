"""Adoption over time: the share of regions and of the population with access, day by day, as a band.

On day t let N(x) be the population of the regions whose answer is x, and N that of all to which the method applies:

    low(t)  = N(with) / N                              what is not known counts as no
    high(t) = (N(with) + N(part) + N(unknown)) / N     what is not known counts as yes

and the same with the number of regions in place of their population. This is the coverage of every day, so regions without a population widen
the band as they do there. Undated words and dates given as a year or a month are unknown until their last possible day. The curve can fall:
a method may be discontinued, and a word may end.

Source: the adoption curve C(t) of the diffusion of innovations (Rogers 1962); the bounds are worst-case bounds (Manski 2003, *Partial
Identification of Probability Distributions*, ch. 1), with no assumption about the regions that are silent.
"""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from fractions import Fraction

from phkg.analysis.basis import Basis, basis
from phkg.analysis.coverage import Access, Coverage, Tally, nothing_of
from phkg.analysis.timeline import Timeline


class Period(Enum):
    """How far apart the points of a curve lie."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Point:
    """The coverage from `day` on, until the next point. Coverage counts the regions too.

    It is worked out when it is asked for: a curve over hundreds of regions has hundreds of points, and most are only passed by.
    """

    __slots__ = ("_coverage", "_tally", "_whole", "day")

    def __init__(self, day: date, tally: Tally, whole: int | None = None) -> None:
        """`tally` is that of the day and must not change any more; `whole` as in `adoption`."""
        self.day = day
        self._tally, self._whole = tally, whole
        self._coverage: Coverage | None = None

    def __eq__(self, other: object) -> bool:
        """Points are equal where they tell the same of the same day."""
        return isinstance(other, Point) and (self.day, self.coverage) == (other.day, other.coverage)

    def __hash__(self) -> int:
        """By the day, so that equal points are found."""
        return hash(self.day)

    def moved(self, day: date) -> Point:
        """The same coverage on another day."""
        return Point(day, self._tally, self._whole)

    @property
    def coverage(self) -> Coverage:
        """The coverage of the day."""
        if self._coverage is None:
            self._coverage = self._tally.coverage(self._whole)
        return self._coverage

    @property
    def regions_low(self) -> Fraction:
        """The share (0–1) of regions that surely have access."""
        return _share(self.coverage.with_access, self.coverage.regions, Fraction(0))

    @property
    def regions_high(self) -> Fraction:
        """The share (0–1) of regions that may have access."""
        return _share(self.coverage.regions - self.coverage.without_access, self.coverage.regions, Fraction(1))

    def reaches(self, share: Fraction, surely: bool, of_regions: bool) -> bool:
        """Whether the share of the population, or of the regions, was surely, or perhaps, reached by then."""
        tally = self._tally
        counts = tally.regions if of_regions else tally.people
        # In the order of Access; this is asked of every point of a curve.
        yes, no, part, unknown = counts.values()
        everything = yes + no + part + unknown
        if not everything or (not of_regions and tally.without_number):
            low, high = (self.regions_low, self.regions_high) if of_regions else (self.coverage.low, self.coverage.high)
            return (low if surely else high) >= share
        return (yes if surely else everything - no) * share.denominator >= share.numerator * everything


@dataclass(frozen=True)
class Reached:
    """When a share was reached first: `possible` is the first day on which it may have been, `sure` the first on which it had been.

    `sure` is None where it surely has not been reached by the last day. `possible` is None where it has not even possibly been reached;
    `open_start` means that it may have been reached before anything is known, so that `possible` says nothing.
    """

    possible: date | None
    sure: date | None
    open_start: bool = False


@dataclass(frozen=True)
class AdoptionCurve:
    """The curve up to `on`: the coverage from the `start`, before the first change, then one point a change, and what the last day rests on.

    Between two points nothing changes, so the points are the corners of a step chart.
    """

    on: date
    start: Point
    steps: tuple[Point, ...]
    basis: Basis

    @property
    def before(self) -> Coverage:
        """The coverage before the first change."""
        return self.start.coverage

    def at(self, day: date) -> Coverage:
        """The coverage on a day; days after `on` are as `on`."""
        return self._before(day).coverage

    def on_day(self, day: date) -> Point:
        """A point of that day with its coverage."""
        return self._before(day).moved(day)

    def _before(self, day: date) -> Point:
        place = bisect_right(self.steps, day, key=lambda point: point.day)
        return self.steps[place - 1] if place else self.start


def adoption(timelines: Iterable[Timeline], on: date, whole: int | None = None) -> AdoptionCurve:
    """The adoption curve over some regions up to the day `on`; `whole` is the population of all of them, where known on its own."""
    rows = list(timelines)
    tally = Tally()
    changes: dict[int, list[tuple[Access | None, Access | None, int | None]]] = {}
    last = on.toordinal()
    for row in rows:
        (_, old), *later = row.accesses
        tally.add(old, row.population)
        for day, new in later:
            if day <= last:
                changes.setdefault(day, []).append((old, new, row.population))
                old = new
    start = Point(date.min, tally.copy(), whole)
    steps = []
    for day in sorted(changes):
        for old, new, population in changes[day]:
            tally.add(old, population, -1)
            tally.add(new, population)
        steps.append(Point(date.fromordinal(day), tally.copy(), whole))
    return AdoptionCurve(on, start, tuple(steps), basis((nothing_of(row.at(on)), row.population) for row in rows))


def by_period(curve: AdoptionCurve, period: Period, start: date) -> tuple[Point, ...]:
    """The curve at the end of every day, month or year from that of `start` to that of `on`; the last point is `on` itself.

    Raises ValueError when `start` is after the curve's last day.
    """
    if start > curve.on:
        raise ValueError(f"The curve ends on {curve.on}, before {start}; begin on or before its last day.")
    return tuple(curve.on_day(day) for day in _ends(period, start, curve.on))


def reached(curve: AdoptionCurve, share: Fraction, of_regions: bool = False) -> Reached:
    """When the share (0–1, above 0) of the population, or of the regions, was first reached.

    With one half it is the median of adoption. Raises ValueError for a share that is not above 0 and at most 1.
    """
    if not 0 < share <= 1:
        raise ValueError(f"A share to be reached is above 0 and at most 1, not {share}.")
    points = (curve.start, *curve.steps)
    sure = next((point.day for point in points if point.reaches(share, True, of_regions)), None)
    possible = next((point.day for point in points if point.reaches(share, False, of_regions)), None)
    open_start = possible == date.min
    return Reached(None if open_start else possible, sure, open_start)


def first_region(timelines: Iterable[Timeline], on: date) -> Reached:
    """When the first region got full access: the first day on which one may have, and the first on which one had."""
    last = on.toordinal()
    answers = [(day, access) for row in timelines for day, access in row.accesses if day <= last]
    possible = min((day for day, access in answers if access is not None and access is not Access.WITHOUT), default=None)
    sure = min((day for day, access in answers if access is Access.WITH), default=None)
    surely = None if sure is None else date.fromordinal(max(sure, 1))
    return Reached(None, surely, True) if possible == 0 else Reached(None if possible is None else date.fromordinal(possible), surely)


def _ends(period: Period, start: date, on: date) -> Iterator[date]:
    """The last day of every period from that of `start`; the last one is cut at `on`."""
    day = start
    while True:
        if period is Period.DAY:
            end = day
        elif period is Period.YEAR:
            end = date(day.year, 12, 31)
        else:
            end = day.replace(day=monthrange(day.year, day.month)[1])
        yield min(end, on)
        if end >= on:
            return
        day = end + timedelta(days=1)


def _share(part: int, whole: int, otherwise: Fraction) -> Fraction:
    return Fraction(part, whole) if whole else otherwise
