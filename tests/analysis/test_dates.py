"""Partial dates: bounds, comparison, and faults that say what would be right."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phkg.analysis.dates import XSD, DateFault, bounds, bounds_of, may_overlap, surely_after, surely_before

lexicals = st.one_of(
    st.dates().map(lambda day: f"{day:%Y}".zfill(4)),
    st.dates().map(lambda day: day.isoformat()[:7]),
    st.dates().map(date.isoformat),
)


@pytest.mark.parametrize(
    ("lexical", "datatype", "earliest", "latest"),
    [
        ("2021", "gYear", date(2021, 1, 1), date(2021, 12, 31)),
        ("2021-09", "gYearMonth", date(2021, 9, 1), date(2021, 9, 30)),
        ("2024-02", "gYearMonth", date(2024, 2, 1), date(2024, 2, 29)),
        ("1900-02", "gYearMonth", date(1900, 2, 1), date(1900, 2, 28)),
        ("2021-12", XSD + "gYearMonth", date(2021, 12, 1), date(2021, 12, 31)),
        ("2021-09-01", XSD + "date", date(2021, 9, 1), date(2021, 9, 1)),
        ("0001", "gYear", date(1, 1, 1), date(1, 12, 31)),
        ("9999", "gYear", date(9999, 1, 1), date(9999, 12, 31)),
    ],
)
def test_bounds_are_first_and_last_possible_day(lexical, datatype, earliest, latest):
    assert bounds(lexical, datatype) == (earliest, latest)


@pytest.mark.parametrize(
    ("lexical", "datatype", "told"),
    [
        ("2021-13", "gYearMonth", "in no calendar"),
        ("2021-00", "gYearMonth", "in no calendar"),
        ("2023-02-29", "date", "in no calendar"),
        ("2023-02-00", "date", "in no calendar"),
        ("2023-00-10", "date", "in no calendar"),
        ("0000", "gYear", "in no calendar"),
        ("21", "gYear", "write it like “2021”"),
        ("-0044", "gYear", "write it like “2021”"),
        ("2021Z", "gYear", "write it like “2021”"),
        ("2021 ", "gYear", "write it like “2021”"),
        ("２０２１", "gYear", "write it like “2021”"),
        ("2021-09", "gYear", "write it like “2021”"),
        ("2021", "date", "write it like “2021-09-01”"),
        ("", "date", "write it like"),
        ("2021", "string", "an xsd:gYear, an xsd:gYearMonth or an xsd:date"),
    ],
)
def test_nonsense_is_refused_with_what_would_be_right(lexical, datatype, told):
    with pytest.raises(DateFault, match=told):
        bounds(lexical, datatype)


@given(st.text(max_size=12), st.sampled_from(["gYear", "gYearMonth", "date", "integer"]))
def test_any_text_gives_bounds_or_a_date_fault(lexical, datatype):
    try:
        earliest, latest = bounds(lexical, datatype)
    except DateFault:
        return
    assert earliest <= latest


@given(st.dates())
def test_a_day_lies_in_its_month_and_that_in_its_year(day):
    exact, month, year = (bounds_of(day.isoformat()[:length]) for length in (10, 7, 4))
    assert year.earliest <= month.earliest <= exact.earliest == day == exact.latest <= month.latest <= year.latest
    assert (month.latest.month, month.earliest.day) == (day.month, 1)
    if month.latest < date.max:
        assert (month.latest + timedelta(days=1)).day == 1


@given(lexicals, lexicals)
def test_exactly_one_of_before_after_overlap_holds(one, other):
    one, other = bounds_of(one), bounds_of(other)
    assert [surely_before(one, other), surely_after(one, other), may_overlap(one, other)].count(True) == 1
    assert surely_before(one, other) == surely_after(other, one)
    assert may_overlap(one, other) == may_overlap(other, one)


@given(lexicals, lexicals, lexicals)
def test_before_is_transitive(one, two, three):
    one, two, three = bounds_of(one), bounds_of(two), bounds_of(three)
    if surely_before(one, two) and surely_before(two, three):
        assert surely_before(one, three)


def test_year_and_month_within_it_may_overlap():
    assert may_overlap(bounds_of("2021"), bounds_of("2021-09"))
    assert surely_before(bounds_of("2021-08"), bounds_of("2021-09-01"))
