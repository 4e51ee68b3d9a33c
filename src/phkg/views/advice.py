"""Recommendations as answers: for which drug, by which gene, what changes, by which test, and where that is offered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from phkg.graph.reading import Kept
from phkg.views.offers import Offer, Offers
from phkg.views.reader import Link, Reader, Text, sort_key
from phkg.views.site import TYPE
from phkg.views.standings import Standings
from phkg.vocabulary import ph


@dataclass(frozen=True)
class LevelLine:
    """How strongly a body puts a recommendation, and the date of its word, as precise as it is."""

    level: Text
    body: Text | None
    date: str


@dataclass(frozen=True)
class AdviceLine:
    """One recommendation with the tests of its genes; `tests` that are said to concern the drug come first."""

    recommendation: Link
    drugs: tuple[Link, ...]
    genes: tuple[Link, ...]
    action: Text | None
    bodies: tuple[Text, ...]
    levels: tuple[LevelLine, ...]
    tests: tuple[Offer, ...]


@dataclass(frozen=True)
class GuidancePage:
    """All recommendations by drug, or those that a query finds by the name of the drug, the gene or the test."""

    query: str
    lines: tuple[AdviceLine, ...]
    total: int


class Advice:
    """The recommendations of one snapshot in one language; each, and each test's offer, is worked out once."""

    def __init__(self, reader: Reader, table: Standings) -> None:
        self._reader = reader
        self.offers = Offers(reader, table)
        self._tests: Kept[set[NamedNode]] = reader.graph.kept()
        self._lines: Kept[AdviceLine] = reader.graph.kept()

    def tests_of(self, gene: NamedNode) -> set[NamedNode]:
        """The methods in which a gene plays a part."""
        graph = self._reader.graph
        return self._tests.get(gene, lambda: set(_named(graph.object(role, ph.method) for role in graph.subjects(ph.gene, gene))))

    def lines(self, recommendations: Iterable[NamedNode]) -> tuple[AdviceLine, ...]:
        """Recommendations by the name of their drug and gene, without replaced ones."""
        current = dict.fromkeys(one for one in recommendations if not self._reader.graph.is_retired(one))
        found = [self._lines.get(one, lambda one=one: self._line(one)) for one in current]  # type: ignore[misc]
        return tuple(sorted(found, key=_place))

    def _line(self, recommendation: NamedNode) -> AdviceLine:
        reader, graph = self._reader, self._reader.graph
        drugs, genes = (_named(graph.objects(recommendation, one)) for one in (ph.drug, ph.gene))
        tests = {method for gene in genes for method in self.tests_of(gene)}
        concerning = {method for method in tests if not set(drugs).isdisjoint(graph.objects(method, ph.concernsDrug))}
        return AdviceLine(
            recommendation=reader.link(recommendation),
            drugs=tuple(reader.link(one) for one in drugs),
            genes=tuple(reader.link(one) for one in genes),
            action=reader.text(recommendation, ph.action),
            bodies=tuple(reader.link(one).label for one in _named(graph.objects(recommendation, ph.guidelineBody))),
            levels=tuple(self._level(one) for one in graph.subjects(ph.recommendation, recommendation)),
            tests=(*self.offers.of(concerning), *self.offers.of(tests - concerning)),
        )

    def _level(self, statement: NamedNode) -> LevelLine:
        graph, reader = self._reader.graph, self._reader
        level, body = graph.object(statement, ph.level), graph.object(statement, ph.levelBody)
        return LevelLine(
            level=reader.link(level).label if isinstance(level, NamedNode) else Text(""),
            body=reader.link(body).label if isinstance(body, NamedNode) else None,
            date=graph.text(statement, ph.asOf) or "",
        )


def guidance_page(reader: Reader, advice: Advice, matching: Callable[[str], Collection[NamedNode]], query: str = "") -> GuidancePage:
    """The recommendations that a query finds (`matching` gives the records with its words), or all; a query that finds nothing leaves none."""
    graph = reader.graph
    found = graph.subjects(TYPE, ph.Recommendation)
    if query.strip():
        hits = set(matching(query))
        found = [one for one in found if one in hits or not hits.isdisjoint(_about(reader, advice, one))]
    lines = advice.lines(found)
    return GuidancePage(query, lines, len(lines))


def _about(reader: Reader, advice: Advice, recommendation: NamedNode) -> set[object]:
    """The drugs and genes of a recommendation and the tests of the genes."""
    genes = _named(reader.graph.objects(recommendation, ph.gene))
    return {*reader.graph.objects(recommendation, ph.drug), *genes, *(test for gene in genes for test in advice.tests_of(gene))}


def _named(values: Iterable[object]) -> list[NamedNode]:
    return [value for value in values if isinstance(value, NamedNode)]


def _place(line: AdviceLine) -> tuple:
    names = (*line.drugs[:1], *line.genes[:1], line.recommendation)
    return *(sort_key(link.label.value) for link in names), line.recommendation.iri
