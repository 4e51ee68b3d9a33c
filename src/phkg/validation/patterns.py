"""Which triples a SPARQL constraint reads, as chains of steps that begin at $this; for checking only what a change can affect.

A solution of a query binds every triple pattern around the one that a changed triple matches, so $this can be reached from that triple through
those patterns. Whatever the reader is not sure of it refuses.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from phkg.vocabulary.namespaces import RDF

from .query_text import Token, UnknownSign, tokens

TYPE = f"<{RDF}type>"


class NotSure(Exception):
    """What a change can affect cannot be told for sure; says why."""


class Step(NamedTuple):
    """From a node over a property (None: any), forwards or backwards; `many` means any number of times, none included."""

    predicate: str | None
    forward: bool = True
    many: bool = False

    def back(self) -> Step:
        """The same step the other way."""
        return self._replace(forward=not self.forward)


Chain = tuple[Step, ...]
Fan = Callable[[Step], float]
"""How many nodes a step leads to from one node, at least 1, roughly: of two sound ways the cheaper one is taken."""


@dataclass
class _Group:
    triples: list[tuple[str, list[Chain], str]] = field(default_factory=list)
    around: _Group | None = None
    inner: list[_Group] = field(default_factory=list)

    def in_reach(self) -> Iterator[tuple[str, list[Chain], str]]:
        group: _Group | None = self
        while group is not None:
            yield from group.triples
            group = group.around

    def all(self) -> Iterator[_Group]:
        yield self
        for group in self.inner:
            yield from group.all()


class _Reader:
    def __init__(self, query: str) -> None:
        try:
            self.words, self.at = tokens(query), 0
        except UnknownSign as sign:
            raise NotSure(str(sign)) from None
        self.prefixes: dict[str, str] = {}

    def word(self) -> Token | None:
        return self.words[self.at] if self.at < len(self.words) else None

    def text(self) -> str:
        word = self.word()
        return word.text if word else ""

    def take(self, expected: str = "") -> Token:
        word = self.word()
        if word is None or (expected and word.text != expected):
            raise NotSure(f"{expected or 'more'} expected, {word.text if word else 'the end'} found")
        self.at += 1
        return word

    def query(self) -> _Group:
        while self.text() == "PREFIX":
            self.take()
            name, space = self.take().text, self.take().text
            self.prefixes[name] = space[1:-1]
        while self.text() not in ("{", ""):
            if self.text() in ("FROM", "BASE"):
                raise NotSure(f"{self.text()} is used")
            self.take()
        group = self.group(None)
        if any(word.text == "{" for word in self.words[self.at :]):
            raise NotSure("a pattern stands behind the pattern")
        return group

    def group(self, around: _Group | None) -> _Group:
        self.take("{")
        group = _Group(around=around)
        if around is not None:
            around.inner.append(group)
        while self.text() != "}":
            text = self.text()
            if text in ("FILTER", "BIND"):
                self.take()
                self.expression(group)
            elif text in ("OPTIONAL", "MINUS", "UNION"):
                self.take()
                self.group(group)
            elif text == "{":
                self.group(group)
            elif text == ".":
                self.take()
            elif text == "VALUES":
                # Constants, which are not read from any triple.
                while self.take().text != "}":
                    pass
            elif text in ("SELECT", "SERVICE", "GRAPH", ""):
                raise NotSure(f"{text or 'nothing'} stands in a pattern")
            else:
                self.triples(group)
        self.take("}")
        return group

    def expression(self, group: _Group) -> None:
        """Skips an expression but for the patterns in it."""
        depth = 0
        while True:
            text = self.text()
            if text == "EXISTS":
                self.take()
                self.group(group)
                if depth == 0:
                    return
                continue
            self.take()
            depth += {"(": 1, ")": -1}.get(text, 0)
            if depth == 0 and text == ")":
                return

    def triples(self, group: _Group) -> None:
        subject = self.node()
        while True:
            paths = self.path()
            while True:
                group.triples.append((subject, paths, self.node()))
                if self.text() != ",":
                    break
                self.take()
            while self.text() == ";":
                self.take()
                if self.text() in (".", "}", "FILTER", "OPTIONAL", "BIND"):
                    break
            else:
                if self.words[self.at - 1].text != ";":
                    return
            if self.text() in (".", "}", "FILTER", "OPTIONAL", "BIND"):
                return

    def node(self) -> str:
        """A variable with its question mark; of a constant nothing but that it is one."""
        word = self.take()
        if word.kind == "var":
            return word.text
        if word.kind in ("iri", "name", "number") or word.text in ("TRUE", "FALSE"):
            return ""
        if word.kind == "string":
            if self.text() == "^^":
                self.take(), self.take()
            elif (following := self.word()) is not None and following.kind == "lang":
                self.take()
            return ""
        raise NotSure(f"{word.text} stands where a node is expected")

    def path(self) -> list[Chain]:
        word = self.word()
        if word is not None and word.kind == "var":
            self.take()
            return [(Step(None),)]
        found = self.sequence()
        while self.text() == "|":
            self.take()
            found += self.sequence()
        return found

    def sequence(self) -> list[Chain]:
        found = self.element()
        while self.text() == "/":
            self.take()
            following = self.element()
            found = [one + other for one in found for other in following]
        return found

    def element(self) -> list[Chain]:
        back = self.text() == "^"
        if back:
            self.take()
        if self.text() == "(":
            self.take()
            found = self.path()
            self.take(")")
        else:
            found = [(Step(self.iri()),)]
        if self.text() in ("*", "+", "?"):
            self.take()
            if any(len(one) != 1 for one in found) or len(found) != 1:
                raise NotSure("a path of several properties is repeated")
            found = [(found[0][0]._replace(many=True),)]
        return [tuple(step.back() for step in reversed(one)) for one in found] if back else found

    def iri(self) -> str:
        word = self.take()
        if word.text == "A" and word.kind == "word":
            return TYPE
        if word.kind == "iri":
            return word.text
        if word.kind == "name":
            prefix, _, local = word.text.partition(":")
            if f"{prefix}:" in self.prefixes:
                return f"<{self.prefixes[f'{prefix}:']}{local}>"
        raise NotSure(f"{word.text} stands where a property is expected")


def roughly(step: Step) -> float:
    """The fan of a step where no graph is at hand to count it in."""
    if step.predicate == TYPE and not step.forward:
        return 1000
    return (20 if step.predicate is None else 1 if step.forward else 5) * (10 if step.many else 1)


def chains(query: str, fan: Fan = roughly) -> frozenset[Chain]:
    """Every chain of steps from $this to a triple that the query (prefixes in it) reads. Raises NotSure."""
    found: set[Chain] = set()
    for group in _Reader(query).query().all():
        reached = _reached(list(group.in_reach()), fan)
        for subject, paths, value in group.triples:
            for path in paths:
                back = tuple(step.back() for step in reversed(path))
                ways = [(reached[node], steps) for node, steps in ((subject, path), (value, back)) if node in reached]
                if not ways:
                    raise NotSure("a pattern hangs together with $this by no property")
                found |= _beginnings(*min(ways, key=lambda way: _cost((*way[0], *way[1]), fan)))
    return frozenset(found)


def properties(query: str) -> frozenset[str] | None:
    """Every property that a query may read, in angle brackets; None where that may be any."""
    try:
        reader = _Reader(query)
        groups = list(reader.query().all())
    except NotSure:
        return None
    steps = {step for group in groups for _, paths, _ in group.triples for path in paths for step in path}
    return None if any(step.predicate is None for step in steps) else frozenset(str(step.predicate) for step in steps)


def _beginnings(before: Chain, path: Chain) -> set[Chain]:
    return {before + path[:length] for length in range(1, len(path) + 1)}


def _reached(triples: list[tuple[str, list[Chain], str]], fan: Fan) -> dict[str, Chain]:
    """The cheapest way from $this to each variable, by patterns that every solution has."""
    found: dict[str, Chain] = {}
    waiting: list[tuple[tuple[float, int], int, str, Chain]] = [((1, 0), 0, "?this", ())]
    count = 0
    while waiting:
        _, _, node, way = heapq.heappop(waiting)
        if node in found:
            continue
        found[node] = way
        for subject, paths, value in triples:
            if len(paths) != 1:
                continue  # Which of several ways a solution has taken is not known.
            for one, other, path in ((subject, value, paths[0]), (value, subject, tuple(step.back() for step in reversed(paths[0])))):
                if one == node and other and other not in found:
                    count += 1
                    heapq.heappush(waiting, (_cost(way + path, fan), count, other, way + path))
    return found


def _cost(way: Iterable[Step], fan: Fan) -> tuple[float, int]:
    """How many nodes a way leads to from one node; of two that lead to as many the shorter is less."""
    steps = tuple(way)
    return math.prod(map(fan, steps)), len(steps)
