"""The page of a region or another place: what stands where there, and what nobody has said."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from phkg.views.ages import Ages, ages
from phkg.views.choices import Choice
from phkg.views.counts import StateCount, fullest_first
from phkg.views.facts import Fact, facts
from phkg.views.indicator import IndicatorHere, indicators_of
from phkg.views.own_access import OwnAccess, own_access
from phkg.views.reader import Concept, Link, Reader, Text, slug, sort_key
from phkg.views.records import Head, Uses, head, uses
from phkg.views.region_parts import Agreements, MoneyLine, OrganisationGroup, agreements, by_kind, money, organisations_in
from phkg.views.site import RETIREMENT, Kind
from phkg.views.source_lines import SourceLine, sources
from phkg.views.standings import Standings
from phkg.views.statements import StandingLine, StatementLine, StatementLines, newest_first, standing_line
from phkg.views.waits import Waits
from phkg.vocabulary import ph


@dataclass(frozen=True)
class StateGroup:
    """The methods that have one state in a region."""

    state: Concept
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


APART = (ph.place, ph.within, ph.countsFor, ph.saidAt, ph.inRegion, ph.fromOrganisation, ph.toOrganisation)
"""By what other records point at a place and are shown apart, or not at all."""


def region_page(reader: Reader, place: NamedNode, kind: Kind, table: Standings, waits: Waits | None = None) -> RegionPage:
    """The page of one place; `waits` are those of all regions, None where no methods are followed."""
    graph, words = reader.graph, StatementLines(reader)
    is_region = place in reader.site.regions
    methods = _methods(reader) if is_region else ()
    spoken = [method for method in methods if (method, place) in table.standing or (method, place) in table.statements]
    lines = [
        standing_line(
            reader, place, method, table.standing.get((method, place)), table.statements.get((method, place), []), words
        )
        for method in spoken
    ]
    holding = [line for line in lines if line.state]
    unknown = [line for line in lines if not line.state]
    groups = tuple(
        StateGroup(state, group)
        for state in sorted(reader.concepts(ph.State), key=fullest_first, reverse=True)
        if (group := _by_name([line for line in holding if line.state == state]))
    )
    held = {method: one for method in spoken if (one := table.of(method, place))}
    own = [words[word] for method in table.methods.get(place, ()) for word in table.statements[method, place]]
    silent = set(methods) - set(spoken)
    organisations = organisations_in(reader, place)
    counts = [StateCount(group.state, len(group.lines), sum(line.part for line in group.lines)) for group in groups]
    return RegionPage(
        head=head(reader, place, kind),
        short_name=reader.short_name(place),
        facts=facts(reader, place, without=(ph.statedBy, *RETIREMENT)),
        is_region=is_region,
        regions=len(reader.site.regions),
        methods=len(methods) - sum(not one.applies for one in held.values()),
        known=sum(one.known for one in held.values()),
        counts=(*counts, StateCount(None, len(methods) - len(holding))) if is_region else (),
        ages=ages(line.word_date for line in (holding if is_region else own)),
        groups=groups,
        lacks=_lacks(reader, place, methods, table, lines),
        equal=own_access(reader, place, waits, table) if waits and is_region else None,
        parts_only=_by_name([line for line in unknown if line.also and line.also == line.of_parts]),
        stateless=_by_name([line for line in unknown if line.also != line.of_parts]),
        silent=tuple(sorted((reader.link(method) for method in silent), key=lambda link: sort_key(link.label.value))),
        statements=() if is_region else newest_first(own),
        inside=tuple(reader.link(iri) for iri in _in_order(reader, graph.subjects(ph.within, place))),
        organisations=by_kind(reader, organisations),
        agreements=agreements(reader, place, organisations, table, words),
        money=money(reader, place, organisations),
        indicators=indicators_of(reader, place),
        others=others(reader, place) if is_region else (),
        uses=uses(reader, place, without=APART),
        sources=sources(reader, place),
    )


def others(reader: Reader, *chosen: NamedNode) -> tuple[Choice, ...]:
    """All regions as choices to compare with, without those chosen already."""
    return tuple(
        Choice(slug(region), reader.short_name(region), False) for region in reader.site.regions if region not in chosen
    )


def _methods(reader: Reader) -> tuple[NamedNode, ...]:
    kind = next((kind for kind in reader.site.kinds if kind.iri == ph.Method), None)
    return reader.site.records(kind) if kind else ()


def _lacks(
    reader: Reader, place: NamedNode, methods: tuple[NamedNode, ...], table: Standings, lines: list[StandingLine]
) -> tuple[Lack, ...]:
    others = [region for region in reader.site.regions if region != place]
    here = {line.method.iri: line for line in lines}
    found = []
    for method in methods:
        holds = table.of(method, place)
        elsewhere = table.access(method, others)
        if elsewhere * 2 > table.concerned(method, others) and not (holds and (holds.gives_access or not holds.applies)):
            line = here.get(method.value) or standing_line(reader, place, method, None, [])
            found.append(Lack(line, elsewhere))
    return tuple(sorted(found, key=lambda lack: (-lack.elsewhere, sort_key(lack.line.method.label.value))))


def _by_name(lines: list[StandingLine]) -> tuple[StandingLine, ...]:
    return tuple(sorted(lines, key=lambda line: sort_key(line.method.label.value)))


def _in_order(reader: Reader, places: list[NamedNode]) -> list[NamedNode]:
    current = (iri for iri in places if not reader.graph.is_retired(iri))
    return sorted(current, key=lambda iri: (reader.graph.integer(iri, ph.rank) or 0, iri.value))
