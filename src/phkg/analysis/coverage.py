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
nothing is known: 0 to 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction


class Access(Enum):
    """What a region's standing says of access to a method."""

    WITH = "with"
    WITHOUT = "without"
    PART = "part"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class RegionAccess:
    """A region, its access, and its population (None: no number known; never negative)."""

    region: str
    access: Access
    population: int | None


@dataclass(frozen=True)
class Coverage:
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
        """All regions."""
        return self.with_access + self.without_access + self.part + self.unknown


def access(gives_access: bool | None, is_part: bool) -> Access:
    """The access that a standing means; `gives_access` None is silence. A part without access is without."""
    if gives_access is None:
        return Access.UNKNOWN
    if not gives_access:
        return Access.WITHOUT
    return Access.PART if is_part else Access.WITH


def coverage(regions: Iterable[RegionAccess], whole: int | None = None) -> Coverage:
    """The coverage over `regions`; `whole` is the population of all of them together, where it is known on its own.

    A `whole` smaller than the sum of the regions is contradicted by them and not used. Raises ValueError for a negative population.
    """
    rows = list(regions)
    for row in rows:
        if row.population is not None and row.population < 0:
            raise ValueError(f"{row.region} has a population of {row.population}; a population is 0 or more.")

    def count(*kinds: Access) -> int:
        return sum(row.access in kinds for row in rows)

    def known(*kinds: Access) -> int:
        return sum(row.population or 0 for row in rows if row.access in kinds)

    def lacking(*kinds: Access) -> bool:
        return any(row.population is None and row.access in kinds for row in rows)

    everything = known(*Access)
    left = whole - everything if whole is not None and whole >= everything else None
    possible = (Access.WITH, Access.PART, Access.UNKNOWN)
    not_sure = (Access.WITHOUT, Access.PART, Access.UNKNOWN)
    return Coverage(
        low=_least(known(Access.WITH), everything, left, lacking(*not_sure), lacking(Access.WITH)),
        high=1 - _least(known(Access.WITHOUT), everything, left, lacking(*possible), lacking(Access.WITHOUT)),
        with_access=count(Access.WITH),
        without_access=count(Access.WITHOUT),
        part=count(Access.PART),
        unknown=count(Access.UNKNOWN),
        without_population=sum(row.population is None for row in rows),
    )


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
