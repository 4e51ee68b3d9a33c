"""Measures for regions without an order: worked out by hand, and what must stay the same."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phkg.analysis.basis import Nothing
from phkg.analysis.spread import ABSOLUTE, RegionValue, measures, spread

HAND = [RegionValue("a", 10.0, 100), RegionValue("b", 20.0, 200), RegionValue("c", 40.0, 100)]
"""Shares 1/4, 1/2, 1/4; mean 22.5; deviations 12.5, 2.5 and 17.5."""


def test_by_hand():
    found = {name: measure.value for name, measure in spread(HAND, more_is_better=True, reference="b").items()}
    bgv = 0.25 * 12.5**2 + 0.5 * 2.5**2 + 0.25 * 17.5**2  # 39.0625 + 3.125 + 76.5625 = 118.75
    assert bgv == 118.75
    assert found == pytest.approx(
        {
            "difference": 30,
            "ratio": 4,
            "bgv": 118.75,
            "bgsd": 10.897247,
            "cov": 48.432210,
            "mdm-u": 32.5 / 3,
            "mdm-w": 8.75,
            "idis-u": 48.148148,
            "idis-w": 38.888889,
            "mdb-u": 50 / 3,
            "mdb-w": 17.5,
            "mdr-u": 10,
            "mdr-w": 7.5,
            "par": 17.5,
            "paf": 77.777778,
            # 1000 · (¼·(4/9)·ln(4/9) + ½·(8/9)·ln(8/9) + ¼·(16/9)·ln(16/9)) = −90.103 − 52.348 + 255.717
            "theil": 113.266,
            # 1000 · (¼·0.810930 + ½·0.117783 − ¼·0.575364)
            "mld": 117.783,
        },
        rel=1e-5,
    )


def test_less_is_better():
    found = spread(HAND, more_is_better=False)
    assert (found["mdb-w"].value, found["par"].value) == (12.5, 12.5)
    assert "mdb-w" not in spread(HAND)


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(1, 100)), min_size=2, max_size=8))
def test_of_a_state_all_measures_tell_the_share_covered(found):
    # With values 0 and 1 and C the share covered: BGV = C(1 − C), COV = 100 √((1 − C)/C), Theil = −ln C, MLD not defined.
    rows = [RegionValue(f"r{number}", float(yes), people) for number, (yes, people) in enumerate(found)]
    result = spread(rows)
    covered = sum(people for yes, people in found if yes) / sum(people for _, people in found)
    assert result["bgv"].value == pytest.approx(covered * (1 - covered), abs=1e-12)
    if 0 < covered < 1:
        assert result["cov"].value == pytest.approx(100 * math.sqrt((1 - covered) / covered))
        assert result["theil"].value == pytest.approx(-1000 * math.log(covered))
        assert (result["mld"].value, result["ratio"].why, result["difference"].value) == (None, "zero", 1)


def test_what_is_not_defined_says_why():
    one = spread([RegionValue("a", 3.0, 10)], more_is_better=True)
    assert {measure.why for measure in one.values()} == {"few"}
    assert {measure.why for measure in spread([]).values()} == {"few"}
    missing = spread([RegionValue("a", kind, 10) for kind in Nothing])
    assert {measure.why for measure in missing.values()} == {"few"}
    assert (missing["cov"].basis.regions, missing["cov"].basis.answering) == (4, 0)
    zeros = spread([RegionValue("a", 0.0, 10), RegionValue("b", 0.0, 10)])
    assert (zeros["bgv"].value, zeros["cov"].why, zeros["theil"].why, zeros["ratio"].why) == (0, "zero", "zero", "zero")
    gone = spread([RegionValue("z", Nothing.WITHHELD, 5), *HAND], reference="z")
    assert (gone["mdr-u"].why, gone["mdm-w"].value) == ("reference", pytest.approx(8.75))
    with pytest.raises(ValueError, match="x is not among"):
        spread(HAND, reference="x")
    with pytest.raises(ValueError, match="a has the value -1"):
        spread([RegionValue("a", -1.0, 5)])


def test_a_region_without_a_number_of_people_is_left_out_and_counted():
    found = spread([*HAND, RegionValue("d", 500.0, None)])["difference"]
    assert (found.value, found.basis.regions, found.basis.answering, found.basis.without_population) == (30, 4, 3, 1)


values = st.floats(0.01, 1000) | st.sampled_from(Nothing)
rows = st.lists(st.tuples(values, st.integers(1, 10_000)), max_size=8)
WEIGHTED = ("difference", "ratio", "bgv", "bgsd", "cov", "mdm-w", "idis-w", "mdb-w", "theil", "mld", "par", "paf")


def numbers(found, names=None):
    return {name: measure.value for name, measure in found.items() if names is None or name in names}


def same(one, other):
    return all(
        (one[name] is None) == (other[name] is None) and (one[name] is None or one[name] == pytest.approx(other[name], rel=1e-6, abs=1e-6)) for name in one
    )


@settings(deadline=None)
@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_regions_is_all_one(found, source):
    given_rows = [RegionValue(f"r{number}", value, people) for number, (value, people) in enumerate(found)]
    one = spread(given_rows, more_is_better=True)
    assert same(numbers(one), numbers(spread(source.sample(given_rows, len(given_rows)), more_is_better=True)))


@settings(deadline=None)
@given(rows, st.floats(0.01, 1000), st.integers(1, 5000))
def test_a_region_split_in_two_alike_leaves_the_weighted_measures(found, value, half):
    others = [RegionValue(f"r{number}", other, people) for number, (other, people) in enumerate(found)]
    if not any(isinstance(row.value, float) for row in others):
        return
    whole = spread([*others, RegionValue("x", value, 2 * half)], more_is_better=True)
    split = spread([*others, RegionValue("x", value, half), RegionValue("y", value, half)], more_is_better=True)
    assert same(numbers(whole, WEIGHTED), numbers(split, WEIGHTED))


@settings(deadline=None)
@given(st.floats(0.01, 1000), st.lists(st.integers(1, 1000), min_size=2, max_size=6))
def test_all_alike_lie_nowhere_apart(value, people):
    found = spread([RegionValue(f"r{number}", value, count) for number, count in enumerate(people)], more_is_better=True)
    assert found.pop("ratio").value == pytest.approx(1)
    assert all(measure.value == pytest.approx(0, abs=1e-3) for measure in found.values())


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0.1, 100), st.integers(1, 1000)), min_size=2, max_size=6), st.floats(0.1, 50))
def test_another_unit_changes_absolute_measures_alone(found, factor):
    one, other = (spread([RegionValue(f"r{place}", value * unit, people) for place, (value, people) in enumerate(found)], True, "r0") for unit in (1, factor))
    for name, measure in one.items():
        times = factor**2 if name == "bgv" else factor if name in ABSOLUTE else 1
        assert other[name].value == pytest.approx(measure.value * times, rel=1e-6, abs=1e-6)


def test_many_at_once_are_each_alone():
    source = np.random.default_rng(3)
    table, weights = source.uniform(1, 50, (4, 3, 7)), source.uniform(1, 9, 7)
    table[1, 2, 3:] = np.nan
    together = measures(table, weights, more_is_better=True, reference=0)
    for place in np.ndindex(4, 3):
        alone = measures(table[place], weights, more_is_better=True, reference=0)
        assert all(np.allclose(together[name][place], alone[name], equal_nan=True) for name in alone)
