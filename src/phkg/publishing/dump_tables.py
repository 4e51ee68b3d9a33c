"""Records as tables for spreadsheets: a row for each, a column for each property and language; values that are several in one cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from pyoxigraph import Literal, NamedNode, Triple

from phkg.vocabulary.namespaces import PREFIXES, RDF

BETWEEN = " | "
"""Between the values of a property that has several; the records hold no such text themselves."""

TYPE = RDF + "type"


def rows_as_csv(subjects: Sequence[Sequence[Triple]]) -> bytes:
    """A table of subjects, each given as its triples: `iri`, `type`, then the properties by name, texts with `@` and their language.

    UTF-8, RFC 4180. The same triples always give the same bytes.
    """
    rows: list[dict[str, list[str]]] = []
    for triples in subjects:
        row: dict[str, list[str]] = {"iri": [triples[0].subject.value]}
        for triple in triples:
            row.setdefault(_column(triple), []).append(_value(triple.object))
        rows.append(row)
    columns = sorted({column for row in rows for column in row}, key=lambda name: (name not in ("iri", "type"), name))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([BETWEEN.join(sorted(row.get(column, ()))) for column in columns])
    return out.getvalue().encode()


def _column(triple: Triple) -> str:
    if triple.predicate.value == TYPE:
        return "type"
    name = _short(triple.predicate.value).removeprefix("ph:")
    language = triple.object.language if isinstance(triple.object, Literal) else None
    return f"{name}@{language}" if language else name


def _value(term: object) -> str:
    if isinstance(term, NamedNode):
        return _short(term.value) if term.value.startswith(tuple(PREFIXES.values())) else term.value
    return term.value if isinstance(term, Literal) else str(term)


def _short(iri: str) -> str:
    for prefix, start in PREFIXES.items():
        if iri.startswith(start):
            return f"{prefix}:{iri[len(start) :]}"
    return iri
