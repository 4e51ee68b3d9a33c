"""The page of a region or another place: what stands where there, and what nobody has said."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from phkg.views.facts import Fact, facts
from phkg.views.reader import Concept, Link, Reader, sort_key
from phkg.views.records import Head, Uses, head, uses
from phkg.views.site import REPLACED_BY, Kind
from phkg.views.standings import Standings, gives_access
from phkg.views.statements import SourceLine, StandingLine, StatementLine, newest_first, sources, standing_line
from phkg.views.statements import statement_line
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
    """A place; `groups`, `parts_only`, `stateless` and `silent` are empty for a place that is not a region.

    `parts_only` are methods on which only an organisation in the region has spoken, `stateless` those of which the
    region's own words say no state that holds, `silent` those on which nobody has spoken, `lacks` those that most other regions have and this one, by its standing, has not.
    """

    head: Head
    facts: tuple[Fact, ...]
    is_region: bool
    regions: int
    groups: tuple[StateGroup, ...]
    lacks: tuple[Lack, ...]
    parts_only: tuple[StandingLine, ...]
    stateless: tuple[StandingLine, ...]
    silent: tuple[Link, ...]
    statements: tuple[StatementLine, ...]
    inside: tuple[Link, ...]
    uses: tuple[Uses, ...]
    sources: tuple[SourceLine, ...]


def region_page(reader: Reader, place: NamedNode, kind: Kind, table: Standings) -> RegionPage:
    """The page of one place."""
    graph = reader.graph
    is_region = place in reader.site.regions
    methods = _methods(reader) if is_region else []
    lines = [
        standing_line(
            reader, place, method, table.standing.get((method, place)), table.statements.get((method, place), [])
        )
        for method in methods
    ]
    known = [line for line in lines if line.state]
    unknown = [line for line in lines if not line.state]
    access = _access_elsewhere(reader, place, table)
    own = [
        statement_line(reader, statement)
        for (_, about), found in table.statements.items()
        if about == place
        for statement in found
    ]
    return RegionPage(
        head=head(reader, place, kind),
        facts=facts(reader, place, without=(ph.statedBy, REPLACED_BY)),
        is_region=is_region,
        regions=len(reader.site.regions),
        groups=tuple(
            StateGroup(state, group)
            for state in reversed(reader.concepts(ph.State))
            if (group := _by_name([line for line in known if line.state == state]))
        ),
        lacks=_lacks(reader, lines, access),
        parts_only=_by_name([line for line in unknown if line.also and line.also == line.of_parts]),
        stateless=_by_name([line for line in unknown if line.also != line.of_parts]),
        silent=tuple(line.method for line in _by_name([line for line in unknown if not line.also])),
        statements=() if is_region else newest_first(own),
        inside=tuple(reader.link(iri) for iri in _in_order(reader, graph.subjects(ph.within, place))),
        uses=uses(reader, place, without=(ph.place, ph.within, ph.countsFor, ph.saidAt)),
        sources=sources(reader, place),
    )


def _methods(reader: Reader) -> list[NamedNode]:
    kind = next((kind for kind in reader.site.kinds if kind.iri == ph.Method), None)
    return reader.site.records(kind) if kind else []


def _access_elsewhere(reader: Reader, place: NamedNode, table: Standings) -> dict[str, int]:
    access: dict[str, int] = {}
    for (method, region), standing in table.standing.items():
        if region != place and gives_access(reader, standing):
            access[method.value] = access.get(method.value, 0) + 1
    return access


def _lacks(reader: Reader, lines: list[StandingLine], access: dict[str, int]) -> tuple[Lack, ...]:
    others = len(reader.site.regions) - 1
    found = [
        Lack(line, access[line.method.iri])
        for line in lines
        if access.get(line.method.iri, 0) * 2 > others
        and not (line.state and reader.graph.is_true(NamedNode(line.state.iri), ph.givesAccess))
    ]
    return tuple(sorted(found, key=lambda lack: (-lack.elsewhere, sort_key(lack.line.method.label.value))))


def _by_name(lines: list[StandingLine]) -> tuple[StandingLine, ...]:
    return tuple(sorted(lines, key=lambda line: sort_key(line.method.label.value)))


def _in_order(reader: Reader, places: list[NamedNode]) -> list[NamedNode]:
    current = (iri for iri in places if reader.graph.object(iri, REPLACED_BY) is None)
    return sorted(current, key=lambda iri: (reader.graph.integer(iri, ph.rank) or 0, iri.value))
