"""Sums in which nothing is counted twice, worked out by hand, and what must hold of any."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from phkg.analysis.sums import sum_range


def test_parts_are_not_added_to_their_whole() -> None:
    found = sum_range({"whole": 100, "part": 60, "other": 5}, {"part": ["whole"]}, [])
    assert (found.low, found.high, found.counted) == (105, 105, {"whole", "other"})


def test_a_part_counts_where_its_whole_has_no_amount() -> None:
    assert sum_range({"part": 60}, {"part": ["whole"]}, []).high == 60
    assert sum_range({"far": 10, "part": 60}, {"part": ["middle"], "middle": ["far"]}, []).high == 10


def test_overlapping_money_makes_a_range() -> None:
    # A total told later, and four grants of those years of which two may be one (in thousands of SEK).
    amounts = {"total": 54750, "a": 16500, "b": 16500, "c": 15750, "d": 6000}
    overlaps = [("total", "a"), ("total", "b"), ("total", "c"), ("total", "d"), ("a", "b")]
    found = sum_range(amounts, {}, overlaps)
    assert (found.low, found.high) == (54750, 109500)


def test_the_overlap_of_a_part_is_one_of_its_whole() -> None:
    found = sum_range({"whole": 100, "part": 60, "told-again": 50}, {"part": ["whole"]}, [("part", "told-again")])
    assert (found.low, found.high) == (100, 150)


NAMES = st.sampled_from("abcdefg")


@settings(deadline=None)
@given(st.dictionaries(NAMES, st.integers(0, 1000)), st.lists(st.tuples(NAMES, NAMES)))
def test_the_least_is_the_heaviest_choice_without_an_overlap(amounts: dict[str, int], overlaps: list[tuple[str, str]]) -> None:
    found = sum_range(amounts, {}, overlaps)
    apart = [
        choice
        for size in range(len(amounts) + 1)
        for choice in combinations(amounts, size)
        if not any((one, other) in overlaps or (other, one) in overlaps for one, other in combinations(choice, 2))
    ]
    assert found.low == max(sum(amounts[name] for name in choice) for choice in apart)
    assert found.low <= found.high == sum(amounts.values())
