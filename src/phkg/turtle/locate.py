"""From a triple to its place in the file, and the line itself for people to see."""

from __future__ import annotations

import unicodedata

from phkg.turtle.document import Document, Position, Term
from phkg.turtle.tokens import line_starts

_BOM = "\ufeff"
_WIDEST = 100
_TAB = 4


def locate(document: Document, focus: Term, predicate: Term | None = None, value: Term | None = None) -> Position:
    """Where a finding about ``focus`` should point.

    At the value if the file has such a triple; else at the predicate, and where it has several values at the second one (which is the
    one too many); else at the subject where it is first written; a focus that is only pointed at, at that place; else at the first line.
    """
    about = document.by_subject.get(focus, [])
    said = [statement for statement in about if predicate is not None and statement.predicate.term == predicate]
    if value is not None:
        for statement in said if predicate is not None else about:
            if statement.object.term == value:
                return document.position(statement.object)
    if said:
        first = said[0]
        if value is None and len(said) > 1:
            second = said[1]
            return document.position(second.object if second.predicate is first.predicate else second.predicate)
        return document.position(first.predicate)
    if about:
        return document.position(about[0].subject)
    for statement in document.triples:
        if statement.object.term == focus:
            return document.position(statement.object)
    return Position(1, 1, 2)


def snippet(data: bytes, position: Position) -> str:
    """The line of the position and under it carets at the part meant; a long line is cut on both sides of it.

    Tabs become spaces, wide characters take two places, control characters (which could steer a terminal) are shown as U+FFFD.
    """
    text = data.decode(errors="replace").removeprefix(_BOM)
    starts = line_starts(text)
    if position.line > len(starts):
        return "\n^"
    begin = starts[position.line - 1]
    end = starts[position.line] if position.line < len(starts) else len(text)
    line = text[begin:end].rstrip("\r\n")
    cells = [_shown(character) for character in line]
    first = min(position.column - 1, len(cells))
    last = max(first + 1, min(position.end_column - 1, len(cells)))
    left, right = _window(cells, first, last)
    before = "…" if left else ""
    shown = before + "".join(cells[left:right]) + ("…" if right < len(cells) else "")
    indent = len(before) + sum(map(_width, cells[left:first]))
    carets = max(1, sum(map(_width, cells[first : min(last, right)])))
    return f"{shown}\n{' ' * indent}{'^' * carets}"


def _window(cells: list[str], first: int, last: int) -> tuple[int, int]:
    """The part of a line to show: all of a short one, else as much around the part meant as fits."""
    if sum(map(_width, cells)) <= _WIDEST:
        return 0, len(cells)
    left, used = first, 0
    while left > 0 and used + _width(cells[left - 1]) <= _WIDEST // 3:
        left -= 1
        used += _width(cells[left])
    right = first
    while right < len(cells) and used + _width(cells[right]) <= _WIDEST:
        used += _width(cells[right])
        right += 1
    return left, right


def _shown(character: str) -> str:
    if character == "\t":
        return " " * _TAB
    return "\ufffd" if unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp") else character


def _width(cell: str) -> int:
    """Places that a cell takes in a terminal or a fixed-width box."""
    if len(cell) > 1:
        return len(cell)
    if unicodedata.combining(cell):
        return 0
    return 2 if unicodedata.east_asian_width(cell) in ("W", "F") else 1
