"""Rates: published intervals, funnel limits that agree with them, and the rule of small numbers."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phkg.analysis.basis import Nothing
from phkg.analysis.rates import (
    FUNNEL_LEVELS,
    Kind,
    RegionCount,
    SmallNumbers,
    byar,
    funnel_of_counts,
    funnel_of_shares,
    pooled,
    rates,
    wilson,
    withheld,
)

NO_RULE = SmallNumbers(least_shown=1, least_national=0)


@pytest.mark.parametrize(
    ("events", "of", "low", "high"),
    # Newcombe 1998, Statistics in Medicine 17:857, table I, method 3
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_published(events, of, low, high):
    assert [round(float(end), 4) for end in wilson(events, of)] == [low, high]


@pytest.mark.parametrize(
    ("events", "low", "high"),
    # Exact Poisson limits, Garwood 1936 (table in Ulm 1990, Am J Epidemiol 131:373); Byar's are known to come within 1 % of them from 5 events on
    [(5, 1.6235, 11.6683), (10, 4.7954, 18.3904), (20, 12.2165, 30.8884), (50, 37.1110, 65.9188), (100, 81.3640, 121.6275)],
)
def test_byar_comes_near_the_exact_limits(events, low, high):
    assert [float(end) for end in byar(events)] == pytest.approx([low, high], rel=0.01)


def test_byar_by_hand():
    # 10 (1 − 1/90 − 1.959964/(3·3.162278))³ and 11 (1 − 1/99 + 1.959964/(3·3.316625))³
    assert [round(float(end), 3) for end in byar(10)] == [4.787, 18.391]
    assert (float(byar(0)[0]), round(float(byar(0)[1]), 2)) == (0.0, 3.67)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.9])
def test_wilson_holds_as_often_as_it_says(share):
    found = np.random.default_rng(7).binomial(60, share, 20_000)
    low, high = wilson(found, np.full(found.shape, 60))
    assert 0.92 <= np.mean((low <= share) & (share <= high)) <= 0.98


@pytest.mark.parametrize("mean", [3.0, 12.0, 150.0])
def test_byar_holds_at_least_as_often_as_it_says(mean):
    low, high = byar(np.random.default_rng(8).poisson(mean, 20_000))
    assert 0.945 <= np.mean((low <= mean) & (mean <= high)) <= 0.99


@settings(deadline=None)
@given(st.floats(0.2, 1e6), st.sampled_from([0.95, 0.998]))
def test_a_count_on_the_line_of_the_funnel_has_the_expected_at_the_end_of_its_interval(expected, level):
    low, high = (float(end) for end in funnel_of_counts(expected, level))
    assert 0 <= low < expected < high
    assert float(byar(high, level)[0]) == pytest.approx(expected, rel=1e-6)
    if low > 0:
        assert float(byar(low, level)[1]) == pytest.approx(expected, rel=1e-6)
    else:
        assert float(byar(0, level)[1]) >= expected * (1 - 1e-9)


@settings(deadline=None)
@given(st.integers(1, 400), st.data(), st.floats(0.01, 0.99), st.sampled_from([0.95, 0.998]))
def test_the_funnel_of_shares_agrees_with_wilson(of, data, national, level):
    events = data.draw(st.integers(0, of))
    low, high = (float(end) for end in wilson(events, of, level))
    under, over = (float(end) for end in funnel_of_shares(national, of, level))
    if min(abs(low - national), abs(high - national)) > 1e-9:
        assert (low <= national <= high) == (under <= events / of <= over)


ENGLAND = 0.80642448
"""The share over 303 areas in the example by which England's statisticians test their funnels (PHEindicatormethods, testdata_funnel_prop_*)."""


@pytest.mark.parametrize(
    ("of", "inner", "outer"),
    [
        (102, (72.974925, 88.309971), (68.553233, 92.731663)),
        (1008, (78.203374, 83.081521), (76.796814, 84.488082)),
        (9998, (79.867989, 81.416907), (79.421375, 81.863521)),
        (110000, (80.408963, 80.875933), (80.274317, 81.010578)),
    ],
)
def test_englands_funnel(of, inner, outer):
    for level, ends in zip(FUNNEL_LEVELS, (inner, outer), strict=True):
        found = [float(end) * 100 for end in funnel_of_shares(ENGLAND, of, level)]
        assert found == pytest.approx(ends, abs=2e-5)


@pytest.mark.parametrize(
    ("events", "of", "outside", "above"),
    [
        (50051, 61921, None, True),  # South Gloucestershire: not significant
        (14493, 17964, None, True),  # Heywood and Middleton: not significant
        (26789, 33012, 0.95, True),  # West Norfolk: high (0.025)
        (23910, 29457, 0.95, True),  # Sheffield West: high (0.025)
        (30278, 37828, 0.95, False),  # North Devon: low (0.025)
        (43206, 51744, 0.998, True),  # Solihull: high (0.001)
        (18365, 29277, 0.998, False),  # Bradford City: low (0.001)
    ],
)
def test_englands_areas_lie_where_england_says(events, of, outside, above):
    # The rest of the country is one region here, so that the share over all is the published one to six figures.
    rest = 10**9
    found = rates([RegionCount("here", events, of), RegionCount("rest", round(ENGLAND * (rest + of)) - events, rest)], Kind.SHARE).rows[0]
    assert (found.outside, found.above) == (outside, above)


def test_rates_of_regions_by_hand():
    rows = [RegionCount("a", 60, 100), RegionCount("b", 20, 100), RegionCount("c", Nothing.NO_STATEMENT, 50), RegionCount("d", 9, None)]
    found = rates(rows, Kind.SHARE, per=100, rule=NO_RULE)
    a, b, c, d = found.rows
    assert (a.value, b.value, found.national, found.events) == (60, 20, 40, 80)
    # Wilson by hand: (120 + 3.8415 ∓ 1.95996 √(3.8415 + 240·0.4)) / (2·103.8415)
    assert (a.low, a.high) == pytest.approx((50.20, 69.06), abs=0.01)
    # 20 points from 40 %: the lines at 100 persons lie 9.6 and 15.1 points away
    assert [(row.outside, row.above) for row in (a, b)] == [(0.998, True), (0.998, False)]
    assert (c.value, c.nothing, d.value, d.nothing) == (None, Nothing.NO_STATEMENT, None, Nothing.NO_STATEMENT)
    assert (found.basis.regions, found.basis.answering, found.basis.population_share) == (4, 2, Fraction(200, 250))


def test_impossible_counts_are_refused_by_name():
    with pytest.raises(ValueError, match="a has 5 events among 4"):
        rates([RegionCount("a", 5, 4)], Kind.SHARE)
    with pytest.raises(ValueError, match="a has -1 events"):
        rates([RegionCount("a", -1, 4)], Kind.RATE)
    with pytest.raises(ValueError, match="a counts among -4"):
        rates([RegionCount("a", 1, -4)], Kind.RATE)
    assert rates([RegionCount("a", 5, 4)], Kind.RATE, rule=NO_RULE).national == 1.25


def counts(*events):
    return [RegionCount(name, number, 1000.0) for name, number in zip("abcdefgh", events, strict=False)]


def test_a_count_under_the_rule_is_withheld_and_keeps_its_range():
    found = rates(counts(3, 2, 500, 600, 0), Kind.RATE, per=1000)
    assert [row.nothing for row in found.rows] == [Nothing.WITHHELD, Nothing.WITHHELD, None, None, None]
    assert [(row.low, row.high, row.events) for row in found.rows[:2]] == [(1, 4, None)] * 2
    assert (found.rows[4].value, found.comparable) == (0, True)
    # 1 100 told and 2 to 8 not, among 5 000
    assert (found.national_low, found.national_high) == pytest.approx((1102 / 5, 1108 / 5))
    assert found.basis.count(Nothing.WITHHELD) == 2


def test_a_single_withheld_count_takes_another_with_it():
    found = withheld(counts(3, 200, 500, 80, 0), SmallNumbers())
    assert [row.region for row in found if row.events is Nothing.WITHHELD] == ["a", "d"]
    # its range does not tell it: 80 lies between 1 and the next doubling
    shown = rates(counts(3, 200, 500, 80, 0), Kind.RATE).rows[3]
    assert (shown.low, shown.high) == (0.001, 0.159)
    # what a source withheld itself is no secret of ours
    assert withheld(counts(Nothing.WITHHELD, 200, 500), SmallNumbers())[1].events == 200


def test_few_events_are_not_compared():
    assert not rates(counts(300, 300), Kind.RATE).comparable
    assert rates(counts(500, 500), Kind.RATE).comparable


def test_years_are_pooled_until_there_are_enough():
    years = {2022: counts(100, 900), 2023: counts(150, 450), 2024: counts(200, Nothing.WITHHELD), 2025: counts(300, 300)}
    found = pooled({year: years[year] for year in (2022, 2023, 2025)}, SmallNumbers())
    assert (found.years, found.enough) == ((2023, 2025), True)
    assert [(row.events, row.of) for row in found.rows] == [(450, 2000), (750, 2000)]
    gap = pooled({year: years[year] for year in (2024, 2025)}, SmallNumbers(least_national=5000))
    assert (gap.years, gap.enough, gap.rows[1].events) == ((2024, 2025), False, Nothing.WITHHELD)
    assert pooled({}, SmallNumbers()).rows == ()


def test_no_region_and_nobody():
    empty = rates([], Kind.RATE)
    assert (empty.rows, empty.national, empty.national_low, empty.comparable) == ((), None, None, False)
    missing = rates([RegionCount("a", kind, 10) for kind in Nothing], Kind.RATE)
    assert missing.national is None
    assert (missing.basis.regions, missing.basis.answering) == (4, 0)


kinds = st.integers(0, 3000) | st.sampled_from(Nothing)
rows = st.lists(st.tuples(kinds, st.none() | st.integers(3000, 90_000)), max_size=8)


@settings(deadline=None)
@given(rows, st.randoms(use_true_random=False), st.sampled_from(Kind))
def test_the_order_of_regions_is_all_one(found, source, kind):
    given_rows = [RegionCount(f"r{number}", events, of) for number, (events, of) in enumerate(found)]
    mixed = source.sample(given_rows, len(given_rows))
    one, other = rates(given_rows, kind), rates(mixed, kind)
    assert {row.region: row for row in one.rows} == {row.region: row for row in other.rows}
    assert (one.national, one.events, one.basis) == (other.national, other.events, other.basis)


@settings(deadline=None)
@given(rows)
def test_nothing_is_never_taken_for_none(found):
    for row in rates([RegionCount(f"r{number}", events, of) for number, (events, of) in enumerate(found)], Kind.RATE).rows:
        assert (row.value is None) == (row.nothing is not None)
        assert row.value is None or row.low <= row.value <= row.high
