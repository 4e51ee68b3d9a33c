"""Methods and regions as rows: standings, statements, cells of the matrix, gaps."""

from __future__ import annotations

from collections.abc import Iterable

from phkg.views.compare import ComparePage
from phkg.views.gaps import GapLine, GapsPage
from phkg.views.home import HomePage
from phkg.views.indicator import IndicatorHere
from phkg.views.matrix import MatrixPage
from phkg.views.method import MethodPage
from phkg.views.objections import ObjectionLine, ObjectionsPage
from phkg.views.own_access import Lacked
from phkg.views.region import RegionPage
from phkg.views.statement_list import StatementsPage
from phkg.views.statements import StandingLine, StatementLine
from phkg.views.waited import RegionWaited

from .rows import Row, Table, named, rows_table, sources, table


@table.register
def _home(page: HomePage) -> Table | None:
    return rows_table({**named("state", one.state), "count": one.regions} for one in page.counts)


@table.register
def _matrix(page: MatrixPage) -> Table | None:
    return rows_table(_cells(page))


@table.register
def _compare(page: ComparePage) -> Table | None:
    return rows_table(_cells(page), ("method_iri", "method", "region_iri", "region", "state_iri", "state"))


def _cells(page: MatrixPage | ComparePage) -> Iterable[Row]:
    # A few looks make all cells, so each is put in words once.
    looks: dict[int, Row] = {}
    regions = [named("region", column.place) for column in page.columns]
    for row in page.rows:
        method = named("method", row.method)
        for region, cell in zip(regions, row.cells, strict=True):
            look = looks.get(cell.look)
            if look is None:
                look = looks[cell.look] = {
                    **named("state", cell.state),
                    **named("absence", cell.absence),
                    "for_a_part": cell.part,
                    "only_parts_spoken": cell.parts,
                    "contradiction": cell.contradiction,
                }
            yield {**method, **region, **look}


@table.register
def _gaps(page: GapsPage) -> Table | None:
    def row(line: GapLine, by: str) -> Row:
        gaps = line.gaps
        return {
            "by": by,
            **named("record", line.about),
            "questions": gaps.questions,
            "silent": gaps.silent,
            "in_part": gaps.in_part,
            "wider_only": gaps.wider_only,
            "undated": gaps.undated,
            "contradicted": gaps.contradicted,
        }

    return rows_table([*(row(line, "region") for line in page.by_region), *(row(line, "method") for line in page.by_method)])


@table.register
def _statements(page: StatementsPage) -> Table | None:
    return rows_table((_statement(line) for line in page.lines), STATEMENT_COLUMNS)


@table.register
def _method(page: MethodPage) -> Table | None:
    waited = {line.place.iri: line for line in page.waited.regions} if page.waited else {}
    return rows_table({**_standing(line), **(_waited(waited[line.place.iri]) if waited else {})} for line in page.standings)


def _waited(line: RegionWaited | Lacked) -> Row:
    ends = {
        "years_without_access_low": line.years_low,
        "years_without_access_high": line.years_high,
        "person_years_low": line.people_low,
        "person_years_high": line.people_high,
    }
    return {name: "" if value is None else value for name, value in ends.items()}


@table.register
def _region(page: RegionPage) -> Table | None:
    if page.show == "indicators":
        return rows_table({**named("region", page.head), **_indicator(line)} for line in page.indicators)
    if not page.is_region:
        return rows_table((_statement(line) for line in page.statements), STATEMENT_COLUMNS)
    waiting = (*page.equal.lacking, *page.equal.open, *page.equal.besides) if page.equal else ()
    if page.show in ("lacking", "open"):
        return rows_table(
            {**named("region", page.head), **named("method", line.method), **named("state", line.state), "for_a_part": line.part, **_lacked(line)}
            for line in waiting
        )
    known = [line for group in page.groups for line in group.lines]
    lacked = {line.method.iri: _lacked(line) for line in waiting}
    lacks = [{**_standing(one.line), "other_regions_with_access": one.elsewhere} for one in page.lacks] if page.show else []
    spoken = [{**_standing(line), **lacked.get(line.method.iri, {})} for line in (*known, *page.parts_only, *page.stateless)]
    silent = [{**named("region", page.head), **named("method", method), **lacked.get(method.iri, {})} for method in page.silent]
    return rows_table([*lacks, *spoken, *silent], STANDING_COLUMNS)


def _indicator(line: IndicatorHere) -> Row:
    return {
        **named("indicator", line.indicator),
        "since": line.latest.since,
        "until": line.latest.until,
        "value": "" if line.latest.value is None else line.latest.value,
        **named("unit", line.unit),
        "few_cases": line.latest.few,
        "observations": line.observations,
        **sources(line.latest.sources),
    }


def _lacked(line: Lacked) -> Row:
    told = {"other_regions_with_access": line.elsewhere, "waited_since_first": line.since_first, "waited_since_last": line.since_last}
    return {**told, **_waited(line)}


def _standing(line: StandingLine) -> Row:
    words = (*line.rests_on, *line.disagrees, *line.plans, *line.also)
    addresses = dict.fromkeys(one.address.address for word in words for one in word.sources if one.address)
    return {
        **named("region", line.place),
        **named("method", line.method),
        **named("state", line.state),
        **named("reason_not_offered", line.reason_not_offered),
        "since": line.since,
        "word_date": line.word_date,
        **named("said_of", line.said_at),
        "for_a_part": line.part,
        "contradiction": line.contradiction,
        "contested": line.contested,
        "undated": line.undated,
        "statement_iris": " ".join(word.iri for word in words),
        "source_addresses": " ".join(addresses),
    }


def _statement(line: StatementLine) -> Row:
    return {
        "statement_iri": line.iri,
        **named("method", line.method),
        **named("place", line.place),
        **named("kind", line.kind),
        **named("state", line.state),
        "since": line.since,
        "until": line.until,
        "planned_start": line.planned_start,
        "word_date": line.word_date,
        **named("confidence", line.confidence),
        **sources(line.sources),
        "contested_by": " | ".join(one.by.label.value for one in line.objections),
        "objection_iris": " ".join(one.iri for one in line.objections),
    }


@table.register
def _objections(page: ObjectionsPage) -> Table | None:
    def row(line: ObjectionLine) -> Row:
        return {
            "objection_iri": line.iri,
            **named("statement", line.contests),
            **named("contested_by", line.by),
            "reason": line.reason.value if line.reason else "",
            "since": line.since,
            "until": line.until,
            "open": line.is_open,
            "settlement": line.settlement.value if line.settlement else "",
            **sources(line.sources),
        }

    return rows_table((row(line) for line in page.lines), OBJECTION_COLUMNS)


STATEMENT_COLUMNS = (
    "statement_iri", "method_iri", "method", "place_iri", "place", "kind_iri", "kind", "state_iri", "state", "since", "until",
    "planned_start", "word_date", "confidence_iri", "confidence", "source_iris", "source_addresses",
    "contested_by", "objection_iris",
)  # fmt: skip
OBJECTION_COLUMNS = (
    "objection_iri", "statement_iri", "statement", "contested_by_iri", "contested_by", "reason", "since", "until", "open", "settlement",
    "source_iris", "source_addresses",
)  # fmt: skip
STANDING_COLUMNS = (
    "region_iri", "region", "method_iri", "method", "state_iri", "state", "reason_not_offered_iri",
    "reason_not_offered", "since", "word_date", "said_of_iri", "said_of",
    "for_a_part", "contradiction", "contested", "undated", "statement_iris", "source_addresses",
)  # fmt: skip
