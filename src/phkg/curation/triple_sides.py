"""The graph before and after a change of a few files, for walking along properties: a loaded snapshot, and what the change takes from it and adds to it.

Nodes are terms in N-Triples. What is said of a subject is read from the snapshot's file, where every literal is as it was written; who points at a node
is asked of the store, which takes "01" and "1" for the same number, so both sides are asked by what the store takes them for.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Store

from phkg.graph.facts import TYPE
from phkg.validation.patterns import NotSure, Step, roughly
from phkg.validation.results import term
from phkg.vocabulary import ph

Line = tuple[str, str, str]
DERIVED = frozenset({str(ph.Standing), str(ph.Coverage)})
"""Classes of what only the program says."""
BOUNDS = frozenset(map(str, ph.DATE_BOUNDS))
"""What the program adds to records."""
_TYPE = str(TYPE)


class SnapshotFile:
    """What a snapshot says of a subject, found in its sorted file by halving; without what is derived."""

    def __init__(self, path: Path) -> None:
        """Raises OSError when there is no such file, ValueError when it is empty."""
        self._stream = path.open("rb")
        self._data = mmap.mmap(self._stream.fileno(), 0, access=mmap.ACCESS_READ)

    def close(self) -> None:
        """Give the file back."""
        self._data.close()
        self._stream.close()

    def subjects(self, beginning: str) -> set[str]:
        """Every subject whose IRI begins so."""
        return {line.split(b" ", 1)[0].decode() for line in self.lines(f"<{beginning}".encode())}

    def lines(self, beginning: bytes) -> list[bytes]:
        """Every line that begins so, what is derived among them."""
        after = self._first(beginning[:-1] + bytes([beginning[-1] + 1]))
        return self._data[self._first(beginning) : after].split(b"\n")[:-1]

    def about(self, subject: str) -> list[Line]:
        """Every triple of a subject."""
        wanted = f"{subject} ".encode()
        at = self._first(wanted)
        found = []
        while at < len(self._data):
            end = self._data.find(b"\n", at)
            line = self._data[at:end]
            if not line.startswith(wanted):
                break
            one, predicate, value = line[:-2].decode().split(" ", 2)
            found.append((one, predicate, value))
            at = end + 1
        if any(predicate == _TYPE and value in DERIVED for _, predicate, value in found):
            return []
        return [triple for triple in found if triple[1] not in BOUNDS]

    def _first(self, wanted: bytes) -> int:
        """Where the first line begins that is not before `wanted`."""
        low, high = 0, len(self._data)
        while low < high:
            start = self._data.rfind(b"\n", 0, (low + high) // 2) + 1
            end = self._data.find(b"\n", start)
            if self._data[start:end] < wanted:
                low = end + 1
            else:
                high = start
        return low


class Work:
    """How many triples a search may still read."""

    def __init__(self, most: int) -> None:
        self._left = most

    def spend(self, count: int) -> None:
        """Raises NotSure when that is more than is left."""
        self._left -= count
        if self._left < 0:
            raise NotSure("the change affects too much to look at piece by piece")


class Side:
    """A graph: a snapshot, less some triples, and some more; reading it is paid for in `work`, by whose end it raises NotSure."""

    def __init__(self, file: SnapshotFile, store: Store, work: Work, removed: Iterable[Line] = (), added: Iterable[Line] = ()) -> None:
        self.work = work
        self._file = file
        self._store = store
        self._removed = frozenset(removed)
        self._of: dict[str, list[Line]] = {}
        self._at: dict[str, list[Line]] = {}
        for triple in added:
            self._of.setdefault(triple[0], []).append(triple)
            self._at.setdefault(_taken_for(triple[2]), []).append(triple)
        self.about = cache(self._about)
        self._pointing = cache(self._pointing_at)

    def _about(self, subject: str) -> tuple[Line, ...]:
        """Every triple of a subject."""
        found = [triple for triple in self._file.about(subject) if triple not in self._removed]
        self.work.spend(1 + len(found))
        return tuple(dict.fromkeys([*found, *self._of.get(subject, ())]))

    def step(self, node: str, step: Step) -> list[Line]:
        """The triples that lead over a step from a node."""
        if step.forward:
            return [] if node.startswith('"') else [triple for triple in self.about(node) if step.predicate in (None, triple[1])]
        return list(self._pointing(node, step.predicate))

    def _pointing_at(self, node: str, predicate: str | None) -> tuple[Line, ...]:
        asked = None if predicate is None else NamedNode(predicate[1:-1])
        same = _taken_for(node)
        subjects = {triple[0] for triple in self._at.get(same, ())}
        for quad in self._store.quads_for_pattern(None, asked, term(node), None):
            self.work.spend(1)
            subjects.add(str(quad.subject))
        lines = (triple for subject in subjects for triple in self.about(subject))
        return tuple(triple for triple in lines if predicate in (None, triple[1]) and (triple[2] == node or _taken_for(triple[2]) == same))

    def types(self, node: str) -> frozenset[str]:
        """The classes of a node, as they stand."""
        return frozenset(value for _, predicate, value in self.about(node) if predicate == _TYPE)


def walk(side: Side, nodes: Iterable[str], step: Step) -> tuple[set[str], set[Line]]:
    """The nodes that a step leads to, and the triples that it goes over."""
    reached, over = set(), set()
    waiting, seen = list(nodes), set()
    if step.many:
        reached |= set(waiting)
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        led = side.step(node, step)
        side.work.spend(1 + len(led))
        for triple in led:
            over.add(triple)
            other = triple[2] if step.forward else triple[0]
            reached.add(other)
            if step.many:
                waiting.append(other)
    return reached, over


def fan_of(store: Store) -> Callable[[Step], float]:
    """How many subjects point to the value of a triple taken by chance by the same property, counted once for each property that is asked for.

    Forwards, where records have few values, it is the rough one.
    """

    @cache
    def counted(predicate: str) -> float:
        query = f"SELECT (SUM(?n) AS ?all) (SUM(?n * ?n) AS ?led) {{ SELECT ?o (COUNT(?s) AS ?n) {{ ?s {predicate} ?o }} GROUP BY ?o }}"
        whole, led = (float(value.value) if value is not None else 0.0 for value in next(iter(store.query(query))))
        return max(1.0, led / whole) if whole else 1.0

    def fan(step: Step) -> float:
        if step.forward or step.predicate is None:
            return roughly(step)
        # How far a repeated step leads is not counted; it is at least as dear as ten of its kind.
        return counted(step.predicate) * (10 if step.many else 1)

    return fan


def lines_of(triples: Iterable[Quad]) -> Iterator[Line]:
    """Triples as terms in N-Triples."""
    for triple in triples:
        yield str(triple.subject), str(triple.predicate), str(triple.object)


@cache
def _taken_for(node: str) -> str:
    """What the store takes a term for: numbers that are the same number are one."""
    if not node.startswith('"') or '"^^<' not in node:
        return node
    store = Store()
    store.add(Quad(TYPE, TYPE, term(node)))
    return next(str(quad.object) for quad in store)
