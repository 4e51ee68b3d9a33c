"""The adoption curve: worked out by hand, and the coverage of every day for any timelines."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phkg.analysis.adoption import Period, Reached, adoption, by_period, first_region, reached
from phkg.analysis.basis import Nothing
from phkg.analysis.coverage import Access, RegionAccess, coverage
from phkg.analysis.timeline import Timeline, never

WITH, WITHOUT, PART, UNKNOWN = Access
ON = date(2024, 6, 30)


def line(region, population, *changes, before=Nothing.NOT_YET):
    return Timeline(region, population, tuple((date.fromisoformat(day), answer) for day, answer in changes), before)


FOUR = [
    line("a", 500, ("2020-03-15", WITH)),
    line("b", 300, ("2021-01-01", UNKNOWN), ("2021-12-31", WITH)),
    line("c", 150, ("2022-05-01", PART)),
    never("d", 50),
    never("e", 999, Nothing.NOT_APPLICABLE),
]
"""1 000 people: `a` with access from a day, `b` from some day of 2021, `c` for a part, `d` silent; the method is nothing for `e`."""


def test_the_band_by_hand():
    curve = adoption(FOUR, ON)
    assert (curve.before.low, curve.before.high) == (0, Fraction(50, 1000))
    got = [(point.day.isoformat(), point.coverage.low * 1000, point.coverage.high * 1000) for point in curve.steps]
    assert got == [("2020-03-15", 500, 550), ("2021-01-01", 500, 850), ("2021-12-31", 800, 850), ("2022-05-01", 800, 1000)]
    assert [(point.regions_low * 4, point.regions_high * 4) for point in curve.steps] == [(1, 2), (1, 3), (2, 3), (2, 4)]


def test_what_it_rests_on():
    rests = adoption(FOUR, ON).basis
    assert (rests.regions, rests.answering, rests.population_share) == (4, 3, Fraction(950, 1000))
    assert (rests.count(Nothing.NO_STATEMENT), rests.count(Nothing.NOT_APPLICABLE), rests.count(Nothing.WITHHELD)) == (1, 1, 0)


def test_by_year_by_month_and_by_day():
    curve = adoption(FOUR, ON)
    years = by_period(curve, Period.YEAR, date(2020, 7, 1))
    assert [point.day.isoformat() for point in years] == ["2020-12-31", "2021-12-31", "2022-12-31", "2023-12-31", "2024-06-30"]
    assert [point.coverage.low * 10 for point in years] == [5, 8, 8, 8, 8]
    months = by_period(curve, Period.MONTH, date(2024, 2, 10))
    assert [point.day.isoformat() for point in months] == ["2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31", "2024-06-30"]
    days = by_period(curve, Period.DAY, date(2024, 6, 28))
    assert [point.day.day for point in days] == [28, 29, 30]
    with pytest.raises(ValueError, match="before 2024-07-01"):
        by_period(curve, Period.DAY, date(2024, 7, 1))


def test_when_shares_were_reached():
    curve = adoption(FOUR, ON)
    assert reached(curve, Fraction(1, 2)) == Reached(date(2020, 3, 15), date(2020, 3, 15))
    assert reached(curve, Fraction(8, 10)) == Reached(date(2021, 1, 1), date(2021, 12, 31))
    assert reached(curve, Fraction(1)) == Reached(date(2022, 5, 1), None)
    assert reached(curve, Fraction(1, 2), of_regions=True) == Reached(date(2020, 3, 15), date(2021, 12, 31))
    assert reached(curve, Fraction(1, 100)) == Reached(None, date(2020, 3, 15), open_start=True)
    for share in (Fraction(0), Fraction(3, 2)):
        with pytest.raises(ValueError, match="above 0 and at most 1"):
            reached(curve, share)


def test_the_first_region():
    assert first_region(FOUR[:3], ON) == Reached(date(2020, 3, 15), date(2020, 3, 15))
    assert first_region(FOUR[1:3], ON) == Reached(date(2021, 1, 1), date(2021, 12, 31))
    assert first_region(FOUR[2:3], ON) == Reached(date(2022, 5, 1), None)
    # a silent region may have been first, at any time
    assert first_region(FOUR, ON) == Reached(None, date(2020, 3, 15), open_start=True)
    assert first_region(FOUR[:1], date(2019, 1, 1)) == Reached(None, None)


def test_a_method_that_is_discontinued_falls():
    curve = adoption([line("a", 1, ("2020-01-01", WITH), ("2022-01-01", WITHOUT)), line("b", 1)], ON)
    assert [point.coverage.low for point in curve.steps] == [Fraction(1, 2), 0]
    assert reached(curve, Fraction(1, 2)).sure == date(2020, 1, 1)


def test_no_region_all_silent_and_all_alike():
    assert (adoption([], ON).before.low, adoption([], ON).before.high, adoption([], ON).steps) == (0, 1, ())
    silent = adoption([never("a", 5), never("b", 6)], ON)
    assert (silent.before.low, silent.before.high, silent.basis.answering) == (0, 1, 0)
    alike = adoption([line(name, 7, ("2020-01-01", WITH)) for name in "abc"], ON)
    assert [(point.coverage.low, point.coverage.high) for point in alike.steps] == [(1, 1)]


days = st.dates(date(2020, 1, 1), date(2020, 1, 12))
answers = st.sampled_from([*Access, *Nothing])
timelines = st.lists(
    st.builds(
        lambda number, people, before, changes: Timeline(f"r{number}", people, tuple(sorted(changes.items())), before),
        st.integers(0, 99),
        st.none() | st.integers(0, 50),
        answers,
        st.dictionaries(days, answers, max_size=4),
    ),
    max_size=6,
)


@settings(deadline=None)
@given(timelines, st.none() | st.integers(0, 300))
def test_it_is_the_coverage_of_every_day(found, whole):
    on = date(2020, 1, 10)
    curve = adoption(found, on, whole)
    for number in range(-1, 10):
        day = date(2020, 1, 1) + timedelta(days=number)
        rows = [RegionAccess(row.region, row.at(day), row.population) for row in found]
        assert curve.at(day) == coverage(rows, whole)
    assert all(point.day <= on for point in curve.steps)


@settings(deadline=None)
@given(timelines, st.randoms(use_true_random=False))
def test_the_order_of_regions_is_all_one(found, random):
    mixed = random.sample(found, len(found))
    assert adoption(mixed, ON) == adoption(found, ON)


@settings(deadline=None)
@given(timelines, st.integers(0, 50))
def test_a_region_split_in_two_alike_leaves_the_population_curve(found, half):
    one = Timeline("x", 2 * half, ((date(2020, 1, 5), WITH),), Nothing.NOT_YET)
    two = [Timeline(name, half, one.changes, one.before) for name in "xy"]
    whole, split = adoption([*found, one], ON), adoption([*found, *two], ON)
    assert [(p.day, p.coverage.low, p.coverage.high) for p in whole.steps] == [(p.day, p.coverage.low, p.coverage.high) for p in split.steps]
