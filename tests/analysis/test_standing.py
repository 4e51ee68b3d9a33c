"""Standings: the hand-worked table, and what must hold whatever the words are."""

import importlib.util
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phkg.analysis.dates import bounds_of
from phkg.analysis.standing import hear, standing, standings
from phkg.analysis.words import Places, Statement, began_by, in_play, supersedes

_spec = importlib.util.spec_from_file_location("standing_cases", Path(__file__).with_name("cases.py"))
table = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(table)
CASES = table.read_cases(Path(__file__).with_name("standing_cases.txt"))
LISTS = {
    "rests on": "rests_on",
    "disagrees": "disagrees",
    "agrees": "agrees",
    "older": "older",
    "plans": "plans",
    "also said": "also_said",
    "overdue": "overdue",
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_the_standing_is_as_worked_out_by_hand(case):
    expected = dict(case.expected)
    state = expected.pop("standing")
    found = standing(case.words, case.region, table.PLACES, case.day)
    if state == "silence":
        assert found is None
        assert not expected
        return
    assert found.state == state
    for name, attribute in LISTS.items():
        assert getattr(found, attribute) == tuple(expected.pop(name, "").split()), name
    assert found.contradiction == ("disagrees" in case.expected)
    assert found.undated == (expected.pop("undated", "no") == "yes")
    assert found.is_part == (expected.pop("part", "no") == "yes")
    assert found.level == int(expected.pop("level", 0))
    winner = next(word for word in case.words if word.id == found.rests_on[0])
    assert found.said_at == winner.place == expected.pop("said at", winner.place)
    assert not expected, "an expectation that this test does not know"


def test_the_table_has_no_two_cases_of_one_name():
    titles = [case.title for case in CASES]
    assert len(set(titles)) == len(titles) >= 25


def test_a_silent_region_still_hears_what_was_also_said():
    word = table.read_word("a", "clinic, use, said 2023")
    assert [heard.id for heard in hear([word], "north", table.PLACES, date(2024, 1, 1)).also_said] == ["a"]
    assert hear([word], "south", table.PLACES, date(2024, 1, 1)).also_said == ()


def test_the_longest_chain_counts_when_a_region_also_lies_in_the_land_directly():
    places = Places({"r": frozenset({"part", "land"}), "part": frozenset({"land"})})
    assert places.levels("r") == {"r": 0, "part": 1, "land": 2}


def test_places_that_contain_each_other_end():
    places = Places({"r": frozenset({"a"}), "a": frozenset({"b"}), "b": frozenset({"a", "r", "b"})})
    assert places.levels("r") == {"r": 0, "a": 1, "b": 2}


spans = st.none() | st.sampled_from(["2018", "2019", "2020", "2019-03", "2020-01", "2020-06-15", "2021-01-01", "2021-12", "2022"]).map(bounds_of)
states = st.sampled_from(["no", "plan", "trial", "use"])


@st.composite
def statements(draw):
    state = draw(states)
    return Statement(
        id="",
        method=draw(st.sampled_from(["m", "n"])),
        place=draw(st.sampled_from(["north", "south", "border", "west", "east", "land", "district", "clinic"])),
        state=state,
        makes_state=draw(st.integers(0, 5)) > 0,
        is_intention=state == "plan",
        is_underway=state in ("trial", "use"),
        since=draw(spans),
        until=draw(st.none() | spans),
        planned_start=draw(spans),
        word=draw(spans),
        confidence_rank=draw(st.integers(1, 2)),
        source_rank=draw(st.integers(1, 3)),
        extent_is_part=draw(st.booleans()),
        counts_for=draw(st.sampled_from([frozenset(), frozenset({"north"}), frozenset({"south", "west"})])),
        holds_in_all=draw(st.booleans()),
    )


words = st.lists(statements(), max_size=8).map(lambda found: [replace(word, id=f"w{number}") for number, word in enumerate(found)])
days = st.dates(date(2017, 1, 1), date(2023, 12, 31))


@given(words, days, st.randoms(use_true_random=False))
def test_the_order_of_the_words_changes_nothing(found, day, random):
    shuffled = random.sample(found, len(found))
    assert standings(shuffled, reversed(table.REGIONS), table.PLACES, day) == standings(found, table.REGIONS, table.PLACES, day)


@given(words, days)
def test_all_standings_are_the_single_ones(found, day):
    single = {
        (method, region): standing([word for word in found if word.method == method], region, table.PLACES, day)
        for method in ("m", "n")
        for region in table.REGIONS
    }
    assert standings(found, table.REGIONS, table.PLACES, day) == {pair: result for pair, result in single.items() if result is not None}


@given(words, days)
def test_every_word_in_play_that_is_near_is_told_exactly_once(found, day):
    for (method, region), result in standings(found, table.REGIONS, table.PLACES, day).items():
        told = [*result.rests_on, *result.disagrees, *result.agrees, *result.older, *result.plans, *result.also_said]
        assert len(set(told)) == len(told)
        heard = hear([word for word in found if word.method == method], region, table.PLACES, day)
        assert set(told) == {word.id for _, word in heard.reaching} | {word.id for word in heard.also_said}
        assert {word.id for word in found if word.id in told and not in_play(word, day)} == set()
        assert set(result.overdue) <= {*result.plans, *result.rests_on}


@given(words, days)
def test_a_plan_never_displaces_what_is_under_way(found, day):
    without = standings([word for word in found if not word.is_intention], table.REGIONS, table.PLACES, day)
    underway = {word.id for word in found if word.is_underway}
    dated = {word.id for word in found if word.said}
    for key, result in standings(found, table.REGIONS, table.PLACES, day).items():
        before = without.get(key)
        if before and before.rests_on[0] in underway and before.rests_on[0] in dated:
            assert (result.state, result.rests_on, result.disagrees) == (before.state, before.rests_on, before.disagrees)


@given(words, days)
def test_what_the_standing_rests_on_says_its_state(found, day):
    by_id = {word.id: word for word in found}
    for result in standings(found, table.REGIONS, table.PLACES, day).values():
        assert {by_id[word].state for word in result.rests_on} == {result.state}
        assert result.state not in {by_id[word].state for word in (*result.disagrees, *result.older)}
        assert all(by_id[word].is_intention for word in result.plans)


@given(statements(), statements())
def test_two_words_never_supersede_each_other(one, other):
    assert not (supersedes(one, other) and supersedes(other, one))
    if one.since and began_by(one):
        assert began_by(one) >= one.since.earliest
