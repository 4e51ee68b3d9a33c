"""Sums of money in which nothing is counted twice: parts do not add to their whole, and overlaps make the sum a range."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class SumRange:
    """What some amounts make together, at least and at most, and which of them were counted.

    They differ where amounts overlap, that is, may be the same money told twice.
    """

    low: int
    high: int
    counted: frozenset[str]


def sum_range(amounts: Mapping[str, int], wholes: Mapping[str, Iterable[str]], overlaps: Iterable[tuple[str, str]]) -> SumRange:
    """The sum of amounts (in one currency) by name.

    `wholes` names what each thing is a part of; an amount is left out when a whole of it, near or far, has one itself. `overlaps`
    are pairs that may hold the same money; an overlap of a part is one of its whole. At most all counted amounts are different
    money; at least the heaviest choice of amounts is of which no two overlap (the maximum weight independent set of the graph of
    overlaps, found by branching; curated overlaps are few).
    """
    counted = frozenset(name for name in amounts if not any(one in amounts for one in _above(name, wholes)))
    neighbours: dict[str, set[str]] = {name: set() for name in counted}
    for one, other in overlaps:
        for a in _counted_as(one, wholes, counted):
            for b in _counted_as(other, wholes, counted):
                if a != b:
                    neighbours[a].add(b)
                    neighbours[b].add(a)
    return SumRange(_heaviest(set(counted), amounts, neighbours), sum(amounts[name] for name in counted), counted)


def _above(name: str, wholes: Mapping[str, Iterable[str]]) -> set[str]:
    """Everything that a thing is a part of, near or far; a circle does no harm."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        new = set(wholes.get(waiting.pop(), ())) - found - {name}
        found |= new
        waiting += new
    return found


def _counted_as(name: str, wholes: Mapping[str, Iterable[str]], counted: frozenset[str]) -> set[str]:
    return ({name} | _above(name, wholes)) & counted


def _heaviest(names: set[str], amounts: Mapping[str, int], neighbours: Mapping[str, set[str]]) -> int:
    free = {name for name in names if not neighbours[name] & names}
    rest = names - free
    sure = sum(amounts[name] for name in free)
    if not rest:
        return sure
    chosen = max(rest, key=lambda name: (len(neighbours[name] & rest), name))
    with_it = amounts[chosen] + _heaviest(rest - {chosen} - neighbours[chosen], amounts, neighbours)
    return sure + max(with_it, _heaviest(rest - {chosen}, amounts, neighbours))
