"""Exact amounts over one denominator: whole numbers that are added and compared as such, since fractions would take a common divisor at every step."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from operator import add


class Exact(Mapping[str, Fraction]):
    """Amounts by region: `numbers`, each divided by `of` (above 0). As a mapping it gives fractions; equal to any mapping with the same amounts."""

    __slots__ = ("numbers", "of")

    def __init__(self, numbers: Mapping[str, int], of: int = 1) -> None:
        """The whole numbers by region, and what all of them are divided by."""
        self.numbers, self.of = numbers, of

    def __getitem__(self, code: str) -> Fraction:
        return Fraction(self.numbers[code], self.of)

    def __iter__(self) -> Iterator[str]:
        return iter(self.numbers)

    def __len__(self) -> int:
        return len(self.numbers)

    def times(self, factor: Fraction) -> Exact:
        """Every amount so many times."""
        return Exact({code: factor.numerator * number for code, number in self.numbers.items()}, factor.denominator * self.of)

    def over(self, of: int) -> Mapping[str, int]:
        """The numbers over a multiple of the denominator."""
        more = of // self.of
        return self.numbers if more == 1 else {code: more * number for code, number in self.numbers.items()}


def exact(amounts: Mapping[str, Fraction]) -> Exact:
    """The same amounts over their common denominator."""
    if isinstance(amounts, Exact):
        return amounts
    of = common(amounts.values())
    return Exact({code: parts(amount, of) for code, amount in amounts.items()}, of)


def common(values: Iterable[Fraction]) -> int:
    """The least common denominator."""
    return math.lcm(*(value.denominator for value in values))


def parts(value: Fraction, of: int) -> int:
    """How many parts of a whole that is cut into `of`, a multiple of the denominator."""
    return value.numerator * (of // value.denominator)


Multiple = tuple[Exact, Fraction]
"""Amounts, and how many times they are meant."""


def denominator(several: Iterable[Multiple]) -> int:
    """A denominator that all these have in common."""
    return math.lcm(*(one.of * times.denominator for one, times in several))


def merged(several: Iterable[Multiple], how: Callable[[int, int], int], of: int) -> Exact:
    """The sum (`operator.add`), the least (`min`) or the greatest (`max`) for each of the same regions, over a denominator of them all; nothing of nothing."""
    found: dict[str, int] = {}
    for one, times in several:
        more = times.numerator * (of // (one.of * times.denominator))
        if found:
            found = {code: how(found[code], more * number) for code, number in one.numbers.items()}
        else:
            found = {code: more * number for code, number in one.numbers.items()}
    return Exact(found, of)


def added(several: Sequence[Multiple]) -> Exact:
    """The sums by region."""
    return merged(several, add, denominator(several))
