"""The named queries as a page: what each answers, and its text to run or to change."""

from __future__ import annotations

import re
from dataclasses import dataclass

from phkg.records.queries import NamedQuery
from phkg.views.reader import Reader, Text, sort_key


LANGUAGE_LINE = re.compile(r'VALUES \?language \{ "[A-Za-z-]+" \}')
"""Where a named query says in which language it wants labels."""


@dataclass(frozen=True)
class QueryLine:
    """A named query in the reader's language."""

    name: str
    title: Text
    description: Text | None
    text: str


@dataclass(frozen=True)
class QueriesPage:
    """All named queries by title; `chosen` is the one whose text stands in the form, None for an empty form."""

    queries: tuple[QueryLine, ...]
    chosen: QueryLine | None


def queries_page(reader: Reader, queries: tuple[NamedQuery, ...], name: str) -> QueriesPage:
    """The page of all named queries, one of them chosen by its name.

    Raises ValueError with the known names when there is none of that name.
    """
    lines = [
        QueryLine(query.name, _text(reader, query.title) or Text(query.name), _text(reader, query.description), _in_language(reader, query.text))
        for query in queries
    ]
    chosen = next((line for line in lines if line.name == name), None)
    if name and chosen is None:
        raise ValueError(f"name={name}: {', '.join(line.name for line in lines)}")
    return QueriesPage(tuple(sorted(lines, key=lambda line: sort_key(line.title.value))), chosen)


def _in_language(reader: Reader, text: str) -> str:
    return LANGUAGE_LINE.sub(f'VALUES ?language {{ "{reader.language}" }}', text)


def _text(reader: Reader, texts: dict[str, str]) -> Text | None:
    for code in (reader.language, *reader.site.languages):
        if code in texts:
            return Text(texts[code], code)
    return None
