"""What follows from a change: standings, coverages, contradictions, and statements that nothing current supports any more."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from pyoxigraph import NamedNode, Quad, Triple

from phkg.analysis.standing import Standing, standings
from phkg.graph.changes import Changes, renamed
from phkg.graph.derive import method_coverage
from phkg.graph.facts import READ, RETIRED, TYPE, gather
from phkg.vocabulary import ph

Triples = Collection[Quad | Triple]


@dataclass(frozen=True)
class Held:
    """A standing as far as a change of it is told: the state, whether only for a part of the group, and the statements' IRIs."""

    state: str
    part: bool
    rests_on: tuple[str, ...]
    disagrees: tuple[str, ...]


@dataclass(frozen=True)
class StandingChange:
    """A method in a region before and after; None is silence. `contradiction`: `made`, `settled` or empty."""

    method: str
    region: str
    before: Held | None
    after: Held | None

    @property
    def is_other(self) -> bool:
        """Whether another state holds, or the same for another part of the group."""
        one, other = ((held.state, held.part) if held else None for held in (self.before, self.after))
        return one != other

    @property
    def contradiction(self) -> str:
        """Whether sources have come to contradict each other here (`made`) or do so no longer (`settled`)."""
        was, is_now = (bool(held and held.disagrees) for held in (self.before, self.after))
        return "" if was == is_now else "made" if is_now else "settled"


@dataclass(frozen=True)
class Share:
    """A coverage: the least and greatest share (0–1), and how many regions are silent of all."""

    low: float
    high: float
    unknown: int
    regions: int


@dataclass(frozen=True)
class CoverageChange:
    """The coverage of a method before and after; None where the registry had, or has, no such method."""

    method: str
    before: Share | None
    after: Share | None


@dataclass(frozen=True)
class Consequences:
    """What follows on one day. `unsupported` are records whose sources are all gone or retired."""

    on: date
    standings: tuple[StandingChange, ...] = ()
    coverages: tuple[CoverageChange, ...] = ()
    unsupported: tuple[str, ...] = ()


def consequences(base: Triples, head: Triples, changes: Changes, on: date) -> Consequences:
    """What follows from the changes between two whole graphs, by the same day before and after.

    Raises FactFault where one of the graphs is not what it should be. A graph in which no registry describes itself has no standings.
    """
    touched = {predicate for change in changes.records for predicate, _ in change.before ^ change.after}
    if not touched & READ:
        # Standings, coverages and sources follow from these properties alone.
        return Consequences(on)
    before = renamed(base, changes.moved) if changes.moved else base
    held_before, shares_before = _derived(before, on)
    held_after, shares_after = _derived(head, on)
    pairs = sorted(held_before.keys() | held_after.keys())
    found = (StandingChange(*pair, held_before.get(pair), held_after.get(pair)) for pair in pairs)
    methods = sorted(shares_before.keys() | shares_after.keys())
    shares = (CoverageChange(method, shares_before.get(method), shares_after.get(method)) for method in methods)
    return Consequences(
        on,
        tuple(change for change in found if change.is_other or change.contradiction),
        tuple(share for share in shares if share.before != share.after),
        tuple(sorted(_unsupported(head) - _unsupported(before))),
    )


def _derived(triples: Triples, on: date) -> tuple[dict[tuple[str, str], Held], dict[str, Share]]:
    if not any(triple.object == ph.Registry and triple.predicate == TYPE for triple in triples):
        return {}, {}
    facts = gather(triples)
    found = standings(facts.statements, facts.regions, facts.places, on)
    shares = {}
    for method in facts.methods:
        share = method_coverage(method, found, facts)
        shares[method] = Share(float(share.low), float(share.high), share.unknown, share.regions)
    return {pair: _held(standing) for pair, standing in found.items()}, shares


def _held(standing: Standing) -> Held:
    return Held(standing.state, standing.is_part, standing.rests_on, standing.disagrees)


def _unsupported(triples: Iterable[Quad | Triple]) -> set[str]:
    """The records that name sources of which every one is gone or retired."""
    named: dict[str, set[str]] = {}
    there, retired = set(), set()
    for triple in triples:
        if triple.predicate == ph.statedBy and isinstance(triple.object, NamedNode):
            named.setdefault(triple.subject.value, set()).add(triple.object.value)
        elif triple.predicate == TYPE:
            there.add(triple.subject.value)
        elif triple.predicate in RETIRED:
            retired.add(triple.subject.value)
    current = there - retired
    return {record for record, sources in named.items() if record not in retired and not sources & current}
