"""Coverage: the share of the population living where a method is within reach, as an exact interval.

Each region is *with* access, *without*, with access for a *part* of the group that the method is meant for, or *unknown* (silence).
With N the population of all regions, N(x) that of the regions of a kind:

    low  = N(with) / N                              what is not known counts as no
    high = (N(with) + N(part) + N(unknown)) / N     what is not known counts as yes

A region whose population is not known may have any number of inhabitants. Where the population of the whole is known, those regions
share what is left of it, R = whole − ΣN; otherwise R may be any number. The bounds are then the lowest and the highest
value that the same share can take:

    low:  R lives where there is no sure access, if any such region lacks a number; else R lives with access and counts in full
    high: R lives where access is possible, if any such region lacks a number; else R lives without

With R unbounded the lower bound goes to 0 (or N(with) / N), the upper to 1 (or as above). Where there is no region, or nobody lives anywhere,
nothing is known: 0 to 1. A region to which the method does not apply is left out of both sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import NamedTuple

from phkg.analysis.basis import Basis, Nothing, basis


class Access(Enum):
    """What a region's standing says of access to a method."""

    WITH = "with"
    WITHOUT = "without"
    PART = "part"
    UNKNOWN = "unknown"

    __hash__ = object.__hash__  # each exists once; the hash of Enum is written in Python and slow


_OF_NOTHING = {
    Nothing.DECIDED_AGAINST: Access.WITHOUT,
    Nothing.NOT_YET: Access.WITHOUT,
    Nothing.NO_STATEMENT: Access.UNKNOWN,
    Nothing.WITHHELD: Access.UNKNOWN,
}

_PLAIN: dict[Access | Nothing, Access] = {**_OF_NOTHING, **{one: one for one in Access}}
_NOTHING_OF: dict[Access | Nothing, Nothing] = {**{one: one for one in Nothing}, Access.UNKNOWN: Nothing.NO_STATEMENT, Access.WITHOUT: Nothing.NOT_YET}


class RegionAccess(NamedTuple):
    """A region, its access, and its population (None: no number known; never negative).

    The access may be a kind of nothing, which says more: why there is none, why it is not known, or that the method does not apply.
    """

    region: str
    access: Access | Nothing
    population: int | None


class Coverage(NamedTuple):
    """Bounds of the share (0–1), exact; regions by access; and how many regions lack a population."""

    low: Fraction
    high: Fraction
    with_access: int
    without_access: int
    part: int
    unknown: int
    without_population: int

    @property
    def regions(self) -> int:
        """All regions to which the method applies."""
        return self.with_access + self.without_access + self.part + self.unknown


_NONE = dict.fromkeys(Access, 0)


class Tally:
    """The sums that a coverage is worked out from: regions and population by access, kept up as regions change."""

    def __init__(self) -> None:
        """Begins without any region."""
        self.regions: dict[Access, int] = _NONE.copy()
        self.people: dict[Access, int] = _NONE.copy()
        self.lacking: dict[Access, int] = _NONE.copy()
        self.without_number = 0

    def copy(self) -> Tally:
        """The same sums, to be kept while this one goes on."""
        found = Tally.__new__(Tally)
        found.regions, found.people, found.lacking = self.regions.copy(), self.people.copy(), self.lacking.copy()
        found.without_number = self.without_number
        return found

    def add(self, access: Access | None, population: int | None, by: int = 1) -> None:
        """Counts a region in (`by` 1) or out again (−1); None is a region to which the method does not apply."""
        if access is None:
            return
        self.regions[access] += by
        if population is None:
            self.lacking[access] += by
            self.without_number += by
        else:
            self.people[access] += by * population

    def add_all(self, access: Access | None, other: Tally) -> None:
        """Counts in all regions of another tally, whatever their access there, as having this one."""
        if access is not None:
            self.regions[access] += sum(other.regions.values())
            self.people[access] += sum(other.people.values())
            self.lacking[access] += other.without_number
            self.without_number += other.without_number

    def coverage(self, whole: int | None = None) -> Coverage:
        """The coverage of the regions counted in; `whole` as in `coverage`."""
        people, lacking = self.people, self.lacking
        everything = sum(people.values())
        without_number = self.without_number
        if without_number or not everything:
            left = whole - everything if whole is not None and whole >= everything else None
            maybe = lacking[Access.PART] + lacking[Access.UNKNOWN] > 0
            with_lack, without_lack = lacking[Access.WITH] > 0, lacking[Access.WITHOUT] > 0
            low = _least(people[Access.WITH], everything, left, maybe or without_lack, with_lack)
            high = 1 - _least(people[Access.WITHOUT], everything, left, maybe or with_lack, without_lack)
        else:
            low, high = Fraction(people[Access.WITH], everything), Fraction(everything - people[Access.WITHOUT], everything)
        return Coverage(
            low=low,
            high=high,
            with_access=self.regions[Access.WITH],
            without_access=self.regions[Access.WITHOUT],
            part=self.regions[Access.PART],
            unknown=self.regions[Access.UNKNOWN],
            without_population=without_number,
        )


def access(gives_access: bool | None, is_part: bool) -> Access:
    """The access that a standing means; `gives_access` None is silence. A part without access is without."""
    if gives_access is None:
        return Access.UNKNOWN
    if not gives_access:
        return Access.WITHOUT
    return Access.PART if is_part else Access.WITH


def plain(value: Access | Nothing) -> Access | None:
    """The access that an answer comes to; None where the method does not apply."""
    return _PLAIN.get(value)


def nothing_of(value: Access | Nothing) -> Nothing | None:
    """The kind of nothing that an answer is; None for access to all or a part. A bare unknown is no statement, a bare no is not yet."""
    return _NOTHING_OF.get(value)


def coverage(regions: Iterable[RegionAccess], whole: int | None = None) -> Coverage:
    """The coverage over `regions`; `whole` is the population of all of them together, where it is known on its own.

    A `whole` smaller than the sum of the regions is contradicted by them and not used. Raises ValueError for a negative population.
    """
    tally = Tally()
    for row in regions:
        if row.population is not None and row.population < 0:
            raise ValueError(f"{row.region} has a population of {row.population}; a population is 0 or more.")
        tally.add(plain(row.access), row.population)
    return tally.coverage(whole)


def coverage_basis(regions: Iterable[RegionAccess]) -> Basis:
    """What a coverage rests on. A region with access to a part has answered; plain `Access.UNKNOWN` is no statement."""
    return basis((nothing_of(row.access), row.population) for row in regions)


@dataclass(frozen=True)
class Lacking:
    """The regions of one answer, named, and how many live there (regions of unknown population left out)."""

    answer: Access | Nothing
    regions: tuple[str, ...]
    population: int


def who_lacks(regions: Iterable[RegionAccess]) -> tuple[Lacking, ...]:
    """Every region that has not full access, by its answer, the answer with most people first.

    Regions to which the method does not apply lack nothing and are left out. Within an answer the most populous region comes first.
    """
    by_answer: dict[Access | Nothing, list[RegionAccess]] = {}
    for row in regions:
        if row.access is not Access.WITH and row.access is not Nothing.NOT_APPLICABLE:
            by_answer.setdefault(row.access, []).append(row)
    found = []
    for answer, rows in by_answer.items():
        rows.sort(key=lambda row: (-(row.population or 0), row.region))
        found.append(Lacking(answer, tuple(row.region for row in rows), sum(row.population or 0 for row in rows)))
    return tuple(sorted(found, key=lambda lacking: (-lacking.population, -len(lacking.regions), lacking.answer.value)))


class RegionStep(NamedTuple):
    """A region, the step of introduction that it has come to, and its population (None: not known).

    `step` is the rank of the step (higher is further), or a kind of nothing: an answer of no stands below every step. `is_part`: it holds for
    a part of the group only, so the whole group may or may not have come that far.
    """

    region: str
    step: int | Nothing
    population: int | None
    is_part: bool = False


def at_or_above(regions: Iterable[RegionStep], steps: Iterable[int], whole: int | None = None) -> Mapping[int, Coverage]:
    """For each step, the share of the population that lives where it, or a further one, has been reached.

    Steps are only ordered, so they are never averaged: between a pilot and routine care there is no distance to halve. Bounds are those of a
    coverage in which "access" means that the step is reached. The shares never rise from one step to the next.
    """
    groups: dict[tuple[int | Nothing, bool], Tally] = {}
    for row in regions:
        group = groups.get((row.step, row.is_part))
        if group is None:
            group = groups[row.step, row.is_part] = Tally()
        group.add(Access.WITH, row.population)
    found = {}
    for step in sorted(set(steps)):
        tally = Tally()
        for (reached, is_part), group in groups.items():
            tally.add_all(plain(reached) if isinstance(reached, Nothing) else access(reached >= step, is_part), group)
        found[step] = tally.coverage(whole)
    return found


def _least(sure: int, everything: int, left: int | None, others_lack: bool, own_lack: bool) -> Fraction:
    """The least share that `sure` of `everything` can be when regions without a number share `left` more (None: any number).

    `others_lack`: some region outside the share lacks a number; `own_lack`: some region inside it does.
    """
    if others_lack:
        return Fraction(sure, everything + left) if left is not None and everything + left else Fraction(0)
    if own_lack:
        sure, everything = sure + (left or 0), everything + (left or 0)
        if not everything:
            return Fraction(1)
    return Fraction(sure, everything) if everything else Fraction(0)
