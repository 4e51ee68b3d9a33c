"""`phkg export` and `phkg import` as a region uses them: a workbook filled in with faults, mended, and taken in."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import openpyxl
import pyoxigraph as ox
import pytest

from .conftest import Run

STATEMENTS = "Implementation statements"
SOURCES = "Sources"
RIGHT = {
    "method": "listening",
    "kind of statement": "deed",
    "place": "Älvik Region",
    "source": "All listen",
    "confidence": "said",
    "state": "tried",
    "since": "2019-03",
}


def everything(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def graph(root: Path) -> set[ox.Triple]:
    """What all records say, with every literal as it is written."""
    files = sorted((root / "registry").rglob("*.ttl"))
    return {quad.triple for path in files for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)}


@pytest.fixture
def template(phkg: Run, root: Path, tmp_path: Path) -> Path:
    path = tmp_path / "template.xlsx"
    done = phkg("export", "--template", "--output", path, "--root", root, "--language", "en")
    assert (done.returncode, done.stderr) == (0, "")
    return path


def filled(template: Path, *rows: dict[str, object], sheet: str = STATEMENTS, into: str = "filled.xlsx") -> Path:
    """The template with rows in it, each by its headings, as somebody fills it in."""
    book = openpyxl.load_workbook(template)
    heads = {cell.value: cell.column for cell in book[sheet][1]}
    for number, row in enumerate(rows, book[sheet].max_row + 1 if book[sheet].max_row > 1 else 2):
        for head, value in row.items():
            book[sheet].cell(number, heads[head]).value = value
    path = template.parent / into
    book.save(path)
    return path


def place_of(path: Path, head: str, row: int, sheet: str = STATEMENTS) -> str:
    heads = {cell.value: cell.column_letter for cell in openpyxl.load_workbook(path)[sheet][1]}
    return f"{heads[head]}{row}"


def test_the_template_has_headings_lists_and_help_in_each_language(phkg: Run, root: Path, template: Path) -> None:
    book = openpyxl.load_workbook(template)
    assert book.sheetnames == [STATEMENTS, "Observations", "Organisations", SOURCES, "Help", "_"]
    sheet = book[STATEMENTS]
    assert [cell.value for cell in sheet[1]][:6] == ["identifier", "method", "kind of statement", "place", "source", "confidence"]
    assert all(cell.comment for cell in sheet[1])
    lists = {str(one.sqref).split(":")[0].rstrip("0123456789"): one for one in sheet.data_validations.dataValidation}
    state = lists[place_of(template, "state", 1).rstrip("1")]
    sheet_name, column = re.fullmatch(r"'(_)'!\$([A-Z]+)\$1:\$[A-Z]+\$5", state.formula1).groups()
    named = [book[sheet_name][f"{column}{row}"].value for row in range(1, 6)]
    assert named == ["none", "meant", "tried", "usual", "ended"] and state.showErrorMessage
    assert book["_"].sheet_state == "hidden"
    swedish = template.with_name("mall.xlsx")
    assert phkg("export", "--template", "--output", swedish, "--root", root).returncode == 0
    book = openpyxl.load_workbook(swedish)
    assert [cell.value for cell in book["Uppgifter om införande"][1]][:3] == ["identifierare", "metod", "slag av uppgift"]
    assert any("Måste fyllas i." in str(row[2].value) for row in book["Hjälp"].iter_rows())


def test_a_right_row_becomes_a_record(phkg: Run, root: Path, template: Path) -> None:
    done = phkg("import", filled(template, RIGHT), "--root", root, "--language", "en")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-2:] == ["1 new records, 0 rows were there already, 0 rows cannot be taken", "registry/implementations/alvik.ttl"]
    text = (root / "registry" / "implementations" / "alvik.ttl").read_text(encoding="utf-8")
    assert "implementations/alvik/lyssna/2> a ph:ImplementationStatement" in text and '"2019-03"^^xsd:gYearMonth' in text
    assert phkg("fmt", "--check", root / "registry" / "implementations").returncode == 0
    again = phkg("import", filled(template, RIGHT), "--root", root, "--language", "en")
    assert again.returncode == 0 and "0 new records, 1 rows were there already" in again.stdout
    assert (root / "registry" / "implementations" / "alvik.ttl").read_text(encoding="utf-8") == text


BODA = {**RIGHT, "place": "Boda Region", "method": "washing"}
FAULTS = [
    ({"method": "lysning"}, "method", "method: “lysning” does not exist."),
    ({"state": "routine"}, "state", "state: “routine” does not exist. Choose a value from the list. (right: none, meant, tried, usual, ended)"),
    ({"since": "in spring"}, "since", "since: “in spring” does not have the right form. Write the date as exactly as the source: 2021, 2021-09 or 2021-09-01."),
    ({"volume per year": "-4"}, "volume per year", "volume per year: “-4” is too small; the least is 0."),
    ({"volume per year": "=SUM(A1:A9)"}, "volume per year", "volume per year: “=SUM(A1:A9)” is a formula; write the value itself."),
    ({"confidence": None}, "", "confidence: is missing."),
]


def test_six_faults_are_told_with_their_cells_and_nothing_is_written(phkg: Run, root: Path, template: Path) -> None:
    path = filled(template, RIGHT, *({**BODA, **change} for change, _, _ in FAULTS))
    before = everything(root)
    done = phkg("import", path, "--root", root, "--language", "en")
    assert done.returncode == 1 and everything(root) == before
    told = done.stderr.splitlines()
    for number, (_, head, says) in enumerate(FAULTS, 3):
        place = place_of(path, head, number) if head else str(number)
        assert any(line.startswith(f"{STATEMENTS}!{place}: {says}") for line in told), (place, says)
    assert len(told) == len(FAULTS) + 1 and told[-1] == "Nothing has been written."
    swedish = phkg("import", path, "--root", root).stderr
    assert f"{STATEMENTS}!{place_of(path, 'state', 4)}: tillstånd: ”routine” finns inte. Välj ett värde ur listan." in swedish


def test_the_rest_of_a_partial_import_can_be_mended_and_taken_in(phkg: Run, root: Path, template: Path) -> None:
    path = filled(template, RIGHT, {**BODA, "state": "routine"}, {**BODA, "state": None})
    rest = path.with_name("rest.xlsx")
    done = phkg("import", path, "--partial", rest, "--root", root, "--language", "en")
    assert done.returncode == 3 and "1 new records, 0 rows were there already, 2 rows cannot be taken" in done.stdout
    # The second fault is none of a cell: the check of the whole finds it.
    assert f"{STATEMENTS}!4: The statement should say a state but does not." in done.stderr
    book = openpyxl.load_workbook(rest)
    assert book[STATEMENTS].max_row == 3 and book[STATEMENTS].cell(1, 2).comment
    for row in (2, 3):
        book[STATEMENTS][place_of(rest, "state", row)].value = "meant"
        book[STATEMENTS][place_of(rest, "since", row)].value = f"20{16 + row}"
    book.save(rest)
    done = phkg("import", rest, "--root", root, "--language", "en")
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 new records" in done.stdout


def test_a_new_source_on_its_own_sheet(phkg: Run, root: Path, template: Path) -> None:
    path = filled(template, {**RIGHT, "source": "https://example.org/report"})
    source = {"title (sv)": "Rapporten", "kind of source": "news", "web address": "https://example.org/report", "issued": 2021}
    path = filled(path, source, sheet=SOURCES, into="with-source.xlsx")
    done = phkg("import", path, "--root", root, "--language", "en")
    assert (done.returncode, done.stderr) == (0, "") and "2 new records" in done.stdout
    assert "source:rapporten" in (root / "registry" / "implementations" / "alvik.ttl").read_text(encoding="utf-8")
    assert '"2021"^^xsd:gYear' in (root / "registry" / "sources" / "rapporten.ttl").read_text(encoding="utf-8")


def test_csv_with_the_source_in_the_row_and_the_habits_of_excel(phkg: Run, root: Path, tmp_path: Path) -> None:
    text = (
        "metod;slag av uppgift;plats;säkerhet;tillstånd;källa: titel (sv);källa: slag av källa;källa: webbadress\r\n"
        "lyssning;gärning;Region Älvik;sagt;prövas;Årsrapport;nyheter;https://example.org/ar\r\n"
        "tvätt;gärning;Region Älvik;sagt;prövas;Årsrapport;nyheter;https://example.org/ar\r\n"
    )
    path = tmp_path / "rapport.csv"
    path.write_bytes(text.replace("nyheter", "news").encode("cp1252"))
    done = phkg("import", path, "--root", root)
    assert (done.returncode, done.stderr) == (0, "") and "3 nya poster" in done.stdout
    assert '"Årsrapport"@sv' in (root / "registry" / "sources" / "arsrapport.ttl").read_text(encoding="utf-8")


def test_a_row_that_contradicts_a_record_is_shown_beside_it(phkg: Run, root: Path, template: Path) -> None:
    before = everything(root)
    book_row = {**RIGHT, "identifier": "implementations/alvik/lyssna/1", "since": "2015"}
    done = phkg("import", filled(template, book_row), "--root", root, "--language", "en")
    assert done.returncode == 1 and everything(root) == before
    assert f"{STATEMENTS}!A2: identifier: “implementations/alvik/lyssna/1” is there already and says otherwise" in done.stderr
    assert "since: 2015 ≠ 2017" in done.stderr and "state: tried ≠ usual" in done.stderr


def test_a_source_that_contradicts_itself_is_shown_beside_what_it_said(phkg: Run, root: Path, template: Path) -> None:
    first = {**BODA, "since": None}
    assert phkg("import", filled(template, first), "--root", root).returncode == 0
    done = phkg("import", filled(template, {**first, "state": "usual"}), "--root", root, "--language", "en")
    assert done.returncode == 0
    assert "The same source says two different states" in done.stdout
    assert re.search(r"Here: .*state usual.* There \(https://example.org/ekland/implementations/boda/tvatta/[0-9]+\): .*state tried", done.stdout)


def test_what_is_exported_and_imported_again_is_the_same_graph(phkg: Run, tmp_path: Path) -> None:
    """A region's file of the real registry, with all it says; through both forms of table."""
    from phkg.records.knowledge import find_knowledge

    own = find_knowledge().registry
    for form in ("xlsx", "csv"):
        root = tmp_path / form
        shutil.copytree(own, root / "registry")
        path = tmp_path / f"skane.{form}"
        done = phkg("export", root / "registry" / "implementations" / "skane.ttl", "--kind", "implementation-statement", "--output", path, "--root", root)
        assert (done.returncode, done.stderr) == (0, "")
        whole = graph(root)
        (root / "registry" / "implementations" / "skane.ttl").unlink()
        assert len(graph(root)) < len(whole)
        done = phkg("import", path, "--root", root)
        assert (done.returncode, done.stderr) == (0, "")
        assert graph(root) == whole
        assert (root / "registry" / "implementations" / "skane.ttl").read_bytes() == (own / "implementations" / "skane.ttl").read_bytes()


def test_a_record_that_no_row_can_hold_is_named(phkg: Run, root: Path, tmp_path: Path) -> None:
    done = phkg("export", "--kind", "observation", "--output", tmp_path / "figures.csv", "--root", root, "--lang", "en")
    assert done.returncode == 1  # The figures of this country are written as whole numbers, which the rules do not allow.
    assert "https://example.org/ekland/indicators/people/alvik says more than a row can hold" in done.stderr


def test_wrong_headings_and_sheets_are_told(phkg: Run, root: Path, template: Path) -> None:
    book = openpyxl.load_workbook(filled(template, RIGHT))
    book[STATEMENTS].cell(1, 60).value, book[STATEMENTS].cell(2, 60).value = "our own column", "kept for ourselves"
    book.create_sheet("Our notes").append(["anything"])
    path = template.with_name("own.xlsx")
    book.save(path)
    done = phkg("import", path, "--root", root, "--language", "en")
    assert done.returncode == 1
    assert f"{STATEMENTS}!BH1: The heading “our own column” is no field" in done.stderr
    assert "Our notes: The sheet is not read" in done.stdout


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_cells_that_would_be_computed_are_made_safe_and_come_back(phkg: Run, root: Path, tmp_path: Path, form: str) -> None:
    for number, text in enumerate(("=1+1", "+46 8 123", "-x", "@SUM(A1)", "'=1", "#N/A")):
        values = ("--set", f"title@sv={text}", "--set", "sourceKind=news", "--set", f"url=https://example.org/{number}", "--name", f"s{number}")
        assert phkg("new", "source", *values, "--no-ask", "--root", root).returncode == 0
    whole = graph(root)
    path = tmp_path / f"sources.{form}"
    mine = [root / "registry" / "sources" / f"s{number}.ttl" for number in range(6)]
    assert phkg("export", *mine, "--kind", "source", "--output", path, "--root", root).returncode == 0
    if form == "xlsx":
        sheet = openpyxl.load_workbook(path).worksheets[0]
        assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
    else:
        cells = [cell for line in path.read_text(encoding="utf-8-sig").splitlines() for cell in line.split(";")]
        assert not [cell for cell in cells if cell[:1] in "=+-@" and cell]
    for file in mine:
        file.unlink()
    assert phkg("import", path, "--root", root).returncode == 0
    assert graph(root) == whole


@pytest.mark.parametrize("text", ["alla \u202edlog", "a\u200bb", "x" * 10_001])
def test_a_text_with_hidden_signs_or_without_end_is_told(phkg: Run, root: Path, template: Path, text: str) -> None:
    done = phkg("import", filled(template, {**RIGHT, "for whom (sv)": text}), "--root", root, "--language", "en")
    assert done.returncode == 1 and re.search("invisible control characters|is too long", done.stderr) and "\u202e" not in done.stderr


LYSSNA = "implementations/alvik/lyssna/1"
LYSSNA_FILE = ("registry", "implementations", "alvik.ttl")


def differing(root: Path, before: set) -> tuple[set[str], set[str]]:
    """What is said no longer, and what is said now."""
    now = graph(root)
    return {str(one) for one in before - now}, {str(one) for one in now - before}


def test_a_changed_cell_changes_the_record_and_nothing_else(phkg: Run, root: Path, template: Path) -> None:
    before = graph(root)
    file = root.joinpath(*LYSSNA_FILE)
    file.write_text(file.read_text(encoding="utf-8").replace("    ph:since", "    # asked for by telephone\n    ph:since", 1), encoding="utf-8")
    path = filled(template, {"identifier": LYSSNA, "since": "2015"})
    assert phkg("import", path, "--root", root).returncode == 1 and graph(root) == before
    done = phkg("import", path, "--update", "--root", root, "--language", "en")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{STATEMENTS}!A2: {LYSSNA}: since: 2017 → 2015" in done.stdout and "1 records changed" in done.stdout
    assert "0 new records" in done.stdout and "state: the cell is empty, and what the registry says stays" in done.stdout
    gone, come = differing(root, before)
    assert len(gone) == len(come) == 1 and '"2017"' in gone.pop() and '"2015"' in come.pop()
    assert "# asked for by telephone" in file.read_text(encoding="utf-8")
    assert phkg("fmt", "--check", root / "registry" / "implementations").returncode == 0
    again = phkg("import", path, "--update", "--root", root, "--language", "en")
    assert again.returncode == 0 and "1 rows were there already" in again.stdout and "0 records changed" in again.stdout


def test_what_is_exported_changed_and_taken_in_is_what_the_table_says(phkg: Run, root: Path, tmp_path: Path) -> None:
    """Import, export, import is the same graph, also after changes; in both forms."""
    for form in ("xlsx", "csv"):
        path, second = tmp_path / f"a.{form}", tmp_path / f"b.{form}"
        export = ("export", root.joinpath(*LYSSNA_FILE), "--kind", "implementation-statement", "--root", root, "--lang", "en", "--output")
        assert phkg(*export, path).returncode == 0
        before = graph(root)
        same = phkg("import", path, "--update", "--root", root, "--lang", "en")
        assert same.returncode == 0 and "0 records changed" in same.stdout and graph(root) == before
        if form == "xlsx":
            book = openpyxl.load_workbook(path)
            place = place_of(path, "volume per year", 2, book.sheetnames[0])
            book.worksheets[0][place].value = 77
            book.save(path)
        else:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
            cells = lines[1].split(";")
            cells[lines[0].split(";").index("volume per year")] = "78"
            path.write_text("\n".join((lines[0], ";".join(cells), *lines[2:])), encoding="utf-8")
        assert phkg("import", path, "--update", "--root", root).returncode == 0
        gone, come = differing(root, before)
        assert len(come) == 1 and re.search('"7[78]"', come.pop()) and len(gone) <= 1
        changed = graph(root)
        assert phkg(*export, second).returncode == 0
        assert "0 records changed" in phkg("import", second, "--update", "--root", root, "--lang", "en").stdout and graph(root) == changed


def test_a_text_is_changed_in_its_language_and_a_dash_takes_a_value_away(phkg: Run, root: Path, template: Path) -> None:
    row = {"identifier": LYSSNA, "for whom (sv)": "alla", "for whom (en)": "all", "volume per year": 5}
    assert phkg("import", filled(template, row), "--update", "--root", root).returncode == 0
    before = graph(root)
    row = {"identifier": LYSSNA, "for whom (sv)": "alla över 18", "volume per year": "–"}
    done = phkg("import", filled(template, row), "--update", "--root", root, "--lang", "en")
    assert (done.returncode, done.stderr) == (0, "") and "volume per year: 5 → nothing" in done.stdout
    gone, come = differing(root, before)
    assert len(gone) == 2 and {'"alla"@sv' in one for one in gone} == {True, False} and len(come) == 1
    taken = phkg("import", filled(template, {"identifier": LYSSNA, "place": "-"}), "--update", "--root", root, "--lang", "en")
    assert taken.returncode == 1 and "place: is missing" in taken.stderr


def test_a_row_without_identifier_means_the_only_record_of_the_same_source_there(phkg: Run, root: Path, template: Path) -> None:
    first = {**BODA, "since": None}
    assert phkg("import", filled(template, first), "--root", root).returncode == 0
    before = graph(root)
    done = phkg("import", filled(template, {**first, "state": "usual"}), "--update", "--root", root, "--lang", "en")
    assert (done.returncode, done.stderr) == (0, "") and "state: tried → usual" in done.stdout
    gone, come = differing(root, before)
    assert len(gone) == len(come) == 1
    # Beside it a second one of the same source: now a row without identifier may mean either.
    assert phkg("import", filled(template, {**first, "state": "ended", "since": 2020}), "--root", root).returncode == 0
    before = graph(root)
    done = phkg("import", filled(template, {**first, "state": "none"}), "--update", "--root", root, "--lang", "en")
    assert done.returncode == 1 and graph(root) == before
    assert re.search(
        r"identifier: is missing, and the row may mean several records .*\(right: implementations/boda/\w+/\d, implementations/boda/\w+/\d\)", done.stderr
    )
    new = {**first, "state": "ended", "since": 2021, "identifier": "implementations/boda/tvatta/9"}
    done = phkg("import", filled(template, new), "--update", "--root", root, "--lang", "en")
    assert done.returncode == 0 and "1 new records" in done.stdout


def test_two_rows_that_change_one_record_differently_are_refused(phkg: Run, root: Path, template: Path) -> None:
    before = everything(root)
    rows = ({"identifier": LYSSNA, "since": "2015"}, {"identifier": LYSSNA, "since": "2014"})
    done = phkg("import", filled(template, *rows), "--update", "--root", root, "--lang", "en")
    assert done.returncode == 1 and everything(root) == before and "since: 2014 ≠ 2015" in done.stderr


def test_an_update_that_puts_others_at_fault_is_refused_and_changes_nothing(phkg: Run, root: Path, template: Path) -> None:
    before = everything(root)
    done = phkg("import", filled(template, {"identifier": LYSSNA, "state": "–"}), "--update", "--root", root, "--lang", "en")
    assert done.returncode == 1 and "should say a state but does not" in done.stderr and everything(root) == before
    rest = template.with_name("rest.xlsx")
    rows = ({"identifier": LYSSNA, "since": "2015"}, {"identifier": LYSSNA.replace("/1", "/7"), "since": "2015"})
    done = phkg("import", filled(template, *rows), "--update", "--partial", rest, "--root", root, "--lang", "en")
    assert done.returncode == 3 and "1 records changed" in done.stdout and openpyxl.load_workbook(rest)[STATEMENTS].max_row == 2
