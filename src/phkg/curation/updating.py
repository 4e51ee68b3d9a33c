"""What a row of a spreadsheet changes of a record that is there: the fields it has cells for, and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from phkg.curation.fields import TYPE, Field, Kind
from phkg.curation.filled import Terms, address
from phkg.curation.known import Known
from phkg.curation.tables import IDENTIFIER, Row
from phkg.vocabulary import ph

REMOVES = frozenset(("-", "–", "—"))
"""A cell with nothing but such a sign takes away what is there. An empty cell says nothing, for many sheets are filled in by halves."""
NUMBERED = "/{#}"
"""How the addresses end of records of which there may be several alike."""


@dataclass(frozen=True)
class Changed:
    """A field that a row changes: the values that go and those that come."""

    field: Field
    gone: tuple[NamedNode | Literal, ...]
    come: tuple[NamedNode | Literal, ...]

    def triples(self, iri: str) -> tuple[list[Triple], list[Triple]]:
        """The triples that go and those that come."""
        subject, predicate = NamedNode(iri), NamedNode(self.field.iri)
        return [Triple(subject, predicate, value) for value in self.gone], [Triple(subject, predicate, value) for value in self.come]


def is_removal(row: Row, key: str) -> bool:
    """Whether the cell of a field of the row's own record takes away what is there."""
    cell = row.cells.get(("", key))
    return key != IDENTIFIER and cell is not None and cell.text.strip() in REMOVES


def changed(row: Row, iri: str, terms: Terms, known: Known) -> list[Changed]:
    """What the row says of the record that is another than what is there, field by field: of a text, only in the languages of its cells."""
    found = []
    for one in row.kind.fields:
        keys = _keys(row, one)
        pointed = any(through == one.name for through, _ in row.cells)
        if not keys and not pointed:
            continue
        there, here = known.objects(iri, one.iri), terms.get(one.iri, [])
        tags = {key.partition("@")[2] for key in keys}
        meant = [value for value in there if one.value != "text" or getattr(value, "language", None) in tags]
        gone = tuple(value for value in meant if value not in here)
        come = tuple(value for value in here if value not in there)
        if gone or come:
            found.append(Changed(one, gone, come))
    return found


def left_empty(row: Row, iri: str, known: Known) -> list[Field]:
    """Fields that have a column with nothing in it for this row, of which the record says something."""
    names = {key.partition("@")[0] for through, key in row.blank if not through}
    return [one for one in row.kind.fields if one.name in names and not _keys(row, one) and known.objects(iri, one.iri)]


def alike(kind: Kind, terms: Terms, known: Known, made: Collection[str]) -> list[str]:
    """The records that a row without an identifier may mean: of those that are numbered, all at the same address that rest on one of the
    same sources. `made` are not looked at: they come from other rows.
    """
    sources = terms.get(ph.statedBy.value, [])
    first = address(kind, terms, known, lambda _: False) if sources and kind.address.endswith(NUMBERED) else ""
    stem = first.rpartition("/")[0] + "/"
    found = {one.value for source in sources for one in known.graph.subjects(ph.statedBy, source)} if first else set()
    return sorted(
        one for one in found - set(made)
        if one.startswith(stem) and one.removeprefix(stem).isdigit() and NamedNode(kind.iri) in known.objects(one, TYPE.value)
    )  # fmt: skip


def _keys(row: Row, one: Field) -> Sequence[str]:
    return [key for through, key in row.cells if not through and key.partition("@")[0] == one.name]
