"""Workbooks of Excel: reading one that may be hostile, and writing the one that curators fill in, with lists to choose from and help."""

from __future__ import annotations

import datetime
import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterable, Sequence

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from phkg.curation.fields import Choice
from phkg.curation.table_help import MOST_NAME, help_of, sheet_name
from phkg.curation.table_limits import MOST_BYTES, MOST_COLUMNS, MOST_PARTS, MOST_ROWS, MOST_UNPACKED, CannotRead
from phkg.curation.tables import Cell, Column, Sheet, Table
from phkg.curation.words import word, yes_and_no

LISTS = "_"
"""The hidden sheet with the lists that cells choose from; sheets whose names begin so are not read."""
ROWS_READY = 1000
"""As many rows below the headings have their lists."""
DAY_IN_FORMAT = re.compile("d", re.IGNORECASE)
Choices = Callable[[Column], Sequence[Choice]]


def read_workbook(data: bytes) -> list[Sheet]:
    """The visible sheets of a workbook, the first row of each as headings. Raises CannotRead.

    Formulas are not computed: their cells are marked. What lies outside the first columns and rows that a table may have is refused.
    """
    _measure(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # About styles and extensions that are not read anyway.
            book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
            return [_sheet(one) for one in book.worksheets if one.sheet_state == "visible" and not one.title.startswith(LISTS)]
    except CannotRead:
        raise
    except Exception as error:  # A stranger's file can break a parser in any way, and none of them may reach the reader.
        raise CannotRead("not-a-workbook", why=f"{type(error).__name__}") from error


def _measure(data: bytes) -> None:
    """Refuses what would be too much once unpacked; a part is never read beyond the size that it is declared with."""
    if len(data) > MOST_BYTES:
        raise CannotRead("file-too-large", most=MOST_BYTES // 1024 // 1024)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS:
                raise CannotRead("not-a-workbook", why=f"{len(parts)} > {MOST_PARTS}")
            if sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise CannotRead("unpacks-too-large", most=MOST_UNPACKED // 1024 // 1024)
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with packed.open(part) as stream:
                        if b"<!DOCTYPE" in stream.read(4096).replace(b"\0", b""):
                            raise CannotRead("not-a-workbook", why="DOCTYPE")
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise CannotRead("not-a-workbook", why=f"{type(error).__name__}") from error


def _sheet(sheet) -> Sheet:
    sheet.reset_dimensions()  # What a file says of its own size need not be true.
    heads: tuple[Cell, ...] = ()
    rows = []
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1), 1):
        if number > MOST_ROWS + 1:
            raise CannotRead("too-many-rows", sheet=sheet.title, most=MOST_ROWS)
        cells = {column: found for column, one in enumerate(row, 1) if (found := _cell(one, column, number)) is not None}
        if len(row) > MOST_COLUMNS and MOST_COLUMNS + 1 in cells:
            raise CannotRead("too-many-columns", sheet=sheet.title, most=MOST_COLUMNS)
        if number == 1:
            heads = tuple(cells.get(column, Cell("", f"{get_column_letter(column)}1")) for column in range(1, max(cells, default=0) + 1))
        elif cells:
            rows.append((number, cells))
    return Sheet(sheet.title, heads, tuple(rows))


def _cell(cell, column: int, row: int) -> Cell | None:
    if cell.value is None:
        return None
    place = f"{get_column_letter(column)}{row}"
    if cell.data_type == "f":
        return Cell(str(getattr(cell.value, "text", cell.value)), place, formula=True)
    text = _text(cell.value, getattr(cell, "number_format", "") or "")
    return Cell(text, place) if text.strip() else None


def _text(value: object, form: str) -> str:
    """A value of a cell as one would have typed it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime | datetime.date):
        day = value.date() if isinstance(value, datetime.datetime) else value
        # A month that Excel has made a date of shows no day.
        return day.isoformat() if not form or DAY_IN_FORMAT.search(form) else day.isoformat()[:7]
    return str(value)


def write_workbook(tables: Sequence[tuple[Table, Iterable[Sequence[str]]]], choices: Choices, language: str) -> bytes:
    """A workbook with one sheet for each table and its rows, lists to choose from, a comment on each heading, and a sheet of help.

    Every cell is text, so that nothing in it is ever computed.
    """
    book = Workbook(write_only=True)
    lists: dict[tuple[str, ...], str] = {}
    sheets = []
    for table, rows in tables:
        sheet = book.create_sheet(sheet_name(table.name))
        sheet.freeze_panes = "B2"
        for number, head in enumerate(table.heads, 1):
            dimension = sheet.column_dimensions[get_column_letter(number)]
            dimension.width = max(14, min(40, len(head) + 4))
            dimension.number_format = "@"
        sheet.append([_head(sheet, head, column, language) for head, column in zip(table.heads, table.columns, strict=True)])
        filled = 1
        for row in rows:
            sheet.append([_plain(sheet, text) for text in row])
            filled += 1
        sheets.append((sheet, table, filled))
    for sheet, table, filled in sheets:
        for number, column in enumerate(table.columns, 1):
            if names := _names(column, choices, language):
                area = lists.setdefault(names, f"'{LISTS}'!${get_column_letter(len(lists) + 1)}$1:${get_column_letter(len(lists) + 1)}${len(names)}")
                letter = get_column_letter(number)
                sheet.data_validations.append(_validation(column, area, f"{letter}2:{letter}{filled + ROWS_READY}", language))
    _help_sheet(book, [table for table, _ in tables], language)
    hidden = book.create_sheet(LISTS)
    hidden.sheet_state = "hidden"
    for row in range(max((len(names) for names in lists), default=0)):
        hidden.append([_plain(hidden, names[row]) if row < len(names) else None for names in lists])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _plain(sheet, text: str) -> WriteOnlyCell | None:
    if not text:
        return None
    cell = WriteOnlyCell(sheet, None)
    cell._value, cell.data_type = text, "s"  # The setter would take "=1+1" for a formula and "#N/A" for an error.
    cell.number_format = "@"
    cell.alignment = Alignment(wrap_text="\n" in text, vertical="top")
    return cell


def _head(sheet, head: str, column: Column, language: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, head)
    needed = column.field is not None and column.field.need == "required" and not column.through
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", start_color="D6E4F0" if needed else "F0F0F0")
    if text := help_of(column, language):
        cell.comment = Comment(text, "phkg", width=320, height=160)
    return cell


def _names(column: Column, choices: Choices, language: str) -> tuple[str, ...]:
    """What one can choose from in a column; names that are shared are told apart by their identifiers."""
    if column.field is None:
        return ()
    if column.field.value == "boolean":
        return tuple(dict.fromkeys(one for meaning in ("true", "false") for one in (_said(meaning, language),)))
    found = choices(column)
    labels = [one.label(language) for one in found]
    return tuple(f"{label} ({one.name})" if labels.count(label) > 1 else label for label, one in zip(labels, found, strict=True))


def _said(meaning: str, language: str) -> str:
    """Yes or no as a language says it."""
    own = word("yes" if meaning == "true" else "no", language)
    return own if yes_and_no().get(own) == meaning else meaning


def _validation(column: Column, area: str, cells: str, language: str) -> DataValidation:
    one = column.field
    assert one is not None  # Only fields have lists.
    # A cell with several values, or with a record from another sheet, is in no list.
    strict = one.value in ("choice", "boolean") and not one.many
    found = DataValidation(type="list", formula1=area, allow_blank=True, showErrorMessage=strict, sqref=cells)
    found.error, found.errorTitle = word("from-the-list", language), one.label(language)[:MOST_NAME]
    return found


def _help_sheet(book: Workbook, tables: Sequence[Table], language: str) -> None:
    sheet = book.create_sheet(sheet_name(word("help", language)))
    for letter, width in (("A", 26), ("B", 34), ("C", 110)):
        sheet.column_dimensions[letter].width = width
    for line in word("help-begins", language).splitlines():
        sheet.append([_plain(sheet, line)])
    sheet.append([])
    for table in tables:
        for head, column in zip(table.heads, table.columns, strict=True):
            sheet.append([_plain(sheet, one) for one in (table.name, head, help_of(column, language))])
