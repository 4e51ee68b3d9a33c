"""Two regions compared: published intervals, and intervals that hold as often as they say."""

import math

import numpy as np
import pytest

from phkg.analysis.basis import Nothing
from phkg.analysis.compare import difference, ratio
from phkg.analysis.rates import Kind, RegionCount


def pair(x, n, y, m):
    return RegionCount("a", x, n), RegionCount("b", y, m)


@pytest.mark.parametrize(
    ("counts", "value", "low", "high"),
    # Newcombe 1998, Statistics in Medicine 17:873, table II, method 10
    [((56, 70, 48, 80), 0.2, 0.0524, 0.3339), ((9, 10, 3, 10), 0.6, 0.1705, 0.8090), ((5, 56, 0, 29), 0.0893, -0.0381, 0.1926)],
)
def test_the_difference_of_shares_as_published(counts, value, low, high):
    found = difference(*pair(*counts), Kind.SHARE)
    assert [round(number, 4) for number in (found.value, found.low, found.high)] == [value, low, high]


def test_the_ratio_by_hand():
    # (40/100)/(20/100); v = 1/40 − 1/100 + 1/20 − 1/100 = 0.055; e^(1.959964·0.234521) = 1.58352
    found = ratio(*pair(40, 100, 20, 100), Kind.SHARE)
    assert (found.value, found.low, found.high) == pytest.approx((2, 2 / 1.58352, 2 * 1.58352), rel=1e-4)
    rate = ratio(*pair(40, 100, 20, 100), Kind.RATE)
    assert math.log(rate.high / rate.value) == pytest.approx(1.959964 * 0.075**0.5, rel=1e-5)


def test_what_is_not_known_or_not_defined():
    gap = difference(RegionCount("a", Nothing.WITHHELD, 50), RegionCount("b", 5, 50), Kind.RATE)
    assert (gap.value, gap.why, gap.basis.answering, gap.basis.count(Nothing.WITHHELD)) == (None, "gap", 1, 1)
    assert ratio(*pair(0, 10, 5, 10), Kind.RATE).why == "zero"
    assert ratio(*pair(3, None, 5, 10), Kind.RATE).why == "gap"
    assert difference(*pair(0, 10, 0, 10), Kind.SHARE).value == 0


def test_intervals_hold_about_as_often_as_they_say():
    source = np.random.default_rng(31)
    held = {"difference": 0, "ratio": 0}
    for x, y in zip(source.poisson(60, 1500), source.poisson(25, 1500), strict=True):
        rows = pair(int(x), 1000, int(y), 500)
        gap, times = difference(*rows, Kind.RATE), ratio(*rows, Kind.RATE)
        held["difference"] += gap.low <= 0.06 - 0.05 <= gap.high
        held["ratio"] += times.low <= 1.2 <= times.high
    assert all(0.93 <= count / 1500 <= 0.975 for count in held.values())
