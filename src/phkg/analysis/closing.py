"""What money could do: which gaps a region's money would close at an assumed unit cost, and person-years without access with and without it.

A gap is a method to which a region surely gives no access; where nobody has said anything there may be a gap or none, and no money is spent on it. With
a cost of F kronor to introduce a method in a region and V kronor a year for each inhabitant, and a region's money a_n in the years n = 1…T:

    a gap of N people closed in year n costs F in that year and V N in that year and every later one
    gaps are closed in the order given, as soon as the money of the year, with what was left from years before, pays for it to the end of the period
    without money   W = Σ gaps · N · T     at least; with every unknown as a gap at most
    with money      W less N (T − n + 1) for every gap closed in year n: it counts from the beginning of its year

Nobody knows that money is what is lacking, or that the cost is the same everywhere: a result is what the assumptions say, no forecast. Person-years are counted as in
`waiting`, with the population of one date.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple


class Closed(NamedTuple):
    """A gap that is closed, and in which year (1 the first)."""

    method: str
    year: int


@dataclass(frozen=True)
class Effect:
    """What a region's money does: gaps closed, kronor left at the end, and person-years without access as lower and upper bound."""

    region: str
    gaps: int
    unknown: int
    closed: tuple[Closed, ...]
    unspent: int
    before: tuple[int, int]
    after: tuple[int, int]


def effect(region: str, population: int, gaps: Sequence[str], unknown: int, money: Sequence[int], fixed: Fraction, per_head: Fraction) -> Effect:
    """What the `money` of each year closes of the `gaps` (methods, in the order in which they are closed); `unknown` counts the methods of which nothing is known.

    `fixed` and `per_head` are the assumed cost in kronor. Raises ValueError for a cost of nothing or below.
    """
    if fixed < 0 or per_head < 0 or not (fixed or per_head):
        raise ValueError("A cost is above 0: to introduce a method, or a year for each inhabitant.")
    span = len(money)
    # Money for later years of a closed gap is set aside when it is closed, so that it is never closed and then lost.
    closed: list[Closed] = []
    in_hand = Fraction(0)
    later = [Fraction(0)] * (span + 1)
    for year in range(1, span + 1):
        in_hand += money[year - 1] - later[year]
        while len(closed) < len(gaps) and _pays(in_hand, money[year:], later[year + 1 :], fixed + per_head * population, per_head * population):
            in_hand -= fixed + per_head * population
            for coming in range(year + 1, span + 1):
                later[coming] += per_head * population
            closed.append(Closed(gaps[len(closed)], year))
    spared = population * sum(span - one.year + 1 for one in closed)
    least, most = population * span * len(gaps), population * span * (len(gaps) + unknown)
    return Effect(region, len(gaps), unknown, tuple(closed), int(in_hand), (least, most), (least - spared, most - spared))


def _pays(in_hand: Fraction, coming: Sequence[int], bound: Sequence[Fraction], first: Fraction, yearly: Fraction) -> bool:
    """Whether one more gap can be closed now and kept closed to the end."""
    rest = in_hand - first
    if rest < 0:
        return False
    for money, needed in zip(coming, bound, strict=True):
        rest += money - needed - yearly
        if rest < 0:
            return False
    return True
