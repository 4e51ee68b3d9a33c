"""What a figure rests on: how many regions, what share of the population, and which kind of nothing the others said.

Five kinds of nothing are kept apart. Two of them are answers and three are gaps:

    decided against   an answer: it is not there, and somebody decided so
    not yet           an answer: it is not there so far
    no statement      a gap: nobody has said anything; it may be there or not
    withheld          a gap: a value exists and is not told, for it would tell of few persons
    not applicable    no gap and no answer: the question does not concern the region, so it is counted nowhere
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction


class Nothing(Enum):
    """Why a region has no value, or no access."""

    DECIDED_AGAINST = "against"
    NOT_YET = "not-yet"
    NO_STATEMENT = "no-statement"
    NOT_APPLICABLE = "beside"
    WITHHELD = "untold"

    __hash__ = object.__hash__  # each kind exists once; the hash of Enum is written in Python and slow


GAPS = frozenset({Nothing.NO_STATEMENT, Nothing.WITHHELD})
"""The kinds that leave open what the answer is."""


@dataclass(frozen=True)
class Basis:
    """The regions that a figure is about, and those that it rests on.

    `regions` and `population` leave out those to which the question does not apply. `answering` regions gave a value or,
    where the figure is about access, said no. The populations are sums over the regions whose number is known; `without_population` regions have none.
    """

    regions: int
    answering: int
    population: int
    population_answering: int
    without_population: int
    nothing: tuple[tuple[Nothing, int], ...]

    @property
    def population_share(self) -> Fraction | None:
        """The share (0–1) of the population that lives in the answering regions; None where nobody's number is known."""
        return Fraction(self.population_answering, self.population) if self.population else None

    def count(self, kind: Nothing) -> int:
        """How many regions have that kind of nothing."""
        return dict(self.nothing).get(kind, 0)


def basis(rows: Iterable[tuple[Nothing | None, int | None]], no_is_an_answer: bool = True) -> Basis:
    """The basis of some regions, each as its kind of nothing (None: it has a value) and its population (None: not known).

    Where a figure is about numbers and not about access, a no gives none: then `no_is_an_answer` is False.
    """
    regions = answering = population = population_answering = without = 0
    kinds: dict[Nothing, int] = {}
    for nothing, people in rows:
        if nothing is not None:
            kinds[nothing] = kinds.get(nothing, 0) + 1
            if nothing is Nothing.NOT_APPLICABLE:
                continue
        regions += 1
        if people is None:
            without += 1
            people = 0
        population += people
        if nothing is None or (no_is_an_answer and nothing not in GAPS):
            answering += 1
            population_answering += people
    ordered = tuple((kind, kinds[kind]) for kind in Nothing if kind in kinds)
    return Basis(regions, answering, population, population_answering, without, ordered)


class Span(Enum):
    """What the two ends of a result mean; they are never mixed."""

    BOUNDS = "bounds"
    """The lowest and highest value that the unknown allows; exact, no probability."""
    CONFIDENCE = "confidence"
    """An interval that holds the true value at the stated level."""
    CHANCE = "chance"
    """Where the value would lie at the stated level if all regions were alike."""


@dataclass(frozen=True)
class Measure:
    """One result: the measure's name, its value, an interval and what it rests on.

    `value` is None where the measure is not defined, and `why` then names the reason. `low` and `high` are None where there is no end.
    `method` names how the interval was made, `level` its probability (0–1; None for bounds).
    """

    name: str
    value: float | None
    basis: Basis
    low: float | None = None
    high: float | None = None
    span: Span | None = None
    method: str = ""
    level: float | None = None
    why: str = ""
