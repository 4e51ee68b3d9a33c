"""Equal access from one region's side: what its people lack and others have, since when, how long they have waited, and what nobody knows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from pyoxigraph import NamedNode

from phkg.analysis.waiting import YEAR, RegionWait
from phkg.views.access import Agreement, RegionLine, agreement, region_lines
from phkg.views.lists import methods_by_name
from phkg.views.long_lists import Lists
from phkg.views.reader import Concept, Link, Reader
from phkg.views.standings import Holds, Standings
from phkg.views.waits import MethodAccess, Waits


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
    nobody has said here or for a part of the group only; the longest known elsewhere first. Where these lists do not stand whole on the page,
    `besides` are the same of methods that it shows in other lists.

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
    besides: tuple[Lacked, ...]


@dataclass(frozen=True)
class _Found:
    """A method that others have and the region has not, as far as known, before it is put in words."""

    access: MethodAccess
    holds: Holds | None
    elsewhere: int

    @property
    def slug(self) -> str:
        """The end of the method's IRI."""
        return self.access.method.rpartition("/")[2]


def own_access(reader: Reader, region: NamedNode, waits: Waits, table: Standings, lists: Lists, beside: Collection[str] = ()) -> OwnAccess:
    """The side of one region of the registry, `lacking` and `open` as `lists` say; `beside` are the methods that the page shows in other lists."""
    counts = {"with": 0, "part": 0, "without": 0, "unknown": 0}
    found: dict[str, list[_Found]] = {"lacking": [], "open": []}
    followed = {one.method: one for one in waits.methods}
    for method in methods_by_name(reader):
        one = followed.get(method.value)
        if one is None:
            continue
        holds = table.of(method, region)
        answer = _answer(holds)
        if answer is None:
            continue
        counts[answer] += 1
        if answer != "with" and (elsewhere := table.access_elsewhere(method, region)):
            found["lacking" if answer == "without" else "open"].append(_Found(one, holds, elsewhere))
    shown = {name: lists.of(name, _longest_first(all_), lambda one: one.slug) for name, all_ in found.items()}
    told = {one.access.method for lines in shown.values() for one in lines}
    rest = [one for all_ in found.values() for one in all_ if one.access.method in beside and one.access.method not in told]
    lacking, open_ones, besides = (tuple(_lacked(reader, one, region) for one in lines) for lines in (shown["lacking"], shown["open"], _longest_first(rest)))
    line = next((line for line in region_lines(reader, waits) if line.place.iri == region.value), None)
    return OwnAccess(
        counts["with"], counts["part"], counts["without"], counts["unknown"], line, agreement(waits), lacking, open_ones, besides
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


def _lacked(reader: Reader, found: _Found, region: NamedNode) -> Lacked:
    one, holds, wait = found.access, found.holds, found.access.wait
    here: RegionWait | None = next((line for line in wait.person_years.regions if line.region == region.value), None) if wait else None
    return Lacked(
        method=reader.link(NamedNode(one.method)),
        state=reader.concept(holds.state) if holds and holds.state else None,
        part=holds is not None and holds.gives_access and holds.part,
        elsewhere=found.elsewhere,
        since_first=wait.since.earliest.isoformat() if wait else "",
        since_last=wait.since.latest.isoformat() if wait else "",
        recommended=wait is not None and wait.recommended,
        years_low=round(here.days_low / YEAR, 2) if here else None,
        years_high=round(here.days_high / YEAR, 2) if here else None,
        people_low=_rounded(here.person_years_low) if here else None,
        people_high=_rounded(here.person_years_high) if here else None,
    )


def _longest_first(lines: list[_Found]) -> list[_Found]:
    """Methods that come by name, by the day from which they are waited for."""
    return sorted(lines, key=lambda one: one.access.wait.since.latest if one.access.wait else date.max)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
