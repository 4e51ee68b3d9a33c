"""What is in a snapshot, counted once by a worker: triples, subjects, objects, classes, properties, and what the registry says of itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolution, QuerySolutions, parse_query_results

from phkg.sparql.frames import Answer, Question
from phkg.sparql.limits import STATISTICS_SECONDS
from phkg.vocabulary import ph

CLASSES = "SELECT ?a (COUNT(*) AS ?b) { ?s a ?a } GROUP BY ?a"
PROPERTIES = "SELECT ?a (COUNT(*) AS ?b) { ?s ?a ?o } GROUP BY ?a"
SUBJECTS = "SELECT (COUNT(DISTINCT ?s) AS ?b) { ?s ?p ?o }"
OBJECTS = "SELECT (COUNT(DISTINCT ?o) AS ?b) { ?s ?p ?o }"
REGISTRY = f"SELECT ?a ?b {{ ?s a {ph.Registry} ; ?a ?b FILTER(isLiteral(?b)) }}"
MOST = 100_000_000
"""Bytes, and rows, of the longest answer that is read here; a data set with more classes or properties than that has none worth counting."""

Ask = Callable[[Question, float, int, int], Awaitable[tuple[Answer, bytes]]]
"""As Worker.ask: a question with its caps of seconds, bytes and rows."""


@dataclass(frozen=True)
class Statistics:
    """Counts of a snapshot."""

    triples: int
    subjects: int
    objects: int
    classes: dict[str, int]
    """Entities by the IRI of their class."""
    properties: dict[str, int]
    """Triples by the IRI of their property."""
    registry: tuple[tuple[str, Literal], ...]
    """What the registry's own record says: properties with values."""


async def count(ask: Ask) -> Statistics:
    """Count a snapshot by asking a worker. Raises ValueError when it does not answer, and whatever `ask` raises."""
    classes = _counts(await _rows(ask, CLASSES))
    properties = _counts(await _rows(ask, PROPERTIES))
    (subjects,), (objects,) = await _rows(ask, SUBJECTS), await _rows(ask, OBJECTS)
    said = [(row["a"].value, row["b"]) for row in await _rows(ask, REGISTRY) if isinstance(row["b"], Literal)]
    registry = tuple(sorted(said, key=lambda pair: (pair[0], str(pair[1]))))
    return Statistics(sum(properties.values()), int(subjects["b"].value), int(objects["b"].value), classes, properties, registry)


async def _rows(ask: Ask, query: str) -> list[QuerySolution]:
    question = Question(query, "http://localhost/", None, None, "application/sparql-results+json", None)
    answer, body = await ask(question, STATISTICS_SECONDS, MOST, MOST)
    if answer.code:
        raise ValueError(f"The snapshot could not be counted: {answer.message or answer.code}")
    results = parse_query_results(body, format=QueryResultsFormat.JSON)
    return list(results) if isinstance(results, QuerySolutions) else []


def _counts(rows: Iterable[QuerySolution]) -> dict[str, int]:
    return {row["a"].value: int(row["b"].value) for row in sorted(rows, key=str) if isinstance(row["a"], NamedNode)}
