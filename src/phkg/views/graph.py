"""Reading a snapshot's graph: a few plain look-ups, each one pattern, so that a page costs microseconds."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, Store

from phkg.graph.facts import RETIRED
from phkg.graph.reading import ALL, Kept, Term, Watched

NUMBERS = re.compile("[0-9]+")
COLUMNS = re.compile(r"(?m)^SELECT (?:DISTINCT )?(.+)$")
NAME = re.compile(r"\?(\w+)")
KEPT_KEYS = 1 << 16
"""Texts whose sort keys are kept: pages look at the same things again and again."""
RENAMED = re.compile(r"\(.*? AS (\?\w+)\)")


class Graph:
    """Look-ups by one pattern in the default graph of a store. Order is always by the terms' text."""

    def __init__(self, store: Store | _Both) -> None:
        self._store = store

    def with_gone(self, gone: Store) -> Graph:
        """This graph together with what is said of subjects that it knows nothing of."""
        return Graph(_Both(self._store, gone))

    def kept(self) -> Kept[Any]:
        """A place for what is worked out of this graph once."""
        return Kept(self._store)

    def table(self, name: str, found: dict[Any, Any]) -> Mapping[Any, Any]:
        """What has been worked out for many pages, as a table of which is noted what each page looks at. Only within `Kept.apart`."""
        return self._store.table(name, found) if isinstance(self._store, Watched) else found

    def note(self, what: str = "") -> None:
        """Tell who watches this graph that something beside it has been read, by its name; without a name, that all of the graph has."""
        if isinstance(self._store, Watched):
            self._store.note((self._store.number(what or ALL),))

    def solutions(self, query: str) -> Iterator[dict[str, Term]]:
        """The rows of a SELECT query whose columns stand in one line, each with the values that it has by the names of the columns."""
        line = COLUMNS.search(query)
        names = NAME.findall(RENAMED.sub(r"\1", line[1])) if line else []
        for row in self._store.query(query):
            yield {name: value for name, value in zip(names, row, strict=True) if value is not None}

    def objects(self, subject: NamedNode, predicate: NamedNode) -> list[Term]:
        """All values of a property of a subject."""
        found = [quad.object for quad in self._store.quads_for_pattern(subject, predicate, None, None)]
        # Most properties have one value, and its key would cost more than all the rest.
        return sorted(found, key=_order) if len(found) > 1 else found

    def in_language(self, subject: NamedNode, predicate: NamedNode, languages: Sequence[str]) -> list[Term]:
        """All values of a property of a subject, of which whoever watches this graph hears no more than is in the first of some languages."""
        if not isinstance(self._store, Watched):
            return self.objects(subject, predicate)
        return sorted(self._store.in_language(subject, predicate, languages), key=_order)

    def object(self, subject: NamedNode, predicate: NamedNode) -> Term | None:
        """The first value of a property, or None."""
        found = self.objects(subject, predicate)
        return found[0] if found else None

    def subjects(self, predicate: NamedNode, value: Term) -> list[NamedNode]:
        """All subjects that have this value for the property."""
        found = (quad.subject for quad in self._store.quads_for_pattern(None, predicate, value, None))
        return sorted(found, key=_order)

    def having(self, predicate: NamedNode, value: Term) -> Iterator[NamedNode]:
        """All subjects that have this value for the property, in no order."""
        return (quad.subject for quad in self._store.quads_for_pattern(None, predicate, value, None))

    def pairs(self, predicate: NamedNode) -> list[tuple[NamedNode, Term]]:
        """Every (subject, value) of a property."""
        found = ((quad.subject, quad.object) for quad in self._store.quads_for_pattern(None, predicate, None, None))
        return sorted(found, key=lambda pair: (_order(pair[0]), _order(pair[1])))

    def each(self, predicate: NamedNode) -> dict[NamedNode, Term]:
        """The first value of a property for every subject, subjects in no order."""
        found: dict[NamedNode, Term] = {}
        for quad in self._store.quads_for_pattern(None, predicate, None, None):
            # Each look at a part of a triple makes it anew.
            subject, value = quad.subject, quad.object
            known = found.setdefault(subject, value)
            if known is not value and _order(value) < _order(known):
                found[subject] = value
        return found

    def triples(self, predicates: Iterable[NamedNode]) -> Iterator[Quad]:
        """Every triple of some properties, in no order."""
        return chain.from_iterable(self._store.quads_for_pattern(None, predicate, None, None) for predicate in predicates)

    def about(self, subject: NamedNode) -> list[tuple[NamedNode, Term]]:
        """Every (property, value) of a subject."""
        found = ((quad.predicate, quad.object) for quad in self._store.quads_for_pattern(subject, None, None, None))
        return sorted(found, key=lambda pair: (pair[0].value, _order(pair[1])))

    def described(self, subject: NamedNode) -> dict[NamedNode, list[Term]]:
        """All values of each property of a subject, in one look-up; a property that it has not has no values."""
        found: dict[NamedNode, list[Term]] = defaultdict(list)
        for quad in self._store.quads_for_pattern(subject, None, None, None):
            found[quad.predicate].append(quad.object)
        for values in found.values():
            if len(values) > 1:
                values.sort(key=_order)
        return dict(found)

    def pointing_at(self, value: NamedNode, without: Collection[NamedNode] = ()) -> list[tuple[NamedNode, NamedNode]]:
        """Every (subject, property) that has this value, but for the properties `without`."""
        quads, without = self._store.quads_for_pattern(None, None, value, None), frozenset(without)
        found = [(quad.subject, predicate) for quad in quads if (predicate := quad.predicate) not in without]
        return sorted(found, key=lambda pair: (pair[1].value, _order(pair[0])))

    def is_true(self, subject: NamedNode, predicate: NamedNode) -> bool:
        """Whether the property holds the boolean true."""
        value = self.object(subject, predicate)
        return isinstance(value, Literal) and value.value in ("true", "1")

    def is_retired(self, subject: NamedNode) -> bool:
        """Whether something is no longer in use: it has a successor, or was retired without one."""
        return any(self.object(subject, predicate) is not None for predicate in RETIRED)

    def integer(self, subject: NamedNode, predicate: NamedNode) -> int | None:
        """The property's whole number, or None."""
        value = self.object(subject, predicate)
        return int(value.value) if isinstance(value, Literal) else None

    def text(self, subject: NamedNode, predicate: NamedNode) -> str | None:
        """The property's lexical value, or None."""
        value = self.object(subject, predicate)
        return value.value if value is not None else None


class _Both:
    """Two stores that are read as one."""

    def __init__(self, one: Store | _Both, other: Store) -> None:
        self._stores = (one, other)

    def quads_for_pattern(self, *pattern: Term | None) -> Iterator[Quad]:
        return chain.from_iterable(store.quads_for_pattern(*pattern) for store in self._stores)


@lru_cache(KEPT_KEYS)
def natural(text: str) -> str:
    """A sort key in which `…/2` comes before `…/10`."""
    # The end of a text counts as a letter before all others, and a number as one before that.
    return f"{NUMBERS.sub(_by_size, text)}\x01"


def _by_size(number: re.Match[str]) -> str:
    """A number so that numbers stand in their order: how many digits it has, and these."""
    digits = number[0].lstrip("0")
    return f"\0{chr(len(digits))}{digits}"


def _order(term: Term) -> tuple[int, str, str]:
    if isinstance(term, Literal):
        return (1, natural(term.value), term.language or "")
    return (0, natural(term.value), "")
