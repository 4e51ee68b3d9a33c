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

from phkg.analysis.exact import Exact, exact, parts

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


def proportional(total: Fraction, weights: Amounts) -> Exact:
    """`total` in proportion to weights of 0 or more; nothing to anybody where all weights are nought.

    Raises ValueError for a negative weight.
    """
    numbers = exact(weights).numbers
    below = [code for code, number in numbers.items() if number < 0]
    if below:
        raise ValueError(f"The weight of {below[0]} is {weights[below[0]]}; a weight is 0 or more.")
    whole = sum(numbers.values())
    if not whole:
        return Exact(dict.fromkeys(numbers, 0))
    return Exact({code: total.numerator * number for code, number in numbers.items()}, total.denominator * whole)


def limited(total: Fraction, weights: Amounts, floors: Amounts, ceilings: Amounts) -> Exact:
    """`total` in proportion to the weights, none below its floor (without one: 0) or above its ceiling (without one: none).

    Raises Infeasible where the limits allow no sharing of that sum.
    """
    shared, low, high = exact(weights).numbers, exact(floors), exact(ceilings)
    of = math.lcm(total.denominator, low.of, high.of)
    money, given, tops = parts(total, of), low.over(of), high.over(of)
    bottoms = {code: given.get(code, 0) for code in shared}
    crossed = tuple(code for code in sorted(shared) if code in tops and bottoms[code] > tops[code])
    least = sum(bottoms.values())
    most = sum(tops[code] for code in shared) if all(code in tops for code in shared) else None
    if crossed or money < least or (most is not None and money > most):
        raise Infeasible(total, Fraction(least, of), None if most is None else Fraction(most, of), crossed)
    more, less = _factor(money, shared, bottoms, tops)
    found = {}
    for code, weight in shared.items():
        amount, floor = more * weight, less * bottoms[code]
        if amount < floor:
            amount = floor
        elif code in tops:
            amount = min(amount, less * tops[code])
        found[code] = amount
    left = less * money - sum(found.values())
    if left:
        return _raise_the_rest(found, left, [code for code, weight in shared.items() if not weight], Exact(tops, of), less)
    return Exact(found, less * of)


def _raise_the_rest(found: dict[str, int], left: int, codes: list[str], ceilings: Exact, less: int) -> Exact:
    """What is left when all who have a weight are at their ceilings goes to those who have none; `less` times as many parts as those of the ceilings."""
    free = [code for code in codes if code not in ceilings]
    way = dict.fromkeys(free, 1) if free else {code: less * ceilings.numbers[code] - found[code] for code in codes}
    whole = sum(way.values())
    return Exact({code: whole * amount + left * way.get(code, 0) for code, amount in found.items()}, whole * less * ceilings.of)


def _factor(money: int, weights: Mapping[str, int], floors: Mapping[str, int], ceilings: Mapping[str, int]) -> tuple[int, int]:
    """The λ at which the amounts come to the money, as numerator and denominator.

    Between two turns the amounts are `fixed`, those at a floor or a ceiling, and λ times the weights of the others.
    """
    weighing = {code: weight for code, weight in weights.items() if weight}
    # Turns n / w that differ do so by at least 1 / w² of the largest weight, so that whole numbers put them in order.
    fine = max(weighing.values(), default=1) ** 2
    turns = [(floors[code] * fine // weight, False, floors[code], weight) for code, weight in weighing.items()]
    turns += [(ceilings[code] * fine // weight, True, ceilings[code], weight) for code, weight in weighing.items() if code in ceilings]
    fixed, slope, at = sum(floors.values()), 0, (0, 1)
    for _, is_ceiling, limit, weight in sorted(turns):
        if slope and limit * slope >= (money - fixed) * weight:
            break
        fixed, slope = (fixed + limit, slope - weight) if is_ceiling else (fixed - limit, slope + weight)
        at = (limit, weight)
    return (money - fixed, slope) if slope else at


def whole_kronor(amounts: Amounts) -> dict[str, int]:
    """Exact amounts of 0 or more, whose sum is a whole number, as whole numbers with the same sum.

    Raises ValueError where the sum is not whole.
    """
    shares = exact(amounts)
    total, rest = divmod(sum(shares.numbers.values()), shares.of)
    if rest:
        raise ValueError(f"The amounts add up to {float(total + Fraction(rest, shares.of))}, which is no whole number of kronor.")
    found, remainders = {}, []
    for code, number in shares.numbers.items():
        found[code], remainder = divmod(number, shares.of)
        remainders.append((-remainder, code))
    for _, code in sorted(remainders)[: total - sum(found.values())]:
        found[code] += 1
    return found
