"""Records into tables that a curator can change and send back: only those whose row means the same record again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from phkg.curation.comma_separated import write_csv
from phkg.curation.fields import TYPE, Choice, Field, Forms, Kind
from phkg.curation.filled import read_terms
from phkg.curation.known import Known
from phkg.curation.tables import IDENTIFIER, Column, Table, joined, parted, table_of
from phkg.vocabulary import ph
from phkg.vocabulary.namespaces import ORG, QB

COMMON = (ph.ImplementationStatement.value, QB + "Observation", ORG + "Organization", ph.Source.value)
"""The kinds that a workbook has when none are named: what regions report, and where they say it."""


@dataclass(frozen=True)
class Exported:
    """A file with tables, how many records stand in it, and the IRIs of those that no row can tell wholly."""

    data: bytes
    records: int
    left_out: tuple[str, ...]


def common_kinds(forms: Forms) -> tuple[Kind, ...]:
    """The kinds of the usual workbook, in its order."""
    return tuple(kind for iri in COMMON for kind in forms.kinds if kind.iri == iri)


def export(kinds: Sequence[Kind], forms: Forms, known: Known, records: Iterable[str], form: str, language: str) -> Exported:
    """A file of a form (`xlsx` or `csv`; CSV holds one kind) with a table for each kind, and the rows of some records (by IRI).

    With no records it is the empty file that curators fill in.
    """
    wanted, left_out, number, filled = set(records), [], 0, []
    for kind in kinds:
        subjects = [one for one in known.of_kind(kind.iri) if one in wanted]
        table = table_of(kind, language, rows_through(kind, forms) if form == "csv" else (), _further(kind, subjects, known))
        rows = []
        for subject in subjects:
            row = row_of(subject, table, known, language)
            rows.append(row) if row else left_out.append(subject)
        number += len(rows)
        filled.append((table, rows))
    if form == "csv":
        ((table, rows),) = filled
        return Exported(write_csv(table.heads, rows), number, tuple(left_out))
    from phkg.curation.workbook import write_workbook  # openpyxl takes a quarter of a second to load: only who handles workbooks waits for it.

    return Exported(write_workbook(filled, choices_of(known), language), number, tuple(left_out))


def _further(kind: Kind, subjects: Iterable[str], known: Known) -> list[str]:
    """The keys of texts in languages that are not the registry's own."""
    texts = [one for one in kind.fields if one.value == "text"]
    found = {
        f"{one.name}@{value.language}" for subject in subjects for one in texts for value in known.objects(subject, one.iri) if getattr(value, "language", None)
    }
    return sorted(found - {key for one in texts for key in one.keys})


def choices_of(known: Known):
    """What the cells of a column choose from."""

    def of(column: Column) -> Sequence[Choice]:
        one = column.field
        return known.choices(one) if one is not None and one.value in ("choice", "record") and (one.classes or one.choices) else ()

    return of


def rows_through(kind: Kind, forms: Forms) -> list[tuple[Field, Kind]]:
    """The fields of a kind whose records can be given in its own rows where there are no other sheets: the sources that it rests on."""
    source = next((one for one in forms.kinds if one.iri == ph.Source.value), None)
    pointing = next((one for one in kind.fields if one.iri == ph.statedBy.value), None)
    return [(pointing, source)] if source and pointing and source is not kind else []


def row_of(iri: str, table: Table, known: Known, language: str) -> list[str]:
    """The cells of a record; empty when the row would not mean the same again."""
    kind, said = table.kind, {}
    for property_, value in known.graph.about(NamedNode(iri)):
        said.setdefault(property_.value, []).append(value)
    texts = {column.key: _typed(column, said.get(column.field.iri, []), known, language) for column in table.columns if column.field and not column.through}
    texts[IDENTIFIER] = iri.removeprefix(known.base)
    fields = {column.key: column.field for column in table.columns if column.field and not column.through}
    again, faults = read_terms(kind, {key: parted(texts[key], one.many) for key, one in fields.items()}, known, language)
    meant = {property_: set(values) for property_, values in again.items()} | {TYPE.value: {NamedNode(kind.iri)}}
    if faults or meant != {property_: set(values) for property_, values in said.items()}:
        return []
    return ["" if column.through else texts[column.key] for column in table.columns]


def _typed(column: Column, values: Sequence[NamedNode | Literal], known: Known, language: str) -> str:
    """The values of a field as one would type them in a cell."""
    one, tag = column.field, column.key.partition("@")[2]
    if one.value == "text":
        return joined([value.value for value in values if isinstance(value, Literal) and value.language == tag]) if values else ""
    if one.value in ("choice", "record"):
        return joined([_name(one, value, known, language) for value in values]) if values else ""
    return joined([value.value for value in values]) if values else ""


def _name(one: Field, value: NamedNode | Literal, known: Known, language: str) -> str:
    """The name of what is pointed to where it means that alone, else its identifier."""
    choice = next((choice for choice in known.choices(one) if choice.iri == value.value), None)
    if choice is None:
        return value.value
    for name in (choice.label(language), f"{choice.label(language)} ({choice.name})"):
        if [found.iri for found in known.matching(one, name)] == [value.value]:
            return name
    return value.value
