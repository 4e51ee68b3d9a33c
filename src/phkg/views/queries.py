"""The named queries as a page: by topic, what each answers, and its text to run or to change."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby

from phkg.records.queries import NamedQuery
from phkg.views.reader import Reader, Text, sort_key

LANGUAGE_LINE = re.compile(r'VALUES \?language \{ "[A-Za-z-]+" \}')
"""Where a named query says in which language it wants labels."""

RECORD_LINE = re.compile(r"VALUES \?(?P<variable>\w+) \{ (?P<prefix>[\w-]+):[\w-]+ \}")
"""Where a named query names one record that another may take the place of."""


@dataclass(frozen=True)
class QueryLine:
    """A named query in the reader's language."""

    name: str
    title: Text
    topic: Text | None
    description: Text | None
    text: str


@dataclass(frozen=True)
class QueryGroup:
    """The named queries of one topic by title; topic None gathers those without."""

    topic: Text | None
    queries: tuple[QueryLine, ...]


@dataclass(frozen=True)
class QueriesPage:
    """All named queries by topic and title; `chosen` is the one whose text stands in the form, None for an empty form."""

    groups: tuple[QueryGroup, ...]
    chosen: QueryLine | None


def queries_page(reader: Reader, queries: tuple[NamedQuery, ...], name: str) -> QueriesPage:
    """The page of all named queries, one of them chosen by its name.

    Raises ValueError with the known names when there is none of that name.
    """
    lines = [
        QueryLine(
            name=query.name,
            title=query_title(reader, query),
            topic=_text(reader, query.topic),
            description=_text(reader, query.description),
            text=_in_language(reader, query.text),
        )
        for query in queries
    ]
    chosen = next((line for line in lines if line.name == name), None)
    if name and chosen is None:
        raise ValueError(f"name={name}: {', '.join(line.name for line in lines)}")
    lines.sort(key=lambda line: (line.topic is None, sort_key(line.topic.value if line.topic else ""), sort_key(line.title.value)))
    groups = tuple(QueryGroup(topic, tuple(found)) for topic, found in groupby(lines, key=lambda line: line.topic))
    return QueriesPage(groups, chosen)


def query_title(reader: Reader, query: NamedQuery) -> Text:
    """What a named query is called in the reader's language; its name where it has no title."""
    return _text(reader, query.title) or Text(query.name)


def about(reader: Reader, query: NamedQuery, iri: str) -> str | None:
    """A named query with the record that it is about replaced by another of the same kind, and labels in the reader's language.

    None where it names no single record of that kind.
    """
    space, _, name = iri.rpartition("/")

    def filled(match: re.Match[str]) -> str:
        declared = re.search(rf"(?mi)^PREFIX {re.escape(match['prefix'])}: <(.*)>$", query.text)
        return f"VALUES ?{match['variable']} {{ {match['prefix']}:{name} }}" if declared and declared[1] == f"{space}/" else match[0]

    found = RECORD_LINE.sub(filled, query.text)
    return _in_language(reader, found) if f":{name} }}" in found and RECORD_LINE.search(query.text) else None


def _in_language(reader: Reader, text: str) -> str:
    return LANGUAGE_LINE.sub(f'VALUES ?language {{ "{reader.language}" }}', text)


def _text(reader: Reader, texts: dict[str, str]) -> Text | None:
    for code in (reader.language, *reader.site.languages):
        if code in texts:
            return Text(texts[code], code)
    return None
