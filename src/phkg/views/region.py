"""The page of a region or another place: what stands where there, and what nobody has said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from phkg.views.ages import Ages, ages
from phkg.views.choices import Choice
from phkg.views.counts import StateCount, fullest_first
from phkg.views.facts import Fact, facts
from phkg.views.indicator import IndicatorHere, indicators_of
from phkg.views.lists import methods_by_name
from phkg.views.long_lists import NAMES, ListPart, Lists
from phkg.views.own_access import OwnAccess, own_access
from phkg.views.reader import Concept, Link, Reader, Text, slug
from phkg.views.records import Head, Uses, head, uses
from phkg.views.region_parts import Agreements, MoneyLine, OrganisationGroup, agreements, by_kind, money, organisations_in
from phkg.views.site import RETIREMENT, Kind
from phkg.views.source_lines import SourceLine, sources
from phkg.views.standings import Holds, Standings
from phkg.views.statements import StandingLine, StatementLine, StatementLines, newest_first, standing_line
from phkg.views.waits import Waits
from phkg.vocabulary import ph


@dataclass(frozen=True)
class StateGroup:
    """The `total` methods that have one state in a region; `lines` are those that the page shows, `show` asks for all of them."""

    state: Concept
    show: str
    total: int
    lines: tuple[StandingLine, ...]


@dataclass(frozen=True)
class Lack:
    """A method without access here, not even for a part, that gives access to all in `elsewhere` other regions."""

    line: StandingLine
    elsewhere: int


@dataclass(frozen=True)
class RegionPage:
    """A place; all about its standings is empty for a place that is not a region.

    `counts` says how many of all `methods` have which state here, `known` how many have any. `parts_only` are methods on which only an organisation in the
    region has spoken, `stateless` those of which the region's own words say no state that holds, `silent` those on which
    nobody has spoken, `lacks` those that most other regions have and this one, by its standing, has not. `equal` is its side of equal access.

    Long lists are cut: `lists` says how much of each is here. With `show` the page is one of these lists alone, the rest empty, and `after` the slug
    of its last line when more follow on further pages.
    """

    head: Head
    short_name: Text
    facts: tuple[Fact, ...]
    is_region: bool
    regions: int
    methods: int
    known: int
    counts: tuple[StateCount, ...]
    ages: Ages
    groups: tuple[StateGroup, ...]
    lacks: tuple[Lack, ...]
    equal: OwnAccess | None
    parts_only: tuple[StandingLine, ...]
    stateless: tuple[StandingLine, ...]
    silent: tuple[Link, ...]
    statements: tuple[StatementLine, ...]
    inside: tuple[Link, ...]
    organisations: tuple[OrganisationGroup, ...]
    agreements: Agreements
    money: tuple[MoneyLine, ...]
    indicators: tuple[IndicatorHere, ...]
    others: tuple[Choice, ...]
    uses: tuple[Uses, ...]
    sources: tuple[SourceLine, ...]
    show: str
    lists: tuple[ListPart, ...]
    after: str | None

    @property
    def sizes(self) -> dict[str, int]:
        """How many lines each of the lists has in all, by its name."""
        return {one.name: one.total for one in self.lists}


LISTS = ("lacks", "parts", "stateless", "silent", "lacking", "open", "indicators")
"""The lists of a page that can be asked for alone, beside those of each state."""
OF_STATE = "state-"
"""Before the slug of a state: the list of the methods that have it."""
APART = (ph.place, ph.within, ph.countsFor, ph.saidAt, ph.inRegion, ph.fromOrganisation, ph.toOrganisation)
"""By what other records point at a place and are shown apart, or not at all."""


def region_page(reader: Reader, place: NamedNode, kind: Kind, table: Standings, waits: Waits | None = None, show: str = "", after: str = "") -> RegionPage:
    """The page of one place; `waits` are those of all regions, None where no methods are followed. `show` and `after` ask for one list alone.

    Raises ValueError when the list has no line `after`.
    """
    words, lists = StatementLines(reader), Lists(show, after)
    is_region = place in reader.site.regions
    methods = methods_by_name(reader) if is_region else ()
    held = {method: one for method in methods if (one := table.of(method, place))}
    by_state, unknown, silent = defaultdict[NamedNode, list[NamedNode]](list), [], []
    for method in methods:
        holds = held.get(method)
        spoken = holds or (method, place) in table.statements
        (by_state[holds.state] if holds and holds.state else unknown if spoken else silent).append(method)
    known = sum(map(len, by_state.values()))
    parts_only = {method for method in unknown if _of_parts_only(reader, place, method, table)}

    def lines(shown: Sequence[NamedNode]) -> tuple[StandingLine, ...]:
        return tuple(
            standing_line(reader, place, method, table.standing.get((method, place)), table.statements.get((method, place), []), words) for method in shown
        )

    groups, counts = [], []
    for state in sorted(reader.concepts(ph.State), key=fullest_first, reverse=True):
        group = by_state.get(NamedNode(state.iri))
        if group:
            name = f"{OF_STATE}{slug(NamedNode(state.iri))}"
            shown = lists.of(name, group, slug, beside=known - len(group))
            groups.append(StateGroup(state, name, len(group), lines(shown)))
            counts.append(StateCount(state, len(group), sum(held[method].part for method in group)))
    names = lists.of("silent", silent, slug, most=NAMES)
    parts, stateless = (
        lines(lists.of(name, [method for method in unknown if (method in parts_only) is wanted], slug))
        for name, wanted in (("parts", True), ("stateless", False))
    )
    all_others = frozenset(region for region in reader.site.regions if region != place)
    elsewhere = {method: found for method in methods if (found := table.access_elsewhere(method, place))}
    lacked = lists.of("lacks", _lacks(table, held, elsewhere, all_others), slug)
    beside = {line.method.iri for one in (*(group.lines for group in groups), parts, stateless) for line in one} | {method.value for method in names}
    equal = own_access(reader, place, waits, table, lists, beside) if waits and is_region else None
    indicators = indicators_of(reader, place, lists)
    own = () if is_region else tuple(words[word] for method in table.methods.get(place, ()) for word in table.statements[method, place])
    organisations = () if show else organisations_in(reader, place)
    return RegionPage(
        head=head(reader, place, kind),
        short_name=reader.short_name(place),
        facts=() if show else facts(reader, place, without=(ph.statedBy, *RETIREMENT)),
        is_region=is_region,
        regions=len(reader.site.regions),
        methods=len(methods) - sum(not one.applies for one in held.values()),
        known=sum(one.known for one in held.values()),
        counts=(*counts, StateCount(None, len(methods) - known)) if is_region else (),
        ages=ages((held[method].word_date for group in by_state.values() for method in group) if is_region else (line.word_date for line in own)),
        groups=tuple(groups),
        lacks=tuple(Lack(line, elsewhere[method]) for method, line in zip(lacked, lines(lacked), strict=True)),
        equal=equal,
        parts_only=parts,
        stateless=stateless,
        silent=tuple(reader.link(method) for method in names),
        statements=() if show else newest_first(list(own)),
        inside=() if show else tuple(reader.link(iri) for iri in _in_order(reader, reader.graph.subjects(ph.within, place))),
        organisations=by_kind(reader, organisations),
        agreements=Agreements((), ()) if show else agreements(reader, place, organisations, table, words),
        money=() if show else money(reader, place, organisations),
        indicators=indicators,
        others=others(reader, place) if is_region else (),
        uses=() if show else uses(reader, place, without=APART),
        sources=() if show else sources(reader, place),
        show=show,
        lists=tuple(lists.shown),
        after=lists.after,
    )


def others(reader: Reader, *chosen: NamedNode) -> tuple[Choice, ...]:
    """All regions as choices to compare with, without those chosen already."""
    return tuple(Choice(slug(region), reader.short_name(region), False) for region in reader.site.regions if region not in chosen)


def _of_parts_only(reader: Reader, place: NamedNode, method: NamedNode, table: Standings) -> bool:
    """Whether all words on a method that its standing does not rest on, and there are some, are about parts of the place."""
    pair = (method, place)
    if pair not in table.partly:
        return False
    graph, standing = reader.graph, table.standing.get(pair)
    used = {word for predicate in (ph.restsOn, ph.disagrees, ph.plan) for word in graph.objects(standing, predicate)} if standing else set()
    also = [word for word in table.statements[pair] if word not in used]
    return bool(also) and all(graph.object(word, ph.place) != place for word in also)


def _lacks(table: Standings, held: Mapping[NamedNode, Holds], elsewhere: Mapping[NamedNode, int], others: Collection[NamedNode]) -> list[NamedNode]:
    """The methods that most `others` have, by how many of them do, and of which nothing `held` here gives access; the most first."""
    most = [method for method, found in elsewhere.items() if found * 2 > table.concerned(method, others)]
    lacked = [method for method in most if not ((holds := held.get(method)) and (holds.gives_access or not holds.applies))]
    return sorted(lacked, key=lambda method: -elsewhere[method])


def _in_order(reader: Reader, places: list[NamedNode]) -> list[NamedNode]:
    current = (iri for iri in places if not reader.graph.is_retired(iri))
    return sorted(current, key=lambda iri: (reader.graph.integer(iri, ph.rank) or 0, iri.value))
