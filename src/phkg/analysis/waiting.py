"""Waiting for access: Kaplan–Meier time to adoption, and person-years without access.

The clock starts at t0, the day on which the first region had access or on which the method was recommended nationally; both may be known as a year
or a month only. A region's day of adoption lies between the first day on which it may have access and the first on which it surely has; it may
be open at both ends. So every result is worked out twice, with each region as early and as late as the sources allow:

    early:  the wait ends on the first possible day, counted from the last day that t0 can mean
    late:   the wait ends on the first sure day (or not by the last day), counted from the first day that t0 can mean

No way of filling the gaps gives a share waiting below the early curve's or above the late curve's.

**Kaplan–Meier.** With d_i regions adopting at time t_i of n_i that still wait, S(t) = Π_{t_i ≤ t} (1 − d_i/n_i). Greenwood's sum is
G(t) = Σ_{t_i ≤ t} d_i / (n_i (n_i − d_i)), the standard error S √G, and the log-log interval S^exp(∓ z √G / ln S), undefined at 0 and 1. Sources:
Kaplan & Meier 1958, J Am Stat Assoc 53:457; Greenwood 1926; Kalbfleisch & Prentice 1980, §1.3; for quantiles
Brookmeyer & Crowley 1982, Biometrics 38:29.

**Person-years.** W = Σ_j N_j · (days without access from t0 to the last day) / 365.25, where N_j is the population at one date. Days on
which a region may or may not have access, or has it for a part, are in the upper bound only. W adds up over regions and over methods.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from statistics import NormalDist
from typing import NamedTuple

from phkg.analysis.basis import Basis, Nothing, basis
from phkg.analysis.coverage import Access, nothing_of
from phkg.analysis.dates import Bounds
from phkg.analysis.timeline import Timeline

YEAR = 365.25
"""Days in a year, on average."""


class Waited(NamedTuple):
    """How long somebody waited, in whichever unit, and whether the wait `ended` (else it is only known to have lasted so long)."""

    time: float
    ended: bool


class SurvivalStep(NamedTuple):
    """At `time`, how many adopted of how many waiting, and the share still waiting from then on, with error and interval.

    `low` and `high` are None where the share is 0 or 1, for which the interval is not defined.
    """

    time: float
    at_risk: int
    events: int
    share: float
    error: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Quantile:
    """The time by which a share had adopted, with its interval; None where the curve does not get that far."""

    time: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Survival:
    """A Kaplan–Meier curve: one step per time at which somebody adopted. Before the first step everybody waits."""

    steps: tuple[SurvivalStep, ...]
    subjects: int
    censored: int
    level: float

    def share(self, time: float) -> float:
        """The share (0–1) still waiting after that time."""
        return next((step.share for step in reversed(self.steps) if step.time <= time), 1.0)

    def quantile(self, adopted: float) -> Quantile:
        """The time at which the share `adopted` (0–1, neither end) had been reached; with one half it is the median."""
        left = 1 - adopted + 1e-12

        def first(ends: Iterable[tuple[float, float | None]]) -> float | None:
            return next((time for time, value in ends if value is not None and value <= left), None)

        # Where nobody waits any more there is no interval, and the last step closes both ends.
        return Quantile(
            first((step.time, step.share) for step in self.steps),
            first((step.time, step.low if step.share > 0 else 0.0) for step in self.steps),
            first((step.time, step.high if step.share > 0 else None) for step in self.steps),
        )


def kaplan_meier(waits: Iterable[Waited], level: float = 0.95) -> Survival:
    """The curve of those still waiting. Who is censored at a time still waits at that time. Raises ValueError for a negative time."""
    left: dict[float, int] = {}
    ended: dict[float, int] = {}
    for time, has_ended in waits:
        left[time] = left.get(time, 0) + 1
        if has_ended:
            ended[time] = ended.get(time, 0) + 1
    if left and min(left) < 0:
        raise ValueError(f"A wait of {min(left)} is negative; a wait is 0 or more.")
    return _curve(left, ended, 1.0, level)


def _curve(left: Mapping[float, int], ended: Mapping[float, int], unit: float, level: float) -> Survival:
    """The curve from how many waited so long, and of how many of them the wait ended; times are counted in `unit`."""
    subjects = at_risk = sum(left.values())
    z = NormalDist().inv_cdf((1 + level) / 2)
    steps: list[SurvivalStep] = []
    share, greenwood = 1.0, 0.0
    for time in sorted(left):
        events, waiting = ended.get(time, 0), at_risk
        at_risk -= left[time]
        if not events:
            continue
        share *= 1 - events / waiting
        if events == waiting:
            steps.append(SurvivalStep(time / unit, waiting, events, 0.0, None, None, None))
            continue
        greenwood += events / (waiting * (waiting - events))
        root = math.sqrt(greenwood)
        spread = z * root / math.log(share)
        steps.append(SurvivalStep(time / unit, waiting, events, share, share * root, share ** math.exp(-spread), share ** math.exp(spread)))
    return Survival(tuple(steps), subjects, subjects - sum(ended.values()), level)


@dataclass(frozen=True)
class Adopted:
    """When a region first had access to the whole: the first day on which it may, and the first on which it surely had.

    `possible` None: surely not by the last day. `sure` None: not surely by the last day.
    """

    possible: date | None
    sure: date | None


def adopted(line: Timeline, on: date) -> Adopted:
    """The span of days in which a region's first full access lies; `date.min` where it may lie before all that is known."""
    possible, sure = _adopted(line, on.toordinal())
    return Adopted(*(None if day is None else date.fromordinal(max(day, 1)) for day in (possible, sure)))


def _adopted(line: Timeline, on: int) -> tuple[int | None, int | None]:
    possible = None
    for day, access in line.accesses:
        if day > on:
            break
        if access is Access.WITH:
            return day if possible is None else possible, day
        if possible is None and access is not None and access is not Access.WITHOUT:
            possible = day
    return possible, None


@dataclass(frozen=True)
class TimeToAdoption:
    """The two curves between which the truth lies, in years since t0, and what they rest on."""

    early: Survival
    late: Survival
    basis: Basis


def time_to_adoption(timelines: Iterable[Timeline], since: Bounds, on: date, level: float = 0.95, only_answering: bool = False) -> TimeToAdoption:
    """Kaplan–Meier bounds of the time from `since` to a region's first full access; on the day `on` all who still wait are censored.

    Regions to which the method does not apply are left out. `only_answering` leaves out as well those of which nothing has ever been said: the
    result then holds for the others alone, and for all only if silence has nothing to do with adoption.
    """
    rows, rests = _concerned(timelines, on)
    if only_answering:
        rows = [row for row in rows if row.changes or nothing_of(row.before) is not Nothing.NO_STATEMENT]
    end = on.toordinal()
    days = [_adopted(row, end) for row in rows]
    return TimeToAdoption(
        _curve_of([possible for possible, _ in days], since.latest.toordinal(), end, level),
        _curve_of([sure for _, sure in days], since.earliest.toordinal(), end, level),
        rests,
    )


def _curve_of(days: Iterable[int | None], start: int, on: int, level: float) -> Survival:
    """The curve of waits from `start` until each day; none for who had it before. Without a day the wait has lasted until `on`."""
    left: dict[float, int] = {}
    ended: dict[float, int] = {}
    still = max(on - start, 0)
    for day in days:
        if day is None:
            left[still] = left.get(still, 0) + 1
            continue
        wait = day - start if day > start else 0
        left[wait] = left.get(wait, 0) + 1
        ended[wait] = ended.get(wait, 0) + 1
    return _curve(left, ended, YEAR, level)


class RegionWait(NamedTuple):
    """A region's days without access: surely, and at most; and its person-years, None where its population is not known."""

    region: str
    days_low: int
    days_high: int
    person_years_low: float | None
    person_years_high: float | None


def waited_shares(timelines: Iterable[Timeline], since: Bounds, on: date) -> dict[str, tuple[float, float]]:
    """Region → the share (0–1) of the days from `since` to `on` that it waited, surely and at most: one method for `regularity`.

    The days are counted from the first that `since` can mean. Regions to which the method does not apply are left out. Nothing is
    returned where no day has passed.
    """
    days = on.toordinal() - since.earliest.toordinal()
    if days <= 0:
        return {}
    early, late, end = since.earliest.toordinal(), since.latest.toordinal(), on.toordinal()
    found = {}
    for row in timelines:
        # Most have no change after the day, and then the last answer is that of the day.
        if (row.before if not row.changes else row.at(on)) is not Nothing.NOT_APPLICABLE:
            low, high = _days_without(row, early, late, end)
            found[row.region] = (low / days, high / days)
    return found


@dataclass(frozen=True)
class PersonYears:
    """Person-years without access, exact bounds; `high` is None where a region of unknown size may have waited. Who waited most is first."""

    low: float
    high: float | None
    regions: tuple[RegionWait, ...]
    basis: Basis


def days_without(line: Timeline, since: Bounds, on: date) -> tuple[int, int]:
    """The days without access, surely and at most, from `since` up to but not including `on`. A region not concerned has none."""
    return _days_without(line, since.earliest.toordinal(), since.latest.toordinal(), on.toordinal())


def _days_without(line: Timeline, early: int, late: int, end: int) -> tuple[int, int]:
    low, high = 0, 0
    for begin, access in reversed(line.accesses):
        if end <= early:
            break
        if begin >= end:
            continue
        if access is not None and access is not Access.WITH:
            high += end - (begin if begin > early else early)
            if access is Access.WITHOUT and end > late:
                low += end - (begin if begin > late else late)
        end = begin
    return low, high


def person_years(timelines: Iterable[Timeline], since: Bounds, on: date, whole: int | None = None) -> PersonYears:
    """Person-years without access from `since` to `on`; `whole` is the population of all regions together, where known on its own.

    Regions without a population share what the others leave of `whole`, so the lowest sum gives it all to the one that waited least and
    the highest to the one that waited most. Without `whole` they may have any number.
    """
    rows, rests = _concerned(timelines, on)
    early, late, end = since.earliest.toordinal(), since.latest.toordinal(), on.toordinal()
    waits = [_region_wait(row, *_days_without(row, early, late, end)) for row in rows]
    low = math.fsum(wait.person_years_low or 0.0 for wait in waits)
    high: float | None = math.fsum(wait.person_years_high or 0.0 for wait in waits)
    lacking = [wait for wait, row in zip(waits, rows, strict=True) if row.population is None]
    if lacking:
        known = sum(row.population or 0 for row in rows)
        most = max(wait.days_high for wait in lacking)
        if whole is not None and whole >= known:
            low += (whole - known) * min(wait.days_low for wait in lacking) / YEAR
            high = (high or 0.0) + (whole - known) * most / YEAR
        elif most:
            high = None
    return PersonYears(low, high, tuple(sorted(waits, key=_most_first)), rests)


def _region_wait(row: Timeline, low: int, high: int) -> RegionWait:
    if row.population is None:
        return RegionWait(row.region, low, high, None, None)
    return RegionWait(row.region, low, high, row.population * low / YEAR, row.population * high / YEAR)


def _most_first(wait: RegionWait) -> tuple[float, float, str]:
    return (-wait.days_low, -wait.days_high, wait.region)


def _concerned(timelines: Iterable[Timeline], on: date) -> tuple[list[Timeline], Basis]:
    """The regions that the method concerns, and what a result over them rests on."""
    answers = [(row, row.at(on)) for row in timelines]
    rows = [row for row, answer in answers if answer is not Nothing.NOT_APPLICABLE]
    return rows, basis([(nothing_of(answer), row.population) for row, answer in answers if answer is not Nothing.NOT_APPLICABLE])
