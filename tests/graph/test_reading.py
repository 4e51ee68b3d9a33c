"""What a look-up is known by: whatever comes or goes, a look-up whose answer is another is among those that are told of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from phkg.graph.reading import Kept, Table, Watched, number_of, touched
from phkg.graph.snapshot import Snapshot
from phkg.records.knowledge import find_knowledge
from phkg.records.queries import NamedQuery, read_queries
from phkg.validation.patterns import properties

NAMES = [NamedNode(f"https://example.org/{letter}") for letter in "abc"]
THINGS = st.sampled_from(NAMES)
VALUES = st.sampled_from([*NAMES, Literal("a"), Literal("a", language="sv"), Literal("b", language="sv"), Literal("a", language="en"), Literal("")])
TRIPLES = st.sets(st.builds(Triple, THINGS, THINGS, VALUES), max_size=8)


def store_of(triples: set[Triple]) -> Store:
    store = Store()
    store.extend(Quad(*triple) for triple in triples)
    return store


@given(before=TRIPLES, after=TRIPLES, pattern=st.tuples(st.none() | THINGS, st.none() | THINGS, st.none() | VALUES))
def test_a_look_up_whose_answer_changes_is_told_of(before: set[Triple], after: set[Triple], pattern: tuple) -> None:
    answers = [set(store_of(triples).quads_for_pattern(*pattern, None)) for triples in (before, after)]
    if answers[0] != answers[1]:
        assert number_of(pattern) in touched(before ^ after)


@given(before=TRIPLES, after=TRIPLES, subject=THINGS, predicate=THINGS, languages=st.sampled_from([("sv", "en"), ("en", "sv"), ("en",), ()]))
def test_a_text_that_changes_in_the_language_it_is_read_in_is_told_of(
    before: set[Triple], after: set[Triple], subject: NamedNode, predicate: NamedNode, languages: tuple[str, ...]
) -> None:
    watched = [Watched(store_of(triples)) for triples in (before, after)]
    with watched[0].reading() as read:
        first = watched[0].in_language(subject, predicate, languages)
    if set(first) != set(watched[1].in_language(subject, predicate, languages)):
        assert not read.isdisjoint(touched(before ^ after))


def test_a_text_in_another_language_than_the_one_read_is_not_told_of() -> None:
    a, b, _ = NAMES
    swedish, english, other = (Triple(a, b, Literal(text, language=language)) for text, language in (("ett", "sv"), ("one", "en"), ("uno", "it")))
    watched = Watched(store_of({swedish, english}))
    with watched.reading() as read:
        assert watched.in_language(a, b, ("sv", "en")) == [swedish.object]
    assert read.isdisjoint(touched([english, other])) and not read.isdisjoint(touched([swedish]))
    with watched.reading() as read:
        assert watched.in_language(a, b, ("fi", "en")) == [english.object]
    assert read.isdisjoint(touched([swedish])) and not read.isdisjoint(touched([english]))
    with watched.reading() as read:
        assert set(watched.in_language(a, b, ("fi",))) == {swedish.object, english.object}
    assert not read.isdisjoint(touched([other]))


def test_what_is_not_touched_is_not_told_of() -> None:
    a, b, c = NAMES
    told = touched([Triple(a, b, c)])
    assert len(told) == 8
    assert number_of((a, None, None)) in told and number_of((b, None, None)) not in told and number_of((a, c, None)) not in told


def test_whoever_gets_what_was_kept_has_read_what_it_was_made_of() -> None:
    a, b, c = NAMES
    watched = Watched(store_of({Triple(a, b, c)}))
    kept: Kept[int] = Kept(watched)
    outer: Kept[int] = Kept(watched)

    def made() -> int:
        return len(list(watched.quads_for_pattern(a, None, None, None)))

    for _ in range(2):
        with watched.reading() as read:
            assert outer.get("outer", lambda: kept.get("inner", made)) == 1
        assert read == {number_of((a, None, None))}
    with watched.reading() as read:
        list(watched)
        with watched.reading():
            kept.get("inner", made)
    assert read == {number_of((None, None, None)), number_of((a, None, None))}


def test_unwatched_only_keeps() -> None:
    kept: Kept[list] = Kept(store_of(set()))
    assert kept.get("a", list) is kept.get("a", list)


KEYS = st.sampled_from("abc")
TABLES = st.dictionaries(KEYS, st.sampled_from([None, "", "x", ("x",), b"x"]))


@given(before=TABLES, after=TABLES, looked_at=st.lists(st.tuples(st.sampled_from(["get", "in", "all", "len", "item"]), KEYS), min_size=1))
def test_whoever_would_read_another_value_of_a_table_is_told_of(before: dict, after: dict, looked_at: list[tuple[str, str]]) -> None:
    told, notes, states = [], set(), []
    for found in (before, after):
        watched = Watched(store_of(set()))
        table = watched.make_apart("table", lambda watched=watched, found=found: watched.table("table", dict(found)))
        with watched.reading() as read:
            told.append([_looked(table, *one) for one in looked_at])
        notes |= read if found is before else set()
        states.append(watched.apart["table"].states())
    if told[0] != told[1]:
        assert notes & {number for number in states[0].keys() | states[1].keys() if states[0].get(number) != states[1].get(number)}


def _looked(table: Table, how: str, key: str) -> object:
    if how == "item":
        return table[key] if key in table else None
    return {"get": lambda: table.get(key), "in": lambda: key in table, "all": lambda: list(table.items()), "len": lambda: len(table)}[how]()


def test_whoever_looks_at_one_part_has_read_neither_another_nor_what_all_were_made_of() -> None:
    a, b, c = NAMES
    watched = Watched(store_of({Triple(a, b, c)}))
    kept: Kept[Table] = Kept(watched)

    def make() -> Table:
        return watched.table("things", {quad.subject: quad.object for quad in watched.quads_for_pattern(None, b, None, None)})

    with watched.reading() as first:
        table = kept.apart("things", make)
    with watched.reading() as second:
        assert kept.apart("things", make).get(a) == c
    assert first == set() and number_of((None, b, None)) not in second and len(second) == 1
    assert watched.apart["things"].read == {number_of((None, b, None))}
    assert second <= set(watched.apart["things"].states())
    assert table is kept.apart("things", make)


QUERIES = [query for query in read_queries(find_knowledge().ontology / "queries") if properties(query.text) is not None]


def test_most_named_queries_are_understood() -> None:
    assert len(QUERIES) > 40


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_a_query_reads_no_other_properties_than_it_is_known_to_read(query: NamedQuery, real_snapshot: Snapshot) -> None:
    watched, part = Watched(real_snapshot.store), Store()
    with watched.reading() as read:
        whole = list(watched.query(query.text))
    assert read == {number_of((None, NamedNode(name[1:-1]), None)) for name in properties(query.text) or ()}
    part.extend(quad for quad in real_snapshot.store if number_of((None, quad.predicate, None)) in read)
    assert sorted(map(str, part.query(query.text))) == sorted(map(str, whole))


def test_a_query_that_may_read_anything_has_read_all() -> None:
    watched = Watched(store_of(set()))
    with watched.reading() as read:
        list(watched.query("SELECT ?a WHERE { ?a ?b ?c }"))
    assert read == {number_of((None, None, None))}
