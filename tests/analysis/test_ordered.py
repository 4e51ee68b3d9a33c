"""Measures along an order: a published worked example, a straight line, and intervals that hold as often as they say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phkg.analysis.basis import Nothing, Span
from phkg.analysis.ordered import OrderedValue, along, midranks, ordered

INDIA = [
    # births 1982–92 and deaths under five per 1 000, from the poorest fifth to the richest: World Bank, Quantitative Techniques for Health
    # Equity Analysis, technical note 7, table 1, which gives the concentration index as −0.1694
    (29939, 154.7), (28776, 152.9), (26528, 119.5), (24689, 86.9), (19739, 54.3),
]  # fmt: skip


def rows_of(pairs, error=None):
    return [OrderedValue(f"r{place}", value, place, people, error) for place, (people, value) in enumerate(pairs)]


def test_the_published_concentration_index():
    found = ordered(rows_of(INDIA), "wealth", seed=1)
    assert round(found.measures["rci"].value, 4) == -0.1694
    assert found.measures["aci"].value == pytest.approx(-0.1694 * 118.9, rel=1e-3)
    assert (found.trait, found.basis.answering) == ("wealth", 5)


def test_whos_worked_example_of_five_fifths():
    # World Health Organization, healthequal 1.0.1, sample data: births attended by skilled health personnel, per cent by fifth of wealth,
    # persons in thousandths; its documentation prints the absolute concentration index as 4.30052 and the average as 91.59669.
    fifths = [(2072436, 75.60530), (2112204, 91.01997), (1983059, 96.03959), (2052124, 97.04223), (1884510, 99.22405)]
    found = ordered(rows_of(fifths), "wealth", seed=1).measures
    assert found["aci"].value == pytest.approx(4.30052, abs=5e-6)
    assert found["rci"].value == pytest.approx(4.30052 / 91.59669, abs=1e-6)


def test_a_straight_line_by_hand():
    # shares ½, ¼, ¼ have mid-ranks ¼, ⅝, ⅞; values 10 + 8X lie on a line, from 10 at the bottom to 18 at the top
    found = ordered(rows_of([(50, 12.0), (25, 15.0), (25, 17.0)]), "need", seed=1).measures
    assert (found["sii"].value, found["rii"].value) == pytest.approx((8, 1.8))
    # ½·(−½)·12 + ¼·¼·15 + ¼·¾·17
    assert found["aci"].value == pytest.approx(1.125)
    assert found["rci"].value == pytest.approx(1.125 / 14)


def test_regions_of_equal_trait_share_a_rank():
    assert midranks(np.array([1.0, 2, 2, 3]), np.array([10.0, 20, 30, 40])) == pytest.approx([0.05, 0.35, 0.35, 0.8])


def test_the_trait_must_have_a_name():
    with pytest.raises(ValueError, match="name of the trait"):
        ordered(rows_of(INDIA), " ", seed=1)


def test_what_is_not_defined_says_why():
    assert ordered([], "need", seed=1).measures["sii"].why == "few"
    assert ordered(rows_of(INDIA[:2]), "need", seed=1).measures["sii"].why == "few"
    alike = [OrderedValue(f"r{place}", 5.0, 1.0, 10) for place in range(4)]
    assert ordered(alike, "need", seed=1).measures["sii"].why == "few"
    zeros = ordered(rows_of([(10, 0.0)] * 4), "need", seed=1).measures
    assert (zeros["sii"].value, zeros["rci"].why, zeros["rii"].why) == (0, "zero", "zero")
    gaps = [OrderedValue(f"n{place}", kind, 1.0, 10) for place, kind in enumerate(Nothing)]
    gaps += [OrderedValue("t", 4.0, None, 10), OrderedValue("p", 4.0, 1.0, None)]
    found = ordered([*gaps, *rows_of(INDIA)], "need", seed=1)
    assert round(found.measures["rci"].value, 4) == -0.1694
    assert (found.basis.regions, found.basis.answering) == (11, 5)


def test_the_interval_of_the_slope_is_that_of_theory():
    # With errors known the slope is normal with variance Σ (p_j c_j e_j)² / (Σ p_j c_j²)²; with equal groups and error e: e² / Σ c_j²
    found = ordered(rows_of([(10, 10.0), (10, 11), (10, 12), (10, 13), (10, 14)], error=0.5), "need", seed=5, draws=20_000).measures["sii"]
    half = 1.959964 * 0.5 / (0.4**2 + 0.2**2 + 0.2**2 + 0.4**2) ** 0.5
    assert (found.low, found.high) == pytest.approx((5 - half, 5 + half), abs=0.03)
    assert (found.span, found.level) == (Span.CONFIDENCE, 0.95)
    assert ordered(rows_of(INDIA), "need", seed=1).measures["sii"].span is None


def test_the_interval_holds_as_often_as_it_says():
    source, held = np.random.default_rng(11), 0
    truth = np.array([20.0, 24, 23, 28, 30, 35])
    people = [30, 10, 20, 20, 10, 10]
    ranks = midranks(np.arange(6.0), np.array(people, float))
    right = float(along(truth, ranks, np.array(people, float))["sii"])
    for number in range(400):
        seen = source.normal(truth, 2.0)
        found = ordered(rows_of(zip(people, map(float, seen), strict=True), error=2.0), "need", seed=number, draws=500).measures["sii"]
        held += found.low <= right <= found.high
    assert 0.91 <= held / 400 <= 0.985


pairs = st.lists(st.tuples(st.integers(1, 500), st.floats(0.1, 100), st.integers(0, 5)), min_size=3, max_size=7)


@settings(deadline=None)
@given(pairs, st.randoms(use_true_random=False))
def test_the_order_of_rows_is_all_one(found, source):
    rows = [OrderedValue(f"r{place}", value, trait, people, 1.0) for place, (people, value, trait) in enumerate(found)]
    one, other = (ordered(some, "need", seed=2, draws=50) for some in (rows, source.sample(rows, len(rows))))
    assert one == other


@settings(deadline=None)
@given(pairs, st.integers(0, 6))
def test_a_region_split_in_two_alike_changes_nothing(found, which):
    which %= len(found)
    rows = [OrderedValue(f"r{place}", value, trait, 2 * people) for place, (people, value, trait) in enumerate(found)]
    row = rows[which]
    split = [other for other in rows if other is not row]
    split += [OrderedValue(row.region + end, row.value, row.trait, row.population // 2) for end in "ab"]
    one, other = (ordered(some, "need", seed=2) for some in (rows, split))
    for name, measure in one.measures.items():
        twin = other.measures[name]
        assert measure.why == twin.why and (measure.value is None or measure.value == pytest.approx(twin.value, rel=1e-6, abs=1e-6))
