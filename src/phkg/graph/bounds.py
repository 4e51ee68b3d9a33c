"""Earliest and latest days of the dates in the graph, so that queries can compare and sort dates of any precision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from pyoxigraph import Literal, NamedNode, Quad, Triple

from phkg.analysis.dates import Bounds, DateFault, bounds
from phkg.vocabulary import ph
from phkg.vocabulary.namespaces import DCTERMS, XSD

ISSUED = NamedNode(DCTERMS + "issued")
DATE = NamedNode(XSD + "date")
BOUND_TERMS: dict[NamedNode, tuple[NamedNode, NamedNode]] = {
    ph.since: (ph.sinceEarliest, ph.sinceLatest),
    ph.until: (ph.untilEarliest, ph.untilLatest),
    ph.asOf: (ph.asOfEarliest, ph.asOfLatest),
    ph.plannedStart: (ph.plannedStartEarliest, ph.plannedStartLatest),
    ISSUED: (ph.issuedEarliest, ph.issuedLatest),
}
"""A property that holds a date as exact as its source → the properties of its first and last possible day."""

_bounds = lru_cache(maxsize=65_536)(bounds)


class FactFault(ValueError):
    """A value in the graph that cannot be what it should be; `subject` is the record's IRI, the text says what is wrong."""

    def __init__(self, subject: str, text: str) -> None:
        super().__init__(text)
        self.subject = subject


def term_bounds(subject: str, value: object) -> Bounds:
    """The bounds of a date in the graph. Raises FactFault when it is no date."""
    if not isinstance(value, Literal):
        raise FactFault(subject, f"{value} stands where a date should be; write a year, a month or a day, like “2021-09”.")
    try:
        return _bounds(value.value, value.datatype.value)
    except DateFault as fault:
        raise FactFault(subject, str(fault)) from None


def bound_triples(triples: Iterable[Quad | Triple]) -> Iterator[Triple]:
    """The first and last possible day of every date in the graph. Raises FactFault at a date that is none."""
    for triple in triples:
        terms = BOUND_TERMS.get(triple.predicate)
        if terms is not None:
            span = term_bounds(triple.subject.value, triple.object)
            for predicate, day in zip(terms, span, strict=True):
                yield Triple(triple.subject, predicate, Literal(day.isoformat(), datatype=DATE))
