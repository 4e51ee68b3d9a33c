"""All standings of a snapshot at once: the table of methods and regions that several pages are made of."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from pyoxigraph import NamedNode

from phkg.views.reader import Reader
from phkg.views.site import TYPE
from phkg.views.statements import region_of
from phkg.vocabulary import ph


@dataclass(frozen=True)
class Standings:
    """Derived standings and the statements behind them, by (method, place)."""

    standing: dict[tuple[NamedNode, NamedNode], NamedNode]
    statements: dict[tuple[NamedNode, NamedNode], list[NamedNode]]


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
    for iri in graph.subjects(TYPE, ph.ImplementationStatement):
        region = region_of(reader, iri)
        if region is not None and iri in methods:
            statements[methods[iri], region].append(iri)
    return Standings(standing, dict(statements))
