"""Sharing a sum: in proportion, between floors and ceilings, and to the whole krona.

In proportion:  a_j = A · w_j / Σ w
With limits:    a_j = min(max(λ · w_j, f_j), c_j) for the one λ at which Σ a_j = A, found exactly by going through the points at which a floor is
                left or a ceiling is met. There is one if Σ f_j ≤ A ≤ Σ c_j. Who has no weight stays at its floor until all others are at their
                ceilings; then those rise together, each by the same share of its way from floor to ceiling.
Whole kronor:   the method of the largest remainder (Hamilton 1792; Balinski & Young 1982, *Fair Representation*): each gets the whole part of
                its exact amount, and the kronor that are left go to the largest remainders, ties to the first code.

Where one exact amount rises and no other does, so does its whole amount, or it stays (no other region can pass it): therefore what holds of
exact amounts and their order also holds of kronor.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction

Amounts = Mapping[str, Fraction]
NOUGHT = Fraction(0)


class Infeasible(ValueError):
    """No sharing keeps to the limits. `least` is the smallest sum that the floors allow, `most` the largest that the ceilings do (None: any).

    `codes` are those whose floor lies above their ceiling, where that is the reason.
    """

    def __init__(self, total: Fraction, least: Fraction, most: Fraction | None, codes: tuple[str, ...] = ()) -> None:
        """`total` is the sum that was to be shared."""
        self.total, self.least, self.most, self.codes = total, least, most, codes
        super().__init__(self._words())

    def _words(self) -> str:
        if self.codes:
            return f"The floor lies above the ceiling for {', '.join(self.codes)}; lower the floor or raise the ceiling."
        if self.total < self.least:
            return f"The floors add up to {math.ceil(self.least)}, more than the {math.floor(self.total)} to share; floors of at most {float(self.total / self.least):.4f} times these, or that sum, would do."
        reach = math.floor(self.most or NOUGHT)
        return f"The ceilings add up to {reach}, less than the {math.ceil(self.total)} to share; raise them, or share at most that sum."


def proportional(total: Fraction, weights: Amounts) -> dict[str, Fraction]:
    """`total` in proportion to weights of 0 or more; nothing to anybody where all weights are nought.

    Raises ValueError for a negative weight.
    """
    below = [code for code, weight in weights.items() if weight < 0]
    if below:
        raise ValueError(f"The weight of {below[0]} is {weights[below[0]]}; a weight is 0 or more.")
    whole = sum(weights.values(), NOUGHT)
    if not whole:
        return dict.fromkeys(weights, NOUGHT)
    rate = total / whole
    return {code: rate * weight for code, weight in weights.items()}


def limited(total: Fraction, weights: Amounts, floors: Amounts, ceilings: Amounts) -> dict[str, Fraction]:
    """`total` in proportion to the weights, none below its floor (without one: 0) or above its ceiling (without one: none).

    Raises Infeasible where the limits allow no sharing of that sum.
    """
    crossed = tuple(code for code in sorted(weights) if code in ceilings and floors.get(code, NOUGHT) > ceilings[code])
    least = sum((floors.get(code, NOUGHT) for code in weights), NOUGHT)
    most = sum((ceilings[code] for code in weights), NOUGHT) if all(code in ceilings for code in weights) else None
    if crossed or total < least or (most is not None and total > most):
        raise Infeasible(total, least, most, crossed)
    factor = _factor(total - least, weights, floors, ceilings)
    found = {}
    for code, weight in weights.items():
        amount = max(factor * weight, floors.get(code, NOUGHT))
        found[code] = min(amount, ceilings[code]) if code in ceilings else amount
    left = total - sum(found.values(), NOUGHT)
    if left:
        _raise_the_rest(found, left, [code for code, weight in weights.items() if not weight], ceilings)
    return found


def _raise_the_rest(found: dict[str, Fraction], left: Fraction, codes: list[str], ceilings: Amounts) -> None:
    """What is left when all who have a weight are at their ceilings goes to those who have none."""
    free = [code for code in codes if code not in ceilings]
    way = {code: Fraction(1) for code in free} if free else {code: ceilings[code] - found[code] for code in codes}
    for code, more in proportional(left, way).items():
        found[code] += more


def _factor(above: Fraction, weights: Amounts, floors: Amounts, ceilings: Amounts) -> Fraction:
    """The λ at which the amounts come to `above` more than the floors."""
    turns = [(floors.get(code, NOUGHT) / weight, weight) for code, weight in weights.items() if weight]
    turns += [(ceilings[code] / weight, -weight) for code, weight in weights.items() if weight and code in ceilings]
    at, slope = NOUGHT, NOUGHT
    for turn, change in sorted(turns):
        if slope and slope * (turn - at) >= above:
            break
        above -= slope * (turn - at)
        at, slope = turn, slope + change
    return at + above / slope if slope else at


def whole_kronor(amounts: Amounts) -> dict[str, int]:
    """Exact amounts of 0 or more, whose sum is a whole number, as whole numbers with the same sum.

    Raises ValueError where the sum is not whole.
    """
    total = sum(amounts.values(), NOUGHT)
    if total.denominator != 1:
        raise ValueError(f"The amounts add up to {float(total)}, which is no whole number of kronor.")
    found = {code: math.floor(amount) for code, amount in amounts.items()}
    order = sorted(amounts, key=lambda code: (found[code] - amounts[code], code))
    for code in order[: int(total) - sum(found.values())]:
        found[code] += 1
    return found
