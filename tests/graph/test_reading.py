"""What a look-up is known by: whatever comes or goes, a look-up whose answer is another is among those that are told of."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from phkg.graph.reading import Kept, Table, Watched, number_of, touched

NAMES = [NamedNode(f"https://example.org/{letter}") for letter in "abc"]
THINGS = st.sampled_from(NAMES)
VALUES = st.sampled_from([*NAMES, Literal("a"), Literal("a", language="sv"), Literal("")])
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
