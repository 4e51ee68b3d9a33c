"""All standings of a snapshot at once: the table of methods and regions that several pages are made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from phkg.graph.facts import RETIRED
from phkg.views.reader import Reader
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

    `replaced` are statements that have a successor or were retired without one; they are history only. `holds` is what each derived standing says.
    `places` are the places that statements about each method are about, replaced statements too; `methods` the methods that statements about each place are about, those not.
    `whole_access` are the regions in use that give access to a method to all whom it is meant for, `left_out` those to which it does not apply. `by_method` is what holds of
    each method in the regions where anything does, `partly` the pairs of which some word (no replaced one) is about a part of the place only. `performers` are the organisations that do,
    by a statement, what it is about.
    """

    standing: Mapping[Pair, NamedNode]
    statements: Mapping[Pair, list[NamedNode]]
    replaced: Mapping[Pair, list[NamedNode]]
    holds: Mapping[NamedNode, Holds]
    places: Mapping[NamedNode, tuple[NamedNode, ...]]
    methods: Mapping[NamedNode, tuple[NamedNode, ...]]
    whole_access: Mapping[NamedNode, tuple[NamedNode, ...]]
    left_out: Mapping[NamedNode, tuple[NamedNode, ...]]
    by_method: Mapping[NamedNode, dict[NamedNode, Holds]]
    partly: Mapping[Pair, bool]
    performers: Mapping[NamedNode, tuple[NamedNode, ...]]

    def of(self, method: NamedNode, region: NamedNode) -> Holds | None:
        """What holds of a method in a region; None for silence."""
        found = self.standing.get((method, region))
        return self.holds[found] if found is not None else None

    def access(self, method: NamedNode, regions: Collection[NamedNode]) -> int:
        """How many of the regions give access to all whom the method is meant for, as ph:regionsWithAccess counts it.

        A part of them is not the whole: coverage counts it as possible, not as sure.
        """
        return len(frozenset(regions).intersection(self.whole_access.get(method, ())))

    def access_elsewhere(self, method: NamedNode, region: NamedNode) -> int:
        """How many other regions of the registry give such access."""
        found = self.whole_access.get(method, ())
        return len(found) - (region in found)

    def concerned(self, method: NamedNode, regions: Collection[NamedNode]) -> int:
        """How many of the regions a method applies to, by what is known."""
        found = self.left_out.get(method)
        return sum(region not in found for region in regions) if found else len(regions)


def read_standings(reader: Reader) -> Standings:
    """A few bulk reads: every derived standing, and every statement with the region that it is about."""
    graph = reader.graph
    methods, places = graph.each(ph.method), graph.each(ph.place)
    standing = {(methods[iri], places[iri]): iri for iri in graph.subjects(TYPE, ph.Standing) if iri in methods and iri in places}
    statements: dict[Pair, list[NamedNode]] = defaultdict(list)
    replaced: dict[Pair, list[NamedNode]] = defaultdict(list)
    partly: dict[Pair, bool] = {}
    retired = {iri for predicate in RETIRED for iri, _ in graph.pairs(predicate)}
    for iri in graph.subjects(TYPE, ph.ImplementationStatement):
        region = region_of(reader, iri)
        if region is not None and iri in methods:
            words = replaced if iri in retired else statements
            words[methods[iri], region].append(iri)
            if iri not in retired and places.get(iri) != region:
                partly[methods[iri], region] = True
    holds, regions = _holds(reader, standing.values()), frozenset(reader.site.regions)
    by_method: dict[NamedNode, dict[NamedNode, Holds]] = defaultdict(dict)
    for (method, place), iri in standing.items():
        by_method[method][place] = holds[iri]
    tables = {
        "standing": standing,
        "statements": dict(statements),
        "replaced": dict(replaced),
        "holds": holds,
        "places": _grouped((*statements, *replaced)),
        "methods": _grouped((place, method) for method, place in statements),
        "whole_access": _grouped(pair for pair, iri in standing.items() if holds[iri].gives_access and not holds[iri].part and pair[1] in regions),
        "left_out": _grouped(pair for pair, iri in standing.items() if not holds[iri].applies),
        "by_method": dict(by_method),
        "partly": partly,
        "performers": _grouped((word, one) for word, one in graph.pairs(ph.performedBy) if isinstance(one, NamedNode)),
    }
    return Standings(**{name: graph.table(f"standings {name}", found) for name, found in tables.items()})


def _grouped(pairs: Iterable[Pair]) -> dict[NamedNode, tuple[NamedNode, ...]]:
    """The second of the pairs by the first, each once."""
    found: dict[NamedNode, dict[NamedNode, None]] = defaultdict(dict)
    for first, second in pairs:
        found[first][second] = None
    return {first: tuple(others) for first, others in found.items()}


def _holds(reader: Reader, standings: Iterable[NamedNode]) -> dict[NamedNode, Holds]:
    graph = reader.graph
    states, extents, dates = (graph.each(predicate) for predicate in (ph.state, ph.extent, ph.asOf))
    contradicted, undated = (_true(graph.each(predicate)) for predicate in (ph.contradiction, ph.undated))
    accessible, parts, left_out, unknown = (_true(graph.each(predicate)) for predicate in (ph.givesAccess, ph.isPart, ph.isLeftOut, ph.isUnknown))
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
