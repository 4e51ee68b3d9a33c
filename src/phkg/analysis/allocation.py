"""A sharing model applied to a sum: its parts, the share to the centre, limits, and the years on the way to its target.

    to share    A' = A − k A                          k the share to the centre
    target      t_j = Σ_c s_c A' w_cj / Σ w_c         the parts c with their shares s_c; one of them takes the rest
    floors      f_j = φ · A' p_j,  f_j = η · S_j      a share of what per head would give; of what the region had (hold harmless)
    ceilings    c_j = γ · A' p_j
    pace        S_j (1 − κ)^n ≤ a_j ≤ S_j (1 + κ)^n   in year n, from S_j, what the region would have of A' by the start's shares

and a_j from t_j between those limits (`kronor.limited`), in whole kronor. Distance from target is (a − t) / t. A part that has nothing to share by (no gap
is known) is shared per head; what is not matched by own money is `left` and shown, so limits do not go with matching. The pace is counted from the start and not from year to year: so each year is one sharing, and
what holds of a sharing (a region's amount never falls when its weight rises) holds of every year.

Sources: distance from target and pace of change as NHS England's allocations use them (Fair Shares, a guide to NHS allocations; Parliament, PEX 15,
publications.parliament.uk/pa/cm201011/cmselect/cmhealth/512/512vw12.htm); floors and hold-harmless, and that full ones freeze
the luck of the first year, National Research Council 2003, *Statistical Issues in Allocating Funds by Formula*, ch. 5.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import NamedTuple

from phkg.analysis.exact import Exact, Multiple, added, denominator, exact, merged, parts
from phkg.analysis.kronor import NOUGHT, limited, proportional, whole_kronor
from phkg.analysis.sharing import By, Matching, PerHead, Pick, Weights, counted

ONE = Fraction(1)
CENTRE, LEFT = "\uffff centre", "\uffff left"
"""Who stands beside the regions when kronor are rounded; after every code, so that a tie goes to a region."""


class Basis(Enum):
    """What a floor or a ceiling is a share of."""

    PER_HEAD = "per-head"
    START = "start"


@dataclass(frozen=True)
class Part:
    """A part of the sum with the `share` (0–1) that goes by it; None takes the rest."""

    name: str
    by: By
    share: Fraction | None = None


@dataclass(frozen=True)
class Limit:
    """A floor or a ceiling: at least, or at most, so many times what the basis gives."""

    name: str
    is_floor: bool
    level: Fraction
    basis: Basis = Basis.PER_HEAD


@dataclass(frozen=True)
class Model:
    """A way of sharing a sum. `start` are shares (summing to 1) that hold-harmless and pace begin from; without it there is none of these.

    `pace` is the largest relative change a year. Raises ValueError where the parts do not make up the whole, or a share is none.
    """

    parts: tuple[Part, ...]
    centre: Fraction = NOUGHT
    limits: tuple[Limit, ...] = ()
    pace: Fraction | None = None
    start: Mapping[str, Fraction] | None = None

    def __post_init__(self) -> None:
        """Checks that the parts make up the whole."""
        given = [part.share for part in self.parts if part.share is not None]
        open_ends = len(self.parts) - len(given)
        whole = sum(given, NOUGHT)
        if any(not 0 <= share <= 1 for share in (*given, self.centre)):
            raise ValueError("A share of the sum is from 0 to 1.")
        if open_ends > 1 or whole > 1 or (not open_ends and whole != 1):
            raise ValueError(
                f"The parts come to {float(whole)} of the sum and {open_ends} take the rest; together they must be the whole, and one may take the rest."
            )
        needs_start = self.pace is not None or any(limit.basis is Basis.START for limit in self.limits)
        if (self.limits or self.pace is not None) and any(isinstance(part.by, Matching) for part in self.parts):
            raise ValueError("Limits and pace do not go with matching: what there is to share then depends on what the regions add.")
        if needs_start and self.start is None:
            raise ValueError("Hold-harmless and pace of change need shares to begin from.")

    def shares(self) -> tuple[Fraction, ...]:
        """The share of every part."""
        given = sum((part.share for part in self.parts if part.share is not None), NOUGHT)
        return tuple(1 - given if part.share is None else part.share for part in self.parts)


class Step(NamedTuple):
    """A step of a waterfall: what it adds to each region's amount. The steps of a region add up to its final amount."""

    name: str
    by_region: Mapping[str, Fraction]


@dataclass(frozen=True)
class Allocation:
    """A sum shared out in one year: kronor by region, to the centre, and left unshared; together the sum.

    `exact` are the amounts before rounding and `target` those before the limits.
    """

    total: int
    year: int
    amounts: dict[str, int]
    centre: int
    left: int
    exact: Mapping[str, Fraction]
    target: Mapping[str, Fraction]

    def distance(self, code: str) -> Fraction | None:
        """Distance from target as a share of the target; None where the target is nought."""
        target = self.target[code]
        return (self.exact[code] - target) / target if target else None


class Sharing:
    """A model made ready for a sum and its regions: what does not change from setting to setting is worked out once."""

    def __init__(self, model: Model, people: Mapping[str, int], total: int, like: Sharing | None = None) -> None:
        """The sum is in kronor; `like` is a sharing among the same people, of whose parts this model may have some. Raises ValueError for a sum below 0 or for no region."""
        if total < 0 or not people:
            raise ValueError("A sum of 0 or more is shared among one region or more.")
        self.model, self.people, self.total = model, people, total
        self.pool = total - model.centre * total
        weighed = {id(by): weights for by, _, weights in like._parts} if like else {}
        self._parts = [
            (part.by, share * self.pool, weighed.get(id(part.by)) or part.by.weights(people)) for part, share in zip(model.parts, model.shares(), strict=True)
        ]
        self._heads = Exact(people, sum(people.values()) or 1)
        start = model.start or {}
        self._starts = like._starts if like and like.model.start is model.start else exact({code: start.get(code, NOUGHT) for code in people})

    def unknown(self) -> bool:
        """Whether any input is a range."""
        return any(weights.low != weights.high for _, _, weights in self._parts)

    def target(self, pick: Pick = counted) -> Exact:
        """What the parts come to, before limits."""
        return added([self._paid(by, pool, weights, pick) for by, pool, weights in self._parts])

    def exact(self, year: int = 1, pick: Pick = counted) -> Exact:
        """The amounts of a year before rounding. Raises Infeasible where the limits cannot be kept."""
        return self.within(self.target(pick), year)

    def allocate(self, year: int = 1) -> Allocation:
        """The sum shared out in a year (1 the first). Raises Infeasible, and ValueError for a year below 1."""
        if year < 1:
            raise ValueError("The first year is 1.")
        target = self.target()
        amounts = self.within(target, year)
        centre = self.total - self.pool
        of = math.lcm(amounts.of, centre.denominator)
        numbers = amounts.over(of)
        kronor = whole_kronor(Exact({**numbers, CENTRE: parts(centre, of), LEFT: parts(self.pool, of) - sum(numbers.values())}, of))
        return Allocation(self.total, year, {code: kronor[code] for code in self.people}, kronor[CENTRE], kronor[LEFT], amounts, target)

    def waterfall(self, year: int = 1) -> tuple[Step, ...]:
        """From what per head would give to the final amount, step by step; steps that change nothing are left out.

        A part's step is what it moves against sharing its money per head; of weighted heads, every factor is a step of its own.
        Raises as `allocate` does.
        """
        final = self.allocate(year)
        base = proportional(Fraction(self.total), self._heads)
        steps = [Step("per-head", base), Step("centre", base.times(-self.model.centre))]
        for part, (_, pool, weights) in zip(self.model.parts, self._parts, strict=True):
            before = proportional(pool, self._heads)
            for name, after in self._stages(part, pool, weights):
                steps.append(_step(name, before, after))
                before = after
        limits = self.within(final.target, year, pace=False)
        steps += [_step("limits", final.target, limits), _step("pace", limits, final.exact)]
        steps.append(_step("rounding", final.exact, Exact(final.amounts)))
        return (steps[0], *(step for step in steps[1:] if any(exact(step.by_region).numbers.values())))

    def within(self, target: Exact, year: int, pace: bool = True) -> Exact:
        """The money shared in proportion to a target, within floors, ceilings and, if wanted, the pace of that year. Raises Infeasible."""
        floors: list[Multiple] = []
        ceilings: list[Multiple] = []
        for limit in self.model.limits:
            basis = self._starts if limit.basis is Basis.START else self._heads
            (floors if limit.is_floor else ceilings).append((basis, limit.level * self.pool))
        if pace and self.model.pace is not None:
            floors.append((self._starts, max(NOUGHT, ONE - self.model.pace) ** year * self.pool))
            ceilings.append((self._starts, (ONE + self.model.pace) ** year * self.pool))
        if not floors and not ceilings:
            return target
        of = math.lcm(self.pool.denominator, denominator((*floors, *ceilings)))
        return limited(self.pool, target, merged(floors, max, of), merged(ceilings, min, of))

    def _stages(self, part: Part, pool: Fraction, weights: Weights) -> list[tuple[str, Exact]]:
        """What a part comes to, one factor after the other where it has factors."""
        if not isinstance(part.by, PerHead):
            return [(part.name, added([self._paid(part.by, pool, weights, counted)]))]
        factors = part.by.factors
        return [
            (factors[number - 1].name, added([self._paid(part.by, pool, PerHead(factors[:number]).weights(self.people), counted)]))
            for number in range(1, len(factors) + 1)
        ]

    def _paid(self, by: By, pool: Fraction, weights: Weights, pick: Pick) -> Multiple:
        """What one part pays: all of its money in proportion, per head where that says nothing; less where it matches little."""
        picked = pick(weights)
        whole = sum(picked.values())
        if not whole and not isinstance(by, Matching):
            return self._heads, pool
        money = min(pool, by.rate * Fraction(whole, weights.scale)) if isinstance(by, Matching) else pool
        return Exact(picked, whole or 1), money


def allocate(model: Model, people: Mapping[str, int], total: int, year: int = 1) -> Allocation:
    """The sum `total` in kronor shared among regions by their population, in a year. Raises as `Sharing` does."""
    return Sharing(model, people, total).allocate(year)


def years(model: Model, people: Mapping[str, int], total: int, count: int) -> tuple[Allocation, ...]:
    """The same sum every year from the first on, `count` years; inputs are frozen, so what moves is the pace. Raises as `Sharing` does."""
    sharing = Sharing(model, people, total)
    return tuple(sharing.allocate(year) for year in range(1, count + 1))


def _step(name: str, before: Mapping[str, Fraction], after: Mapping[str, Fraction]) -> Step:
    return Step(name, added(((exact(after), ONE), (exact(before), -ONE))))
