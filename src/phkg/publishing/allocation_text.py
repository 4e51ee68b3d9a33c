"""A shared sum as plain text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from phkg.views.allocation import AllocationPage, ModelResult
from phkg.views.allocation_parts import Trouble


def as_text(page: AllocationPage, manifest: Mapping[str, Any]) -> str:
    """One table a model, with its weights; `manifest` is that of the snapshot, named at the end."""
    lines = [f"{_sum(page.budget or 0)} kr a year, {page.years} years. A worked example, not a decision."]
    for result in page.results:
        lines += ["", *_model(result)]
    commit = f", commit {manifest['commit']}" if manifest.get("commit") else ""
    lines += ["", f"Population of {page.population_date}. Data of {manifest['date']}, version {manifest['name'][:12]}{commit}."]
    return "\n".join(lines) + "\n"


def _model(result: ModelResult) -> Iterator[str]:
    yield result.model.label.value
    for weight in result.weights:
        kind = f" ({weight.kind.label.value})" if weight.kind else ""
        yield f"  {weight.name} = {weight.value or '–'}{kind}, {weight.least}–{weight.most}"
    if result.trouble:
        yield f"  {_words(result.trouble)}"
        return
    rows = [("", *(f"{year}" for year in range(1, result.final_year + 1)), "kr/head", "%", "range")]
    for line in result.lines:
        between = f"{_sum(line.low)}–{_sum(line.high)}" if line.low != line.high else ""
        per_head = "" if line.per_head is None else f"{line.per_head:.2f}"
        rows.append((line.short_name.value, *(_sum(amount) for amount in line.years), per_head, f"{100 * line.share:.2f}", between))
    for name, amount in (((result.receiver.label.value if result.receiver else "centre"), result.centre), ("left", result.left)):
        if amount:
            rows.append((name, *[_sum(amount)] * result.final_year, "", "", ""))
    wide = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        yield "  " + "  ".join(cell.ljust(wide[at]) if at == 0 else cell.rjust(wide[at]) for at, cell in enumerate(row)).rstrip()


def _words(trouble: Trouble) -> str:
    if trouble.kind == "missing":
        return f"cannot be worked out: give {', '.join(trouble.names)}"
    if trouble.kind == "unreadable":
        return f"this line of figures cannot be read, or its figure cannot be: {trouble.line}"
    if trouble.kind == "whole":
        return "the parts come to more than the sum; lower a share"
    if trouble.names:
        return f"the floor lies above the ceiling for {', '.join(trouble.names)}; lower the floor or raise the ceiling"
    most = "" if trouble.most is None else f" and at most {_sum(trouble.most)}"
    return f"the floors and ceilings cannot be kept: they allow sums of at least {_sum(trouble.least or 0)}{most} kr"


def _sum(amount: int) -> str:
    return f"{amount:,}".replace(",", " ")
