"""All standings of a snapshot at once: the table of methods and regions that several pages are made of."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from pyoxigraph import NamedNode

from phkg.views.reader import Reader
from phkg.views.site import REPLACED_BY, TYPE
from phkg.views.statements import is_part, region_of
from phkg.vocabulary import ph


@dataclass(frozen=True)
class Standings:
    """Derived standings and the statements behind them, by (method, place).

    `replaced` are statements that have a successor; they are history only.
    """

    standing: dict[tuple[NamedNode, NamedNode], NamedNode]
    statements: dict[tuple[NamedNode, NamedNode], list[NamedNode]]
    replaced: dict[tuple[NamedNode, NamedNode], list[NamedNode]]


def read_standings(reader: Reader) -> Standings:
    """Two bulk reads: every derived standing, and every statement with the region that it is about."""
    graph = reader.graph
    methods = dict(graph.pairs(ph.method))
    places = dict(graph.pairs(ph.place))
    standing = {
        (methods[iri], places[iri]): iri
        for iri in graph.subjects(TYPE, ph.Standing)
        if iri in methods and iri in places
    }
    statements: dict[tuple[NamedNode, NamedNode], list[NamedNode]] = defaultdict(list)
    replaced: dict[tuple[NamedNode, NamedNode], list[NamedNode]] = defaultdict(list)
    for iri in graph.subjects(TYPE, ph.ImplementationStatement):
        region = region_of(reader, iri)
        if region is not None and iri in methods:
            words = statements if graph.object(iri, REPLACED_BY) is None else replaced
            words[methods[iri], region].append(iri)
    return Standings(standing, dict(statements), dict(replaced))


def gives_access(reader: Reader, standing: NamedNode | None) -> bool:
    """Whether a standing gives access to all whom the method is meant for, as ph:regionsWithAccess counts it.

    A part of them is not the whole: coverage counts it as possible, not as sure.
    """
    return _state_gives_access(reader, standing) and not is_part(reader, standing)


def gives_access_to_a_part(reader: Reader, standing: NamedNode | None) -> bool:
    """Whether a standing gives access to only a part of those whom the method is meant for."""
    return _state_gives_access(reader, standing) and is_part(reader, standing)


def _state_gives_access(reader: Reader, standing: NamedNode | None) -> bool:
    state = reader.graph.object(standing, ph.state) if standing else None
    return isinstance(state, NamedNode) and reader.graph.is_true(state, ph.givesAccess)
