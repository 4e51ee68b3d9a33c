"""All standings of a snapshot at once: the table of methods and regions that several pages are made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Literal, NamedNode

from phkg.views.reader import Reader
from phkg.graph.facts import RETIRED
from phkg.views.site import TYPE
from phkg.views.statements import region_of
from phkg.vocabulary import ph

Pair = tuple[NamedNode, NamedNode]


@dataclass(frozen=True)
class Holds:
    """What holds of a method in a region, by a derived standing.

    `gives_access` says it of all whom the method is meant for or, when it is a `part`, of some of them. `reason` is why it is not
    offered, where a statement that the standing rests on names it. `applies` is False where the question does not concern the region,
    `told` False where the state is known to the source and not shown. `word_date` is the date of the word, as precise as it is.
    """

    state: NamedNode | None
    gives_access: bool
    part: bool
    contradiction: bool
    undated: bool
    reason: NamedNode | None
    applies: bool
    told: bool
    word_date: str

    @property
    def known(self) -> bool:
        """Whether it answers how far the method has come in the region."""
        return self.applies and self.told


@dataclass(frozen=True)
class Standings:
    """Derived standings and the statements behind them, by (method, place).

    `replaced` are statements that have a successor or were retired without one; they are history only. `holds` is what each derived standing says,
    `partly` are the pairs of which some word (no replaced one) is about a part of the place only.
    """

    standing: dict[Pair, NamedNode]
    statements: dict[Pair, list[NamedNode]]
    replaced: dict[Pair, list[NamedNode]]
    holds: dict[NamedNode, Holds]
    partly: frozenset[Pair]

    def of(self, method: NamedNode, region: NamedNode) -> Holds | None:
        """What holds of a method in a region; None for silence."""
        return self.by_method.get(method, {}).get(region)

    def access(self, method: NamedNode, regions: Iterable[NamedNode]) -> int:
        """How many of the regions give access to all whom the method is meant for, as ph:regionsWithAccess counts it.

        A part of them is not the whole: coverage counts it as possible, not as sure.
        """
        found = self._whole_access.get(method)
        return sum(region in found for region in regions) if found else 0

    def concerned(self, method: NamedNode, regions: Collection[NamedNode]) -> int:
        """How many of the regions a method applies to, by what is known."""
        found = self._left_out.get(method)
        return sum(region not in found for region in regions) if found else len(regions)

    @cached_property
    def by_method(self) -> dict[NamedNode, dict[NamedNode, Holds]]:
        """What holds of each method in the regions where anything does."""
        found: dict[NamedNode, dict[NamedNode, Holds]] = defaultdict(dict)
        for (method, region), standing in self.standing.items():
            found[method][region] = self.holds[standing]
        return dict(found)

    @cached_property
    def _whole_access(self) -> dict[NamedNode, set[NamedNode]]:
        found: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        for (method, region), standing in self.standing.items():
            if self.holds[standing].gives_access and not self.holds[standing].part:
                found[method].add(region)
        return dict(found)

    @cached_property
    def _left_out(self) -> dict[NamedNode, set[NamedNode]]:
        found: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        for (method, region), standing in self.standing.items():
            if not self.holds[standing].applies:
                found[method].add(region)
        return dict(found)

    @cached_property
    def places(self) -> dict[NamedNode, tuple[NamedNode, ...]]:
        """The places that statements about each method are about, replaced statements too."""
        found: dict[NamedNode, dict[NamedNode, None]] = defaultdict(dict)
        for method, place in (*self.statements, *self.replaced):
            found[method][place] = None
        return {method: tuple(places) for method, places in found.items()}

    @cached_property
    def methods(self) -> dict[NamedNode, tuple[NamedNode, ...]]:
        """The methods that statements about each place are about, replaced statements not counted."""
        found: dict[NamedNode, dict[NamedNode, None]] = defaultdict(dict)
        for method, place in self.statements:
            found[place][method] = None
        return {place: tuple(methods) for place, methods in found.items()}


def read_standings(reader: Reader) -> Standings:
    """A few bulk reads: every derived standing, and every statement with the region that it is about."""
    graph = reader.graph
    methods, places = graph.each(ph.method), graph.each(ph.place)
    standing = {
        (methods[iri], places[iri]): iri
        for iri in graph.subjects(TYPE, ph.Standing)
        if iri in methods and iri in places
    }
    statements: dict[Pair, list[NamedNode]] = defaultdict(list)
    replaced: dict[Pair, list[NamedNode]] = defaultdict(list)
    partly: set[Pair] = set()
    retired = {iri for predicate in RETIRED for iri, _ in graph.pairs(predicate)}
    for iri in graph.subjects(TYPE, ph.ImplementationStatement):
        region = region_of(reader, iri)
        if region is not None and iri in methods:
            words = replaced if iri in retired else statements
            words[methods[iri], region].append(iri)
            if iri not in retired and places.get(iri) != region:
                partly.add((methods[iri], region))
    return Standings(standing, dict(statements), dict(replaced), _holds(reader, standing.values()), frozenset(partly))


def _holds(reader: Reader, standings: Iterable[NamedNode]) -> dict[NamedNode, Holds]:
    graph = reader.graph
    states, extents, dates = (graph.each(predicate) for predicate in (ph.state, ph.extent, ph.asOf))
    contradicted, undated = (_true(graph.each(predicate)) for predicate in (ph.contradiction, ph.undated))
    accessible, parts, left_out, unknown = (
        _true(graph.each(predicate)) for predicate in (ph.givesAccess, ph.isPart, ph.isLeftOut, ph.isUnknown)
    )
    reasons = graph.each(ph.reasonNotOffered)
    why = {standing: reasons[word] for standing, word in graph.pairs(ph.restsOn) if word in reasons}
    found = {}
    for iri in standings:
        state, reason, date = states.get(iri), why.get(iri), dates.get(iri)
        found[iri] = Holds(
            state=state if isinstance(state, NamedNode) else None,
            gives_access=state in accessible,
            part=extents.get(iri) in parts,
            contradiction=iri in contradicted,
            undated=iri in undated,
            reason=reason if isinstance(reason, NamedNode) else None,
            applies=state not in left_out,
            told=state not in unknown,
            word_date=date.value if isinstance(date, Literal) else "",
        )
    return found


def _true(values: Mapping[NamedNode, NamedNode | Literal]) -> set[object]:
    return {subject for subject, value in values.items() if isinstance(value, Literal) and value.value in ("true", "1")}
