"""Waiting: published survival figures, sums worked out by hand, and intervals that hold as often as they say."""

import random
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phkg.analysis.basis import Nothing
from phkg.analysis.coverage import Access
from phkg.analysis.dates import Bounds, bounds_of
from phkg.analysis.timeline import Timeline, never
from phkg.analysis.waiting import Waited, adopted, days_without, kaplan_meier, person_years, time_to_adoption, waited_shares

WITH, WITHOUT, PART, UNKNOWN = Access
ON = date(2024, 1, 1)
START = bounds_of("2020-01-01")


def line(region, population, *changes, before=Nothing.NOT_YET):
    return Timeline(region, population, tuple((date.fromisoformat(day), answer) for day, answer in changes), before)


SIX_MP = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
"""Weeks in remission with 6-mercaptopurine: Freireich et al. 1963, Blood 21:699; + is still in remission."""

PUBLISHED = [
    # weeks, at risk, share, standard error, 95 % log-log interval: Kleinbaum & Klein, *Survival Analysis*, 3rd ed. 2012, ch. 2
    (6, 21, 0.8571, 0.0764, 0.6197, 0.9516),
    (7, 17, 0.8067, 0.0869, 0.5631, 0.9228),
    (10, 15, 0.7529, 0.0963, 0.5032, 0.8894),
    (13, 12, 0.6902, 0.1068, 0.4316, 0.8491),
    (16, 11, 0.6275, 0.1141, 0.3675, 0.8049),
    (22, 7, 0.5378, 0.1282, 0.2678, 0.7468),
    (23, 6, 0.4482, 0.1346, 0.1881, 0.6801),
]


def six_mp():
    return [Waited(float(text.rstrip("+")), not text.endswith("+")) for text in SIX_MP.split()]


def test_the_published_curve_of_6_mp():
    found = kaplan_meier(six_mp())
    rows = [(step.time, step.at_risk, *(round(value, 4) for value in (step.share, step.error, step.low, step.high))) for step in found.steps]
    assert rows == PUBLISHED
    assert (found.subjects, found.censored) == (21, 12)


def test_the_published_median_of_6_mp():
    # R's survfit with conf.type "log-log" prints the median 23 with 95 % limits 13 and none.
    found = kaplan_meier(six_mp()).quantile(0.5)
    assert (found.time, found.low, found.high) == (23, 13, None)


def test_without_censoring_it_is_the_share_that_waits():
    # the placebo group of the same trial: 21 remissions, all ended; median 8, and 1 − k/21 after each
    weeks = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
    found = kaplan_meier(Waited(week, True) for week in weeks)
    for step in found.steps:
        assert step.share == pytest.approx(sum(week > step.time for week in weeks) / 21)
    assert found.quantile(0.5).time == 8
    assert (found.steps[-1].share, found.steps[-1].low) == (0, None)


def test_nobody_one_all_at_once_and_none_ended():
    assert kaplan_meier([]).steps == ()
    assert kaplan_meier([]).share(5) == 1
    one = kaplan_meier([Waited(3, True)])
    assert [(step.time, step.share) for step in one.steps] == [(3, 0)]
    assert one.quantile(0.5).time == 3
    together = kaplan_meier([Waited(2, True)] * 5)
    assert [(step.events, step.share) for step in together.steps] == [(5, 0)]
    still = kaplan_meier([Waited(2, False)] * 5)
    assert (still.steps, still.quantile(0.5).time) == ((), None)
    with pytest.raises(ValueError, match="negative"):
        kaplan_meier([Waited(-1, True)])


def test_the_interval_holds_the_truth_as_often_as_it_says():
    # Exponential waits with mean 1, censored at random; the truth at 0.7 is exp(−0.7). 21 subjects, 1 000 trials.
    # Log-log is known to hold at about 95 %; 93–98 % allows for three errors of the simulation (0.7 points each).
    source, truth, held = random.Random(20260), 0.4965853, 0
    for _ in range(1000):
        waits = []
        for _ in range(21):
            ends, leaves = source.expovariate(1), source.uniform(0.4, 4)
            waits.append(Waited(min(ends, leaves), ends <= leaves))
        last = [step for step in kaplan_meier(waits).steps if step.time <= 0.7][-1]
        held += last.low is not None and last.low <= truth <= last.high
    assert 930 <= held <= 980


@pytest.mark.parametrize(
    ("row", "possible", "sure"),
    [
        (line("a", 1, ("2021-01-01", WITH)), date(2021, 1, 1), date(2021, 1, 1)),
        (line("a", 1, ("2021-01-01", UNKNOWN), ("2021-12-31", WITH)), date(2021, 1, 1), date(2021, 12, 31)),
        (line("a", 1, ("2021-01-01", PART)), date(2021, 1, 1), None),
        (line("a", 1), None, None),
        (never("a", 1), date.min, None),
        (line("a", 1, ("2021-01-01", WITH), ("2022-01-01", WITHOUT)), date(2021, 1, 1), date(2021, 1, 1)),
        (line("a", 1, ("2025-01-01", WITH)), None, None),
    ],
)
def test_the_days_between_which_a_region_adopted(row, possible, sure):
    found = adopted(row, ON)
    assert (found.possible, found.sure) == (possible, sure)


FOUR = [
    line("a", 1000, ("2020-01-01", WITH)),
    line("b", 500, ("2021-01-01", UNKNOWN), ("2021-12-31", WITH)),
    line("c", 200),
    never("d", 100),
    never("e", 9999, Nothing.NOT_APPLICABLE),
]


def test_time_to_adoption_between_two_curves():
    found = time_to_adoption(FOUR, START, ON)
    # early: a and d at once, b after 366 days, c still waiting; late: a at once, b after 730 days, c and d still waiting
    early = [(round(step.time * 365.25), step.share) for step in found.early.steps]
    late = [(round(step.time * 365.25), step.share) for step in found.late.steps]
    assert (early, late) == ([(0, 0.5), (366, 0.25)], [(0, 0.75), (730, 0.5)])
    assert (found.basis.regions, found.basis.answering) == (4, 3)
    spoken = time_to_adoption(FOUR, START, ON, only_answering=True)
    assert (spoken.early.subjects, spoken.late.subjects, spoken.basis.regions) == (3, 3, 4)


def test_a_start_known_as_a_year_widens_both():
    found = time_to_adoption(FOUR[1:2], bounds_of("2020"), ON)
    # 2020-12-31 to 2021-01-01, and 2020-01-01 to 2021-12-31
    assert [round(curve.steps[0].time * 365.25) for curve in (found.early, found.late)] == [1, 730]


def test_person_years_by_hand():
    found = person_years(FOUR, START, ON)
    # 1 461 days in the four years. a: none; b: 366 to 730 days; c: all; d: none to all
    assert {wait.region: (wait.days_low, wait.days_high) for wait in found.regions} == {
        "a": (0, 0), "b": (366, 730), "c": (1461, 1461), "d": (0, 1461),
    }  # fmt: skip
    assert [wait.region for wait in found.regions] == ["c", "b", "d", "a"]
    assert found.low == pytest.approx((500 * 366 + 200 * 1461) / 365.25)
    assert found.high == pytest.approx((500 * 730 + 200 * 1461 + 100 * 1461) / 365.25)


def test_shares_of_the_time_that_regions_waited():
    shares = waited_shares(FOUR, START, ON)
    assert {name: (round(low * 1461), round(high * 1461)) for name, (low, high) in shares.items()} == {
        "a": (0, 0), "b": (366, 730), "c": (1461, 1461), "d": (0, 1461),
    }  # fmt: skip
    assert waited_shares(FOUR, START, date(2020, 1, 1)) == {}


def test_a_region_of_unknown_size():
    rows = [line("a", 100), line("b", None), line("c", None, ("2022-01-01", WITH))]
    assert person_years(rows, START, ON).high is None
    found = person_years(rows, START, ON, whole=150)
    # 50 people live in b (1 461 days) or in c (731 days)
    assert (found.low, found.high) == pytest.approx(((100 * 1461 + 50 * 731) / 365.25, 150 * 1461 / 365.25))
    with_access = [line("a", 100), line("b", None, ("2019-01-01", WITH))]
    assert person_years(with_access, START, ON).high == 100 * 1461 / 365.25


def test_what_was_discontinued_counts_again():
    row = line("a", 1, ("2021-01-01", WITH), ("2022-01-01", WITHOUT))
    assert days_without(row, START, ON) == (366 + 730, 366 + 730)


days = st.dates(date(2020, 1, 1), date(2020, 2, 1))
kinds = st.sampled_from([*Access, *Nothing])
lines = st.builds(lambda before, changes: Timeline("r", 10, tuple(sorted(changes.items())), before), kinds, st.dictionaries(days, kinds, max_size=4))


@settings(deadline=None)
@given(lines, days, days, days)
def test_days_without_are_counted_day_by_day(row, one, other, on):
    since = Bounds(min(one, other), max(one, other))
    low, high = days_without(row, since, on)
    sure = {WITHOUT, Nothing.NOT_YET, Nothing.DECIDED_AGAINST}
    maybe = sure | {UNKNOWN, PART, Nothing.NO_STATEMENT, Nothing.WITHHELD}

    def count(start, answers):
        return sum(row.at(start + timedelta(days=number)) in answers for number in range(max((on - start).days, 0)))

    assert (low, high) == (count(since.latest, sure), count(since.earliest, maybe))


@settings(deadline=None)
@given(st.lists(lines, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_regions_is_all_one(rows, source):
    mixed = source.sample(rows, len(rows))
    assert time_to_adoption(rows, START, ON) == time_to_adoption(mixed, START, ON)
    assert person_years(rows, START, ON) == person_years(mixed, START, ON)


@settings(deadline=None)
@given(lines, st.integers(0, 1000))
def test_a_region_split_in_two_alike_waits_as_long(row, half):
    one = [Timeline("x", 2 * half, row.changes, row.before)]
    two = [Timeline(name, half, row.changes, row.before) for name in "xy"]
    whole, split = (person_years(rows, START, ON) for rows in (one, two))
    assert (whole.low, whole.high) == pytest.approx((split.low, split.high))
    survivals = [time_to_adoption(rows, START, ON) for rows in (one, two)]
    for curve in ("early", "late"):
        assert [s.share for s in getattr(survivals[0], curve).steps] == [s.share for s in getattr(survivals[1], curve).steps]


@settings(deadline=None)
@given(st.lists(lines, min_size=1, max_size=5))
def test_the_late_curve_never_lies_below_the_early_one(rows):
    found = time_to_adoption(rows, Bounds(date(2020, 1, 3), date(2020, 1, 9)), date(2020, 1, 25))
    for day in range(40):
        assert found.early.share(day / 365.25) <= found.late.share(day / 365.25) + 1e-12
