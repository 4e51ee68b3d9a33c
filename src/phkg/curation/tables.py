"""Records as tables: which columns a kind of record has, what a heading means, and how several values stand in one cell. Plain data, no files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from phkg.curation.fields import Field, Forms, Kind
from phkg.curation.words import in_all_languages, word

IDENTIFIER = "#"
"""The key of the column that holds the identifier of a record; empty for a new one."""
BREAK = "␤"
"""Stands for a line break within one of several values of a cell; between them stands a line break."""
FURTHER = re.compile(r"(.+) \(([a-z]{2,3}(?:-[a-z0-9]+)*)\)")
"""A heading of texts in a language that is not one of the registry's."""
OF = ": "
"""Between the name of a field and that of a field of the record it points to, in a heading."""


@dataclass(frozen=True)
class Cell:
    """A cell: its text, its place as people name it (`C7`), and whether it holds a formula instead of a value."""

    text: str
    place: str
    formula: bool = False


@dataclass(frozen=True)
class Sheet:
    """A table as it was read: its name, the headings, and the rows of cells that have something in them, by number of the column."""

    name: str
    heads: tuple[Cell, ...]
    rows: tuple[tuple[int, Mapping[int, Cell]], ...]


@dataclass(frozen=True)
class Column:
    """A column: the key of the field in filled-in values, and for a field of a record that the row points to, the key of the pointing one."""

    key: str
    field: Field | None
    through: str = ""


@dataclass(frozen=True)
class Row:
    """A row by the keys of its columns; `whole` are the cells as they stood, for writing them out again, `blank` the columns without one."""

    sheet: str
    kind: Kind
    number: int
    cells: Mapping[tuple[str, str], Cell]
    whole: Mapping[int, Cell]
    blank: tuple[tuple[str, str], ...] = ()


@dataclass
class Table:
    """What a kind of record looks like as a table to be written: headings and, for each, the column."""

    kind: Kind
    name: str
    heads: list[str] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)


def table_of(kind: Kind, language: str, through: Iterable[tuple[Field, Kind]] = (), more: Iterable[str] = ()) -> Table:
    """The table of a kind with headings in a language; `through`: fields whose records can be given in the row, and their kinds;
    `more`: keys of texts in further languages, as `title@de`.
    """
    table = Table(kind, kind.plurals.get(language) or kind.label(language))
    _add(table, word("identifier", language), Column(IDENTIFIER, None))
    for one in sorted(kind.fields, key=_need):
        for key in (*one.keys, *(key for key in more if key.startswith(f"{one.name}@"))):
            _add(table, head_of(one, key, language), Column(key, one))
    for pointing, other in through:
        for one in other.fields:
            if one.need in ("required", "advised") or one.value == "date":
                for key in one.keys:
                    _add(table, pointing.label(language) + OF + head_of(one, key, language), Column(key, one, pointing.name))
    return table


def _add(table: Table, head: str, column: Column) -> None:
    table.heads.append(head)
    table.columns.append(column)


def _need(one: Field) -> int:
    return ("required", "depends", "advised", "optional").index(one.need)


def head_of(one: Field, key: str, language: str) -> str:
    """The heading of a key: the name of the field, with the language of its texts where it has several."""
    tag = key.partition("@")[2]
    return f"{one.label(language)} ({tag})" if tag else one.label(language)


def kind_of_name(name: str, forms: Forms) -> Kind | None:
    """The kind whose table has this name, in any language; names of sheets may be cut at 31 characters."""
    wanted = name.strip().casefold()
    for kind in forms.kinds:
        names = {kind.name, *(text.casefold() for text in (*kind.plurals.values(), *kind.labels.values()))}
        if wanted in names or wanted in {one[:31] for one in names}:
            return kind
    return None


def column_of(head: str, kind: Kind, forms: Forms) -> Column | None:
    """What a heading means for a kind: a key or a name in any language, letter case aside; None when it means nothing."""
    wanted = head.strip().casefold()
    if wanted in {IDENTIFIER, *(text.casefold() for text in in_all_languages("identifier").values())}:
        return Column(IDENTIFIER, None)
    found = _key(wanted, kind)
    if found:
        return Column(found[0], found[1])
    outer, sign, inner = wanted.partition(OF)
    pointing = _key(outer, kind) if sign else None
    for other in forms.kinds if pointing else ():
        if other.iri in pointing[1].classes and (found := _key(inner, other)):
            return Column(found[0], found[1], pointing[1].name)
    return None


def _key(wanted: str, kind: Kind) -> tuple[str, Field] | None:
    for one in kind.fields:
        for key in one.keys:
            if wanted in {key.casefold(), *(head_of(one, key, language).casefold() for language in one.labels)}:
                return key, one
        if len(one.keys) == 1 and wanted == one.name.casefold():
            return one.keys[0], one
        tag = FURTHER.fullmatch(wanted) if one.value == "text" else None
        if tag and tag[1] in {one.name.casefold(), *(label.casefold() for label in one.labels.values())}:
            return f"{one.name}@{tag[2]}", one
    return None


def kind_of_heads(heads: Sequence[str], forms: Forms) -> Kind | None:
    """The one kind that knows most of these headings and has all that it demands among them; of several the one that is wider than
    the others. None when there is none such.
    """
    scored = []
    for kind in forms.kinds:
        keys = {column.key for head in heads if (column := column_of(head, kind, forms)) and not column.through}
        through = {column.through for head in heads if (column := column_of(head, kind, forms))}
        if all(set(one.keys) & keys or one.name in through for one in kind.fields if one.need == "required"):
            scored.append((len(keys), kind))
    best = max((score for score, _ in scored), default=0)
    found = [kind for score, kind in scored if score == best]
    return next((one for one in found if all(one.iri in other.classes for other in found)), None)


def joined(values: Sequence[str]) -> str:
    """Several values as the text of one cell."""
    if len(values) == 1 and "\n" not in values[0]:
        return values[0]
    return "\n".join(value.replace("\r\n", "\n").replace("\n", BREAK) for value in values)


def parted(text: str, many: bool) -> list[str]:
    """The values in the text of a cell; a field with one value has it as it stands."""
    if not many:
        return [text] if text.strip() else []
    return [one.replace(BREAK, "\n") for one in text.splitlines() if one.strip()]
