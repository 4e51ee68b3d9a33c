"""Tables as CSV: read with whatever separator and encoding Excel has used, written so that no cell begins a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from phkg.curation.table_limits import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, CannotRead
from phkg.curation.tables import Cell, Sheet

SEPARATORS = ";,\t"
FORMULA = re.compile(r"'*[=+\-@\t\r]")
"""How a cell begins that a spreadsheet would compute, or that has been made safe already."""
NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def read_csv(data: bytes, name: str) -> Sheet:
    """The table of a CSV file: UTF-8, else Windows-1252; separated as most of its first line is. Raises CannotRead."""
    if len(data) > MOST_BYTES:
        raise CannotRead("file-too-large", most=MOST_BYTES // 1024 // 1024)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    heads: tuple[Cell, ...] = ()
    rows = []
    try:
        for number, values in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 1):
            if number > MOST_ROWS + 1:
                raise CannotRead("too-many-rows", sheet=name, most=MOST_ROWS)
            if len(values) > MOST_COLUMNS:
                raise CannotRead("too-many-columns", sheet=name, most=MOST_COLUMNS)
            cells = {column: Cell(bare(value), f"{letters(column)}{number}") for column, value in enumerate(values, 1) if value.strip()}
            if number == 1:
                heads = tuple(Cell(value, f"{letters(column)}1") for column, value in enumerate(values, 1))
            elif cells:
                rows.append((number, cells))
    except csv.Error as error:
        raise CannotRead("not-csv", why=str(error)) from error
    return Sheet(name, heads, tuple(rows))


def write_csv(heads: Sequence[str], rows: Iterable[Sequence[str]], separator: str = ";") -> bytes:
    """A table as CSV, UTF-8 with a mark that Excel knows it by. A text that a spreadsheet would compute gets an apostrophe before it."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=separator, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([safe(value) for value in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def safe(text: str) -> str:
    """The text with an apostrophe before it where it would begin a formula; `bare` takes it away again."""
    return f"'{text}" if FORMULA.match(text) and not NUMBER.fullmatch(text) else text


def bare(text: str) -> str:
    """The text that `safe` made safe; any other is as it was."""
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


def letters(column: int) -> str:
    """The name of a column as spreadsheets have it: 1 is A, 27 is AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = LETTERS[rest] + name
    return name
