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
from typing import NamedTuple

from phkg.analysis.basis import Basis, basis
from phkg.analysis.coverage import Access, Coverage, Tally, nothing_of
from phkg.analysis.timeline import Timeline


class Period(Enum):
    """How far apart the points of a curve lie."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Point(NamedTuple):
    """The coverage from `day` on, until the next point. Coverage counts the regions too."""

    day: date
    coverage: Coverage

    @property
    def regions_low(self) -> Fraction:
        """The share (0–1) of regions that surely have access."""
        return _share(self.coverage.with_access, self.coverage.regions, Fraction(0))

    @property
    def regions_high(self) -> Fraction:
        """The share (0–1) of regions that may have access."""
        return _share(self.coverage.regions - self.coverage.without_access, self.coverage.regions, Fraction(1))


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
    """The curve up to `on`: the coverage `before` the first change, then one point a change, and what the last day rests on.

    Between two points nothing changes, so the points are the corners of a step chart.
    """

    on: date
    before: Coverage
    steps: tuple[Point, ...]
    basis: Basis

    def at(self, day: date) -> Coverage:
        """The coverage on a day; days after `on` are as `on`."""
        place = bisect_right(self.steps, day, key=lambda point: point.day)
        return self.steps[place - 1].coverage if place else self.before


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
    before = tally.coverage(whole)
    steps = []
    for day in sorted(changes):
        for old, new, population in changes[day]:
            tally.add(old, population, -1)
            tally.add(new, population)
        steps.append(Point(date.fromordinal(day), tally.coverage(whole)))
    return AdoptionCurve(on, before, tuple(steps), basis((nothing_of(row.at(on)), row.population) for row in rows))


def by_period(curve: AdoptionCurve, period: Period, start: date) -> tuple[Point, ...]:
    """The curve at the end of every day, month or year from that of `start` to that of `on`; the last point is `on` itself.

    Raises ValueError when `start` is after the curve's last day.
    """
    if start > curve.on:
        raise ValueError(f"The curve ends on {curve.on}, before {start}; begin on or before its last day.")
    return tuple(Point(day, curve.at(day)) for day in _ends(period, start, curve.on))


def reached(curve: AdoptionCurve, share: Fraction, of_regions: bool = False) -> Reached:
    """When the share (0–1, above 0) of the population, or of the regions, was first reached.

    With one half it is the median of adoption. Raises ValueError for a share that is not above 0 and at most 1.
    """
    if not 0 < share <= 1:
        raise ValueError(f"A share to be reached is above 0 and at most 1, not {share}.")
    points = (Point(date.min, curve.before), *curve.steps)
    lows = (point.regions_low if of_regions else point.coverage.low for point in points)
    highs = (point.regions_high if of_regions else point.coverage.high for point in points)
    sure = next((point.day for point, low in zip(points, lows, strict=True) if _at_least(low, share)), None)
    possible = next((point.day for point, high in zip(points, highs, strict=True) if _at_least(high, share)), None)
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


def _at_least(one: Fraction, other: Fraction) -> bool:
    """Whether one ≥ other, without the general comparison of fractions, which takes several times as long."""
    return one.numerator * other.denominator >= other.numerator * one.denominator


def _share(part: int, whole: int, otherwise: Fraction) -> Fraction:
    return Fraction(part, whole) if whole else otherwise
