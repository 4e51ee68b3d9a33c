"""Rows of a spreadsheet into records: everything that cannot be read is told with its cell, and nothing is written unless all can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Quad, Triple

from phkg.curation.adding import sentence
from phkg.curation.comma_separated import write_csv
from phkg.curation.exporting import choices_of, rows_through
from phkg.curation.fields import TYPE, Forms, Kind
from phkg.curation.filing import CannotFile, Drafted, check, draft, file_of
from phkg.curation.filled import Terms, address, as_triples, read_terms
from phkg.curation.known import AsWritten, Known
from phkg.curation.table_help import help_names
from phkg.curation.table_limits import CannotRead
from phkg.curation.tables import IDENTIFIER, Cell, Column, Row, Sheet, Table, column_of, kind_of_heads, kind_of_name, parted, table_of
from phkg.curation.updating import alike, changed, is_removal, left_empty
from phkg.curation.values import Fault, missing
from phkg.curation.words import in_all_languages, word
from phkg.records.knowledge import Knowledge
from phkg.validation.findings import Finding

WAITING = frozenset({"no-such-choice"})
"""A value that may come to mean something once other rows have been read."""
MOST_PLACES = 5
"""So many places are named of a remark that many rows share."""
FEW = 20
"""So few records are compared one by one."""


@dataclass(frozen=True)
class Remark:
    """Something to tell of a cell or row: `sheet` and `place` (`C7`, or the number of a row), and a sentence."""

    sheet: str
    place: str
    text: str

    def line(self) -> str:
        """As one line, as `Sheet!C7: …`."""
        return f"{self.sheet}!{self.place}: {self.text}" if self.place else f"{self.sheet}: {self.text}"


def gathered(remarks: Sequence[Remark]) -> list[str]:
    """Remarks as lines; one that is made of several places is told once, with the first of them and how many there are."""
    places: dict[tuple[str, str], list[str]] = {}
    for one in remarks:
        places.setdefault((one.sheet, one.text), []).append(one.place)
    told = []
    for (sheet, text), found in places.items():
        more = f" … ({len(found)})" if len(found) > MOST_PLACES else ""
        told.append(Remark(sheet, ", ".join(found[:MOST_PLACES]) + more, text).line())
    return told


@dataclass
class Outcome:
    """What became of the rows: files to write, the IRIs that are new and those that are changed, how many rows said nothing new, and what is to be told.

    `faults` are about rows that cannot be taken (`left_out` are those rows), `notes` about rows that can.
    """

    drafted: Drafted = field(default_factory=lambda: Drafted({}, ()))
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    there: int = 0
    faults: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)
    left_out: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Made:
    """A record of a row, or what is new in one that is there; `also` are records that the row gives besides, as its source; `gone` is no longer said."""

    row: Row
    iri: str
    triples: tuple[Triple, ...]
    also: tuple[Triple, ...] = ()
    gone: tuple[Triple, ...] = ()
    is_new: bool = True


def rows_of(sheets: Sequence[Sheet], forms: Forms, kind: Kind | None, language: str) -> tuple[list[Row], Outcome]:
    """The rows of all sheets that are tables of records; and an outcome to begin with, that tells of wrong headings and unread sheets. Raises CannotRead when there is no such sheet."""
    rows: list[Row] = []
    begun = Outcome()
    known_sheets = 0
    for sheet in sheets:
        of = kind or kind_of_name(sheet.name, forms) or (kind_of_heads([head.text for head in sheet.heads], forms) if len(sheets) == 1 else None)
        if of is None:
            if sheet.name.casefold() not in help_names(forms.languages):
                begun.notes.append(Remark(sheet.name, "", word("sheet-not-read", language)))
            continue
        known_sheets += 1
        columns: dict[int, Column] = {}
        for number, head in enumerate(sheet.heads, 1):
            column = column_of(head.text, of, forms) if head.text.strip() else None
            if column is not None and column not in columns.values():
                columns[number] = column
            elif head.text.strip() and any(number in cells for _, cells in sheet.rows):
                begun.faults.append(Remark(sheet.name, head.place, word("heading-twice" if column else "no-such-heading", language, head=head.text)))
        for number, cells in sheet.rows:
            found = {(column.through, column.key): cells[place] for place, column in columns.items() if place in cells}
            if found:
                blank = tuple((column.through, column.key) for place, column in columns.items() if place not in cells)
                rows.append(Row(sheet.name, of, number, found, cells, blank))
    if not known_sheets:
        raise CannotRead("no-table")
    return rows, begun


def take_in(
    rows: Sequence[Row], knowledge: Knowledge, forms: Forms, known: Known, store: AsWritten, language: str, partial: bool, begun: Outcome, update: bool = False
) -> Outcome:
    """Reads all rows, checks the whole registry with them, and says what would be written; `begun` is added to. Nothing is written here.

    Without `partial` one row at fault keeps all of them out; with `update` rows change records that are there. Raises what drafting and the check raise.
    """
    outcome, made = read_rows(rows, forms, known, store, language, begun, update)
    while made and (partial or not outcome.faults):
        records = {}
        for one in made:
            for triple in (*one.also, *one.triples):
                records.setdefault(triple.subject.value, {})[triple] = None
        drafted = draft(knowledge, records.values(), known.base, forms.languages, [triple for one in made for triple in one.gone])
        verdict = check(knowledge, drafted)
        of = {one.iri: one.row for one in made} | {triple.subject.value: one.row for one in made for triple in (*one.also, *one.triples)}
        refused = []
        for finding in verdict.blocking:
            row = of.get(finding.record) or of.get(finding.value.strip("<>"))
            if row is None:
                raise CannotFile(sentence(finding, language))
            outcome.faults.append(Remark(row.sheet, _place(row, finding), sentence(finding, language)))
            refused.append(row)
        if not refused:
            outcome.drafted = drafted
            outcome.changed = [one.iri for one in made if not one.is_new]
            outcome.new = [iri for iri in records if iri not in outcome.changed]
            outcome.notes += _notes(verdict.remarks, of, known, language)
            break
        outcome.left_out += [one.row for one in made if any(one.row is row for row in refused)]
        if not partial:
            break
        made = [one for one in made if not any(one.row is row for row in refused)]
    if outcome.faults and not partial:
        outcome.drafted, outcome.new, outcome.changed = Drafted({}, ()), [], []
    return outcome


def read_rows(
    rows: Sequence[Row], forms: Forms, known: Known, store: AsWritten, language: str, begun: Outcome, update: bool = False
) -> tuple[Outcome, list[Made]]:
    """What the rows say, read but not checked with the registry: the outcome so far, and the records that are new or changed, which `store` gets too."""
    reader = _Reader(forms, known, store, language, update)
    return reader.read(rows, begun), reader.made


class _Reader:
    """Reads rows in rounds: one that points to a record of another row waits until that is read."""

    def __init__(self, forms: Forms, known: Known, store: AsWritten, language: str, update: bool) -> None:
        self._forms = forms
        self._known = known
        self._store = store
        self._language = language
        self._update = update
        self._given_beside: dict[str, tuple[Triple, ...]] = {}
        self.made: list[Made] = []

    def read(self, rows: Sequence[Row], outcome: Outcome) -> Outcome:
        """Takes in what can be read, round by round, and adds to the outcome."""
        waiting = list(rows)
        while waiting:
            later: list[tuple[Row, list[tuple[str, Fault]]]] = []
            before = len(self.made) + outcome.there
            for row in waiting:
                faults = self._row(row, outcome)
                if faults:
                    later.append((row, faults))
            if later:
                self._known.forget()  # What these rows point to may be there by now.
            waiting = [row for row, faults in later if all(fault.code in WAITING for _, fault in faults)]
            if len(self.made) + outcome.there == before:
                waiting = []
            still = {id(row) for row in waiting}
            for row, faults in later:
                if id(row) not in still:
                    outcome.left_out.append(row)
                    outcome.faults += [Remark(row.sheet, place, fault.sentence(self._language)) for place, fault in faults]
        return outcome

    def _row(self, row: Row, outcome: Outcome) -> list[tuple[str, Fault]]:
        """Takes one row in; what is wrong with it, each with the place of its cell."""
        faults = [(cell.place, Fault(key, cell.text, "formula", dict(self._label(row, key)))) for (_, key), cell in row.cells.items() if cell.formula]
        pointed: Terms = {}
        for through in dict.fromkeys(through for through, _ in row.cells if through):
            faults += self._beside(row, through, pointed)
        kind = row.kind
        terms = self._terms(row, "", kind, faults)
        for property_, values in pointed.items():
            terms.setdefault(property_, []).extend(value for value in values if value not in terms.get(property_, []))
        named = row.cells.get(("", IDENTIFIER))
        if not (self._update and named and self._known.has(self._iri(named))):
            self._demand(row, "", kind, terms, faults)
        if faults:
            return faults
        return self._record(row, kind, terms, outcome)

    def _terms(self, row: Row, through: str, kind: Kind, faults: list[tuple[str, Fault]]) -> Terms:
        terms: Terms = {}
        for (of, key), cell in row.cells.items():
            if of != through or key == IDENTIFIER or cell.formula or (self._update and is_removal(row, key) and not of):
                continue
            one = kind.field(key.partition("@")[0])
            read, wrong = read_terms(kind, {key: parted(cell.text, bool(one and one.many))}, self._known, self._language)
            faults += [(cell.place, fault) for fault in wrong]
            for property_, values in read.items():
                terms.setdefault(property_, []).extend(values)
        return terms

    def _demand(self, row: Row, through: str, kind: Kind, terms: Terms, faults: list[tuple[str, Fault]]) -> None:
        given = {key.partition("@")[0] for of, key in row.cells if of == through}
        for one in kind.fields:
            if one.need == "required" and one.iri not in terms and one.name not in given:
                faults.append((str(row.number), missing(one, self._known, self._language)))

    def _beside(self, row: Row, through: str, pointed: Terms) -> list[tuple[str, Fault]]:
        """A record that the row gives besides its own: one that is there already, or a new one."""
        faults: list[tuple[str, Fault]] = []
        pointing = row.kind.field(through)
        kind = next(one for one in self._forms.kinds if pointing and one.iri in pointing.classes)
        terms = self._terms(row, through, kind, faults)
        self._demand(row, through, kind, terms, faults)
        if faults:
            return faults
        iri = self._same(kind, terms) or address(kind, terms, self._known, self._known.has)
        if not iri:
            return [(str(row.number), Fault(kind.name, "", "no-name", dict(kind.labels)))]
        if not self._known.has(iri):
            self._given_beside[iri] = as_triples(iri, kind, terms)
            self._learn(self._given_beside[iri])
        pointed.setdefault(pointing.iri, []).append(NamedNode(iri))
        return faults

    def _record(self, row: Row, kind: Kind, terms: Terms, outcome: Outcome) -> list[tuple[str, Fault]]:
        named = row.cells.get(("", IDENTIFIER))
        if named is None:
            iri = self._same(kind, terms) if not any(self._update and is_removal(row, key) for _, key in row.cells) else ""
            if iri:
                outcome.there += 1
                return []
            meant = alike(kind, terms, self._known, [one.iri for one in self.made]) if self._update else []
            if len(meant) > 1:
                names = tuple(one.removeprefix(self._known.base) for one in meant)
                return [(str(row.number), Fault(IDENTIFIER, "", "which-one", in_all_languages("identifier"), near=names, given={"all": True}))]
            if meant:
                return self._change(str(row.number), meant[0], row, terms, outcome)
            plain = address(kind, terms, self._known, lambda _: False)
            taken = "{#}" not in kind.address and self._known.has(plain)
            iri = plain if taken else address(kind, terms, self._known, self._known.has)
            if not iri:
                return [(str(row.number), Fault(kind.name, "", "no-name", dict(kind.labels)))]
        else:
            iri = self._iri(named)
            try:
                file_of(iri, self._known.base)
            except CannotFile:
                return [(named.place, Fault(IDENTIFIER, named.text, "bad-identifier", in_all_languages("identifier")))]
        if self._known.has(iri):
            place = named.place if named else str(row.number)
            if self._update and iri not in {one.iri for one in self.made}:
                return self._change(place, iri, row, terms, outcome)
            return self._compare(place, iri, kind, terms, outcome)
        triples = as_triples(iri, kind, terms)
        self._learn(triples)
        # Another row may have given the same source first and then been left out: whoever needs it brings it.
        beside = (self._given_beside.get(value.value, ()) for values in terms.values() for value in values)
        self.made.append(Made(row, iri, triples, tuple(triple for one in beside for triple in one)))
        return []

    def _iri(self, named: Cell) -> str:
        return self._known.base + named.text.strip().removeprefix(self._known.base)

    def _change(self, place: str, iri: str, row: Row, terms: Terms, outcome: Outcome) -> list[tuple[str, Fault]]:
        """A row that changes a record that is there, in the fields that it has cells for."""
        if NamedNode(row.kind.iri) not in self._known.objects(iri, TYPE.value):
            return self._compare(place, iri, row.kind, terms, outcome)
        changes = changed(row, iri, terms, self._known)
        bare = [one.field for one in changes if one.field.need == "required" and set(one.gone) == set(self._known.objects(iri, one.field.iri)) and not one.come]
        if bare:
            return [(place, missing(one, self._known, self._language)) for one in bare]
        empty = word("left-empty", self._language)
        outcome.notes += [Remark(row.sheet, place, f"{one.label(self._language)}: {empty}") for one in left_empty(row, iri, self._known)]
        if not changes:
            outcome.there += 1
            return []
        nothing, name = word("nothing", self._language), iri.removeprefix(self._known.base)
        said = "; ".join(
            f"{one.field.label(self._language)}: {self._shown(set(one.gone)) or nothing} → {self._shown(set(one.come)) or nothing}" for one in changes
        )
        outcome.notes.append(Remark(row.sheet, place, f"{name}: {said}"))
        gone, come = (tuple(triple for one in changes for triple in one.triples(iri)[side]) for side in (0, 1))
        self._store.remove(Quad(one.subject, one.predicate, one.object) for one in gone)
        self._learn(come)
        beside = (self._given_beside.get(triple.object.value, ()) for triple in come)
        self.made.append(Made(row, iri, come, tuple(triple for one in beside for triple in one), gone, is_new=False))
        return []

    def _compare(self, place: str, iri: str, kind: Kind, terms: Terms, outcome: Outcome) -> list[tuple[str, Fault]]:
        """A row about a record that is there: it says the same, or the two are shown beside each other."""
        differing = []
        for one in kind.fields:
            here, there = set(terms.get(one.iri, ())), set(self._known.objects(iri, one.iri))
            if here - there:
                differing.append((one.label(self._language), self._shown(here - there), self._shown(there) or word("nothing", self._language)))
        if not differing and NamedNode(kind.iri) in self._known.objects(iri, TYPE.value):
            outcome.there += 1
            return []
        beside = "; ".join(f"{label}: {here} ≠ {there}" for label, here, there in differing)
        return [
            (
                place,
                Fault(
                    IDENTIFIER,
                    iri.removeprefix(self._known.base),
                    "differs",
                    in_all_languages("identifier"),
                    given={"beside": beside or kind.label(self._language)},
                ),
            )
        ]

    def _shown(self, values: set) -> str:
        return ", ".join(sorted(self._known.label(one.value, self._language) if isinstance(one, NamedNode) else one.value for one in values))

    def _same(self, kind: Kind, terms: Terms) -> str:
        """A record of the kind that says all of this already; empty when there is none."""
        chosen = {one.iri for one in kind.fields if one.value in ("choice", "boolean")}
        selective = sorted(terms.items(), key=lambda item: (item[0] in chosen, not isinstance(item[1][0], Literal)))
        candidates: set[str] | None = None
        for property_, values in selective:
            for value in values:
                if candidates is not None and len(candidates) <= FEW:
                    break
                subjects = {quad.subject.value for quad in self._store.quads_for_pattern(None, NamedNode(property_), value)}
                candidates = subjects if candidates is None else candidates & subjects
        for one in sorted(candidates or ()):
            if NamedNode(kind.iri) in self._known.objects(one, TYPE.value) and all(
                set(values) <= set(self._known.objects(one, property_)) for property_, values in terms.items()
            ):
                return one
        return ""

    def _label(self, row: Row, key: str) -> Mapping[str, str]:
        one = row.kind.field(key.partition("@")[0])
        return one.labels if one else in_all_languages("identifier")

    def _learn(self, triples: Sequence[Triple]) -> None:
        self._store.extend(Quad(one.subject, one.predicate, one.object) for one in triples)


def _place(row: Row, finding: Finding) -> str:
    """The cell of the row that a finding is about, else the number of the row."""
    for (_, key), cell in row.cells.items():
        one = row.kind.field(key.partition("@")[0])
        if one is not None and one.iri == finding.property:
            return cell.place
    return str(row.number)


def _notes(remarks: Sequence[Finding], of: Mapping[str, Row], known: Known, language: str) -> list[Remark]:
    """What the check remarks on new records; where it points to another record, what the two say is shown beside each other."""
    found = []
    for finding in remarks:
        row = of.get(finding.record)
        if row is None:
            continue
        other = finding.value.strip("<>")
        text = sentence(finding, language)
        if other.startswith(known.base) and known.objects(other, TYPE.value) == known.objects(finding.record, TYPE.value):
            text += " " + word(
                "beside", language, here=_told(row.kind, finding.record, known, language), there=_told(row.kind, other, known, language), iri=other
            )
        found.append(Remark(row.sheet, _place(row, finding), text))
    return found


def _told(kind: Kind, iri: str, known: Known, language: str) -> str:
    """What a record says, as one line of names and values."""
    said = []
    for one in kind.fields:
        values = known.objects(iri, one.iri)
        if values and one.value != "text":
            shown = ", ".join(known.label(value.value, language) if isinstance(value, NamedNode) else value.value for value in values)
            said.append(f"{one.label(language)} {shown}")
    return "; ".join(said)


def write_rest(rows: Sequence[Row], forms: Forms, known: Known, form: str, language: str) -> bytes:
    """The rows that were left out, as a file of the form they came in. CSV holds one kind."""
    tables: dict[str, tuple[Table, list[list[str]]]] = {}
    for row in rows:
        if row.kind.name not in tables:
            tables[row.kind.name] = (table_of(row.kind, language, rows_through(row.kind, forms) if form == "csv" else ()), [])
        table, lines = tables[row.kind.name]
        blank = Cell("", "")
        lines.append([row.cells.get((column.through, column.key), blank).text for column in table.columns])
    if form == "csv":
        ((table, lines),) = tables.values()
        return write_csv(table.heads, lines)
    from phkg.curation.workbook import write_workbook  # openpyxl takes a quarter of a second to load: only who handles workbooks waits for it.

    return write_workbook(list(tables.values()), choices_of(known), language)
