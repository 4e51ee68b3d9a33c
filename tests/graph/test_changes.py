"""What changed between two graphs: each kind of change worked out by hand, and what must hold for any two graphs."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize

from phkg.graph.changes import Changes, compare, renamed
from phkg.graph.compared import graphs_of
from phkg.graph.inputs import InputFile

BASE = "https://example.org/land/"
PREFIXES = (
    "@prefix dcterms: <http://purl.org/dc/terms/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> . "
    f"@prefix ph: <https://w3id.org/phkg/ontology#> . @prefix : <{BASE}> .\n"
)
WASH = ":wash a ph:Method ; skos:prefLabel 'Wash'@en , 'Tvätta'@sv ; ph:statedBy :law ."
USE = ":wash-use a ph:IntendedUse ; ph:method :wash ; ph:statedBy :law ."
LAW = ":law a ph:Source ; dcterms:title 'The law'@en ."


def graph(*texts: str) -> list[Triple]:
    return [quad.triple for quad in parse((PREFIXES + "\n".join(texts)).encode(), format=RdfFormat.TURTLE)]


def told(changes: Changes) -> list[tuple[str, str, str]]:
    return [(one.sort, one.was.removeprefix(BASE), one.subject.removeprefix(BASE)) for one in changes.records]


def said(pairs) -> set[str]:
    return {f"{predicate.value.rsplit('#')[-1].rsplit('/')[-1]} {value.value.removeprefix(BASE)}" for predicate, value in pairs}


def test_a_record_that_only_the_later_graph_has_is_new() -> None:
    assert told(compare(graph(LAW), graph(LAW, WASH))) == [("new", "wash", "wash")]


def test_a_value_that_changed_is_told_with_what_was_and_what_is() -> None:
    (change,) = compare(graph(WASH), graph(WASH.replace("'Wash'", "'Washing'"))).records
    assert (change.sort, said(change.removed), said(change.added)) == ("changed", {"prefLabel Wash"}, {"prefLabel Washing"})
    assert not change.gone and not change.follows


def test_a_record_that_is_there_no_longer_is_withdrawn_and_gone() -> None:
    (change,) = compare(graph(LAW, WASH), graph(LAW)).records
    assert (change.sort, change.subject, change.gone, change.successor) == ("withdrawn", f"{BASE}wash", True, "")


def test_a_record_that_gets_an_old_record_as_successor_is_withdrawn_but_there() -> None:
    rub = ":rub a ph:Method ; skos:prefLabel 'Rub'@en ."
    after = ":wash a ph:Method ; skos:prefLabel 'Wash'@en ; dcterms:isReplacedBy :rub ."
    (change,) = compare(graph(rub, WASH), graph(rub, after)).records
    assert (change.sort, change.gone, change.successor) == ("withdrawn", False, f"{BASE}rub")


def test_a_record_under_another_identifier_has_moved_and_so_have_its_parts() -> None:
    before = graph(LAW, WASH, USE, ":rub a ph:Method ; ph:answersSameQuestionAs :wash .")
    after = graph(LAW, WASH.replace(":wash", ":clean"), USE.replace(":wash", ":clean"), ":rub a ph:Method ; ph:answersSameQuestionAs :clean .")
    changes = compare(before, after)
    assert told(changes) == [("moved", "wash", "clean"), ("moved", "wash-use", "clean-use"), ("changed", "rub", "rub")]
    assert [(set(one.removed), set(one.added)) for one in changes.records] == [(set(), set())] * 3
    assert [one.follows for one in changes.records] == [False, False, True]


def test_a_record_withdrawn_for_a_new_one_that_says_about_the_same_has_moved() -> None:
    stub = ":wash a ph:Method ; skos:prefLabel 'Wash'@en , 'Tvätta'@sv ; dcterms:isReplacedBy :clean ."
    changes = compare(graph(WASH), graph(stub, WASH.replace(":wash", ":clean").replace("'Wash'", "'Clean'")))
    (change,) = changes.records
    assert told(changes) == [("moved", "wash", "clean")]
    assert (said(change.removed), said(change.added)) == ({"prefLabel Wash"}, {"prefLabel Clean"})


def test_two_records_merged_into_a_new_one_have_not_moved() -> None:
    two = ":rub a ph:Method ; skos:prefLabel 'Wash'@en ."
    stubs = ":wash a ph:Method ; dcterms:isReplacedBy :clean . :rub a ph:Method ; dcterms:isReplacedBy :clean ."
    changes = compare(graph(WASH, two), graph(stubs, ":clean a ph:Method ; skos:prefLabel 'Wash'@en ."))
    assert told(changes) == [("new", "clean", "clean"), ("withdrawn", "rub", "rub"), ("withdrawn", "wash", "wash")]


def test_a_record_withdrawn_for_something_quite_different_has_not_moved() -> None:
    other = ":clean a ph:Treatment ; skos:prefLabel 'Clean'@en ; ph:statedBy :other ."
    changes = compare(graph(WASH), graph(":wash a ph:Method ; dcterms:isReplacedBy :clean .", other))
    assert [sort for sort, _, _ in told(changes)] == ["new", "withdrawn"]


def test_a_source_given_back_after_it_was_replaced_is_changed() -> None:
    stub = ":law a ph:Source ; dcterms:title 'The law'@en ; dcterms:isReplacedBy :act ."
    assert told(compare(graph(stub), graph(LAW))) == [("changed", "law", "law")]


def test_order_and_form_of_files_are_no_change() -> None:
    one = InputFile("registry/a.ttl", (PREFIXES + WASH + "\n" + LAW).encode())
    other = serialize(reversed(graph(WASH, LAW)), format=RdfFormat.TURTLE, prefixes={"": BASE})
    graphs = graphs_of([one], [InputFile("registry/b.ttl", b"# Written otherwise.\n" + other)])
    assert graphs.common == [] and graphs.base and graphs.head
    assert graphs.compare(date(2021, 6, 1)).changes == Changes((), {})


def test_what_both_have_alike_is_read_once_and_counts_as_both() -> None:
    law = InputFile("registry/law.ttl", (PREFIXES + LAW).encode())
    wash, clean = (InputFile("registry/wash.ttl", (PREFIXES + text).encode()) for text in (WASH, WASH + " :law ph:note 'Old'@en ."))
    graphs = graphs_of([law, wash], [law, clean])
    assert {triple.subject.value for triple in graphs.common} == {f"{BASE}law"}
    assert told(graphs.compare(date(2021, 6, 1)).changes) == [("changed", "law", "law")]


NAMES = st.sampled_from([NamedNode(f"{BASE}{letter}") for letter in "abcdef"])
LINKS = st.sampled_from([NamedNode(f"https://w3id.org/phkg/ontology#{name}") for name in ("method", "place")])
REPLACED = NamedNode("http://purl.org/dc/terms/isReplacedBy")
TRIPLES = st.sets(st.builds(Triple, NAMES, st.one_of(LINKS, LINKS, st.just(REPLACED)), NAMES), max_size=14)


@given(TRIPLES)
def test_a_graph_and_itself_do_not_differ(triples: set[Triple]) -> None:
    assert compare(triples, list(triples)[::-1]) == Changes((), {})


@settings(max_examples=400)
@given(TRIPLES, TRIPLES)
def test_every_triple_that_came_or_went_belongs_to_exactly_one_change(before: set[Triple], after: set[Triple]) -> None:
    changes = compare(before, after)
    gone = [triple for one in changes.records for triple in one.triples()[0]]
    come = [triple for one in changes.records for triple in one.triples()[1]]
    assert len(gone) == len(set(gone)) and set(gone) == before - after
    assert len(come) == len(set(come)) and set(come) == after - before


@settings(max_examples=400)
@given(TRIPLES, TRIPLES)
def test_what_both_share_may_be_given_apart(before: set[Triple], after: set[Triple]) -> None:
    common = before & after
    assert compare(before - common, after - common, common) == compare(before, after)


@given(st.sets(st.builds(Triple, NAMES, LINKS, NAMES), max_size=14))
def test_what_is_told_as_moved_says_the_same_under_another_name(triples: set[Triple]) -> None:
    fresh = {triple.subject.value: f"{triple.subject.value}-anew" for triple in triples}
    after = set(renamed(triples, fresh))
    changes = compare(triples, after)
    followed = set(renamed(triples, changes.moved))
    for old, new in changes.moved.items():
        assert {one for one in followed if one.subject.value == new} == {one for one in after if one.subject.value == new}
        assert {one for one in after if one.subject.value == old} == set()
