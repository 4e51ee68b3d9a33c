"""Sharing in proportion, between limits and to the krona: examples from the literature, and properties."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phkg.analysis.kronor import Infeasible, limited, proportional, whole_kronor

WEIGHTS = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(0, 10**6).map(Fraction), min_size=1, max_size=8)


def test_the_example_of_the_alabama_paradox() -> None:
    """25 and 26 seats by largest remainder, as tabled at liquisearch.com/largest_remainder_method/technical_evaluation_and_paradoxes."""
    votes = {"A": 1500, "B": 1500, "C": 900, "D": 500, "E": 500, "F": 200}
    weights = {code: Fraction(number) for code, number in votes.items()}
    assert whole_kronor(proportional(Fraction(25), weights)) == {"A": 7, "B": 7, "C": 4, "D": 3, "E": 3, "F": 1}
    assert whole_kronor(proportional(Fraction(26), weights)) == {"A": 8, "B": 8, "C": 5, "D": 2, "E": 2, "F": 1}


def test_ties_go_to_the_first_code() -> None:
    assert whole_kronor(proportional(Fraction(2), {"c": Fraction(1), "a": Fraction(1), "b": Fraction(1)})) == {"a": 1, "b": 1, "c": 0}


def test_limits_worked_by_hand() -> None:
    """100 by weights 1, 2, 7; floor 20 for the first, ceiling 50 for the last: the middle one takes what is left, 30."""
    weights = {"a": Fraction(1), "b": Fraction(2), "c": Fraction(7)}
    assert limited(Fraction(100), weights, {"a": Fraction(20)}, {"c": Fraction(50)}) == {"a": 20, "b": 30, "c": 50}


def test_floors_that_take_too_much_say_what_would_do() -> None:
    with pytest.raises(Infeasible) as error:
        limited(Fraction(100), {"a": Fraction(1), "b": Fraction(1)}, {"a": Fraction(80), "b": Fraction(45)}, {})
    assert (error.value.least, error.value.most) == (125, None)
    assert "0.8000 times" in str(error.value)


def test_ceilings_that_leave_money_say_so() -> None:
    with pytest.raises(Infeasible) as error:
        limited(Fraction(100), {"a": Fraction(1), "b": Fraction(1)}, {}, {"a": Fraction(40), "b": Fraction(45)})
    assert error.value.most == 85
    assert "85" in str(error.value)


def test_a_floor_above_its_ceiling_is_named() -> None:
    with pytest.raises(Infeasible) as error:
        limited(Fraction(100), {"a": Fraction(1), "b": Fraction(1)}, {"b": Fraction(50)}, {"b": Fraction(40)})
    assert error.value.codes == ("b",)


def test_who_has_no_weight_gets_what_the_ceilings_of_the_others_leave() -> None:
    """a takes its ceiling of 60 and c its floor of 10; of the 30 left b, which may rise by 30, gets three eighths, and c, which may rise by 50, five."""
    weights = {"a": Fraction(1), "b": Fraction(0), "c": Fraction(0)}
    found = limited(Fraction(100), weights, {"c": Fraction(10)}, {"a": Fraction(60), "b": Fraction(30), "c": Fraction(60)})
    assert found == {"a": 60, "b": Fraction(45, 4), "c": 10 + Fraction(75, 4)}
    assert limited(Fraction(100), weights, {}, {"a": Fraction(60)}) == {"a": 60, "b": 20, "c": 20}


def test_no_weight_at_all_shares_nothing() -> None:
    assert proportional(Fraction(100), {"a": Fraction(0), "b": Fraction(0)}) == {"a": 0, "b": 0}
    assert proportional(Fraction(100), {}) == {}


def test_a_negative_weight_is_refused() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        proportional(Fraction(1), {"a": Fraction(-1)})


@settings(deadline=None)
@given(WEIGHTS, st.integers(0, 10**9))
def test_kronor_add_up_and_lie_next_to_the_exact_amount(weights: dict[str, Fraction], total: int) -> None:
    exact = proportional(Fraction(total), weights)
    kronor = whole_kronor(exact)
    assert sum(kronor.values()) == (total if any(weights.values()) else 0)
    assert all(abs(kronor[code] - exact[code]) < 1 for code in weights)


@settings(deadline=None)
@given(WEIGHTS, st.integers(1, 10**7), st.integers(0, 100), st.integers(100, 300))
def test_limits_are_kept_or_refused(weights: dict[str, Fraction], total: int, floor: int, ceiling: int) -> None:
    """Floors and ceilings in per cent of an equal share; refused exactly when no sum between the limits is the total."""
    equal = Fraction(total, len(weights))
    floors, ceilings = ({code: equal * Fraction(level, 100) for code in weights} for level in (floor, ceiling))
    most = sum(ceilings.values())
    if total > most:
        with pytest.raises(Infeasible):
            limited(Fraction(total), weights, floors, ceilings)
        return
    found = limited(Fraction(total), weights, floors, ceilings)
    assert sum(found.values()) == total
    assert all(floors[code] <= amount <= ceilings[code] for code, amount in found.items())
    inside = {amount / weights[code] for code, amount in found.items() if weights[code] and floors[code] < amount < ceilings[code]}
    assert len(inside) <= 1, "between the limits all get the same for each unit of weight"
    for rate in inside:
        at_floor = [code for code, amount in found.items() if amount == floors[code]]
        at_ceiling = [code for code, amount in found.items() if amount == ceilings[code]]
        assert all(rate * weights[code] <= floors[code] for code in at_floor), "who is at the floor would have less without it"
        assert all(rate * weights[code] >= ceilings[code] for code in at_ceiling), "who is at the ceiling would have more without it"


@settings(deadline=None)
@given(WEIGHTS, st.integers(1, 10**7), st.integers(1, 10**6), st.data())
def test_more_weight_never_costs_money(weights: dict[str, Fraction], total: int, more: int, data: st.DataObject) -> None:
    code = data.draw(st.sampled_from(sorted(weights)))
    equal = Fraction(total, len(weights))
    limits = dict.fromkeys(weights, equal / 2), dict.fromkeys(weights, equal * 2)
    heavier = {**weights, code: weights[code] + more}
    try:
        before, after = (limited(Fraction(total), one, *limits) for one in (weights, heavier))
    except Infeasible:
        return
    assert after[code] >= before[code]
    assert all(after[other] <= before[other] for other in weights if other != code)
    assert whole_kronor(after)[code] >= whole_kronor(before)[code]
