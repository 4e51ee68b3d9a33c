"""The start page: what this is, and the state of the nation in numbers, with what is unknown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode

from phkg.views.ages import Ages, ages
from phkg.views.change_list import ChangeEntry, in_short
from phkg.views.counts import StateCount, fullest_first
from phkg.views.reader import Link, Reader, Text
from phkg.views.site import DESCRIPTION, Kind
from phkg.views.standings import Standings
from phkg.views.statements import StandingLine, standing_line
from phkg.vocabulary import ph

LATEST = 6
"""How many of the latest words are shown."""


@dataclass(frozen=True)
class KindCount:
    """A kind of record and how many there are; `path` is its list."""

    iri: str
    label: Text
    count: int
    path: str


@dataclass(frozen=True)
class RegionLink:
    """A region with its short name, for the map and the list beside it."""

    place: Link
    short_name: Text


@dataclass(frozen=True)
class HomePage:
    """The registry at a glance. `pairs` is methods × regions; `counts` says how many have which state, `known` how many have any,
    `unknown_share` (0 to 1) which share has none; None when there are no questions.

    `latest` are the standings with the newest words, `changes` the last changes of the registry, in short.
    """

    title: Text
    description: Text | None
    kinds: tuple[KindCount, ...]
    regions: tuple[RegionLink, ...]
    methods: int
    pairs: int
    known: int
    unknown_share: float | None
    counts: tuple[StateCount, ...]
    contradictions: int
    statements: int
    latest: tuple[StandingLine, ...]
    changes: tuple[ChangeEntry, ...]
    ages: Ages


def with_changes(page: HomePage, changes: Iterable[ChangeEntry]) -> HomePage:
    """The start page with the last changes of the registry, as far as they are known."""
    return replace(page, changes=tuple(in_short(entry) for entry in changes))


def home_page(reader: Reader, methods_kind: Kind | None, table: Standings) -> HomePage:
    """The start page, without changes."""
    site = reader.site
    methods = site.records(methods_kind) if methods_kind else ()
    held = [table.holds[standing] for standing in table.standing.values()]
    states = Counter(one.state for one in held if one.state)
    places = len(methods) * len(site.regions)
    pairs, known = places - sum(not one.applies for one in held), sum(one.known for one in held)
    parts = Counter(one.state for one in held if one.part)
    counts = [
        StateCount(concept, states[NamedNode(concept.iri)], parts[NamedNode(concept.iri)])
        for concept in sorted(reader.concepts(ph.State), key=fullest_first, reverse=True)
    ]
    return HomePage(
        title=reader.label(site.registry),
        description=reader.text(site.registry, DESCRIPTION),
        kinds=tuple(
            KindCount(kind.iri.value, reader.text(kind.iri, ph.plural) or reader.label(kind.iri), len(records), path)
            for kind in site.kinds
            if (records := site.records(kind)) and (path := reader.kind_path(kind.folder))
        ),
        regions=tuple(RegionLink(reader.link(region), reader.short_name(region)) for region in site.regions),
        methods=len(methods),
        pairs=pairs,
        known=known,
        unknown_share=(pairs - known) / pairs if pairs else None,
        counts=(*(count for count in counts if count.regions), StateCount(None, places - sum(states.values()))),
        contradictions=sum(one.contradiction for one in held),
        statements=sum(len(found) for found in table.statements.values()),
        changes=(),
        latest=_latest(reader, table),
        ages=ages(one.word_date for one in held),
    )


def _latest(reader: Reader, table: Standings) -> tuple[StandingLine, ...]:
    """The standings with the newest words, one a method, so that a word for the whole nation does not fill the list."""
    newest: dict[NamedNode, tuple[str, str, tuple[NamedNode, NamedNode]]] = {}
    for pair, standing in table.standing.items():
        key = (table.holds[standing].word_date, standing.value, pair)
        newest[pair[0]] = max(newest.get(pair[0], key), key, key=lambda one: one[:2])
    dated = sorted((one for one in newest.values() if one[0]), key=lambda one: one[:2], reverse=True)
    return tuple(
        standing_line(reader, region, method, table.standing[method, region], table.statements.get((method, region), []))
        for _, _, (method, region) in dated[:LATEST]
    )
