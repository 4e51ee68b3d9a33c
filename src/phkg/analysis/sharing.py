"""By what a sum can be shared: one weight a region, and what is paid in proportion to it.

With N the population, and every input known or a range from low to high:

    equal          1
    per head       N · Π (1 + s (x − 1))          x an index of need or cost, s from 0 (not at all) to 1 (in full): weighted capitation
    hub            (1 − r) C / ΣC for a hub, r N / ΣN for the others; C the population that turns to it, r what the others keep for the way there
    gap            N · max(0, τ − c)               c what is covered already, τ the target
    performance    N · p,  p = (x + m P) / (n + m)   x of n, P = Σx / Σn over those that report, m how strongly small numbers are drawn to P
    matching       o                               the region's own money; at most r · o is paid

**A region never gains by not reporting.** Every weight is a range, and what counts is its low end: an unknown index counts as the least it can be, unknown
coverage as covered, an unreported result as none, unknown own money as none. A region's amount rises with its own weight and falls with every other's, so the
lowest and the highest amount that unknown inputs allow are found at two settings: its own weight low and all others high, and the reverse.

Sources: weighted capitation as NHSScotland's formula multiplies its indices (NRAC; publications.parliament.uk/pa/ld200809/ldselect/ldbarnett/139/9022703.htm);
shrinkage as the mean of a beta distribution with m earlier cases (Efron & Morris 1975, J Am Stat Assoc 70:311); bounds from worst cases
(Manski 2003, *Partial Identification of Probability Distributions*, ch. 1).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple, Protocol

from phkg.analysis.exact import common, parts
from phkg.analysis.kronor import NOUGHT

ONE = Fraction(1)


class Range(NamedTuple):
    """The lowest and the highest value that an input can have; the same where it is known."""

    low: Fraction
    high: Fraction


def known(value: Fraction | int) -> Range:
    """A value that is known."""
    return Range(Fraction(value), Fraction(value))


def smoothed(series: Sequence[Range], years: int) -> Range:
    """The mean of the last `years` values of a series (of all, where it is shorter), oldest first; nothing known of one is a range there.

    Raises ValueError for an empty series or less than one year.
    """
    if years < 1 or not series:
        raise ValueError("A mean takes at least one year and one value.")
    last = series[-years:]
    return Range(sum((one.low for one in last), NOUGHT) / len(last), sum((one.high for one in last), NOUGHT) / len(last))


class Weights(NamedTuple):
    """One weight a region, of 0 or more, at its lowest and its highest: whole numbers, `scale` times what the weights are."""

    low: Mapping[str, int]
    high: Mapping[str, int]
    scale: int


class By(Protocol):
    """Something to share by."""

    def weights(self, people: Mapping[str, int]) -> Weights:
        """One weight a region."""
        ...


@dataclass(frozen=True)
class Equal:
    """The same to every region."""

    def weights(self, people: Mapping[str, int]) -> Weights:
        """One for each."""
        one = dict.fromkeys(people, 1)
        return Weights(one, one, 1)


@dataclass(frozen=True)
class Factor:
    """An index by which heads are weighted: `values` by region (absent: unknown, from `least` to `most`), and how far it counts.

    `strength` is 0 (not at all) to 1 (in full). Raises ValueError for a value or a strength outside what it can be.
    """

    name: str
    values: Mapping[str, Range]
    least: Fraction
    most: Fraction
    strength: Fraction = ONE

    def __post_init__(self) -> None:
        """Checks the values."""
        if not 0 <= self.least <= self.most:
            raise ValueError(f"{self.name} goes from {self.least} to {self.most}; it goes from 0 or more to at least as much.")
        if not 0 <= self.strength <= 1:
            raise ValueError(f"The strength of {self.name} is {self.strength}; it is from 0 to 1.")
        for code, value in self.values.items():
            if not self.least <= value.low <= value.high <= self.most:
                raise ValueError(f"{self.name} is {float(value.low)} for {code}; it is from {float(self.least)} to {float(self.most)}.")

    def multipliers(self, codes: Iterable[str]) -> Weights:
        """What the heads of regions are multiplied by."""
        anything = Range(self.least, self.most)
        values = {code: self.values.get(code, anything) for code in codes}
        of = common(end for value in values.values() for end in value)
        strength, whole = self.strength.as_integer_ratio()
        low, high = ({code: whole * of + strength * (parts(value[end], of) - of) for code, value in values.items()} for end in (0, 1))
        return Weights(low, high, whole * of)


@dataclass(frozen=True)
class PerHead:
    """By population, each head weighted by the product of the factors."""

    factors: tuple[Factor, ...] = ()

    def weights(self, people: Mapping[str, int]) -> Weights:
        """The weighted population."""
        low = high = people
        scale = 1
        for factor in self.factors:
            of = factor.multipliers(people)
            low, high = ({code: heads * each[code] for code, heads in end.items()} for end, each in ((low, of.low), (high, of.high)))
            scale *= of.scale
        return Weights(low, high, scale)


@dataclass(frozen=True)
class Catchment:
    """To hubs by the population that turns to them; a share `to_others` (0–1) by population to the regions that are no hub."""

    catchments: Mapping[str, Fraction]
    to_others: Fraction = NOUGHT

    def weights(self, people: Mapping[str, int]) -> Weights:
        """Shares of hubs and others; all to the hubs where there are no others."""
        of = common(self.catchments.values())
        near = {code: parts(self.catchments[code], of) for code in people if code in self.catchments}
        hubs = sum(near.values()) or 1
        others = sum(heads for code, heads in people.items() if code not in near)
        route, whole = self.to_others.as_integer_ratio() if others else (0, 1)
        found = {code: (whole - route) * near[code] * (others or 1) if code in near else route * heads * hubs for code, heads in people.items()}
        return Weights(found, found, whole * hubs * (others or 1))


@dataclass(frozen=True)
class Gap:
    """By what is missing up to a `target` (0–1); `covered` (0–1) by region, absent: anything from nothing to all."""

    covered: Mapping[str, Range]
    target: Fraction = ONE

    def weights(self, people: Mapping[str, int]) -> Weights:
        """The heads that are missing; the low end counts the unknown as covered."""
        anything = Range(NOUGHT, ONE)
        covered = {code: self.covered.get(code, anything) for code in people}
        of = math.lcm(self.target.denominator, common(end for value in covered.values() for end in value))
        target = parts(self.target, of)
        low, high = ({code: heads * max(0, target - parts(covered[code][end], of)) for code, heads in people.items()} for end in (1, 0))
        return Weights(low, high, of)


class Result(NamedTuple):
    """Cases with the wanted result of all `cases`; a result withheld for its small number is a range."""

    wanted: Range
    cases: int


@dataclass(frozen=True)
class Performance:
    """By population and result, small numbers drawn to the `common` result (0–1) as if `prior` more cases had had it.

    The common result is fixed beforehand and does not follow from who reports: else a region could move what others get by keeping silent.
    """

    results: Mapping[str, Result]
    common: Fraction
    prior: Fraction

    def weights(self, people: Mapping[str, int]) -> Weights:
        """Heads times score (0–1), the result of a region drawn in; who does not report may have anything, and counts as having none."""
        scores = {code: self._score(self.results.get(code)) for code in people}
        of = math.lcm(*(whole for pair in scores.values() for _, whole in pair))
        low, high = ({code: heads * scores[code][end][0] * (of // scores[code][end][1]) for code, heads in people.items()} for end in (0, 1))
        return Weights(low, high, of)

    def _score(self, result: Result | None) -> tuple[tuple[int, int], tuple[int, int]]:
        if result is None:
            return (0, 1), (1, 1)
        low = shrunken(result.wanted.low, result.cases, self.common, self.prior)
        known = result.wanted.low == result.wanted.high
        return low, low if known else shrunken(result.wanted.high, result.cases, self.common, self.prior)


def shrunken(wanted: Fraction, cases: int, common: Fraction, prior: Fraction) -> tuple[int, int]:
    """The share of wanted results (0–1), drawn to the common share as if `prior` more cases had had that, as numerator and denominator."""
    (had, parted), (share, hundred), (more, split) = wanted.as_integer_ratio(), common.as_integer_ratio(), prior.as_integer_ratio()
    whole = cases * split + more
    return (had * split * hundred + more * share * parted, parted * hundred * whole) if whole else (share, hundred)


@dataclass(frozen=True)
class Matching:
    """By the regions' own money in kronor, at most `rate` kronor for each of theirs; `most` is what unknown own money may be at most."""

    own: Mapping[str, Range]
    rate: Fraction
    most: Fraction = NOUGHT

    def weights(self, people: Mapping[str, int]) -> Weights:
        """The own money."""
        anything = Range(NOUGHT, self.most)
        own = {code: self.own.get(code, anything) for code in people}
        of = common(end for value in own.values() for end in value)
        low, high = ({code: parts(value[end], of) for code, value in own.items()} for end in (0, 1))
        return Weights(low, high, of)


Pick = Callable[[Weights], Mapping[str, int]]
"""Which end of every region's weight is used."""


def counted(weights: Weights) -> Mapping[str, int]:
    """The weights that count: the low ends, so that nobody gains by what is unknown."""
    return weights.low


def lowest_of(region: str) -> Pick:
    """The setting at which a region's amount is lowest: its own weights low, all others high."""
    return lambda weights: {**weights.high, region: weights.low[region]}


def highest_of(region: str) -> Pick:
    """The setting at which a region's amount is highest."""
    return lambda weights: {**weights.low, region: weights.high[region]}
