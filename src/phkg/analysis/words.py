"""What a standing is worked out from: the words of the sources and where the places lie, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from phkg.analysis.dates import Bounds

LAST = 1_000_000
"""The rank of what has no rank: after everything that has one."""


@dataclass(frozen=True)
class Statement:
    """One source's word on one method in one place.

    `place` is a place or an organisation. `state` is None where the kind of statement says none; `makes_state` tells whether its
    kind says what is (and not only what may be done). `is_intention`: the state is only a plan. `is_underway`: something is done
    there in that state. `is_withheld`: the state is known to the source and not told. `word` is the date of the word; `since`, `until` and `planned_start` are what it says. Ranks: 1 wins.
    `counts_for`: regions for which the word of an organisation holds. `holds_in_all`: a wider place's word says that it holds in
    every region within. `extent` is whatever names the part or the whole of the group meant.
    """

    id: str
    method: str
    place: str
    state: str | None
    makes_state: bool = True
    is_intention: bool = False
    is_underway: bool = True
    is_withheld: bool = False
    since: Bounds | None = None
    until: Bounds | None = None
    planned_start: Bounds | None = None
    word: Bounds | None = None
    confidence_rank: int = LAST
    source_rank: int = LAST
    extent: str | None = None
    extent_is_part: bool = False
    counts_for: frozenset[str] = frozenset()
    holds_in_all: bool = False

    @property
    def said(self) -> Bounds | None:
        """When it was said; a word without date is taken as said when what it tells of began."""
        return self.word or self.since


@dataclass(frozen=True)
class Places:
    """Where places and organisations lie. `within`: place → the places that contain it directly; `located`: organisation → regions."""

    within: Mapping[str, frozenset[str]]
    located: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def _known(self) -> dict[str, dict[str, int]]:
        """The levels worked out so far, by place: they are asked for once per word."""
        return {}

    def levels(self, place: str) -> dict[str, int]:
        """The place itself (0) and every place that contains it, each with the length of the longest chain that leads to it.

        The longest and not the shortest: where a region is said to lie both in a part of the country and in the country, the part
        is still the nearer one. A chain that bites its own tail ends where it would begin again.
        """
        if place in self._known:
            return self._known[place]
        found = self._known[place] = {}

        def climb(at: str, chain: tuple[str, ...]) -> None:
            if found.get(at, -1) < len(chain):
                found[at] = len(chain)
            for wider in self.within.get(at, ()):
                if wider not in chain and wider != at:
                    climb(wider, (*chain, at))

        climb(place, ())
        return found


def in_play(statement: Statement, on: date) -> bool:
    """Whether the word counts on that day: rules 1–4 of `phkg.analysis.standing`."""
    if statement.until is not None and statement.until.latest < on:
        return False
    said_by_then = statement.word is not None and statement.word.earliest <= on
    if statement.since is None:
        return said_by_then or statement.word is None
    return statement.since.latest <= on or (said_by_then and statement.since.earliest <= on)


def undated(statement: Statement) -> bool:
    """Whether neither a start nor the date of the word is known."""
    return statement.said is None


def overdue(statement: Statement, on: date) -> bool:
    """Whether it is a plan whose last possible day has passed."""
    return statement.is_intention and statement.planned_start is not None and statement.planned_start.latest < on


def began_by(statement: Statement) -> date | None:
    """The last day by which its state had begun, as far as the word goes; None for an undated word.

    A word that was said when its state had begun bounds the start from above, and so does a stated start. A word older than the
    start that it tells of was said in advance, and only the start counts.
    """
    since, word = statement.since, statement.word
    if since is None:
        return word.latest if word else None
    if word is None or word.latest < since.earliest:
        return since.latest
    return min(since.latest, word.latest)


def supersedes(later: Statement, earlier: Statement) -> bool:
    """Whether `later` tells of another state that provably began after the state of `earlier` had: progress, not contradiction.

    No two words can supersede each other, nor any number of them in a ring: along a chain the first possible start only grows.
    """
    end = began_by(earlier)
    return later.state != earlier.state and later.since is not None and end is not None and later.since.earliest > end
