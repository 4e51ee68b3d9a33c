"""How sure an allocation is: what unknown inputs allow, what chance does to small numbers, what each weight does, and what would give a wished amount.

    unknown     the amount at the two settings at which it is lowest and highest (`sharing`): no probability, and exact, in kronor the whole one below and above;
                of a model with several parts and limits as well it is a range that surely holds and may be too wide (`are_exact`), since
                what the others lose to each other may then move a region too: its own target lowest, each other's highest, and the reverse
    chance      cases drawn anew, x* ~ Binomial(n, (x + ½) / (n + 1)), many times, and the middle 95 of 100 of the amounts; a seed repeats it
    weight      the amounts with one weight at its least and its most, all others as they are
    wished      the values of one weight at which a region has a wished amount: found between the points of a grid where the amount passes it, then by halving

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

from phkg.analysis.allocation import Model, Sharing, allocate
from phkg.analysis.sharing import Performance, Result, highest_of, known, lowest_of

GRID = 16
"""Steps into which a weight's range is cut to look for a wished amount."""
HALVINGS = 16


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
    ends = {code: tuple(sharing.target(pick(code)) for pick in (lowest_of, highest_of)) for code in sharing.people}
    found = {}
    for code, settings in ends.items():
        if are_exact(sharing.model):
            low, high = (sharing.within(target, year)[code] for target in settings)
        else:
            low, high = (
                sharing.within({one: ends[one][end if one == code else 1 - end][one] for one in ends}, year)[code] for end in (0, 1)
            )
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
    source = np.random.default_rng(seed)
    found: dict[str, list[int]] = {code: [] for code in people}
    for _ in range(draws):
        parts = list(model.parts)
        for at, by in counted:
            drawn = {
                code: Result(known(int(source.binomial(result.cases, (float(result.wanted.low) + 0.5) / (result.cases + 1)))), result.cases)
                for code, result in sorted(by.results.items())
            }
            parts[at] = replace(parts[at], by=replace(by, results=drawn))
        for code, amount in allocate(replace(model, parts=tuple(parts)), people, sharing.total, year).amounts.items():
            found[code].append(amount)
    edges = ((1 - level) / 2, (1 + level) / 2)
    return {code: Amount(*(int(round(float(np.quantile(amounts, edge)))) for edge in edges)) for code, amounts in found.items()}


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
            found = _halve(low, high, at_low < 0, more)
            if found is not None:
                values.append(found)
    gaps = [gap + amount for _, gap in seen]
    return Wished(weight, tuple(sorted(values)), min(gaps, default=None), max(gaps, default=None))


def _halve(low: Fraction, high: Fraction, rising: bool, more: Callable[[Fraction], Fraction | None]) -> Fraction | None:
    """Where the amount passes the wished one between two points; None where it is infeasible on the way."""
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        gap = more(middle)
        if gap is None:
            return None
        if not gap:
            return middle
        low, high = (middle, high) if (gap < 0) is rising else (low, middle)
    return (low + high) / 2


def _amounts(shares: Shares, name: str, value: Fraction) -> Mapping[str, Fraction] | None:
    try:
        return shares(name, value)
    except ValueError:
        return None
