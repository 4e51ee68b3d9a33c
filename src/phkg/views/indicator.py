"""The page of an indicator: what is measured, in which unit, and every observation by place and time with its source."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from phkg.views.comparison import Comparison, comparison
from phkg.views.facts import Fact, facts
from phkg.views.long_lists import Lists
from phkg.views.reader import Concept, Link, Reader, Text, anchor, slug, sort_key
from phkg.views.records import Head, Uses, head, uses
from phkg.views.site import DEFINITION, RETIREMENT, Kind
from phkg.views.source_lines import SourceLine, sources
from phkg.vocabulary import ph
from phkg.vocabulary.namespaces import QB

DATA_SET = NamedNode(QB + "dataSet")
FEW = 20
"""Cases below which a share or a rate changes much by chance alone: with 20 of them the 95 % interval of a count is 12 to 31 (Poisson)."""


@dataclass(frozen=True)
class ObservationLine:
    """One value of an indicator in a place and a time. `few`: it rests on so few cases that chance alone moves it much."""

    iri: str
    anchor: str
    place: Link
    is_region: bool
    since: str
    until: str
    value: float | None
    numerator: float | None
    denominator: float | None
    few: bool
    sources: tuple[SourceLine, ...]


@dataclass(frozen=True)
class IndicatorPage:
    """An indicator with its observations by place, each place's latest first.

    `silent` are the regions without any observation, `comparison` them all for the time of which most have spoken. There is no order by value: the page is no ranking.
    """

    head: Head
    definition: Text | None
    unit: Concept | None
    observations: tuple[ObservationLine, ...]
    comparison: Comparison | None
    silent: tuple[Link, ...]
    few: int
    facts: tuple[Fact, ...]
    uses: tuple[Uses, ...]
    sources: tuple[SourceLine, ...]


@dataclass(frozen=True)
class IndicatorHere:
    """An indicator with the latest of its `observations` in one place."""

    indicator: Link
    unit: Concept | None
    latest: ObservationLine
    observations: int


def indicators_of(reader: Reader, place: NamedNode, lists: Lists) -> tuple[IndicatorHere, ...]:
    """The indicators of which something is known in a place, by name; the list `indicators` of its page."""
    graph, found = reader.graph, defaultdict[NamedNode, list[NamedNode]](list)
    measured = reader.pieces.get("observations", lambda: _measured(reader))
    for one in graph.having(ph.place, place):
        if one in measured:
            found[measured[one]].append(one)
    by_name = sorted(found, key=lambda one: (sort_key(reader.link(one).label.value), one.value))

    def line(indicator: NamedNode) -> IndicatorHere:
        observations = found[indicator]
        latest = max(observations, key=lambda one: (graph.text(one, ph.period) or "", one.value))
        return IndicatorHere(reader.link(indicator), _unit(reader, indicator), _line(reader, latest), len(observations))

    return tuple(line(one) for one in lists.of("indicators", by_name, slug))


def _measured(reader: Reader) -> dict[NamedNode, NamedNode]:
    """Every observation with its indicator, without those of retired indicators."""
    graph = reader.graph
    found = {one: indicator for one, indicator in graph.each(DATA_SET).items() if isinstance(indicator, NamedNode)}
    retired = {indicator for indicator in set(found.values()) if graph.is_retired(indicator)}
    return {one: indicator for one, indicator in found.items() if indicator not in retired}


def indicator_page(reader: Reader, indicator: NamedNode, kind: Kind) -> IndicatorPage:
    """The page of one indicator."""
    graph = reader.graph
    subjects = graph.subjects(DATA_SET, indicator)
    order = {region.value: at for at, region in enumerate(reader.site.regions)}
    lines = sorted((_line(reader, one) for one in subjects), key=lambda line: line.since, reverse=True)
    lines.sort(key=lambda line: (line.is_region, order.get(line.place.iri, 0), line.place.iri))
    spoken = {line.place.iri for line in lines}
    return IndicatorPage(
        head=head(reader, indicator, kind),
        definition=reader.text(indicator, DEFINITION),
        unit=_unit(reader, indicator),
        observations=tuple(lines),
        comparison=comparison(reader, lines),
        silent=tuple(reader.link(region) for region in reader.site.regions if region.value not in spoken),
        few=sum(line.few for line in lines),
        facts=facts(reader, indicator, without=(ph.statedBy, *RETIREMENT, DEFINITION, ph.unit)),
        uses=uses(reader, indicator, without=(DATA_SET,), shown=subjects),
        sources=sources(reader, indicator),
    )


def _unit(reader: Reader, indicator: NamedNode) -> Concept | None:
    unit = reader.graph.object(indicator, ph.unit)
    return reader.concept(unit) if isinstance(unit, NamedNode) else None


def _line(reader: Reader, observation: NamedNode) -> ObservationLine:
    graph = reader.graph
    place = graph.object(observation, ph.place)
    value, numerator, denominator = (_number(graph.object(observation, one)) for one in (ph.value, ph.numerator, ph.denominator))
    return ObservationLine(
        iri=observation.value,
        anchor=anchor(observation.value),
        place=reader.link(place if isinstance(place, NamedNode) else observation),
        is_region=place in reader.site.regions,
        since=graph.text(observation, ph.period) or "",
        until=graph.text(observation, ph.periodEnd) or "",
        value=value,
        numerator=numerator,
        denominator=denominator,
        few=numerator is not None and numerator < FEW,
        sources=sources(reader, observation),
    )


def _number(term: object) -> float | None:
    return float(term.value) if isinstance(term, Literal) else None
