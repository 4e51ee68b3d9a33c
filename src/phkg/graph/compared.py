"""Two states of a registry, given as files, compared in meaning; what both have alike is read only once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pyoxigraph import Quad, Triple

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
