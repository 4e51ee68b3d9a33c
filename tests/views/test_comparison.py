"""Regions beside each other: when a funnel is drawn, when lines, when nothing; in no order of the values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phkg.views.comparison import axis, comparison
from phkg.views.indicator import ObservationLine, indicator_page
from phkg.views.reader import Reader
from phkg.views.site import read_site


@pytest.fixture(scope="module")
def compare(sv: Reader):
    """Of rows (region, year, value, numerator, denominator) in Ekland."""
    regions = {region.value.rpartition("/")[2]: region for region in sv.site.regions}

    def line(row) -> ObservationLine:
        region, since, value, numerator, denominator = row
        return ObservationLine("x", "x", sv.link(regions[region]), True, since, "", value, numerator, denominator, numerator is not None and numerator < 20, ())

    return lambda *rows: comparison(sv, [line(row) for row in rows])


def test_shares_of_enough_cases_are_a_funnel(compare) -> None:
    # Boda 900 of 2,000, Älvik 400 of 1,000; Ösby has said nothing. Together 1,300 of 3,000.
    found = compare(("alvik", "2022", 40.0, 400, 1000), ("boda", "2022", 45.0, 900, 2000), ("boda", "2020", 10.0, 100, 1000))
    assert (found.form, found.share, found.periods, found.answering, found.events) == ("funnel", True, ("2022",), 2, 1300)
    assert found.national == pytest.approx(100 * 1300 / 3000, abs=1e-3)
    assert [(one.short_name.value, one.value, one.events, one.of) for one in found.points] == [
        ("Boda", 45.0, 900, 2000.0), ("Älvik", 40.0, 400, 1000.0), ("Region Ösby", None, None, None),
    ]  # fmt: skip
    # At n = 1,000 the limits of 95 % are 43.33 ± 1.96 · √(0.4333 · 0.5667 / 1000) = 40.26 to 46.40: Älvik lies below, Boda within those of 2,000.
    assert [(one.outside, one.above) for one in found.points[:2]] == [(None, True), (0.95, False)]
    assert found.systematic is not None and [limits.level for limits in found.limits] == [0.95, 0.998]
    low, high = next((low, high) for at, low, high in found.limits[0].line if at >= found.points[1].at)
    assert 39.5 < low < 40.5 and 46.2 < high < 47.2


def test_too_few_cases_are_pooled_with_earlier_years_and_it_is_said(compare) -> None:
    found = compare(*((region, year, 30.0, 300, 1000) for region in ("boda", "alvik") for year in ("2020", "2021", "2022")))
    assert (found.form, found.periods, found.events) == ("funnel", ("2021", "2022"), 1200)
    assert [one.of for one in found.points] == [2000.0, 2000.0, None]


def test_cases_too_few_in_all_years_are_not_compared(compare) -> None:
    found = compare(("boda", "2022", 30.0, 30, 100), ("alvik", "2022", 20.0, 20, 100))
    assert (found.form, found.limits, found.systematic, found.least) == ("too-few", (), None, 1000)
    assert found.national == pytest.approx(25.0) and {one.outside for one in found.points} == {None}


def test_counts_without_what_they_are_counted_among_have_an_interval_and_no_place_in_a_funnel(compare) -> None:
    found = compare(("boda", "2022", 10.0, 10, None), ("osby", "2022", 1500.0, 1500, None))
    # Byar's interval of 10 events: 4.79 to 18.39 (Breslow & Day 1987, by their formula 2.14).
    assert found.form == "counts" and (found.points[0].low, found.points[0].high) == pytest.approx((4.8, 18.4))
    assert found.points[0].few and found.points[1].value is None and not found.points[2].few


def test_values_without_counts_stand_alone(compare) -> None:
    found = compare(("boda", "2022", 66.0, None, None), ("osby", "2022", 74.0, None, None))
    assert (found.form, found.national) == ("values", None) and {one.low for one in found.points} == {None}


def test_values_that_are_not_those_of_their_counts_are_no_rate(compare) -> None:
    assert compare(("boda", "2022", 66.0, 10, 300), ("osby", "2022", 74.0, 20, 300)).form == "values"


def test_one_region_or_different_years_are_no_comparison(compare) -> None:
    assert compare(("boda", "2022", 66.0, None, None)) is None
    assert compare(("boda", "2022", 66.0, None, None), ("osby", "2013", 74.0, None, None), ("alvik", "", 74.0, None, None)) is None


def test_a_rate_of_events_may_lie_above_one_for_each(compare) -> None:
    found = compare(("boda", "2022", 2500.0, 1250, 500), ("alvik", "2022", 4000.0, 1200, 300))
    assert (found.form, found.share) == ("funnel", False) and found.axis[-1] >= 4000


@given(st.floats(min_value=1e-6, max_value=1e12))
def test_an_axis_begins_at_nothing_and_reaches_the_most_in_a_few_equal_steps(most: float) -> None:
    found = axis(most)
    steps = {round((b - a) / found[1], 6) for a, b in zip(found, found[1:], strict=False)}
    assert found[0] == 0 and found[-1] >= most * (1 - 1e-6) and found[-2] < most and 2 <= len(found) <= 7 and steps == {1.0}


def test_regions_of_the_registry_stand_in_their_usual_order(real_snapshot) -> None:
    reader = Reader(read_site(real_snapshot), "sv")
    kind = reader.site.kind_of_folder("indicators")
    pages = [indicator_page(reader, record, kind) for record in reader.site.records(kind)]
    found = [page.comparison for page in pages if page.comparison]
    assert {one.form for one in found} == {"funnel", "counts", "values"}
    assert all([point.place.iri for point in one.points] == [region.value for region in reader.site.regions] for one in found)
    shares = next(page.comparison for page in pages if page.head.iri.endswith("hpv-self-samples-screening-share"))
    # Sums of the printed counts of 2022 of the eight regions that have some.
    assert (shares.answering, shares.events, round(shares.national, 2)) == (8, 115_040, round(100 * 115_040 / 225_459, 2))
