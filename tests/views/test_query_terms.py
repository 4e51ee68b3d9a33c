"""The words that queries are written in, and the cells of an answer, over the invented country."""

import json

import pytest
from pyoxigraph import NamedNode

from phkg.records.queries import parse_query
from phkg.views.query_answer import MOST_ROWS, RESULTS_JSON, AnswerColumn, AnswerText, AnswerTruth, read_answer
from phkg.views.query_terms import compact, page_of, query_terms, read_prefixes
from phkg.views.reader import Reader, Text
from phkg.views.site import Site
from phkg.views.usage import read_usage

BASE = "https://example.org/ekland/"
PH = "https://w3id.org/phkg/ontology#"
XSD = "http://www.w3.org/2001/XMLSchema#"
NAMED = (parse_query("one", f"# title@sv: En\nPREFIX place: <{BASE}regions/>\nprefix ph: <https://example.org/other#>\nASK {{}}"),)


@pytest.mark.parametrize(
    "iri, written",
    [
        (f"{PH}Method", "ph:Method"),
        (f"{BASE}regions/boda", "place:boda"),
        (f"{BASE}methods/lyssna", "methods:lyssna"),
        (f"{BASE}methods/lyssna/1", ""),
        (f"{BASE}methods/", ""),
        (f"{BASE}methods/a.", ""),
        ("https://example.com/x", ""),
    ],
)
def test_an_iri_is_written_with_the_prefix_that_people_know(site: Site, iri: str, written: str) -> None:
    # The program's own prefixes cannot be taken over by a query; a folder has its name as prefix where no query names it.
    assert compact(iri, read_prefixes(site, NAMED)) == written


def test_the_words_have_names_definitions_and_pages(sv: Reader, en: Reader) -> None:
    swedish, english = query_terms(sv, (), read_usage(sv.graph), "/sv/ord/"), query_terms(en, (), read_usage(en.graph), "/en/words/")
    by_name = {term.name: term for term in swedish.terms}
    method = by_name["ph:statementKind"]
    assert (method.kind, method.page, method.label.language) == ("property", "/sv/ord/#statementKind", "sv")
    assert by_name["skos:prefLabel"].kind == "property" and by_name["skos:prefLabel"].page == ""
    assert by_name["ph:ImplementationStatement"].kind == "class"
    assert {term.kind for term in swedish.terms} == {"class", "property", "concept"}
    assert [term.iri for term in swedish.terms] == [term.iri for term in english.terms]
    assert swedish.regions[f"{BASE}regions/boda"] == sv.short_name(NamedNode(f"{BASE}regions/boda")).value
    assert swedish.folders["methods"] == sv.kind_path("methods")


def test_a_page_is_named_only_for_what_the_registry_knows(sv: Reader) -> None:
    def page(iri: str) -> str | None:
        return page_of(sv, NamedNode(iri), "/sv/ord/")

    assert page(f"{BASE}regions/boda") == sv.path(NamedNode(f"{BASE}regions/boda"))
    assert page(f"{PH}Method") == "/sv/ord/#Method"
    assert page(f"{BASE}standings/boda/lyssna") == "/standings/boda/lyssna"
    assert page(f"{BASE}/example.com/x") is None and page(f"{BASE}standings/nothing") is None and page("https://example.com/") is None


def answered(reader: Reader, **answer: object):
    return read_answer(reader, RESULTS_JSON, json.dumps(answer).encode(), read_prefixes(reader.site, ()), "/sv/ord/")


def literal(value: str, **rest: str) -> dict[str, str]:
    return {"type": "literal", "value": value, **rest}


def test_a_mark_that_a_whole_column_shares_is_said_once(sv: Reader) -> None:
    date, year = {"datatype": XSD + "date"}, {"datatype": XSD + "gYear"}
    rows = [
        {"a": literal("2021-01-01", **date), "b": literal("x", **{"xml:lang": "fi"}), "c": literal("1")},
        {"a": literal("2022", **year), "b": literal("y", **{"xml:lang": "fi"})},
    ]
    found = answered(sv, head={"vars": ["a", "b", "c", "d"]}, results={"bindings": rows})
    assert found.columns == (AnswerColumn("a", ""), AnswerColumn("b", "fi"), AnswerColumn("c", ""), AnswerColumn("d", ""))
    first, second = found.rows
    assert [cell.written for cell in first] == ["date", "", "", ""] and [cell.written for cell in second][:2] == ["gYear", ""]
    assert first[1].shown == Text("x", "fi") and second[2].shown == Text("")


def test_blank_nodes_and_triples_are_written_out(sv: Reader) -> None:
    triple = {"subject": {"type": "bnode", "value": "b0"}, "predicate": {"type": "uri", "value": "https://example.com/p"}, "object": literal('å "x"')}
    found = answered(sv, head={"vars": ["t"]}, results={"bindings": [{"t": {"type": "triple", "value": triple}}]})
    assert found.rows[0][0].shown.value == '<<( _:b0 <https://example.com/p> "å \\"x\\"" )>>'


def test_all_rows_are_counted_and_the_first_shown(sv: Reader) -> None:
    found = answered(sv, head={"vars": ["n"]}, results={"bindings": [{"n": literal(str(number))} for number in range(MOST_ROWS + 7)]})
    assert (found.total, len(found.rows)) == (MOST_ROWS + 7, MOST_ROWS)


def test_a_truth_and_a_graph_are_what_they_are(sv: Reader) -> None:
    assert answered(sv, head={}, boolean=False) == AnswerTruth(False)
    assert read_answer(sv, "text/turtle", "<x:å> <x:b> 1 .".encode(), {}, "") == AnswerText("<x:å> <x:b> 1 .", True)
    assert not read_answer(sv, "text/turtle", b"#" * 200_000, {}, "").whole
