"""Variation beyond chance: worked out by hand, the size that was put in, and the bands that chance gives."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phkg.analysis.basis import Nothing, Span
from phkg.analysis.chance import chance, spread_of_counts, variation, variation_of
from phkg.analysis.rates import Kind, RegionCount

SWEDEN = [
    # inhabitants in thousands of the 21 regions, rounded, at the end of 2023 (Statistics Sweden, Population statistics)
    2455, 405, 302, 472, 369, 204, 247, 61, 158, 1421, 344, 1767, 284, 307, 281, 288, 286, 242, 132, 280, 249,
]  # fmt: skip


def test_by_hand():
    # expected 10, 20 and 40; seen 15, 20 and 35: (25/100 + 0 + 25/1600) − (1/10 + 1/20 + 1/40) = 0.265625 − 0.175
    found = variation_of(np.array([15.0, 20, 35]), np.array([10.0, 20, 40]))
    assert found["scv"] == pytest.approx(100 / 3 * 0.090625)
    assert found["chi2"] == pytest.approx(2.5 + 0 + 0.625)
    assert found["eq"] == pytest.approx(1.5 / 0.875)
    # ratios 1.5, 1 and 0.875: mean 1.125, squares 0.140625 + 0.015625 + 0.0625 = 0.21875, /2 = 0.109375
    assert found["cv"] == pytest.approx(100 * 0.109375**0.5 / 1.125)
    # percentiles between neighbours: 0.875 + 0.1·0.125 and 1 + 0.9·0.5
    assert found["eq-95"] == pytest.approx(1.45 / 0.8875)


def test_the_component_is_the_variance_that_was_put_in():
    # True rates that vary with a coefficient of 20 % have the variance 0.04, in hundredths 4, whatever the number of cases.
    source = np.random.default_rng(4)
    for mean in (20.0, 200.0):
        expected = np.full((3000, 50), mean)
        cases = source.poisson(expected * source.gamma(25, 1 / 25, expected.shape)).astype(float)
        assert variation_of(cases, expected)["scv"].mean() == pytest.approx(4, abs=0.15)


@pytest.mark.parametrize(
    ("total", "eq", "eq_high", "cov"),
    # The table of what chance alone does with 21 regions was worked out apart from this code, by 4 000 draws on approximate populations; eq_high is its
    # 95th percentile. The numbers here are on rounded populations of another year.
    [(1000, 2.3, 4.1, 14), (5000, 1.4, 1.8, 6), (20_000, 1.2, 1.3, 3)],
)
def test_what_chance_does_to_21_regions(total, eq, eq_high, cov):
    bands = chance(np.array(SWEDEN, float), total, Kind.RATE, seed=1, level=0.9)
    assert bands["eq"].middle == pytest.approx(eq, rel=0.1)
    assert bands["eq"].high == pytest.approx(eq_high, rel=0.15)
    assert bands["cov"].middle == pytest.approx(cov, rel=0.2)
    assert bands["scv"].low < 0 < bands["scv"].high


def test_with_few_cases_a_region_without_any_is_what_equality_looks_like():
    band = chance(np.array(SWEDEN, float), 100, Kind.RATE, seed=1)["eq"]
    assert (band.middle, band.high) == (float("inf"), float("inf"))
    assert 0.85 < band.undefined <= 1


def test_the_band_holds_equal_regions_as_often_as_it_says():
    source, sizes = np.random.default_rng(9), np.array(SWEDEN, float)
    band = chance(sizes, 2000, Kind.RATE, seed=2)
    cases = source.poisson(sizes * 2000 / sizes.sum(), (4000, 21)).astype(float)
    found = variation_of(cases, sizes / sizes.sum() * cases.sum(axis=1, keepdims=True))
    for name in ("scv", "cv", "chi2", "eq-95"):
        inside = np.mean((band[name].low <= found[name]) & (found[name] <= band[name].high))
        assert 0.93 <= inside <= 0.965, name


def rows(*events, of=1000.0):
    return [RegionCount(f"r{place}", number, of) for place, number in enumerate(events)]


def test_regions_beside_their_band():
    alike = variation(rows(50, 47, 52, 51, 49, 55), Kind.RATE, seed=3)
    apart = variation(rows(20, 47, 90, 51, 49, 55), Kind.RATE, seed=3)
    assert alike.p > 0.5 and apart.p < 0.01
    assert apart.measures["cv"].value > apart.measures["cv"].high
    assert alike.measures["eq"].low <= alike.measures["eq"].value <= alike.measures["eq"].high
    assert (alike.measures["scv"].span, alike.measures["scv"].method) == (Span.CHANCE, "Poisson, 2000 draws, seed 3")


def test_shares_vary_less_by_chance_than_rates():
    # of 90 % among 100, chance leaves a standard deviation of 3 points; as a rate it would leave 9.5
    share, rate = (chance(np.full(20, 100.0), 1800, kind, seed=1)["bgsd"].middle for kind in (Kind.SHARE, Kind.RATE))
    assert share == pytest.approx(0.03, rel=0.1)
    assert rate == pytest.approx(0.095, rel=0.1)
    with pytest.raises(ValueError, match="more than all"):
        chance(np.full(2, 100.0), 300, Kind.SHARE, seed=1)


def test_spread_beside_its_band():
    found = spread_of_counts([*rows(20, 47, 90, 51), RegionCount("x", Nothing.NOT_YET, 500.0)], Kind.RATE, seed=3, per=100, more_is_better=True)
    # rates 2, 4.7, 9 and 5.1 per 100; mean 5.2; deviations 3.2, 0.5, 3.8 and 0.1
    assert (found["difference"].value, found["mdm-w"].value, found["mdb-w"].value) == pytest.approx((7, 1.9, 3.8))
    # by chance the rates have a standard deviation of √5.2/√10 = 0.72 per 100, and lie 2.06 of it apart in the middle
    assert found["difference"].low < 2.06 * 0.72 < found["difference"].high < 7
    assert (found["difference"].span, found["difference"].basis.answering, found["difference"].basis.count(Nothing.NOT_YET)) == (Span.CHANCE, 4, 1)
    few = spread_of_counts([RegionCount("x", Nothing.NOT_YET, 500.0)], Kind.RATE, seed=3)
    assert (few["difference"].why, few["difference"].span) == ("few", None)
    none = spread_of_counts(rows(0, 0), Kind.RATE, seed=3)
    assert (none["cov"].why, none["difference"].value, none["difference"].span) == ("zero", 0, None)


def test_no_region_one_region_no_case_and_nothing_but_nothing():
    for few in ([], rows(5), [RegionCount("r", kind, 10) for kind in Nothing]):
        found = variation(few, Kind.RATE, seed=1)
        assert ({measure.why for measure in found.measures.values()}, found.p) == ({"few"}, None)
    assert {measure.why for measure in variation(rows(0, 0), Kind.RATE, seed=1).measures.values()} == {"zero"}
    one_empty = variation(rows(0, 40, 40), Kind.RATE, seed=1).measures
    assert (one_empty["eq"].why, one_empty["scv"].why) == ("zero", "")
    gaps = variation([*rows(5, 6, 7), RegionCount("x", Nothing.WITHHELD, 500.0)], Kind.RATE, seed=1).measures["scv"].basis
    assert (gaps.regions, gaps.answering, gaps.count(Nothing.WITHHELD)) == (4, 3, 1)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 200), min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_regions_is_all_one_and_the_seed_says_all(events, source):
    given_rows = rows(*events)
    mixed = source.sample(given_rows, len(given_rows))
    assert variation(given_rows, Kind.RATE, seed=4, draws=50) == variation(mixed, Kind.RATE, seed=4, draws=50)
