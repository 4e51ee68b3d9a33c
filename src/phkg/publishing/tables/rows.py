"""Rows with the same columns, and the cells that tables of many views share."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

from phkg.views.source_lines import SourceLine

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula when it opens a CSV file."""
SIGNS = frozenset(FORMULA)
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


def as_csv(found: Table) -> bytes:
    """A table as CSV in UTF-8, with one line of column names. A text that a spreadsheet would run gets an apostrophe before it."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(found.columns)
    for row in found.rows:
        cells = (row.get(column, "") for column in found.columns)
        # Of almost all cells one look at the first sign says that they are safe.
        writer.writerow([cell if type(cell) is str and cell[:1] not in SIGNS else _safe(cell) for cell in cells])
    return target.getvalue().encode()


def rows_table(rows: Iterable[Row], columns: tuple[str, ...] = ()) -> Table:
    """A table with the columns given, and after them those that only some rows have, in the order in which they come."""
    listed, named = tuple(rows), dict.fromkeys(columns)
    for row in listed:
        if not row.keys() <= named.keys():
            named.update(dict.fromkeys(row))
    return Table(tuple(named), listed)


def named(name: str, thing: Any) -> Row:
    """A thing with IRI and label (a link, a concept, the head of a page) as two columns."""
    return {f"{name}_iri": thing.iri if thing else "", name: thing.label.value if thing else ""}


def sources(lines: tuple[SourceLine, ...]) -> Row:
    """The records of sources and their addresses, as two columns."""
    return {
        "source_iris": " ".join(one.link.iri for one in lines),
        "source_addresses": " ".join(one.address.address for one in lines if one.address),
    }


def _safe(value: Cell) -> Cell:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and value.startswith(FORMULA) and not NUMBER.fullmatch(value):
        return f"'{value}"
    return value
