"""What is read of a graph while something is made of it, so that it need not be made again until one of these things changes.

A look-up is known by its pattern: subject, property and value, each given or open. A triple that comes or goes can only change the answers
of the eight patterns that it matches, so nothing needs to be asked again to know what has to be made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any, Generic, TypeVar
from zlib import crc32

from pyoxigraph import Literal, NamedNode, Quad, QuerySolution, Triple

from phkg.graph.snapshot import Triples

Value = TypeVar("Value")
Pattern = tuple[NamedNode | None, NamedNode | None, NamedNode | Literal | None]
ALL: Pattern = (None, None, None)


class Watched:
    """A store that notes what is read of it, as numbers of 32 bits; two patterns with the same number only cost work."""

    def __init__(self, store: Triples) -> None:
        self._store = store
        self._numbers: dict[Any, int] = {}
        self._reading: list[set[int]] = []

    def __iter__(self) -> Iterator[Quad]:
        self.note((self.number(ALL),))
        return iter(self._store)

    def quads_for_pattern(
        self, subject: NamedNode | None, predicate: NamedNode | None, object: NamedNode | Literal | None, graph_name: None
    ) -> Iterator[Quad]:
        """Every triple with this subject, property and value; None stands for any."""
        if self._reading:
            self._reading[-1].add(self.number((subject, predicate, object)))
        return self._store.quads_for_pattern(subject, predicate, object, graph_name)

    def query(self, query: str) -> Iterable[QuerySolution]:
        """The rows of a SELECT query, which may have read anything."""
        self.note((self.number(ALL),))
        return self._store.query(query)

    def note(self, numbers: Collection[int]) -> None:
        """Something else has been read, or what was made of what had been read before."""
        if self._reading:
            self._reading[-1].update(numbers)

    def number(self, what: Pattern | str) -> int:
        """The number of a pattern, or of something beside the graph that has a name."""
        found = self._numbers.get(what)
        if found is None:
            found = self._numbers[what] = number_of(what)
        return found

    @contextmanager
    def reading(self) -> Iterator[set[int]]:
        """The set fills with what is read in here; whoever reads around it reads that, too."""
        self._reading.append(set())
        try:
            yield self._reading[-1]
        finally:
            read = self._reading.pop()
            if self._reading:
                self._reading[-1] |= read


class Kept(Generic[Value]):
    """What has been worked out of a graph once, by a key. Whoever gets it has read what it was worked out of."""

    def __init__(self, store: object) -> None:
        """`store` is what the graph is read from; only of a watched one is anything noted."""
        self._watched = store if isinstance(store, Watched) else None
        self._found: dict[Any, tuple[Value, frozenset[int]]] = {}

    def get(self, key: object, make: Callable[[], Value]) -> Value:
        """The value under a key, made if need be."""
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._made(make)
        elif self._watched:
            self._watched.note(found[1])
        return found[0]

    def _made(self, make: Callable[[], Value]) -> tuple[Value, frozenset[int]]:
        if self._watched is None:
            return make(), frozenset()
        with self._watched.reading() as read:
            value = make()
        return value, frozenset(read)


def number_of(what: Pattern | str) -> int:
    """The number of a pattern or a name, the same in every process."""
    return crc32((what if isinstance(what, str) else "\n".join(str(term or "") for term in what)).encode())


def touched(triples: Iterable[Triple]) -> Collection[int]:
    """The numbers of all patterns whose answers may be others when these triples come or go."""
    return {
        number_of(pattern)
        for triple in triples
        for pattern in product((triple.subject, None), (triple.predicate, None), (triple.object, None))
    }
