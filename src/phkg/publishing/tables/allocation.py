"""Shared sums as rows: one for each model, region and year, and what went to a centre or was left."""

from __future__ import annotations

from collections.abc import Iterable

from phkg.views.allocation import AllocationPage, ModelResult

from .rows import Row, Table, named, rows_table, table


@table.register
def allocations(page: AllocationPage) -> Table:
    """The amounts of every model; one that cannot be worked out has a row that says why."""
    return rows_table((row for result in page.results for row in _rows(page, result)), COLUMNS)


def _rows(page: AllocationPage, result: ModelResult) -> Iterable[Row]:
    told: Row = {**named("model", result.model), "budget": "" if page.budget is None else page.budget}
    if result.trouble:
        yield {**told, "trouble": result.trouble.kind}
    for line in result.lines:
        for year, amount in enumerate(line.years, start=1):
            last = year == result.final_year
            yield {
                **told,
                **named("region", line.place),
                "year": year,
                "amount": amount,
                "population": line.population,
                "per_head": round(amount / line.population, 2) if line.population else "",
                **({"low": line.low, "high": line.high, "share": line.share, "against_per_head": line.against_per_head} if last else {}),
                **(
                    {"chance_low": line.chance_low, "chance_high": line.chance_high}
                    if last and line.chance_low is not None and line.chance_high is not None
                    else {}
                ),
            }
    for row, amount in (("centre", result.centre), ("left", result.left)):
        if amount:
            yield {**told, "region": row, "year": result.final_year, "amount": amount}


COLUMNS = (
    "model_iri", "model", "budget", "region_iri", "region", "year", "amount", "population", "per_head", "share", "against_per_head",
    "low", "high", "chance_low", "chance_high", "trouble",
)  # fmt: skip
