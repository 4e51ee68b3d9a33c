"""How sure an allocation is: what unknown inputs allow, what chance does to small numbers, what each weight does, and what would give a wished amount.

    unknown     the amount at the two settings at which it is lowest and highest (`sharing`): no probability, and exact, in kronor the whole one below and above;
                of a model with several parts and limits as well it is a range that surely holds and may be too wide (`are_exact`), since
                what the others lose to each other may then move a region too: its own target lowest, each other's highest, and the reverse
    chance      cases drawn anew, x* ~ Binomial(n, (x + ½) / (n + 1)), many times, and the middle 95 of 100 of the amounts; a seed repeats it
    weight      the amounts with one weight at its least and its most, all others as they are
    wished      the values of one weight at which a region has a wished amount: found between the points of a grid where the amount passes it, then ever closer

The range of the unknown is of a model whose inputs say nothing of each other. Where an amount does not only rise or only fall with a
weight, more than one value may give the wished amount; all that the grid shows are given.

Source of the middle 95 of 100: percentile interval (Efron & Tibshirani 1993, *An Introduction to the Bootstrap*, ch. 13).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from phkg.analysis.allocation import Model, Sharing
from phkg.analysis.exact import Exact, parts
from phkg.analysis.sharing import Performance, Result, highest_of, known, lowest_of

GRID = 16
"""Steps into which a weight's range is cut to look for a wished amount."""
PIECES = 1 << 16
"""Pieces into which a step of the grid is cut where the wished amount is passed in it."""


class Amount(NamedTuple):
    """The lowest and highest amount of a region, in kronor."""

    low: int
    high: int


def from_unknown(sharing: Sharing, year: int = 1) -> dict[str, Amount]:
    """The lowest and highest amount of every region over all values that the unknown inputs can have.

    Raises Infeasible where the limits cannot be kept at every such value.
    """
    if not sharing.unknown():
        return {code: Amount(amount, amount) for code, amount in sharing.allocate(year).amounts.items()}
    ends = {code: [sharing.target(pick(code)) for pick in (lowest_of, highest_of)] for code in sharing.people}
    if not are_exact(sharing.model):
        of = math.lcm(*(target.of for pair in ends.values() for target in pair))
        lowest, highest = ({code: parts(pair[end][code], of) for code, pair in ends.items()} for end in (0, 1))
        ends = {code: [Exact({**highest, code: lowest[code]}, of), Exact({**lowest, code: highest[code]}, of)] for code in ends}
    found = {}
    for code, settings in ends.items():
        low, high = (sharing.within(target, year)[code] for target in settings)
        found[code] = Amount(math.floor(low), math.ceil(high))
    return found


def are_exact(model: Model) -> bool:
    """Whether the range that unknown inputs allow is met at both ends, and not only sure to hold."""
    return len(model.parts) == 1 or not (model.limits or model.pace is not None)


def from_chance(sharing: Sharing, seed: int, year: int = 1, draws: int = 199, level: float = 0.95) -> dict[str, Amount]:
    """The middle `level` of the amounts when the counted results are drawn anew; a model without counted results has none: ValueError."""
    import numpy as np  # NumPy takes a tenth of a second to load: only chance waits for it.

    model, people = sharing.model, sharing.people
    counted = [(at, part.by) for at, part in enumerate(model.parts) if isinstance(part.by, Performance)]
    if not counted:
        raise ValueError("This model counts no cases, so chance does not move it.")
    reported = [
        (at, code, result.cases, (float(result.wanted.low) + 0.5) / (result.cases + 1)) for at, by in counted for code, result in sorted(by.results.items())
    ]
    cases, chances = [one[2] for one in reported], [one[3] for one in reported]
    amounts = []
    for drawn in np.random.default_rng(seed).binomial(cases, chances, (draws, len(reported))).tolist():
        results: dict[int, dict[str, Result]] = {at: {} for at, _ in counted}
        for (at, code, number, _), wanted in zip(reported, drawn, strict=True):
            results[at][code] = Result(known(wanted), number)
        drawn_parts = list(model.parts)
        for at, by in counted:
            drawn_parts[at] = replace(drawn_parts[at], by=replace(by, results=results[at]))
        found = Sharing(replace(model, parts=tuple(drawn_parts)), people, sharing.total, sharing).allocate(year).amounts
        amounts.append([found[code] for code in people])
    ends = np.quantile(np.array(amounts, dtype=float), ((1 - level) / 2, (1 + level) / 2), axis=0).tolist()
    return {code: Amount(round(low), round(high)) for code, low, high in zip(people, *ends, strict=True)}


@dataclass(frozen=True)
class Weight:
    """A weight of a model: its value now, and the least and the most that it can be."""

    name: str
    value: Fraction
    least: Fraction
    most: Fraction


Shares = Callable[[str, Fraction], Mapping[str, Fraction]]
"""The exact amounts by region with one weight (by its name) at a value and all others as they are. Raises ValueError where there are none."""


class Sensitivity(NamedTuple):
    """The exact amounts by region with a weight at its least and at its most; None where its value there is infeasible."""

    weight: Weight
    at_least: Mapping[str, Fraction] | None
    at_most: Mapping[str, Fraction] | None


def sensitivity(weights: Sequence[Weight], shares: Shares) -> tuple[Sensitivity, ...]:
    """What every weight on its own can do."""
    return tuple(Sensitivity(one, _amounts(shares, one.name, one.least), _amounts(shares, one.name, one.most)) for one in weights)


class Wished(NamedTuple):
    """The values of a weight that give a region the wished amount, least first; none where it cannot be had by that weight.

    `lowest` and `highest` are what the region has at the points looked at; None where none of them is feasible.
    """

    weight: Weight
    values: tuple[Fraction, ...]
    lowest: Fraction | None
    highest: Fraction | None


def wished(weight: Weight, region: str, amount: int, shares: Shares) -> Wished:
    """Which value of one weight, all others as they are, would give a region the amount in kronor."""

    def more(value: Fraction) -> Fraction | None:
        found = _amounts(shares, weight.name, value)
        return found[region] - amount if found is not None else None

    step = (weight.most - weight.least) / GRID
    points = [weight.least + number * step for number in range(GRID + 1 if step else 1)]
    seen = [(point, gap) for point in points if (gap := more(point)) is not None]
    values = [point for point, gap in seen if not gap]
    for (low, at_low), (high, at_high) in zip(seen, seen[1:], strict=False):
        if at_low * at_high < 0:
            found = _between(low, high, (at_low, at_high), more)
            if found is not None:
                values.append(found)
    gaps = [gap + amount for _, gap in seen]
    return Wished(weight, tuple(sorted(values)), min(gaps, default=None), max(gaps, default=None))


def _between(low: Fraction, high: Fraction, gaps: tuple[Fraction, Fraction], more: Callable[[Fraction], Fraction | None]) -> Fraction | None:
    """The middle of the one of many equal pieces between two points in which the amount passes the wished one, or the end of a piece where it is met; None where it is infeasible on the way.

    Looks where a straight line between the ends would pass it, a gap that stays twice counting half (the Illinois method: Dowell & Jarratt 1971, BIT 11:168),
    and halves where that does not make the pieces half as many in two steps.
    """
    size = (high - low) / PIECES
    left, right = 0, PIECES
    at_left, at_right = (float(gap) for gap in gaps)
    sides: list[bool] = []
    before = [2 * PIECES, 2 * PIECES]
    while right - left > 1:
        slow = 2 * (right - left) > before[0]
        before = [before[1], right - left]
        guess = (left + right) // 2 if slow else round(left + (right - left) * at_left / (at_left - at_right))
        middle = min(max(guess, left + 1), right - 1)
        gap = more(low + middle * size)
        if gap is None:
            return None
        if not gap:
            return low + middle * size
        sides.append((gap < 0) is (at_left < 0))
        repeated = sides[-2:-1] == sides[-1:]
        if sides[-1]:
            left, at_left, at_right = middle, float(gap), at_right / (2 if repeated else 1)
        else:
            right, at_right, at_left = middle, float(gap), at_left / (2 if repeated else 1)
    return low + (2 * left + 1) * size / 2


def _amounts(shares: Shares, name: str, value: Fraction) -> Mapping[str, Fraction] | None:
    try:
        return shares(name, value)
    except ValueError:
        return None
