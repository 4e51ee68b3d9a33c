"""The start page: what this is, and the state of the nation in numbers, with what is unknown."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from pyoxigraph import NamedNode

from phkg.views.method import StateCount
from phkg.views.reader import Link, Reader, Text
from phkg.views.site import DESCRIPTION, Kind
from phkg.views.standings import Standings
from phkg.vocabulary import ph


@dataclass(frozen=True)
class KindCount:
    """A kind of record and how many there are; `path` is its list."""

    label: Text
    count: int
    path: str


@dataclass(frozen=True)
class HomePage:
    """The registry at a glance. `pairs` is methods × regions; `counts` says how many have which state."""

    title: Text
    description: Text | None
    kinds: tuple[KindCount, ...]
    regions: tuple[Link, ...]
    pairs: int
    counts: tuple[StateCount, ...]
    contradictions: int
    statements: int


def home_page(reader: Reader, methods_kind: Kind | None, table: Standings) -> HomePage:
    """The start page."""
    graph, site = reader.graph, reader.site
    methods = site.records(methods_kind) if methods_kind else []
    states: Counter[NamedNode] = Counter()
    contradictions = 0
    for standing in table.standing.values():
        state = graph.object(standing, ph.state)
        if isinstance(state, NamedNode):
            states[state] += 1
        contradictions += graph.is_true(standing, ph.contradiction)
    pairs = len(methods) * len(site.regions)
    counts = [StateCount(concept, states[NamedNode(concept.iri)]) for concept in reader.concepts(ph.State)]
    return HomePage(
        title=reader.label(site.registry),
        description=reader.text(site.registry, DESCRIPTION),
        kinds=tuple(
            KindCount(reader.text(kind.iri, ph.plural) or reader.label(kind.iri), len(records), path)
            for kind in site.kinds
            if (records := site.records(kind)) and (path := reader.kind_path(kind.folder))
        ),
        regions=tuple(reader.link(region) for region in site.regions),
        pairs=pairs,
        counts=(*(count for count in counts if count.regions), StateCount(None, pairs - sum(states.values()))),
        contradictions=contradictions,
        statements=sum(len(found) for found in table.statements.values()),
    )
