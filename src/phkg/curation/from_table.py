"""A spreadsheet that was sent in, read by the code of `phkg import`: the records of its rows as Turtle, or a finding for each cell that cannot be read.

What is sent in takes the place of records as a whole. So a record that a row changes is given whole, with what the row does not speak of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode, Triple

from phkg.curation.comma_separated import read_csv
from phkg.curation.fields import Forms
from phkg.curation.filing import prefixes_of
from phkg.curation.importing import Made, Outcome, Remark, read_rows, rows_of
from phkg.curation.known import AsWritten, Known, read_known
from phkg.curation.submitted import SENT
from phkg.curation.table_limits import CannotRead
from phkg.curation.tables import Sheet
from phkg.records.knowledge import Knowledge
from phkg.turtle.format import write_turtle
from phkg.validation.findings import Finding
from phkg.validation.words import own_finding

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
TABLES = (XLSX, CSV)
MOST_TOLD = 200


@dataclass(frozen=True)
class Lookups:
    """What tables are read with: the forms of a registry, what it holds, and the prefixes that its files use. Made by `lookups`."""

    forms: Forms
    known: Known
    store: AsWritten
    prefixes: Mapping[str, str]


def lookups(knowledge: Knowledge) -> Lookups:
    """Reads all records, once for a state of the registry. Raises what `known.read_known` raises."""
    return Lookups(*read_known(knowledge), prefixes_of(knowledge))


def turtle_of(data: bytes, media_type: str, there: Lookups, languages: Sequence[str], update: bool = False) -> tuple[bytes, list[Finding]]:
    """The new records of a table as Turtle (empty when all of them are there already), and what is to be told of its cells; where something is wrong, there is no Turtle.

    With `update` also the records that its rows change.
    """
    from phkg.curation.workbook import read_workbook  # openpyxl takes a quarter of a second to load: only who handles workbooks waits for it.

    told: dict[str, Outcome] = {}
    turtle = b""
    try:
        sheets = read_workbook(data) if media_type == XLSX else [read_csv(data, SENT)]
        for language in languages:
            told[language], turtle = _read(sheets, there, language, update)
    except CannotRead as error:
        return b"", [own_finding("no-table", SENT, values={"detail": {one: error.sentence(one) for one in languages}})]
    faults = _told("cell", {language: outcome.faults for language, outcome in told.items()})
    return (b"", faults) if faults else (turtle, _told("row", {language: outcome.notes for language, outcome in told.items()}))


def _read(sheets: Sequence[Sheet], there: Lookups, language: str, update: bool) -> tuple[Outcome, bytes]:
    """What becomes of the rows, told in a language, and their records as Turtle. What is looked up is afterwards as it was."""
    rows, begun = rows_of(sheets, there.forms, None, language)
    for one in {(row.kind.name, key): row.kind.field(key) for row in rows for through, key in row.cells if not through}.values():
        if one is not None and one.value in ("choice", "record"):
            there.known.matching(one, "")  # What its cells can mean is kept for the next table.
    with there.known.for_now():
        try:
            outcome, made = read_rows(rows, there.forms, there.known, there.store, language, begun, update)
            triples = dict.fromkeys(triple for one in made for triple in (*one.also, *_whole(one, there.store)))
        finally:
            there.store.undo()
    return outcome, write_turtle(triples, there.prefixes, there.forms.languages) if triples else b""


def _whole(made: Made, store: AsWritten) -> Sequence[Triple]:
    """What a record of a row says in all; `store` has the row in it."""
    return made.triples if made.is_new else [quad.triple for quad in store.quads_for_pattern(NamedNode(made.iri), None, None)]


def _told(rule: str, remarks: Mapping[str, Sequence[Remark]]) -> list[Finding]:
    """Remarks, which are the same in every language, as findings."""
    together = zip(*remarks.values(), strict=True)
    return [_of_cell(rule, dict(zip(remarks, ones, strict=True))) for ones in together][:MOST_TOLD]


def _of_cell(rule: str, remarks: Mapping[str, Remark]) -> Finding:
    first = next(iter(remarks.values()))
    values = {"place": f"{first.sheet}!{first.place}" if first.place else first.sheet, "detail": {language: one.text for language, one in remarks.items()}}
    return own_finding(rule, SENT, values=values)
