"""Ranges of an allocation: bounds held against all combinations, chance against the binomial, and weights put back into the model."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction as F
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phkg.analysis.allocation import Limit, Model, Part, Sharing, allocate
from phkg.analysis.allocation_ranges import Amount, Weight, are_exact, from_chance, from_unknown, sensitivity, wished
from phkg.analysis.closing import effect
from phkg.analysis.kronor import Infeasible
from phkg.analysis.sharing import Equal, Gap, Performance, PerHead, Range, Result, known

PEOPLE = {"a": 500, "b": 300, "c": 150, "d": 50}


def _model(share: F, floor: F | None = None) -> Model:
    limits = () if floor is None else (Limit("floor", True, floor),)
    return Model((Part("base", Equal(), share), Part("heads", PerHead())), limits=limits)


def test_bounds_by_hand() -> None:
    """a has no gap, b has all of one, c may have one: b has all the money or two thirds of it, c nothing or a third."""
    gap = Gap({"a": known(1), "b": known(0), "d": known(1)})
    sharing = Sharing(Model((Part("gap", gap),)), PEOPLE, 900)
    assert from_unknown(sharing) == {"a": Amount(0, 0), "b": Amount(600, 900), "c": Amount(0, 300), "d": Amount(0, 0)}
    assert sharing.allocate().amounts["b"] == 900


def test_known_inputs_have_no_range() -> None:
    sharing = Sharing(_model(F(1, 5)), PEOPLE, 999)
    assert {code: low for code, (low, high) in from_unknown(sharing).items() if low == high} == sharing.allocate().amounts


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from("abcd"), st.tuples(st.integers(0, 10), st.integers(0, 10)).map(sorted)),
    st.integers(1, 10**6),
    st.integers(0, 9),
    st.integers(1, 3),
    st.booleans(),
    st.booleans(),
)
def test_bounds_are_those_of_all_combinations(unknown: dict[str, list[int]], total: int, floor: int, year: int, limited: bool, mixed: bool) -> None:
    """Every corner of the unknown, tried one by one, lies within the bounds; and where they are said to be exact, there is one that meets each."""
    covered = {code: Range(F(low, 10), F(high, 10)) for code, (low, high) in unknown.items()}

    def model(values: Mapping[str, Range]) -> Model:
        start = {code: F(heads, 1000) for code, heads in PEOPLE.items()}
        parts = (Part("gap", Gap(values, F(9, 10)), F(1, 2)), Part("heads", PerHead())) if mixed else (Part("gap", Gap(values, F(9, 10))),)
        return Model(parts, limits=(Limit("floor", True, F(floor, 20)),), pace=F(1, 10), start=start) if limited else Model(parts)

    sharing = Sharing(model(covered), PEOPLE, total)
    bounds = from_unknown(sharing, year)
    if not sharing.unknown():
        # Nothing can be otherwise, so the bounds are the whole kronor of the one sharing.
        assert {code: low for code, (low, high) in bounds.items() if low == high} == sharing.allocate(year).amounts
        return
    seen: dict[str, list[F]] = {code: [] for code in PEOPLE}
    for corner in product((0, 1), repeat=4):
        values = {code: known(covered.get(code, Range(F(0), F(1)))[end]) for code, end in zip(PEOPLE, corner, strict=True)}
        for code, amount in Sharing(model(values), PEOPLE, total).exact(year).items():
            seen[code].append(amount)
    for code, (low, high) in bounds.items():
        assert low <= min(seen[code])
        assert high >= max(seen[code])
        if are_exact(sharing.model):
            assert low == min(seen[code]).__floor__()
            assert high == max(seen[code]).__ceil__()


def test_chance_moves_the_small_more_than_the_large() -> None:
    """12 cases and 400 with the same 80 per cent: the small region's score moves by some 40 points, the large one's by some 8 (as in a binomial)."""
    people = {"large": 400_000, "small": 12_000}
    results = {"large": Result(known(320), 400), "small": Result(known(F(96, 10)), 12)}
    plain = Sharing(Model((Part("score", Performance(results, F(8, 10), F(0))),)), people, 1_000_000)
    drawn_in = Sharing(Model((Part("score", Performance(results, F(8, 10), F(200))),)), people, 1_000_000)
    wide, narrow = (from_chance(sharing, seed=1) for sharing in (plain, drawn_in))
    assert wide == from_chance(plain, seed=1)
    middle = plain.allocate().amounts["small"]
    assert (wide["small"].high - wide["small"].low) / middle == pytest.approx(0.5, abs=0.15)
    assert (narrow["small"].high - narrow["small"].low) < (wide["small"].high - wide["small"].low) / 5
    assert narrow["small"].low <= drawn_in.allocate().amounts["small"] <= narrow["small"].high


def test_chance_needs_cases() -> None:
    with pytest.raises(ValueError, match="counts no cases"):
        from_chance(Sharing(_model(F(0)), PEOPLE, 100), seed=1)


def test_sensitivity_by_hand() -> None:
    """d has 50 of 1,000 per head and 250 if all is shared equally."""

    def shares(name: str, value: F) -> Mapping[str, F]:
        return Sharing(_model(value), PEOPLE, 1000).exact()

    (found,) = sensitivity([Weight("base", F(1, 5), F(0), F(1))], shares)
    assert found.at_least is not None and found.at_most is not None
    assert (found.at_least["d"], found.at_most["d"]) == (50, 250)


def test_a_weight_that_is_infeasible_at_its_end_says_so() -> None:
    def shares(name: str, value: F) -> Mapping[str, F]:
        return Sharing(_model(F(0), value), PEOPLE, 1000).exact()

    (found,) = sensitivity([Weight("floor", F(1, 2), F(0), F(3, 2))], shares)
    assert found.at_least is not None
    assert found.at_most is None


@settings(deadline=None)
@given(st.integers(50, 250))
def test_the_weight_that_would_have_to_be_true_gives_the_amount(amount: int) -> None:
    """By hand: 50 (1 − β) + 250 β = amount. Put back, it gives the amount within a krona in a million."""

    def shares(name: str, value: F) -> Mapping[str, F]:
        return Sharing(_model(value), PEOPLE, 1000).exact()

    found = wished(Weight("base", F(1, 5), F(0), F(1)), "d", amount, shares)
    assert len(found.values) == 1
    assert float(found.values[0]) == pytest.approx((amount - 50) / 200, abs=1e-6)
    assert (found.lowest, found.highest) == (50, 250)
    assert float(shares("base", found.values[0])["d"]) == pytest.approx(amount, abs=1e-3)


@settings(deadline=None)
@given(st.fractions(F(1, 100), F(99, 100), max_denominator=10**6), st.integers(1, 40))
def test_a_wished_amount_is_found_closely_and_in_few_sharings_however_it_bends(root: F, power: int) -> None:
    """A weight's effect may be almost flat and then steep: the value is found to 1/2¹⁶ of a step of the grid, with at most three looks for each halving."""
    looks = []

    def shares(name: str, value: F) -> Mapping[str, F]:
        looks.append(value)
        return {"a": 10**6 * (value**power - root**power)}

    found = wished(Weight("w", F(0), F(0), F(1)), "a", 0, shares)
    assert len(found.values) == 1
    assert abs(found.values[0] - root) <= F(1, 16 << 16)
    assert len(looks) <= 17 + 3 * 16


def test_an_amount_that_no_weight_gives_has_none() -> None:
    def shares(name: str, value: F) -> Mapping[str, F]:
        return Sharing(_model(value), PEOPLE, 1000).exact()

    found = wished(Weight("base", F(1, 5), F(0), F(1)), "d", 251, shares)
    assert (found.values, found.highest) == ((), 250)


def test_where_it_rises_and_falls_every_value_is_given() -> None:
    def shares(name: str, value: F) -> Mapping[str, F]:
        return {"a": 100 * value * (1 - value)}

    found = wished(Weight("w", F(0), F(0), F(1)), "a", 16, shares)
    assert [round(float(value), 4) for value in found.values] == [0.2, 0.8]


def test_where_nothing_is_feasible_nothing_is_said() -> None:
    def shares(name: str, value: F) -> Mapping[str, F]:
        raise Infeasible(F(1), F(2), None)

    found = wished(Weight("w", F(0), F(0), F(1)), "a", 16, shares)
    assert (found.values, found.lowest, found.highest) == ((), None, None)


def test_what_money_closes_by_hand() -> None:
    """100 people, 40 to introduce and 60 a year for all: 100 in the first year and 60 later. 150 a year for three years closes one in year 1, one in year 2 (50 + 90), and not the third.

    Three gaps and one unknown over three years are 900 to 1,200 person-years; closing spares 300 and 200.
    """
    found = effect("r", 100, ["x", "y", "z"], 1, [150, 150, 150], F(40), F(6, 10))
    assert [(one.method, one.year) for one in found.closed] == [("x", 1), ("y", 2)]
    assert (found.before, found.after) == ((900, 1200), (400, 700))
    assert found.unspent == 450 - 100 - 60 - 60 - 100 - 60


@pytest.mark.parametrize(("money", "closed"), [([100, 0, 0], [("x", 3)]), ([99, 0, 0], []), ([160, 0, 0], [("x", 2)])])
def test_a_gap_is_closed_when_it_can_be_kept_closed_to_the_end(money: list[int], closed: list[tuple[str, int]]) -> None:
    assert [tuple(one) for one in effect("r", 100, ["x"], 0, money, F(40), F(6, 10)).closed] == closed


@pytest.mark.parametrize(("fixed", "per_head"), [(F(0), F(0)), (F(-1), F(2))])
def test_a_cost_of_nothing_is_refused(fixed: F, per_head: F) -> None:
    with pytest.raises(ValueError, match="above 0"):
        effect("r", 100, ["x"], 0, [100], fixed, per_head)


@settings(deadline=None)
@given(
    st.integers(0, 10**6),
    st.integers(0, 6),
    st.integers(0, 6),
    st.lists(st.integers(0, 10**8), min_size=1, max_size=6),
    st.integers(1, 10**7),
    st.integers(0, 50),
)
def test_money_never_does_harm_and_is_never_spent_twice(people: int, gaps: int, unknown: int, money: list[int], fixed: int, per_head: int) -> None:
    found = effect("r", people, [str(one) for one in range(gaps)], unknown, money, F(fixed), F(per_head))
    spent = sum(fixed + per_head * people * (len(money) - one.year + 1) for one in found.closed)
    assert spent + found.unspent == sum(money)
    assert found.unspent >= 0
    assert 0 <= found.after[0] <= found.before[0] <= found.before[1]
    assert found.before[0] - found.after[0] == found.before[1] - found.after[1]


def test_shares_of_a_model_do_not_move_with_the_sum() -> None:
    small, large = (allocate(_model(F(1, 5)), PEOPLE, total) for total in (1000, 1_000_000))
    assert {code: amount * 1000 for code, amount in small.exact.items()} == large.exact
