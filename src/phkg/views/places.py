"""The list of places: every region with how far the methods have come in it, and the wider places that regions lie within."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode

from phkg.views.counts import StateCount, fullest_first
from phkg.views.reader import Concept, Link, Reader, Text, sort_key
from phkg.views.records import class_label
from phkg.views.site import DEFINITION, DESCRIPTION, Kind
from phkg.views.standings import Standings
from phkg.vocabulary import ph

ORDERS = ("place", "name", "known", "newest")
"""Orders of the regions: as they lie on the map, by name, by how many methods have a known state, by the newest word."""


@dataclass(frozen=True)
class PlaceLine:
    """A region: of `methods` methods, how many are `known` to have come how far, and how many have which state; `newest` is the date of the newest word."""

    place: Link
    short_name: Text
    within: Link | None
    methods: int
    known: int
    counts: tuple[StateCount, ...]
    newest: str


@dataclass(frozen=True)
class WiderPlace:
    """A place that regions or other places lie within."""

    place: Link
    kind: Text
    description: Text | None
    inside: tuple[Link, ...]


@dataclass(frozen=True)
class PlacesPage:
    """All places of the registry, or those whose names fit; `states` are the columns, the fullest first, those that no region has left out."""

    label: Text
    definition: Text | None
    states: tuple[Concept, ...]
    regions: tuple[PlaceLine, ...]
    wider: tuple[WiderPlace, ...]
    sort: str
    words: str
    total: int


def places_page(reader: Reader, kind: Kind, methods_kind: Kind | None, table: Standings) -> PlacesPage:
    """All places, the regions as they lie on the map."""
    methods = set(reader.site.records(methods_kind)) if methods_kind else set()
    states: dict[NamedNode, Counter[NamedNode]] = {region: Counter() for region in reader.site.regions}
    parts: dict[NamedNode, Counter[NamedNode]] = {region: Counter() for region in reader.site.regions}
    known: Counter[NamedNode] = Counter()
    beside: Counter[NamedNode] = Counter()
    newest: dict[NamedNode, str] = {}
    for (method, region), standing in table.standing.items():
        held = table.holds[standing]
        if method not in methods or region not in states:
            continue
        if held.state is not None:
            states[region][held.state] += 1
            parts[region][held.state] += held.part
        known[region] += held.known
        beside[region] += not held.applies
        newest[region] = max(newest.get(region, ""), held.word_date)
    seen = {NamedNode(concept.iri): concept for concept in sorted(reader.concepts(ph.State), key=fullest_first, reverse=True)}
    seen = {state: concept for state, concept in seen.items() if any(found[state] for found in states.values())}

    def line(region: NamedNode) -> PlaceLine:
        within = reader.graph.object(region, ph.within)
        counts = [StateCount(concept, states[region][state], parts[region][state]) for state, concept in seen.items()]
        return PlaceLine(
            place=reader.link(region),
            short_name=reader.short_name(region),
            within=reader.link(within) if isinstance(within, NamedNode) else None,
            methods=len(methods) - beside[region],
            known=known[region],
            counts=(*counts, StateCount(None, len(methods) - sum(states[region].values()))),
            newest=newest.get(region, ""),
        )

    wider = [place for place in reader.site.records(kind) if place not in states]
    regions = tuple(line(region) for region in reader.site.regions)
    return PlacesPage(
        label=reader.text(kind.iri, ph.plural) or reader.label(kind.iri),
        definition=reader.text(kind.iri, DEFINITION),
        states=tuple(seen.values()),
        regions=regions,
        wider=tuple(sorted((_wider(reader, place) for place in wider), key=lambda one: (len(one.inside), sort_key(one.place.label.value), one.place.iri))),
        sort=ORDERS[0],
        words="",
        total=len(regions) + len(wider),
    )


def narrowed_places(page: PlacesPage, sort: str, words: str, among: set[NamedNode] | None) -> PlacesPage:
    """The page in another of the orders, narrowed to the places `among` those whose names fit the words; None for all."""

    def fits(place: Link) -> bool:
        return among is None or NamedNode(place.iri) in among

    def newest_first(line: PlaceLine) -> tuple[int, ...]:
        return tuple(-ord(letter) for letter in line.newest) or (0,)

    keys = {"name": lambda line: sort_key(line.short_name.value), "known": lambda line: -line.known, "newest": newest_first}
    ordered = sorted(page.regions, key=keys[sort]) if sort in keys else page.regions
    regions, wider = tuple(line for line in ordered if fits(line.place)), tuple(one for one in page.wider if fits(one.place))
    return replace(page, regions=regions, wider=wider, sort=sort or ORDERS[0], words=words, total=len(regions) + len(wider))


def _wider(reader: Reader, place: NamedNode) -> WiderPlace:
    rank = {region: number for number, region in enumerate(reader.site.regions)}
    inside = [one for one in reader.graph.subjects(ph.within, place) if not reader.graph.is_retired(one)]
    links = (reader.link(one) for one in sorted(inside, key=lambda one: (rank.get(one, len(rank)), one.value)))
    return WiderPlace(reader.link(place), class_label(reader, place), reader.text(place, DESCRIPTION), tuple(links))
