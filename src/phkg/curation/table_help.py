"""What curators read about tables and their columns, and the names of sheets that Excel takes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from phkg.curation.tables import Column
from phkg.curation.words import how_to_write, word

MOST_NAME = 31
"""The longest name that Excel lets a sheet have."""
NOT_IN_NAME = re.compile(r"[\[\]:*?/\\']")


def sheet_name(name: str) -> str:
    """A name that Excel takes for a sheet."""
    return NOT_IN_NAME.sub(" ", name)[:MOST_NAME].strip() or "-"


def help_of(column: Column, language: str) -> str:
    """What stands in a column and how it is written, in a language."""
    if column.field is None:
        return word("identifier-help", language)
    one = column.field
    parts = [
        one.description.get(language, ""),
        word("needed", language) if one.need == "required" and not column.through else "",
        one.help.get(language, "") or how_to_write(one.value).get(language, ""),
        word("several-lines", language) if one.many else "",
        word("example", language, example=one.examples[0]) if one.examples and one.value not in ("choice", "record") else "",
    ]
    return " ".join(part for part in parts if part)


def help_names(languages: Mapping[str, object] | Iterable[str]) -> set[str]:
    """The names of the sheet of help, in small letters."""
    return {sheet_name(word("help", language)).casefold() for language in languages}
