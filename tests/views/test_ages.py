"""The newest and the oldest word by dates of differing precision."""

from phkg.views.ages import Ages, ages


def test_dates_are_compared_as_far_as_they_go_and_undated_words_are_counted() -> None:
    assert ages(["2021", "2021-05", "", "2020-12-31"]) == Ages("2021-05", "2020-12-31", 1)


def test_a_year_is_older_than_its_months_when_the_oldest_is_asked_for() -> None:
    assert ages(["2020-03", "2020"]).oldest == "2020"


def test_without_words_there_are_no_ages() -> None:
    assert ages([]) == Ages("", "", 0)
