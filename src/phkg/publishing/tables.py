"""A view as a table: rows of the facts that its page shows as one, an IRI beside each label, as CSV (RFC 4180).

Columns are named alike in every language; labels are in the page's. Several values of one cell are parted by a space where they
are IRIs or addresses, by ` | ` where they are texts.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

from phkg.views.advice import AdviceLine, GuidancePage
from phkg.views.change_list import ChangesPage
from phkg.views.compare import ComparePage
from phkg.views.facts import Fact, Truth, Web
from phkg.views.gaps import GapLine, GapsPage
from phkg.views.governance import ActLine, ActPage, GovernancePage
from phkg.views.home import HomePage
from phkg.views.indicator import IndicatorPage
from phkg.views.matrix import MatrixPage
from phkg.views.method import MethodPage
from phkg.views.offers import Offer
from phkg.views.organisation import MembershipLine, OrganisationPage
from phkg.views.reader import Concept, Link, Text
from phkg.views.records import ListPage, RecordPage
from phkg.views.region import RegionPage
from phkg.views.search import SearchPage
from phkg.views.statement_list import StatementsPage
from phkg.views.source_list import SourcesPage
from phkg.views.statements import SourceLine, StandingLine, StatementLine
from phkg.views.topic import TopicPage

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula when it opens a CSV file."""
NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)

Cell = str | int | float | bool
Row = dict[str, Cell]


@dataclass(frozen=True)
class Table:
    """Rows with the same columns; a column that a row lacks is empty there."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@singledispatch
def table(page: Any) -> Table | None:
    """The table of a view; None for one that has none."""
    return None


def has_table(page: Any) -> bool:
    """Whether a view has a table, without making it."""
    return bool(page.parts) if isinstance(page, RecordPage) else table.dispatch(type(page)) is not table.dispatch(object)


def as_csv(found: Table) -> bytes:
    """A table as CSV in UTF-8, with one line of column names. A text that a spreadsheet would run gets an apostrophe before it."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(found.columns)
    writer.writerows([_safe(row.get(column, "")) for column in found.columns] for row in found.rows)
    return target.getvalue().encode()


@table.register
def _home(page: HomePage) -> Table | None:
    return _table({**_named("state", one.state), "count": one.regions} for one in page.counts)


@table.register
def _changes(page: ChangesPage) -> Table | None:
    rows: list[Row] = []
    for entry in page.entries:
        commit: Row = {"commit": entry.commit, "when": entry.when, "authors": " | ".join(entry.authors), "summary": entry.summary}
        for one in entry.counts:
            rows.append({**commit, "row": "count", "sort": one.sort, "count": one.count})
        for kind in entry.changes.kinds if entry.changes else ():
            for line in kind.lines:
                told = {"sort": line.sort, "record_iri": line.iri, "record": line.record.label.value}
                rows.append({**commit, "row": "record", **told, "successor_iri": line.successor.iri if line.successor else ""})
        for line in entry.changes.standings if entry.changes else ():
            turn = {**_named("method", line.method), **_named("region", line.place), **_named("before", line.before), **_named("after", line.after)}
            rows.append({**commit, "row": "standing", **turn})
    columns = "commit when authors summary row sort count record_iri record successor_iri method_iri method region_iri region before_iri before after_iri after"
    return _table(rows, tuple(columns.split()))


@table.register
def _matrix(page: MatrixPage) -> Table | None:
    return _table(_cells(page))


@table.register
def _compare(page: ComparePage) -> Table | None:
    return _table(_cells(page), ("method_iri", "method", "region_iri", "region", "state_iri", "state"))


def _cells(page: MatrixPage | ComparePage) -> Iterable[Row]:
    for row in page.rows:
        for column, cell in zip(page.columns, row.cells, strict=True):
            yield {
                **_named("method", row.method),
                **_named("region", column.place),
                **_named("state", cell.state),
                **_named("absence", cell.absence),
                "for_a_part": cell.part,
                "only_parts_spoken": cell.parts,
                "contradiction": cell.contradiction,
            }


@table.register
def _gaps(page: GapsPage) -> Table | None:
    def row(line: GapLine, by: str) -> Row:
        gaps = line.gaps
        return {
            "by": by,
            **_named("record", line.about),
            "questions": gaps.questions,
            "silent": gaps.silent,
            "in_part": gaps.in_part,
            "wider_only": gaps.wider_only,
            "undated": gaps.undated,
            "contradicted": gaps.contradicted,
        }

    return _table([*(row(line, "region") for line in page.by_region), *(row(line, "method") for line in page.by_method)])


@table.register
def _guidance(page: GuidancePage) -> Table | None:
    return _table((row for line in page.lines for row in _advice(line)), ADVICE_COLUMNS)


@table.register
def _topic(page: TopicPage) -> Table | None:
    rows = [row for line in page.advice for row in _advice(line)]
    return _table([*rows, *(_offer(one) for one in page.methods)], ADVICE_COLUMNS)


def _advice(line: AdviceLine) -> Iterable[Row]:
    told: Row = {
        **_named("recommendation", line.recommendation),
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
        **_named("method", offer.method),
        "regions_with_access": sum(not one.part for one in offer.places),
        "regions_for_a_part": sum(one.part for one in offer.places),
        "regions_known": offer.known,
        "regions": offer.regions,
        "region_iris": " ".join(one.place.iri for one in offer.places),
        "performer_iris": " ".join(one.iri for one in offer.performers),
    }


@table.register
def _governance(page: GovernancePage) -> Table | None:
    return _table((_act(line) for line in page.acts), ACT_COLUMNS)


@table.register
def _act_page(page: ActPage) -> Table | None:
    return _table((_act(line) for line in (*((page.line,) if page.line else ()), *page.has_parts)), ACT_COLUMNS)


def _act(line: ActLine) -> Row:
    def all_of(name: str, links: tuple[Link, ...]) -> Row:
        return {f"{name}_iri": " ".join(one.iri for one in links), name: " | ".join(one.label.value for one in links)}

    return {
        **_named("act", line.act),
        "kind": line.kind.value,
        **all_of("from", line.from_whom),
        **all_of("to", line.to_whom),
        "since": line.since,
        "until": line.until,
        "amount": "" if line.amount is None else line.amount,
        "currency": line.currency,
        **all_of("part_of", line.wholes),
        **all_of("overlaps_with", line.overlaps),
        **all_of("concerns", line.concerns),
    }


@table.register
def _source_rows(page: SourcesPage) -> Table | None:
    return _table(
        (
            {
                **_named("source", row.source.link),
                "publisher": row.source.publisher,
                **_named("kind", row.source.kind),
                "date": row.source.date,
                "address": row.source.address.address if row.source.address else "",
                "needs_better_source": row.source.needs_better,
                "rests_on_it": row.rests_on_it,
            }
            for row in page.rows
        ),
        ("source_iri", "source", "publisher", "kind_iri", "kind", "date", "address", "needs_better_source", "rests_on_it"),
    )


@table.register
def _indicator(page: IndicatorPage) -> Table | None:
    def written(number: float | None) -> Cell:
        return "" if number is None else int(number) if number.is_integer() else number

    return _table(
        (
            {
                "observation_iri": one.iri,
                **_named("place", one.place),
                "period": one.since,
                "period_end": one.until,
                "value": written(one.value),
                "unit": page.unit.label.value if page.unit else "",
                "numerator": written(one.numerator),
                "denominator": written(one.denominator),
                "few_cases": one.few,
                **_sources(one.sources),
            }
            for one in page.observations
        ),
        OBSERVATION_COLUMNS,
    )


@table.register
def _list(page: ListPage) -> Table | None:
    return _table(
        (
            {**_named("record", one.link), "kind": one.kind.value, "description": one.description.value if one.description else ""}
            for one in page.entries
        ),
        ("record_iri", "record", "kind", "description"),
    )


@table.register
def _statements(page: StatementsPage) -> Table | None:
    return _table((_statement(line) for line in page.lines), STATEMENT_COLUMNS)


@table.register
def _search(page: SearchPage) -> Table | None:
    return _table(
        (
            {**_named("record", hit.link), "kind": hit.kind.value, "group": group.label.value, "matched": hit.matched}
            for group in page.groups
            for hit in group.hits
        ),
        ("record_iri", "record", "kind", "group", "matched"),
    )


@table.register
def _method(page: MethodPage) -> Table | None:
    return _table(_standing(line) for line in page.standings)


@table.register
def _region(page: RegionPage) -> Table | None:
    if not page.is_region:
        return _table((_statement(line) for line in page.statements), STATEMENT_COLUMNS)
    known = [line for group in page.groups for line in group.lines]
    spoken = [_standing(line) for line in (*known, *page.parts_only, *page.stateless)]
    silent = [{**_named("region", page.head), **_named("method", method)} for method in page.silent]
    return _table([*spoken, *silent], STANDING_COLUMNS)


@table.register
def _organisation(page: OrganisationPage) -> Table | None:
    return _table(
        (
            *(_membership(page.head, one.other, one) for one in page.members),
            *(_membership(one.other, page.head, one) for one in page.member_of),
        ),
        MEMBERSHIP_COLUMNS,
    )


@table.register
def _record(page: RecordPage) -> Table | None:
    """The parts of a record (the observations of an indicator, say), a row each and a column or two for each property."""
    if not page.parts:
        return None
    return _table(
        {"part_iri": part.iri, "part_kind": part.kind.value, **_facts(part.facts), **_sources(part.sources)} for part in page.parts
    )


def _table(rows: Iterable[Row], columns: tuple[str, ...] = ()) -> Table:
    """A table with the columns given, and after them those that only some rows have, in the order in which they come."""
    listed = tuple(rows)
    return Table(tuple(dict.fromkeys((*columns, *(name for row in listed for name in row)))), listed)


def _named(name: str, thing: Any) -> Row:
    """A thing with IRI and label (a link, a concept, the head of a page) as two columns."""
    return {f"{name}_iri": thing.iri if thing else "", name: thing.label.value if thing else ""}


def _standing(line: StandingLine) -> Row:
    words = (*line.rests_on, *line.disagrees, *line.plans, *line.also)
    addresses = dict.fromkeys(one.address.address for word in words for one in word.sources if one.address)
    return {
        **_named("region", line.place),
        **_named("method", line.method),
        **_named("state", line.state),
        **_named("reason_not_offered", line.reason_not_offered),
        "since": line.since,
        "word_date": line.word_date,
        **_named("said_of", line.said_at),
        "for_a_part": line.part,
        "contradiction": line.contradiction,
        "undated": line.undated,
        "statement_iris": " ".join(word.iri for word in words),
        "source_addresses": " ".join(addresses),
    }


def _statement(line: StatementLine) -> Row:
    return {
        "statement_iri": line.iri,
        **_named("method", line.method),
        **_named("place", line.place),
        **_named("kind", line.kind),
        **_named("state", line.state),
        "since": line.since,
        "until": line.until,
        "planned_start": line.planned_start,
        "word_date": line.word_date,
        **_named("confidence", line.confidence),
        **_sources(line.sources),
    }


def _membership(whole: Any, member: Any, line: MembershipLine) -> Row:
    return {
        **_named("organisation", whole),
        **_named("member", member),
        **_named("role", line.role),
        "role_text": line.role_text.value if line.role_text else "",
        "since": line.since,
        "until": line.until,
        **_sources(line.sources),
    }


def _sources(lines: tuple[SourceLine, ...]) -> Row:
    return {
        "source_iris": " ".join(one.link.iri for one in lines),
        "source_addresses": " ".join(one.address.address for one in lines if one.address),
    }


def _facts(facts: tuple[Fact, ...]) -> Row:
    found: Row = {}
    for fact in facts:
        name = fact.property.rsplit("/", 1)[-1].rsplit("#", 1)[-1]
        iris = [one.iri for one in fact.values if isinstance(one, Link | Concept)]
        if iris:
            found[f"{name}_iri"] = " ".join(iris)
        found[name] = " | ".join(_shown(one) for one in fact.values)
    return found


def _shown(value: Link | Text | Web | Truth) -> str:
    if isinstance(value, Truth):
        return str(value.is_true).lower()
    if isinstance(value, Web):
        return value.address
    return value.label.value if isinstance(value, Link) else value.value


def _safe(value: Cell) -> Cell:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and value.startswith(FORMULA) and not NUMBER.fullmatch(value):
        return f"'{value}"
    return value


STATEMENT_COLUMNS = (
    "statement_iri", "method_iri", "method", "place_iri", "place", "kind_iri", "kind", "state_iri", "state", "since", "until",
    "planned_start", "word_date", "confidence_iri", "confidence", "source_iris", "source_addresses",
)  # fmt: skip
STANDING_COLUMNS = (
    "region_iri", "region", "method_iri", "method", "state_iri", "state", "reason_not_offered_iri",
    "reason_not_offered", "since", "word_date", "said_of_iri", "said_of",
    "for_a_part", "contradiction", "undated", "statement_iris", "source_addresses",
)  # fmt: skip
OBSERVATION_COLUMNS = (
    "observation_iri", "place_iri", "place", "period", "period_end", "value", "unit", "numerator", "denominator", "few_cases",
    "source_iris", "source_addresses",
)  # fmt: skip
ACT_COLUMNS = (
    "act_iri", "act", "kind", "from_iri", "from", "to_iri", "to", "since", "until", "amount", "currency", "part_of_iri", "part_of",
    "overlaps_with_iri", "overlaps_with", "concerns_iri", "concerns",
)  # fmt: skip
ADVICE_COLUMNS = (
    "recommendation_iri", "recommendation", "drug_iri", "drug", "gene_iri", "gene", "action", "method_iri", "method",
    "regions_with_access", "regions_for_a_part", "regions_known", "regions", "region_iris", "performer_iris",
)  # fmt: skip
MEMBERSHIP_COLUMNS = (
    "organisation_iri", "organisation", "member_iri", "member", "role_iri", "role", "role_text", "since", "until", "source_iris",
    "source_addresses",
)  # fmt: skip
