"""Coverage: bounds worked out by hand, and bounds that hold against every way of filling the gaps."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phkg.analysis.basis import Nothing
from phkg.analysis.coverage import (
    Access,
    Lacking,
    RegionAccess,
    RegionStep,
    access,
    at_or_above,
    coverage,
    coverage_basis,
    who_lacks,
)

WITH, WITHOUT, PART, UNKNOWN = Access


def over(*rows, whole=None):
    return coverage([RegionAccess(f"r{number}", kind, people) for number, (kind, people) in enumerate(rows)], whole)


@pytest.mark.parametrize(
    ("rows", "whole", "low", "high"),
    [
        ([(WITH, 30), (WITHOUT, 70)], None, Fraction(3, 10), Fraction(3, 10)),
        ([(WITH, 30), (UNKNOWN, 50), (WITHOUT, 20)], None, Fraction(3, 10), Fraction(8, 10)),
        ([(WITH, 30), (PART, 50), (WITHOUT, 20)], None, Fraction(3, 10), Fraction(8, 10)),
        ([(UNKNOWN, 50), (UNKNOWN, 20)], None, 0, 1),
        ([], None, 0, 1),
        ([(WITH, 0), (WITHOUT, 0)], None, 0, 1),
        ([(WITH, None)], None, 1, 1),
        ([(WITHOUT, None)], None, 0, 0),
        # 30 with, 50 without, one region with access of unknown size: from 30 of 80 up to nearly all
        ([(WITH, 30), (WITHOUT, 50), (WITH, None)], None, Fraction(30, 80), 1),
        # the same, but the country has 100: the region has 20
        ([(WITH, 30), (WITHOUT, 50), (WITH, None)], 100, Fraction(1, 2), Fraction(1, 2)),
        ([(WITH, 30), (WITHOUT, 50), (WITHOUT, None)], 100, Fraction(3, 10), Fraction(3, 10)),
        ([(WITH, 30), (WITHOUT, 50), (UNKNOWN, None)], 100, Fraction(3, 10), Fraction(1, 2)),
        # two share the 20 that are left, in whatever way
        ([(WITH, 30), (WITHOUT, 50), (WITH, None), (WITHOUT, None)], 100, Fraction(3, 10), Fraction(1, 2)),
        # a whole below the sum of its regions is not believed
        ([(WITH, 30), (WITHOUT, 70)], 90, Fraction(3, 10), Fraction(3, 10)),
    ],
)
def test_bounds_by_hand(rows, whole, low, high):
    found = over(*rows, whole=whole)
    assert (found.low, found.high) == (low, high)


def test_regions_are_counted_by_access():
    found = over((WITH, 1), (WITH, None), (WITHOUT, 1), (PART, 1), (UNKNOWN, None), (UNKNOWN, 1))
    assert (found.with_access, found.without_access, found.part, found.unknown) == (2, 1, 1, 2)
    assert (found.without_population, found.regions) == (2, 6)


def test_a_negative_population_is_refused_by_name():
    with pytest.raises(ValueError, match="r0 has a population of -1"):
        over((WITH, -1))


@pytest.mark.parametrize(
    ("gives", "part", "kind"),
    [(None, False, UNKNOWN), (None, True, UNKNOWN), (True, False, WITH), (True, True, PART), (False, False, WITHOUT), (False, True, WITHOUT)],
)
def test_access_of_a_standing(gives, part, kind):
    assert access(gives, part) is kind


rows = st.lists(st.tuples(st.sampled_from(Access), st.none() | st.integers(0, 20)), max_size=5)


@given(rows, st.none() | st.integers(0, 60))
def test_no_way_of_filling_the_gaps_leaves_the_interval(found, whole):
    result = over(*found, whole=whole)
    assert 0 <= result.low <= result.high <= 1
    known = sum(people or 0 for _, people in found)
    gaps = [number for number, (_, people) in enumerate(found) if people is None]
    left = whole - known if whole is not None and whole >= known else None
    for sizes in product([0, 1, 7], repeat=len(gaps)):
        if left is not None:
            if not gaps:
                sizes = ()
            else:
                sizes = (*sizes[:-1], left - sum(sizes[:-1]))
                if sizes[-1] < 0:
                    continue
        people = [size or 0 for _, size in found]
        for gap, size in zip(gaps, sizes, strict=True):
            people[gap] = size
        if not sum(people):
            continue
        for choice in product([0, 1], repeat=sum(kind in (PART, UNKNOWN) for kind, _ in found)):
            answers = iter(choice)
            yes = sum(size * (kind is WITH or (kind in (PART, UNKNOWN) and next(answers))) for (kind, _), size in zip(found, people, strict=True))
            assert result.low <= Fraction(yes, sum(people)) <= result.high


@given(st.lists(st.tuples(st.sampled_from(Access), st.integers(1, 20)), min_size=1, max_size=5))
def test_both_bounds_are_reached_when_all_numbers_are_known(found):
    result = over(*found)
    total = sum(people for _, people in found)
    assert result.low == Fraction(sum(people for kind, people in found if kind is WITH), total)
    assert result.high == 1 - Fraction(sum(people for kind, people in found if kind is WITHOUT), total)


FIVE = [
    RegionAccess("a", WITH, 40),
    RegionAccess("b", Nothing.DECIDED_AGAINST, 20),
    RegionAccess("c", Nothing.NOT_YET, 5),
    RegionAccess("d", Nothing.NO_STATEMENT, 10),
    RegionAccess("e", Nothing.WITHHELD, 15),
    RegionAccess("f", Nothing.NOT_APPLICABLE, 300),
    RegionAccess("g", PART, 10),
    RegionAccess("h", Nothing.NOT_YET, 7),
]


def test_five_kinds_of_nothing():
    found = coverage(FIVE)
    # 107 people are concerned; 40 surely have it; 40 + 10 + 15 + 10 may
    assert (found.low, found.high) == (Fraction(40, 107), Fraction(75, 107))
    assert (found.regions, found.with_access, found.without_access, found.part, found.unknown) == (7, 1, 3, 1, 2)
    rests = coverage_basis(FIVE)
    assert (rests.regions, rests.answering, rests.population, rests.population_answering) == (7, 5, 107, 82)
    assert [(kind.value, rests.count(kind)) for kind in Nothing] == [
        ("against", 1), ("not-yet", 2), ("no-statement", 1), ("beside", 1), ("untold", 1),
    ]  # fmt: skip


def test_who_lacks_it_by_answer_most_people_first():
    assert who_lacks(FIVE) == (
        Lacking(Nothing.DECIDED_AGAINST, ("b",), 20),
        Lacking(Nothing.WITHHELD, ("e",), 15),
        Lacking(Nothing.NOT_YET, ("h", "c"), 12),
        Lacking(Nothing.NO_STATEMENT, ("d",), 10),
        Lacking(PART, ("g",), 10),
    )
    assert who_lacks([RegionAccess("a", WITH, 1)]) == ()


def test_population_at_or_above_each_step():
    rows = [
        RegionStep("a", 5, 40),
        RegionStep("b", 3, 30),
        RegionStep("c", 5, 10, is_part=True),
        RegionStep("d", Nothing.NOT_YET, 15),
        RegionStep("e", Nothing.NO_STATEMENT, 5),
        RegionStep("f", Nothing.NOT_APPLICABLE, 80),
    ]
    found = at_or_above(rows, [5, 3, 6])
    assert {step: (row.low * 100, row.high * 100) for step, row in found.items()} == {3: (70, 85), 5: (40, 55), 6: (0, 5)}


@given(st.lists(st.builds(RegionStep, st.just("r"), st.integers(1, 5) | st.sampled_from(Nothing), st.integers(1, 9), st.booleans()), min_size=1))
def test_fewer_live_at_or_above_a_further_step(rows):
    found = list(at_or_above(rows, range(1, 6)).values())
    assert all(one.low >= other.low and one.high >= other.high for one, other in zip(found, found[1:], strict=False))
