"""Records of any kind as rows: lists, hits, parts, observations, sources, changes."""

from __future__ import annotations

from phkg.views.change_list import ChangesPage
from phkg.views.facts import Fact, Truth, Web
from phkg.views.indicator import IndicatorPage, ObservationLine
from phkg.views.places import PlacesPage
from phkg.views.reader import Concept, Link, Text
from phkg.views.records import ListPage, RecordPage
from phkg.views.search import SearchPage
from phkg.views.source_list import SourcesPage
from phkg.views.todo import TodoPage

from .rows import Cell, Row, Table, named, rows_table, sources, table


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
            turn = {**named("method", line.method), **named("region", line.place), **named("before", line.before), **named("after", line.after)}
            rows.append({**commit, "row": "standing", **turn})
    columns = "commit when authors summary row sort count record_iri record successor_iri method_iri method region_iri region before_iri before after_iri after"
    return rows_table(rows, tuple(columns.split()))


@table.register
def _todo(page: TodoPage) -> Table | None:
    rows = (
        {"task": task.title, "query": task.query, **named("record", one.record), **named("about", one.about), **named("place", one.place), "told": one.told}
        for task in page.tasks
        for one in task.items
    )
    return rows_table(rows, ("task", "query", "record_iri", "record", "about_iri", "about", "place_iri", "place", "told"))


@table.register
def _source_rows(page: SourcesPage) -> Table | None:
    return rows_table(
        (
            {
                **named("source", row.source.link),
                "publisher": row.source.publisher,
                **named("kind", row.source.kind),
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

    compared = {point.place.iri: point for point in page.comparison.points} if page.comparison else {}

    def beside(one: ObservationLine) -> Row:
        """What the comparison says of the region, beside the value that it is of; values that were put together stand beside the latest."""
        point = compared.get(one.place.iri)
        if page.comparison is None or point is None or point.value is None or (one.since, one.until) != (page.comparison.periods[-1], page.comparison.until):
            return {}
        return {
            "compared_value": point.value,
            "interval_low": written(point.low),
            "interval_high": written(point.high),
            "outside_limits": written(point.outside),
            "above": "" if point.above is None else point.above,
        }

    return rows_table(
        (
            {
                "observation_iri": one.iri,
                **named("place", one.place),
                "period": one.since,
                "period_end": one.until,
                "value": written(one.value),
                "unit": page.unit.label.value if page.unit else "",
                "numerator": written(one.numerator),
                "denominator": written(one.denominator),
                "few_cases": one.few,
                **beside(one),
                **sources(one.sources),
            }
            for one in page.observations
        ),
        OBSERVATION_COLUMNS,
    )


@table.register
def _list(page: ListPage) -> Table | None:
    return rows_table(
        (
            {
                **named("record", one.link),
                "kind": one.kind.value,
                "description": one.description.value if one.description else "",
                **({"access": one.reach.access, "known": one.reach.known, "regions": one.reach.regions} if one.reach else {}),
            }
            for one in page.entries
        ),
        ("record_iri", "record", "kind", "description"),
    )


@table.register
def _places(page: PlacesPage) -> Table | None:
    rows = (
        {
            **named("place", line.place),
            **named("within", line.within),
            "methods": line.methods,
            "known": line.known,
            "newest": line.newest,
            **named("state", one.state),
            "count": one.regions,
            "for_a_part": one.for_a_part,
        }
        for line in page.regions
        for one in line.counts
    )
    wider: tuple[Row, ...] = tuple(named("place", one.place) for one in page.wider)
    return rows_table(
        (*rows, *wider), ("place_iri", "place", "within_iri", "within", "methods", "known", "newest", "state_iri", "state", "count", "for_a_part")
    )


@table.register
def _search(page: SearchPage) -> Table | None:
    return rows_table(
        (
            {**named("record", hit.link), "kind": hit.kind.value, "group": group.label.value, "matched": hit.matched}
            for group in page.groups
            for hit in group.hits
        ),
        ("record_iri", "record", "kind", "group", "matched"),
    )


@table.register
def _record(page: RecordPage) -> Table | None:
    """The parts of a record (the observations of an indicator, say), a row each and a column or two for each property."""
    if not page.parts:
        return None
    return rows_table({"part_iri": part.iri, "part_kind": part.kind.value, **_facts(part.facts), **sources(part.sources)} for part in page.parts)


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


OBSERVATION_COLUMNS = (
    "observation_iri", "place_iri", "place", "period", "period_end", "value", "unit", "numerator", "denominator", "few_cases",
    "source_iris", "source_addresses",
)  # fmt: skip
