"""Equal access from one region's side: what its people lack and others have, since when, how long they have waited, and what nobody knows."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from phkg.analysis.waiting import YEAR, RegionWait
from phkg.views.access import Agreement, RegionLine, agreement, region_lines
from phkg.views.reader import Concept, Link, Reader, sort_key
from phkg.views.standings import Holds, Standings
from phkg.views.waits import MethodAccess, Waits

LAST = "9999"
"""Sorts what has no date behind all that has one."""


@dataclass(frozen=True)
class Lacked:
    """A method to which `elsewhere` other regions give access to all, and this one not, as far as known; `state` None: nobody has said.

    Waiting is counted from the day `since_first` to `since_last` (empty: nobody has dated a start) of the first known access anywhere, or of a
    recommendation. Each inhabitant has waited `years_low` to `years_high` years; `people_low` and `people_high` are person-years (None: size unknown).
    """

    method: Link
    state: Concept | None
    part: bool
    elsewhere: int
    since_first: str
    since_last: str
    recommended: bool
    years_low: float | None
    years_high: float | None
    people_low: float | None
    people_high: float | None


@dataclass(frozen=True)
class OwnAccess:
    """The region's own side: methods by access here, and of those that others have the `lacking` ones and the `open` ones, on which
    nobody has said here or for a part of the group only; the longest known elsewhere first.

    `line` is its waiting over the methods with a clock (None: none concerns it), `agreement` how regularly the same regions come last.
    """

    with_access: int
    for_a_part: int
    without_access: int
    unknown: int
    line: RegionLine | None
    agreement: Agreement
    lacking: tuple[Lacked, ...]
    open: tuple[Lacked, ...]


def own_access(reader: Reader, region: NamedNode, waits: Waits, table: Standings) -> OwnAccess:
    """The side of one region of the registry."""
    counts = {"with": 0, "part": 0, "without": 0, "unknown": 0}
    lacking, open_ones = [], []
    others = [one for one in reader.site.regions if one != region]
    for one in waits.methods:
        method = NamedNode(one.method)
        holds = table.of(method, region)
        answer = _answer(holds)
        if answer is None:
            continue
        counts[answer] += 1
        elsewhere = table.access(method, others)
        if elsewhere and answer != "with":
            (lacking if answer == "without" else open_ones).append(_lacked(reader, one, region, holds, elsewhere))
    line = next((line for line in region_lines(reader, waits) if line.place.iri == region.value), None)
    return OwnAccess(
        counts["with"], counts["part"], counts["without"], counts["unknown"], line, agreement(waits), _longest_first(lacking), _longest_first(open_ones)
    )  # fmt: skip


def _answer(holds: Holds | None) -> str | None:
    """What a standing says of access; None where the method does not apply."""
    if holds is None or not holds.told:
        return "unknown"
    if not holds.applies:
        return None
    if not holds.gives_access:
        return "without"
    return "part" if holds.part else "with"


def _lacked(reader: Reader, one: MethodAccess, region: NamedNode, holds: Holds | None, elsewhere: int) -> Lacked:
    wait = one.wait
    here: RegionWait | None = next((line for line in wait.person_years.regions if line.region == region.value), None) if wait else None
    return Lacked(
        method=reader.link(NamedNode(one.method)),
        state=reader.concept(holds.state) if holds and holds.state else None,
        part=holds is not None and holds.gives_access and holds.part,
        elsewhere=elsewhere,
        since_first=wait.since.earliest.isoformat() if wait else "",
        since_last=wait.since.latest.isoformat() if wait else "",
        recommended=wait is not None and wait.recommended,
        years_low=round(here.days_low / YEAR, 2) if here else None,
        years_high=round(here.days_high / YEAR, 2) if here else None,
        people_low=_rounded(here.person_years_low) if here else None,
        people_high=_rounded(here.person_years_high) if here else None,
    )


def _longest_first(lines: list[Lacked]) -> tuple[Lacked, ...]:
    return tuple(sorted(lines, key=lambda line: (line.since_last or LAST, sort_key(line.method.label.value), line.method.iri)))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
