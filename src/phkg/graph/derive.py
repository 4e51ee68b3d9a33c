"""What follows from the records and is never edited: bounds of dates, standings, coverages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from pyoxigraph import Literal, NamedNode, Quad, Triple

from phkg.analysis.coverage import Coverage, RegionAccess, coverage
from phkg.analysis.standing import Standing, standings
from phkg.graph.bounds import DATE, bound_triples
from phkg.graph.facts import TYPE, Facts, gather
from phkg.vocabulary import ph
from phkg.vocabulary.namespaces import XSD

BOOLEAN = NamedNode(XSD + "boolean")
INTEGER = NamedNode(XSD + "integer")
DECIMAL = NamedNode(XSD + "decimal")
SHARE_DIGITS = 6


@dataclass(frozen=True)
class Derived:
    """The derived triples, and how many statements, standings and coverages there are."""

    triples: tuple[Triple, ...]
    statements: int
    standings: int
    coverages: int


def derive(triples: Sequence[Quad | Triple], on: date) -> Derived:
    """Everything that follows from the graph on a day. Raises FactFault where the graph is not what it should be."""
    facts = gather(triples)
    found = standings(facts.statements, facts.regions, facts.places, on)
    made = [triple for standing in found.values() for triple in standing_triples(standing, facts)]
    for method in facts.methods:
        made += coverage_triples(method, method_coverage(method, found, facts), facts.base, on)
    made += bound_triples([*triples, *made])
    return Derived(tuple(made), len(facts.statements), len(found), len(facts.methods))


def method_coverage(method: str, found: dict[tuple[str, str], Standing], facts: Facts) -> Coverage:
    """The coverage of a method over all regions, by the standings found."""
    rows = []
    for region in facts.regions:
        rows.append(RegionAccess(region, facts.access(found.get((method, region))), facts.populations.get(region)))
    return coverage(rows, facts.whole)


def standing_iri(base: str, region: str, method: str) -> NamedNode:
    """The IRI of the standing of a method in a region."""
    return NamedNode(f"{base}standings/{_slug(region)}/{_slug(method)}")


def coverage_iri(base: str, method: str) -> NamedNode:
    """The IRI of the coverage of a method."""
    return NamedNode(f"{base}coverages/{_slug(method)}")


def standing_triples(standing: Standing, facts: Facts) -> list[Triple]:
    """A standing as triples."""
    subject = standing_iri(facts.base, standing.region, standing.method)
    made = [
        Triple(subject, TYPE, ph.Standing),
        Triple(subject, ph.method, NamedNode(standing.method)),
        Triple(subject, ph.place, NamedNode(standing.region)),
        Triple(subject, ph.state, NamedNode(standing.state)),
        Triple(subject, ph.saidAt, NamedNode(standing.said_at)),
        Triple(subject, ph.contradiction, _boolean(standing.contradiction)),
        Triple(subject, ph.undated, _boolean(standing.undated)),
        Triple(subject, ph.onDate, _day(standing.on)),
    ]
    for predicate, statements in ((ph.restsOn, standing.rests_on), (ph.disagrees, standing.disagrees), (ph.plan, standing.plans)):
        made += [Triple(subject, predicate, NamedNode(statement)) for statement in statements]
    word = facts.words.get(standing.rests_on[0])
    if word is not None:
        made.append(Triple(subject, ph.asOf, word))
    if standing.extent is not None:
        made.append(Triple(subject, ph.extent, NamedNode(standing.extent)))
    return made


def coverage_triples(method: str, found: Coverage, base: str, on: date) -> Iterable[Triple]:
    """A coverage as triples; shares are rounded to six decimals."""
    subject = coverage_iri(base, method)
    return (
        Triple(subject, TYPE, ph.Coverage),
        Triple(subject, ph.method, NamedNode(method)),
        Triple(subject, ph.coverageLow, _share(found.low)),
        Triple(subject, ph.coverageHigh, _share(found.high)),
        Triple(subject, ph.regionsWithAccess, Literal(str(found.with_access), datatype=INTEGER)),
        Triple(subject, ph.regionsUnknown, Literal(str(found.unknown), datatype=INTEGER)),
        Triple(subject, ph.onDate, _day(on)),
    )


def _slug(iri: str) -> str:
    return iri.rsplit("/", 1)[-1]


def _boolean(value: bool) -> Literal:
    return Literal("true" if value else "false", datatype=BOOLEAN)


def _day(value: date) -> Literal:
    return Literal(value.isoformat(), datatype=DATE)


def _share(value: Fraction) -> Literal:
    units = round(value * 10**SHARE_DIGITS)
    whole, rest = divmod(units, 10**SHARE_DIGITS)
    return Literal(f"{whole}.{rest:0{SHARE_DIGITS}d}".rstrip("0").rstrip(".") or "0", datatype=DECIMAL)
