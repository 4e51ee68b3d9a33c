"""What changed between two graphs, record by record: new, changed, moved, withdrawn. Pure: sets of triples in, changes out.

Files, order and formatting play no part, for a graph is a set. Every triple that came or went belongs to exactly one change.

- A subject that only the later graph describes is **new**.
- A subject that the later graph describes no longer is **withdrawn** and *gone*. One that has been retired (dcterms:isReplacedBy,
  ph:retiredOn) is withdrawn too, and still there for those who have cited it.
- A subject is **moved** when it went and another came that says the same, or when it was withdrawn for a new successor that says at
  least half of what it said. Links to moved subjects are followed first, so that a record which only names another's new
  identifier is no more than a *follower*.
- Every other subject with a triple that came or went is **changed**.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Literal as Choice

from pyoxigraph import Literal, NamedNode, Quad, Triple

from phkg.graph.facts import REPLACED, RETIRED

Term = NamedNode | Literal
Pair = tuple[NamedNode, Term]
Pairs = frozenset[Pair]
Sort = Choice["new", "changed", "moved", "withdrawn"]
NOTHING: Pairs = frozenset()
ALIKE = 0.5
"""How much of two descriptions together must be in both, for a withdrawn record to have moved to its new successor."""


@dataclass(frozen=True)
class RecordChange:
    """What became of one subject, by its IRI (`was`: the one that it had before it moved, else the same).

    `before` and `after` are all that was and is said of it, as (property, value). `left` is what is still said of the former
    identifier of a moved subject. `removed` and `added` are the difference in meaning: links to subjects that moved do not count.
    """

    sort: Sort
    subject: str
    was: str
    before: Pairs
    after: Pairs
    removed: Pairs
    added: Pairs
    left: Pairs = NOTHING

    @property
    def gone(self) -> bool:
        """Whether nothing is said of it any more."""
        return not self.after

    @property
    def follows(self) -> bool:
        """Whether only identifiers that it names have moved."""
        return self.sort == "changed" and not self.removed and not self.added

    @property
    def successor(self) -> str:
        """The IRI of what has replaced it; empty when nothing has."""
        return min((value.value for predicate, value in self.after if predicate == REPLACED), default="")

    def triples(self) -> tuple[frozenset[Triple], frozenset[Triple]]:
        """The triples that went and those that came with this change."""
        old, new = NamedNode(self.was), NamedNode(self.subject)
        if self.was == self.subject:
            gone, come = self.before - self.after, self.after - self.before
            return _triples(new, gone), _triples(new, come)
        return _triples(old, self.before - self.left), _triples(new, self.after) | _triples(old, self.left - self.before)


@dataclass(frozen=True)
class Changes:
    """All changes, by the IRIs of their subjects; `moved` leads from former identifiers to present ones."""

    records: tuple[RecordChange, ...]
    moved: Mapping[str, str]


def compare(base: Iterable[Quad | Triple], head: Iterable[Quad | Triple], common: Iterable[Quad | Triple] = ()) -> Changes:
    """What changed from one graph to the other. `common` are triples that both have besides their own."""
    before, after = _described(base), _described(head)
    for triple in common:
        pair = (triple.predicate, triple.object)
        for graph in (before, after):
            # Of what neither side touches nothing needs to be known.
            if triple.subject in before or triple.subject in after:
                graph.setdefault(triple.subject, set()).add(pair)
    touched = {subject for subject in chain(before, after) if before.get(subject) != after.get(subject)}
    old = {subject.value: frozenset(before.get(subject, ())) for subject in touched}
    new = {subject.value: frozenset(after.get(subject, ())) for subject in touched}
    moved = _moves(old, new)
    arrived = {target: source for source, target in moved.items()}
    records = []
    for subject in sorted(touched, key=lambda one: one.value):
        name = subject.value
        if name in moved:
            continue
        was = arrived.get(name, name)
        said, says = old[was], new[name]
        left = new[was] if was != name else NOTHING
        records.append(record_change("moved" if was != name else _sort(said, says), name, was, said, says, left, moved))
    return Changes(tuple(records), moved)


def record_change(sort: Sort, subject: str, was: str, before: Pairs, after: Pairs, left: Pairs, moved: Mapping[str, str]) -> RecordChange:
    """A change with its difference in meaning, by where identifiers have moved to."""
    told = _renamed(before, moved)
    return RecordChange(sort, subject, was, before, after, told - after, after - told, left)


def renamed(triples: Iterable[Quad | Triple], moved: Mapping[str, str]) -> list[Triple]:
    """A graph in which moved subjects have their present identifiers already."""
    nodes = {NamedNode(old): NamedNode(new) for old, new in moved.items()}
    return [Triple(nodes.get(triple.subject, triple.subject), triple.predicate, nodes.get(triple.object, triple.object)) for triple in triples]


def _described(triples: Iterable[Quad | Triple]) -> dict[NamedNode, set[Pair]]:
    found: dict[NamedNode, set[Pair]] = {}
    for triple in triples:
        found.setdefault(triple.subject, set()).add((triple.predicate, triple.object))
    return found


def _sort(before: Pairs, after: Pairs) -> Sort:
    if not before:
        return "new"
    if not after or (_retired(after) and not _retired(before)):
        return "withdrawn"
    return "changed"


def _moves(old: Mapping[str, Pairs], new: Mapping[str, Pairs]) -> dict[str, str]:
    """Former → present identifier of every subject that moved."""
    moved = dict(_succeeded(old, new))
    gone = [subject for subject, says in new.items() if not says]
    come = [subject for subject, said in old.items() if not said and subject not in moved.values()]
    while True:
        # A subject may only be recognised once those that it links to have been: a part of a moved record names the record.
        waiting: dict[Pairs, list[str]] = {}
        for subject in sorted(come):
            waiting.setdefault(new[subject], []).append(subject)
        found = {}
        for subject in sorted(gone):
            alike = waiting.get(_renamed(old[subject], moved))
            if alike:
                found[subject] = alike.pop(0)
        if not found:
            return moved
        moved |= found
        gone = [subject for subject in gone if subject not in found]
        come = [subject for subject in come if subject not in found.values()]


def _succeeded(old: Mapping[str, Pairs], new: Mapping[str, Pairs]) -> Iterable[tuple[str, str]]:
    """Withdrawn subjects with the new successor to which each has moved."""
    led: dict[str, list[str]] = {}
    for subject, says in new.items():
        for target in _successors(says) - _successors(old[subject]):
            if old.get(target) == NOTHING and new.get(target):
                led.setdefault(target, []).append(subject)
    for target, sources in sorted(led.items()):
        said, says = old[sources[0]], new[target]
        if len(sources) == 1 and len(said & says) >= ALIKE * len(said | says):
            yield sources[0], target


def _retired(pairs: Pairs) -> bool:
    return any(predicate in RETIRED for predicate, _ in pairs)


def _successors(pairs: Pairs) -> set[str]:
    return {value.value for predicate, value in pairs if predicate == REPLACED}


def _renamed(pairs: Pairs, moved: Mapping[str, str]) -> Pairs:
    if not moved:
        return pairs
    return frozenset(
        (predicate, NamedNode(moved[value.value]) if isinstance(value, NamedNode) and value.value in moved else value) for predicate, value in pairs
    )


def _triples(subject: NamedNode, pairs: Pairs) -> frozenset[Triple]:
    return frozenset(Triple(subject, *pair) for pair in pairs)
