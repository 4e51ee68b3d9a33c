"""A spreadsheet that was sent in, read by the code of `phkg import`: the records of its rows as Turtle, or a finding for each cell that cannot be read."""

from __future__ import annotations

from collections.abc import Sequence

from phkg.curation.comma_separated import read_csv
from phkg.curation.filing import prefixes_of
from phkg.curation.importing import Outcome, read_rows, rows_of
from phkg.curation.known import read_known
from phkg.curation.submitted import SENT
from phkg.curation.table_limits import CannotRead
from phkg.records.knowledge import Knowledge
from phkg.turtle.format import write_turtle
from phkg.validation.findings import Finding
from phkg.validation.words import own_finding

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
TABLES = (XLSX, CSV)
MOST_TOLD = 200


def turtle_of(data: bytes, media_type: str, knowledge: Knowledge, languages: Sequence[str]) -> tuple[bytes, list[Finding]]:
    """The new records of a table as Turtle (empty when all of them are there already), and what is wrong in its cells; then there is no Turtle.

    Raises what `known.read_known` raises.
    """
    from phkg.curation.workbook import read_workbook  # openpyxl takes a quarter of a second to load: only who handles workbooks waits for it.

    told: dict[str, Outcome] = {}
    turtle = b""
    for language in languages:
        forms, known, store = read_known(knowledge)
        try:
            sheets = read_workbook(data) if media_type == XLSX else [read_csv(data, SENT)]
            rows, begun = rows_of(sheets, forms, None, language)
            told[language], made = read_rows(rows, forms, known, store, language, begun)
        except CannotRead as error:
            return b"", [own_finding("no-table", SENT, values={"detail": {one: error.sentence(one) for one in languages}})]
        triples = dict.fromkeys(triple for one in made for triple in (*one.also, *one.triples))
        turtle = write_turtle(triples, prefixes_of(knowledge), forms.languages) if triples else b""
    faults = zip(*(outcome.faults for outcome in told.values()), strict=True)
    findings = [_of_cell({language: remark for language, remark in zip(told, remarks, strict=True)}) for remarks in faults][:MOST_TOLD]
    return b"" if findings else turtle, findings


def _of_cell(remarks: dict) -> Finding:
    first = next(iter(remarks.values()))
    values = {"place": f"{first.sheet}!{first.place}" if first.place else first.sheet, "detail": {language: one.text for language, one in remarks.items()}}
    return own_finding("cell", SENT, values=values)
