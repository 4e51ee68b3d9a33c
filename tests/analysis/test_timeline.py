"""Timelines: cases worked out by hand, and the standing of the last day for any words."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phkg.analysis.basis import Nothing
from phkg.analysis.coverage import Access
from phkg.analysis.dates import bounds_of
from phkg.analysis.standing import standing
from phkg.analysis.timeline import never, timeline

from .cases import PLACES, read_word

ON = date(2026, 1, 1)
WITH, PART = Access.WITH, Access.PART
NOT_YET, SILENT = Nothing.NOT_YET, Nothing.NO_STATEMENT


def meaning(found):
    if found.state == "yes":
        return PART if found.is_part else WITH
    return {"no": Nothing.DECIDED_AGAINST, "plan": NOT_YET, "ended": Access.WITHOUT}[found.state]


def of(*lines, on=ON):
    words = [read_word(f"w{number}", f"north, {line}") for number, line in enumerate(lines)]
    return timeline(words, "north", PLACES, on, meaning, 100)


def shown(found):
    name = {WITH: "with", PART: "part", NOT_YET: "not yet", SILENT: "?", Nothing.DECIDED_AGAINST: "against", Access.WITHOUT: "without"}
    return " | ".join([name[found.before], *(f"{day} {name[answer]}" for day, answer in found.changes)])


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], "?"),
        # an exact start: not yet before it
        (["yes, since 2021-09-15"], "not yet | 2021-09-15 with"),
        # a start in a year: unknown through that year
        (["yes, since 2021"], "not yet | 2021-01-01 ? | 2021-12-31 with"),
        # ... but it had begun when it was spoken of
        (["yes, since 2021, said 2021-05-10"], "not yet | 2021-01-01 ? | 2021-05-10 with"),
        # spoken of, without a start: it may have begun any time before
        (["yes, said 2022-03-05"], "? | 2022-03-05 with"),
        (["yes, said 2022"], "? | 2022-12-31 with"),
        # neither start nor date: known only on the day of the question
        (["yes"], "? | 2026-01-01 with"),
        # a no, later a yes without start: unknown from the day after the no was said
        (["no, said 2019-05-01", "yes, said 2022-03-05"], "? | 2019-05-01 against | 2019-05-02 ? | 2022-03-05 with"),
        # the same with a start: the no holds until then
        (["no, said 2019-05-01", "yes, since 2021-06-01, said 2022-03-05"], "? | 2019-05-01 against | 2021-06-01 with"),
        (["no, said 2019-05-01", "yes, since 2021-06, said 2022-03-05"], "? | 2019-05-01 against | 2021-06-01 ? | 2021-06-30 with"),
        # a later yes that agrees changes nothing
        (["yes, since 2021-06-01", "yes, said 2023-01-01"], "not yet | 2021-06-01 with"),
        # a plan is not yet, whatever day it named
        (["plan, start 2021-01-01, said 2020-02-02"], "? | 2020-02-02 not yet"),
        (["plan, said 2020-02-02", "no, said 2021-03-03"], "? | 2020-02-02 not yet | 2021-03-03 against"),
        # discontinued: with until its end
        (["yes, since 2018-01-01", "ended, since 2020-01-01"], "not yet | 2018-01-01 with | 2020-01-01 without"),
        (["yes, since 2018-01-01", "ended, said 2020-01-01"], "not yet | 2018-01-01 with | 2018-01-02 ? | 2020-01-01 without"),
        # a word that has ended leaves silence
        (["yes, since 2018-01-01, until 2020-06-30"], "not yet | 2018-01-01 with | 2020-07-01 ?"),
        (["yes, since 2018-01-01, until 2020-06"], "not yet | 2018-01-01 with | 2020-06-02 ?"),
        # from a part to the whole: a part until the whole is sure
        (["yes, since 2020-01-01, part", "yes, since 2022"], "not yet | 2020-01-01 part | 2022-12-31 with"),
        # what begins after the day of the question has not begun
        (["yes, since 2027-01-01"], "?"),
    ],
)  # fmt: skip
def test_by_hand(lines, expected):
    assert shown(of(*lines)) == expected


def test_the_answer_on_a_day_is_that_of_the_last_change_before_it():
    found = of("no, said 2019-05-01", "yes, since 2021-06-01, said 2022-03-05")
    assert [found.at(date(*day)) for day in [(2019, 4, 30), (2019, 5, 1), (2021, 5, 31), (2021, 6, 1), (2030, 1, 1)]] == [
        SILENT, Nothing.DECIDED_AGAINST, Nothing.DECIDED_AGAINST, WITH, WITH,
    ]  # fmt: skip


def test_a_region_that_never_changes():
    assert never("north", None, Nothing.NOT_APPLICABLE).at(ON) is Nothing.NOT_APPLICABLE


texts = st.sampled_from(["2018", "2019", "2019-05", "2019-05-20", "2020-12", "2021", "2021-06-01", "2026", "2025-12-31"])
words = st.lists(
    st.builds(
        lambda place, state, **dates: (place, state, dates),
        st.sampled_from(["north", "west", "south"]),
        st.sampled_from(["yes", "yes", "no", "plan", "ended"]),
        since=st.none() | texts,
        said=st.none() | texts,
        until=st.none() | texts,
    ),
    max_size=5,
)


@settings(deadline=None)
@given(words, st.booleans())
def test_on_the_day_of_the_question_it_is_the_standing(found, part):
    statements = []
    for number, (place, state, dates) in enumerate(found):
        marks = [f"{key} {value}" for key, value in dates.items() if value is not None]
        marks += ["in all"] if place == "west" else []
        marks += ["part"] if part and number % 2 else []
        statements.append(read_word(f"w{number}", ", ".join([place, state, *marks])))
    result = timeline(statements, "north", PLACES, ON, meaning, 1)
    now = standing(statements, "north", PLACES, ON)
    assert result.at(ON) is (SILENT if now is None else meaning(now))
    days = [day for day, _ in result.changes]
    assert days == sorted(set(days)) and all(day <= ON for day in days)


@settings(deadline=None)
@given(st.sampled_from(["2021", "2021-06", "2021-06-15"]))
def test_no_start_that_the_source_allows_lies_outside_the_band(text):
    found = of(f"yes, since {text}")
    span = bounds_of(text)
    for start in (span.earliest, span.latest):
        truth = of(f"yes, since {start.isoformat()}")
        for day in (date(2020, 1, 1), date(2021, 3, 1), date(2021, 6, 10), date(2021, 6, 20), date(2022, 1, 1)):
            assert found.at(day) in (SILENT, truth.at(day))
