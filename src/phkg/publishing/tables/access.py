"""Equal access as rows: coverage of methods, waiting for methods, waiting of regions; `table` tells which."""

from __future__ import annotations

from phkg.views.access import AccessPage, CoverageLine, RegionLine, Rests, WaitLine

from .rows import Cell, Row, Table, named, rows_table, table


@table.register
def _access(page: AccessPage) -> Table | None:
    waited = [*(_wait(line) for line in page.waits), *(_region(line) for line in page.by_region)]
    return rows_table([*(_coverage(line) for line in page.coverage), *waited], COLUMNS)


def _coverage(line: CoverageLine) -> Row:
    return {
        "table": "coverage",
        **named("record", line.method),
        "share_low": line.low,
        "share_high": line.high,
        "regions_with_access": line.with_access,
        "regions_for_a_part": line.part,
        "regions_without": line.without_access,
        "regions_unknown": line.unknown,
        **_rests(line.rests),
    }


def _wait(line: WaitLine) -> Row:
    return {
        "table": "waiting",
        **named("record", line.method),
        "since_first": line.since_first,
        "since_last": line.since_last,
        "since_recommendation": line.recommended,
        "person_years_low": line.low,
        "person_years_high": _cell(line.high),
        "half_of_regions_years_early": _cell(line.half_early),
        "half_of_regions_years_late": _cell(line.half_late),
        **_rests(line.rests),
    }


def _region(line: RegionLine) -> Row:
    return {
        "table": "region",
        **named("record", line.place),
        "share_low": line.low,
        "share_high": line.high,
        "interval_low": line.interval_low,
        "interval_high": line.interval_high,
        "person_years_low": _cell(line.people_low),
        "person_years_high": _cell(line.people_high),
        "years_low": line.years_low,
        "years_high": line.years_high,
        "methods": line.methods,
        "longest_surely": line.last_low,
        "longest_perhaps": line.last_high,
    }


def _rests(rests: Rests) -> Row:
    return {"answering": rests.answering, "regions": rests.regions, "population_answering": _cell(rests.share)}


def _cell(value: float | None) -> Cell:
    return "" if value is None else value


COLUMNS = ("table", "record_iri", "record", "share_low", "share_high", "interval_low", "interval_high", "person_years_low", "person_years_high")
