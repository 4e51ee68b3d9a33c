"""Regularity: a published coefficient, places worked out by hand, and tests that err as seldom as they say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phkg.analysis.regularity import kendalls_w, regularity


def test_the_published_coefficient():
    # Three executives rank six applicants: Siegel 1956, p. 229, finds s = 25.5 and W = 0.16.
    ranks = np.array([[1, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1]], float)
    assert round(kendalls_w(ranks), 2) == 0.16
    assert kendalls_w(ranks) == pytest.approx(12 * 25.5 / (9 * 210))


def test_the_coefficient_with_equal_ranks_by_hand():
    # Rows 1 2.5 2.5 4 and 1 2 3.5 3.5: sums 2, 4.5, 6, 7.5 about 5; S = 9 + ¼ + 1 + 6¼ = 16.5; ties 6 each
    ranks = np.array([[1, 2.5, 2.5, 4], [1, 2, 3.5, 3.5]])
    assert kendalls_w(ranks) == pytest.approx(12 * 16.5 / (4 * 60 - 2 * 12))
    assert kendalls_w(np.array([[1.0, 2, 3]])) is None
    assert kendalls_w(np.array([[2.0, 2, 2], [2, 2, 2]])) is None


def exact(**waits):
    return {region: (share, share) for region, share in waits.items()}


def test_places_by_hand():
    found = regularity([exact(a=0.0, b=0.5, c=1.0), exact(a=0.2, b=0.2, c=0.4), {**exact(a=0.0, b=0.6), "c": (0.5, 0.9)}, exact(b=0.1)], seed=1)
    rows = {row.region: row for row in found.regions}
    assert list(rows) == ["a", "b", "c"]
    # places: a 0, ¼ and 0 of (a, b); b ½, ¼ and 1; c 1 and 1 (in the third it is not known)
    assert [rows[name].place for name in "abc"] == pytest.approx([0.25 / 3, 1.75 / 3, 1])
    assert [rows[name].ranked for name in "abc"] == [3, 3, 2]
    assert (rows["c"].mean_low, rows["c"].mean_high, rows["c"].methods) == pytest.approx((1.9 / 3, 2.3 / 3, 3))
    assert (rows["b"].mean_low, rows["b"].methods) == (pytest.approx(1.4 / 4), 4)
    # c waited longest in two; in the third it may have been c or b
    assert [(rows[name].last_low, rows[name].last_high) for name in "abc"] == [(0, 0), (0, 1), (2, 3)]
    assert (found.methods, found.complete) == (4, 2)


def test_the_same_order_each_time_and_no_order_at_all():
    same = regularity([exact(a=0.1, b=0.4, c=0.6, d=0.9)] * 6, seed=1)
    assert (same.w, same.w_low, same.w_high) == pytest.approx((1, 1, 1))
    assert same.p == pytest.approx(0.001)
    assert [(row.place, row.place_low, row.place_high) for row in same.regions][-1] == (1, 1, 1)
    alike = regularity([exact(a=0.5, b=0.5, c=0.5)] * 4, seed=1)
    assert (alike.w, alike.p) == (None, 1)
    assert all(row.place == 0.5 for row in alike.regions)


def test_none_one_and_nothing_known():
    assert (regularity([], seed=1).regions, regularity([], seed=1).p) == ((), None)
    one = regularity([exact(a=0.3)], seed=1)
    assert (one.w, one.p, one.regions[0].place, one.regions[0].mean_low) == (None, None, None, 0.3)
    unknown = regularity([{"a": (0.0, 1.0), "b": (0.0, 1.0)}] * 3, seed=1)
    assert (unknown.p, unknown.complete, unknown.regions[0].mean_low, unknown.regions[0].mean_high) == (None, 0, 0, 1)
    assert [(row.last_low, row.last_high) for row in unknown.regions] == [(0, 3), (0, 3)]
    with pytest.raises(ValueError, match="a waited 0.5 to 0.2"):
        regularity([{"a": (0.5, 0.2)}], seed=1)


def test_where_nobody_waited_nobody_came_last():
    found = regularity([exact(a=0.0, b=0.0)], seed=1)
    assert [(row.last_low, row.last_high) for row in found.regions] == [(0, 0), (0, 0)]


def test_p_is_below_five_percent_in_five_percent_of_worlds_without_order():
    source, below = np.random.default_rng(21), 0
    for number in range(200):
        table = source.random((6, 8))
        table[source.random(table.shape) < 0.2] = np.nan
        waits = [{f"r{j}": (v, v) for j, v in enumerate(row) if not np.isnan(v)} for row in table]
        below += regularity(waits, seed=number, draws=99).p <= 0.05
    assert 0.02 <= below / 200 <= 0.09


def test_the_interval_of_the_place_holds_about_as_often_as_it_says():
    # Region 0 has mean wait 0.6, the seven others 0.5; its true mean place is found from many methods.
    source = np.random.default_rng(22)

    def table(methods):
        return np.clip(source.normal([0.6, *[0.5] * 7], 0.15, (methods, 8)), 0, 1)

    truth = (table(40_000).argsort(axis=1).argsort(axis=1)[:, 0] / 7).mean()
    held = 0
    for number in range(100):
        row = regularity([{f"r{j}": (v, v) for j, v in enumerate(values)} for values in table(40)], seed=number, draws=199).regions[0]
        held += row.place_low <= truth <= row.place_high
    assert 0.88 <= held / 100 <= 1


shares = st.floats(0, 1).map(lambda value: round(value, 2))
tables = st.lists(st.dictionaries(st.sampled_from("abcde"), st.tuples(shares, shares).map(sorted).map(tuple), min_size=1), min_size=1, max_size=6)


@settings(deadline=None, max_examples=60)
@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_methods_and_regions_is_all_one(found, source):
    mixed = [dict(source.sample(list(method.items()), len(method))) for method in source.sample(found, len(found))]
    assert regularity(found, seed=3, draws=49) == regularity(mixed, seed=3, draws=49)


@settings(deadline=None, max_examples=60)
@given(tables)
def test_bounds_and_counts_make_sense(found):
    for row in regularity(found, seed=3, draws=49).regions:
        assert 0 <= row.mean_low <= row.mean_high <= 1
        assert row.low <= row.mean_high + 1e-9 and row.high >= row.mean_low - 1e-9
        assert 0 <= row.last_low <= row.last_high <= row.methods
