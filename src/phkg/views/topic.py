"""The page of a drug, a gene, a recommendation or an indication: what it means for a patient, which methods, and where."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from phkg.views.advice import Advice, AdviceLine
from phkg.views.facts import Fact, facts
from phkg.views.offers import Offer
from phkg.views.reader import Link, Reader, sort_key
from phkg.views.records import Head, Part, Uses, head, parts, uses
from phkg.views.site import BROADER, RETIREMENT, TYPE, Kind
from phkg.views.source_lines import SourceLine, sources
from phkg.vocabulary import ph

KINDS = (ph.Drug, ph.Gene, ph.Recommendation, ph.Indication)
"""The kinds of record that have this page."""
METHODS_BY = (ph.concernsDrug, ph.drug, ph.activeSubstance, ph.gene, ph.indication, ph.biomarker)
"""Properties by which a method, or a part of one, names what it is about."""


@dataclass(frozen=True)
class TopicPage:
    """A drug, a gene, a recommendation or an indication.

    `advice` are the recommendations that concern it, with their tests; `methods` the other methods that name it, with where they
    are offered; `narrower` more special ones of its kind; `parts` its sub-records (the alleles of a gene, say).
    """

    head: Head
    advice: tuple[AdviceLine, ...]
    methods: tuple[Offer, ...]
    narrower: tuple[Link, ...]
    facts: tuple[Fact, ...]
    parts: tuple[Part, ...]
    uses: tuple[Uses, ...]
    sources: tuple[SourceLine, ...]


def topic_page(reader: Reader, record: NamedNode, kind: Kind, advice: Advice) -> TopicPage:
    """The page of one such record."""
    graph = reader.graph
    if kind.iri == ph.Recommendation:
        recommendations = {record}
    else:
        about = {*graph.subjects(ph.drug, record), *graph.subjects(ph.gene, record)}
        recommendations = {one for one in about if graph.object(one, TYPE) == ph.Recommendation}
    lines = advice.lines(recommendations)
    tested = {NamedNode(test.method.iri) for line in lines for test in line.tests}
    named = {method for predicate in METHODS_BY for subject in graph.subjects(predicate, record) if (method := _method(reader, subject))}
    narrower = (one for one in graph.subjects(BROADER, record) if not graph.is_retired(one))
    return TopicPage(
        head=head(reader, record, kind),
        advice=lines,
        methods=advice.offers.of(named - tested),
        narrower=tuple(sorted((reader.link(one) for one in narrower), key=lambda link: sort_key(link.label.value))),
        facts=facts(reader, record, without=(ph.statedBy, *RETIREMENT, *((ph.action,) if lines else ()))),
        parts=parts(reader, record),
        uses=uses(reader, record, without=(*METHODS_BY, BROADER)),
        sources=sources(reader, record),
    )


def _method(reader: Reader, subject: NamedNode) -> NamedNode | None:
    """The method that a subject is, or is a part of; none for other records."""
    steps = subject.value[len(reader.site.base) :].split("/")
    kind = reader.site.kind_of_folder(steps[0])
    return reader.site.record(steps[0], steps[1]) if kind and kind.iri == ph.Method and len(steps) > 1 else None
