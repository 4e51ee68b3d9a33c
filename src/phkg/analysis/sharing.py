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

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple, Protocol

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


class By(Protocol):
    """Something to share by."""

    def weights(self, people: Mapping[str, int]) -> dict[str, Range]:
        """One weight a region, of 0 or more."""
        ...


@dataclass(frozen=True)
class Equal:
    """The same to every region."""

    def weights(self, people: Mapping[str, int]) -> dict[str, Range]:
        """One for each."""
        return dict.fromkeys(people, Range(ONE, ONE))


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

    def of(self, code: str) -> Range:
        """What the heads of a region are multiplied by."""
        value = self.values.get(code, Range(self.least, self.most))
        return Range(ONE + self.strength * (value.low - 1), ONE + self.strength * (value.high - 1))


@dataclass(frozen=True)
class PerHead:
    """By population, each head weighted by the product of the factors."""

    factors: tuple[Factor, ...] = ()

    def weights(self, people: Mapping[str, int]) -> dict[str, Range]:
        """The weighted population."""
        found = {}
        for code, heads in people.items():
            low = high = Fraction(heads)
            for factor in self.factors:
                of = factor.of(code)
                low, high = low * of.low, high * of.high
            found[code] = Range(low, high)
        return found


@dataclass(frozen=True)
class Catchment:
    """To hubs by the population that turns to them; a share `to_others` (0–1) by population to the regions that are no hub."""

    catchments: Mapping[str, Fraction]
    to_others: Fraction = NOUGHT

    def weights(self, people: Mapping[str, int]) -> dict[str, Range]:
        """Shares of hubs and others; all to the hubs where there are no others."""
        hubs = sum((self.catchments.get(code, NOUGHT) for code in people), NOUGHT)
        others = sum(heads for code, heads in people.items() if code not in self.catchments)
        route = self.to_others if others else NOUGHT
        found = {}
        for code, heads in people.items():
            if code in self.catchments:
                found[code] = known((1 - route) * self.catchments[code] / hubs if hubs else NOUGHT)
            else:
                found[code] = known(route * heads / others if others else NOUGHT)
        return found


@dataclass(frozen=True)
class Gap:
    """By what is missing up to a `target` (0–1); `covered` (0–1) by region, absent: anything from nothing to all."""

    covered: Mapping[str, Range]
    target: Fraction = ONE

    def weights(self, people: Mapping[str, int]) -> dict[str, Range]:
        """The heads that are missing; the low end counts the unknown as covered."""
        found = {}
        for code, heads in people.items():
            covered = self.covered.get(code, Range(NOUGHT, ONE))
            found[code] = Range(*(heads * max(NOUGHT, self.target - value) for value in (covered.high, covered.low)))
        return found


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

    def score(self, code: str) -> Range:
        """The result (0–1) of a region, drawn in; anything for one that does not report."""
        result = self.results.get(code)
        if result is None:
            return Range(NOUGHT, ONE)
        return Range(*(shrunken(value, result.cases, self.common, self.prior) for value in result.wanted))

    def weights(self, people: Mapping[str, int]) -> dict[str, Range]:
        """Heads times score; who does not report counts as having none."""
        return {code: Range(*(heads * value for value in self.score(code))) for code, heads in people.items()}


def shrunken(wanted: Fraction, cases: int, common: Fraction, prior: Fraction) -> Fraction:
    """The share of wanted results (0–1), drawn to the common share as if `prior` more cases had had that."""
    whole = cases + prior
    return (wanted + prior * common) / whole if whole else common


@dataclass(frozen=True)
class Matching:
    """By the regions' own money in kronor, at most `rate` kronor for each of theirs; `most` is what unknown own money may be at most."""

    own: Mapping[str, Range]
    rate: Fraction
    most: Fraction = NOUGHT

    def weights(self, people: Mapping[str, int]) -> dict[str, Range]:
        """The own money."""
        return {code: self.own.get(code, Range(NOUGHT, self.most)) for code in people}


Pick = Callable[[str, Range], Fraction]
"""Which value of a region's range is used."""


def counted(code: str, value: Range) -> Fraction:
    """The value that counts: the low end, so that nobody gains by what is unknown."""
    return value.low


def lowest_of(region: str) -> Pick:
    """The setting at which a region's amount is lowest: its own weights low, all others high."""
    return lambda code, value: value.low if code == region else value.high


def highest_of(region: str) -> Pick:
    """The setting at which a region's amount is highest."""
    return lambda code, value: value.high if code == region else value.low
