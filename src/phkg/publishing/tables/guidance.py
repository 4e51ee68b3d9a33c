"""Recommendations of tests as rows, with where each test is offered."""

from __future__ import annotations

from collections.abc import Iterable

from phkg.views.advice import AdviceLine, GuidancePage
from phkg.views.offers import Offer
from phkg.views.topic import TopicPage

from .rows import Row, Table, named, rows_table, table


@table.register
def _guidance(page: GuidancePage) -> Table | None:
    return rows_table((row for line in page.lines for row in _advice(line)), ADVICE_COLUMNS)


@table.register
def _topic(page: TopicPage) -> Table | None:
    rows = [row for line in page.advice for row in _advice(line)]
    return rows_table([*rows, *(_offer(one) for one in page.methods)], ADVICE_COLUMNS)


def _advice(line: AdviceLine) -> Iterable[Row]:
    told: Row = {
        **named("recommendation", line.recommendation),
        "drug_iri": " ".join(one.iri for one in line.drugs),
        "drug": " | ".join(one.label.value for one in line.drugs),
        "gene_iri": " ".join(one.iri for one in line.genes),
        "gene": " | ".join(one.label.value for one in line.genes),
        "action": line.action.value if line.action else "",
    }
    for offer in line.tests:
        yield {**told, **_offer(offer)}
    if not line.tests:
        yield told


def _offer(offer: Offer) -> Row:
    return {
        **named("method", offer.method),
        "regions_with_access": sum(not one.part for one in offer.places),
        "regions_for_a_part": sum(one.part for one in offer.places),
        "regions_known": offer.known,
        "regions": offer.regions,
        "region_iris": " ".join(one.place.iri for one in offer.places),
        "performer_iris": " ".join(one.iri for one in offer.performers),
    }


ADVICE_COLUMNS = (
    "recommendation_iri", "recommendation", "drug_iri", "drug", "gene_iri", "gene", "action", "method_iri", "method",
    "regions_with_access", "regions_for_a_part", "regions_known", "regions", "region_iris", "performer_iris",
)  # fmt: skip
