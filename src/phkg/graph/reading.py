"""What is read of a graph while something is made of it, so that it need not be made again until one of these things changes.

A look-up is known by its pattern: subject, property and value, each given or open. A triple that comes or goes can only change the answers
of the eight patterns that it matches, so nothing needs to be asked again to know what has to be made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import product
from typing import Any, Generic, TypeVar
from zlib import crc32

from pyoxigraph import Literal, NamedNode, Quad, QuerySolution, Triple

from phkg.graph.snapshot import Triples
from phkg.validation.patterns import properties

Key = TypeVar("Key")
Value = TypeVar("Value")
Term = NamedNode | Literal
Pattern = tuple[NamedNode | None, NamedNode | None, Term | None]
ALL: Pattern = (None, None, None)
VERSION = "version"
"""The name under which is noted that the version of all data has been read."""
STATE_BYTES = 8


class Watched:
    """A store that notes what is read of it, as numbers of 32 bits; two patterns with the same number only cost work."""

    def __init__(self, store: Triples) -> None:
        self._store = store
        self._numbers: dict[Any, int] = {}
        self._reading: list[set[int]] = []
        self._tables: list[list[Table]] = []
        self.apart: dict[str, Apart] = {}

    def __iter__(self) -> Iterator[Quad]:
        self.note((self.number(ALL),))
        return iter(self._store)

    def quads_for_pattern(self, subject: NamedNode | None, predicate: NamedNode | None, object: NamedNode | Literal | None, graph_name: None) -> Iterator[Quad]:
        """Every triple with this subject, property and value; None stands for any."""
        if self._reading:
            self._reading[-1].add(self.number((subject, predicate, object)))
        return self._store.quads_for_pattern(subject, predicate, object, graph_name)

    def in_language(self, subject: NamedNode, predicate: NamedNode, languages: Iterable[str]) -> list[Term]:
        """The values of a property in the first of some languages in which there are any, else all; nothing has been read of the languages behind that one."""
        values = [quad.object for quad in self._store.quads_for_pattern(subject, predicate, None, None)]
        for language in languages:
            self.note((self.number(_in_language(subject, predicate, language)),))
            found = [value for value in values if isinstance(value, Literal) and value.language == language]
            if found:
                return found
        self.note((self.number((subject, predicate, None)),))
        return values

    def query(self, query: str) -> Iterable[QuerySolution]:
        """The rows of a SELECT query, which has read the properties that stand in it, or where that is not sure anything."""
        read = properties(query)
        self.note((self.number(ALL),) if read is None else [self.number((None, NamedNode(one[1:-1]), None)) for one in read])
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

    def table(self, name: str, found: dict[Key, Value]) -> Table[Key, Value]:
        """What has been found, as a table of which each reader notes the parts that it looks at."""
        made = Table(self, name, found)
        self._tables[-1].append(made)
        return made

    def make_apart(self, name: str, make: Callable[[], Value]) -> Value:
        """What is made of tables. Whoever reads around it has not read what these were made of, only the parts that it looks at."""
        around, self._reading = self._reading, [set()]
        self._tables.append([])
        try:
            value = make()
            self.apart[name] = Apart(frozenset(self._reading[0]), tuple(self._tables[-1]))
        finally:
            self._tables.pop()
            self._reading = around
        return value


class Table(Mapping[Key, Value]):
    """What has been worked out for many pages, of which each looks at some parts: a page follows from the values of these, not from all
    that was read to work out the whole. The values are told apart by their `repr`, so they hold nothing without an order."""

    def __init__(self, watched: Watched, name: str, found: dict[Key, Value]) -> None:
        self._watched = watched
        self._name = name
        self._found = found
        self._numbers = {key: self._number(key) for key in found}

    def __getitem__(self, key: Key) -> Value:
        self._note(key)
        return self._found[key]

    def get(self, key: Key, default: Any = None) -> Any:
        """The value of a key; that there is none is read as well."""
        self._note(key)
        return self._found.get(key, default)

    def __contains__(self, key: object) -> bool:
        self._note(key)
        return key in self._found

    def __iter__(self) -> Iterator[Key]:
        self._watched.note((number_of(self._name),))
        return iter(self._found)

    def __len__(self) -> int:
        self._watched.note((number_of(self._name),))
        return len(self._found)

    def states(self) -> dict[int, int]:
        """What stands for the value of each part, by its number; of two parts with the same number for both."""
        states, told = {number_of(self._name): _state(list(self._found), 0, {})}, dict[int, str]()
        for key, value in self._found.items():
            number = self._numbers[key]
            states[number] = _state(value, states.get(number, 0), told)
        return states

    def _note(self, key: object) -> None:
        number = self._numbers.get(key)  # type: ignore[call-overload]
        self._watched.note((self._number(key) if number is None else number,))

    def _number(self, key: object) -> int:
        return number_of(f"{self._name} {key!r}")


@dataclass(frozen=True)
class Apart:
    """What tables were made of, and the tables."""

    read: frozenset[int]
    tables: tuple[Table, ...]

    def states(self) -> dict[int, int]:
        """What stands for the values of all parts, by their numbers."""
        found: dict[int, int] = {}
        for table in self.tables:
            for number, state in table.states().items():
                found[number] = _state(state, found[number], {}) if number in found else state
        return found


def _state(value: object, before: int, told: dict[int, str]) -> int:
    data = value if isinstance(value, bytes) else _told(value, told).encode()
    return int.from_bytes(blake2b(data, digest_size=STATE_BYTES, salt=before.to_bytes(STATE_BYTES, "big")).digest(), "big")


def _told(value: object, told: dict[int, str]) -> str:
    """A value as its `repr` tells it, but that each data class is told once: the same links stand in thousands of rows. `told` holds these by
    their identity, so they have to live as long as it does."""
    kind = type(value)
    if kind is tuple:
        return f"({','.join([_told(one, told) for one in value])})"  # type: ignore[attr-defined]
    names = _names_of(kind)
    if not names:
        return repr(value)
    found = told.get(id(value))
    if found is None:
        found = told[id(value)] = f"{kind.__qualname__}({','.join([_told(getattr(value, name), told) for name in names])})"
    return found


@lru_cache(None)
def _names_of(kind: type) -> tuple[str, ...]:
    """The fields of a data class; none for any other."""
    return tuple(one.name for one in fields(kind)) if is_dataclass(kind) else ()


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

    def apart(self, name: str, make: Callable[[], Value]) -> Value:
        """What is made of tables (`Graph.table`), once. Whoever gets it has read nothing yet: the tables note what is looked at."""
        found = self._found.get(name)
        if found is None:
            value = self._watched.make_apart(name, make) if self._watched else make()
            found = self._found[name] = value, frozenset()
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
    """The numbers of all patterns whose answers may be others when these triples come or go, and of their subjects' texts in their languages."""
    found: set[int] = set()
    for triple in triples:
        subject, predicate, value = triple.subject, triple.predicate, triple.object
        found |= {number_of(pattern) for pattern in product((subject, None), (predicate, None), (value, None))}
        if isinstance(value, Literal) and value.language:
            found.add(number_of(_in_language(subject, predicate, value.language)))
    return found


def _in_language(subject: NamedNode, predicate: NamedNode, language: str) -> str:
    return f"{subject}\n{predicate}\n@{language}"
