"""Two states of a registry, given as files, compared in meaning; what both have alike is read only once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from pyoxigraph import NamedNode, Quad, Triple

from phkg.graph.bounds import FactFault
from phkg.graph.changes import Changes, compare
from phkg.graph.consequences import Consequences, consequences
from phkg.graph.inputs import InputFile, parse_inputs

Triples = Sequence[Quad | Triple]


@dataclass(frozen=True)
class Compared:
    """What changed and what follows. Where a graph is so broken that nothing can be derived, `fault` says why instead."""

    changes: Changes
    follows: Consequences | None
    fault: str = ""

    def about(self, record: str, near: Iterable[str] = ()) -> Compared:
        """Only what says something of one record, by its IRI: the record with its parts, what links to it or to what is `near`, and what follows for it."""
        own, linked, standings = self._places
        records = sorted({*own.get(record, ()), *(place for one in (record, *near) for place in linked.get(one, ()))})
        follows = self.follows and replace(
            self.follows,
            standings=tuple(self.follows.standings[place] for place in standings.get(record, ())),
            coverages=tuple(one for one in self.follows.coverages if one.method == record),
            unsupported=(),
        )
        return Compared(replace(self.changes, records=tuple(self.changes.records[place] for place in records)), follows, self.fault)

    @cached_property
    def _places(self) -> tuple[Mapping[str, list[int]], Mapping[str, list[int]], Mapping[str, list[int]]]:
        """Which changes are of a record or its parts, which of something that links to it, and which standings are of it, by their numbers: every page asks."""
        own, linked, standings = defaultdict[str, list[int]](list), defaultdict[str, list[int]](list), defaultdict[str, list[int]](list)
        for place, change in enumerate(self.changes.records):
            for iri in {whole for one in (change.subject, change.was) for whole in _wholes(one)}:
                own[iri].append(place)
            for iri in {value.value for _, value in change.before | change.after if isinstance(value, NamedNode)}:
                linked[iri].append(place)
        for place, one in enumerate(self.follows.standings if self.follows else ()):
            for iri in {one.method, one.region}:
                standings[iri].append(place)
        return own, linked, standings


def _wholes(iri: str) -> Iterator[str]:
    """An IRI and those that it is a part of."""
    while iri:
        yield iri
        iri = iri.rpartition("/")[0]


@dataclass(frozen=True)
class Graphs:
    """Two graphs: what only the one or the other has, and what both have."""

    base: Triples
    head: Triples
    common: Triples

    def compare(self, on: date) -> Compared:
        """What changed, and what follows from it on a day."""
        changes = compare(self.base, self.head, self.common)
        try:
            return Compared(changes, consequences([*self.common, *self.base], [*self.common, *self.head], changes, on))
        except FactFault as fault:
            return Compared(changes, None, f"{fault.subject}: {fault}" if fault.subject else str(fault))


def graphs_of(base: Sequence[InputFile], head: Sequence[InputFile]) -> Graphs:
    """The graphs of two states. Raises CompileFault with every file that cannot be read."""
    both = set(base) & set(head)
    return Graphs(
        parse_inputs([file for file in base if file not in both]),
        parse_inputs([file for file in head if file not in both]),
        parse_inputs(sorted(both, key=lambda file: file.name)),
    )
