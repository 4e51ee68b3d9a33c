"""The answer to a query as a page shows it: the cells of a table with names and addresses, a yes or no, or a text."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from pyoxigraph import NamedNode

from phkg.views.query_terms import compact, page_of
from phkg.views.reader import Reader, Text
from phkg.vocabulary.namespaces import XSD

RESULTS_JSON = "application/sparql-results+json"

MOST_ROWS = 500
"""Rows that a page shows; the page says how many there are, and the downloads have them all."""

MOST_CHARACTERS = 100_000
"""Characters of a graph that a page shows."""


@dataclass(frozen=True)
class Cell:
    """A value: of an IRI of ours its name, of any other thing its text; nothing at all where a row has no value.

    `path` is an address on this site, `address` one outside that a browser may open, `written` the IRI or datatype in short.
    """

    shown: Text
    path: str = ""
    address: str = ""
    written: str = ""


EMPTY = Cell(Text(""))


@dataclass(frozen=True)
class AnswerColumn:
    """A variable, and the language or datatype that all its values share ("" when they differ or are plain texts)."""

    name: str
    mark: str


@dataclass(frozen=True)
class AnswerTable:
    """The answer to a SELECT; `total` counts all rows, of which the first are here."""

    columns: tuple[AnswerColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int


@dataclass(frozen=True)
class AnswerTruth:
    """The answer to an ASK."""

    is_true: bool


@dataclass(frozen=True)
class AnswerText:
    """The answer to a CONSTRUCT or DESCRIBE: its text, or the beginning of it."""

    text: str
    whole: bool


Answer = AnswerTable | AnswerTruth | AnswerText


def read_answer(reader: Reader, media_type: str, body: bytes, prefixes: dict[str, str], vocabulary: str) -> Answer:
    """What an endpoint answered, in the reader's language; results of a SELECT or ASK have to be in SPARQL JSON.

    Source: SPARQL 1.1 Query Results JSON Format (W3C). `vocabulary` is the address of the page that explains the terms.
    """
    if media_type != RESULTS_JSON:
        text = body.decode()
        return AnswerText(text[:MOST_CHARACTERS], len(text) <= MOST_CHARACTERS)
    found = json.loads(body)
    if "boolean" in found:
        return AnswerTruth(found["boolean"])
    rows = found["results"]["bindings"]
    columns = tuple(AnswerColumn(name, _common_mark(rows, name)) for name in found["head"]["vars"])
    known: dict[str, Cell] = {}

    def cell(term: dict[str, Any] | None, common: str) -> Cell:
        if term is None:
            return EMPTY
        if term["type"] != "uri":
            return _of_value(term, common)
        iri = term["value"]
        if iri not in known:
            known[iri] = _of_iri(reader, iri, prefixes, vocabulary)
        return known[iri]

    shown = tuple(tuple(cell(row.get(column.name), column.mark) for column in columns) for row in rows[:MOST_ROWS])
    return AnswerTable(columns, shown, len(rows))


def _of_iri(reader: Reader, iri: str, prefixes: dict[str, str], vocabulary: str) -> Cell:
    node = NamedNode(iri)
    short = compact(iri, prefixes)
    path = page_of(reader, node, vocabulary)
    if path:
        return Cell(reader.label(node), path=path, written=short or iri)
    return Cell(Text(short or iri), address=iri if _is_safe(iri) else "", written=iri if short else "")


def _is_safe(iri: str) -> bool:
    """Whether a browser may open it: an encrypted address with a host and no name or password before it."""
    try:
        parts = urlsplit(iri)
        return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False


def _of_value(term: dict[str, Any], common: str) -> Cell:
    if term["type"] == "literal":
        mark = _mark(term)
        return Cell(Text(term["value"], term.get("xml:lang", "")), written="" if mark == common else mark)
    return Cell(Text(_as_text(term)))


def _mark(term: dict[str, Any]) -> str:
    """The language or datatype of a literal, as it is shown beside its value; empty for a plain text."""
    if term["type"] != "literal":
        return ""
    return term.get("xml:lang") or term.get("datatype", "").removeprefix(XSD)


def _common_mark(rows: list[dict[str, Any]], column: str) -> str:
    marks = {_mark(row[column]) for row in rows if column in row}
    return marks.pop() if len(marks) == 1 else ""


def _as_text(term: dict[str, Any]) -> str:
    """A blank node, or a triple that is itself a value, in one line."""
    if term["type"] == "bnode":
        return f"_:{term['value']}"
    if term["type"] == "triple":
        parts = " ".join(_as_text(term["value"][part]) for part in ("subject", "predicate", "object"))
        return f"<<( {parts} )>>"
    return f"<{term['value']}>" if term["type"] == "uri" else json.dumps(term["value"], ensure_ascii=False)
