"""Any record that a form can hold comes back from a spreadsheet as it was: tried with invented records of a small country."""

from __future__ import annotations

import unicodedata
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Quad
from town import TOWN

from phkg.curation.comma_separated import bare, read_csv, safe
from phkg.curation.exporting import export
from phkg.curation.fields import Field, Kind
from phkg.curation.filled import fill
from phkg.curation.importing import Remark, gathered, read_rows, rows_of
from phkg.curation.known import AsWritten, Known, read_known
from phkg.curation.tables import Sheet, joined, parted
from phkg.curation.values import HIDDEN
from phkg.curation.workbook import read_workbook
from phkg.records.knowledge import find_knowledge
from phkg.views.graph import Graph

KINDS = ("implementation-statement", "observation", "organization", "source")


@cache
def town():
    return read_known(find_knowledge(TOWN))


FORMS, KNOWN, TRIPLES = town()

PLAIN = (
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn"), exclude_characters="\u2028\u2029␤"), min_size=1, max_size=40)
    .map(lambda text: unicodedata.normalize("NFC", text).strip())
    .filter(lambda text: text and not HIDDEN.search(text))
)
DATES = st.one_of(
    st.integers(1900, 2100).map(str),
    st.dates().filter(lambda day: day.year >= 1000).map(lambda day: day.isoformat()[:7]),
    st.dates().filter(lambda day: day.year >= 1000).map(lambda day: day.isoformat()),
)


def value(one: Field) -> st.SearchStrategy[str]:
    """Right values of a field."""
    if one.value in ("choice", "record"):
        return st.sampled_from([choice.iri for choice in KNOWN.choices(one)])
    return {
        "date": DATES,
        "boolean": st.sampled_from(["true", "false"]),
        "integer": st.integers(1, 10**9).map(str),
        "decimal": st.decimals(0, 10**6, places=3).map(str),
        "address": st.integers(0, 10**6).map(lambda number: f"https://example.org/{number}?a=b#c"),
        "string": st.from_regex(one.writings[0].pattern, fullmatch=True).filter(str.isprintable).filter(lambda text: text == text.strip())
        if one.writings and one.writings[0].pattern
        else PLAIN,
    }.get(one.value, PLAIN)


@st.composite
def records(draw, kind: Kind):
    """Values of a record of a kind: all that it must have, and some of what it may."""
    values = {}
    for one in kind.fields:
        for key in one.keys[:1] if one.need == "required" else one.keys:
            if one.value in ("choice", "record") and not KNOWN.choices(one):
                continue  # The small country has none to point to.
            if one.need == "required" or draw(st.booleans()):
                values[key] = draw(st.lists(value(one), min_size=1, max_size=3 if one.many else 1, unique=True))
    return values


def fresh() -> tuple[Known, AsWritten]:
    triples = AsWritten(TRIPLES.quads_for_pattern(None, None, None))
    return Known(Graph(triples), KNOWN.base), triples


def sheets_of(data: bytes, form: str, name: str) -> list[Sheet]:
    return read_workbook(data) if form == "xlsx" else [read_csv(data, name)]


@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data(), form=st.sampled_from(["xlsx", "csv"]), language=st.sampled_from(["sv", "en"]))
def test_export_and_import_give_the_same_records(name: str, data, form: str, language: str) -> None:
    kind = FORMS.kind(name)
    known, triples = fresh()
    said = set()
    for values in data.draw(st.lists(records(kind), min_size=1, max_size=3)):
        filled = fill(kind, values, known, "sv")
        assert [fault.sentence("sv") for fault in filled.faults if fault.code != "no-name"] == []
        if filled.faults:
            return  # A name of signs alone gives no identifier.
        said |= set(filled.triples)
        triples.extend(Quad(one.subject, one.predicate, one.object) for one in filled.triples)
    iris = {triple.subject.value for triple in said}
    done = export([kind], FORMS, Known(Graph(triples), KNOWN.base), iris, form, language)
    assert done.left_out == () and done.records == len(iris)
    rows, begun = rows_of(sheets_of(done.data, form, "file.csv"), FORMS, kind if form == "csv" else None, language)
    outcome, made = read_rows(rows, FORMS, *fresh(), language, begun)
    assert outcome.faults == []
    came_back = {triple for one in made for triple in one.triples}
    # A record that says no more than another that stands before it is not told twice.
    told = {one.iri for one in made}
    assert came_back == {triple for triple in said if triple.subject.value in told}
    assert len(told) + outcome.there == len(iris)


@given(st.text())
def test_a_safe_cell_is_no_formula_and_comes_back(text: str) -> None:
    assert bare(safe(text)) == text
    assert safe(text)[:1] not in ("=", "@", "\t", "\r")
    assert safe(text)[:1] not in ("+", "-") or safe(text)[1:2].isdigit()


@given(st.lists(PLAIN.map(lambda text: f"{text}\n{text}") | PLAIN, min_size=1, max_size=4))
def test_several_values_share_a_cell(values: list[str]) -> None:
    assert parted(joined(values), many=True) == values


def test_a_remark_of_many_rows_is_told_once() -> None:
    many = [Remark("Blad", f"C{row}", "Datum saknas.") for row in range(2, 9)]
    assert gathered([*many, Remark("Blad", "D2", "Annat.")]) == ["Blad!C2, C3, C4, C5, C6 … (7): Datum saknas.", "Blad!D2: Annat."]
