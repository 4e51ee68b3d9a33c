"""Regions beside each other: which methods stand there, what is left out, and how the nation does."""

import pytest

from phkg.views.compare import ComparePage, compare_page
from phkg.views.reader import Reader
from phkg.views.site import Kind
from phkg.views.standings import Standings


@pytest.fixture(scope="module")
def page(sv: Reader, table: Standings, methods: Kind):
    return lambda *chosen, only=False: compare_page(sv, methods, table, chosen, only)


def rows(page: ComparePage) -> list[tuple[str, list[str | None], int]]:
    return [(row.method.label.value, [cell.state.label.value if cell.state else None for cell in row.cells], row.nation) for row in page.rows]


def test_methods_of_which_somebody_has_spoken_there_stand_side_by_side_the_most_spread_first(page) -> None:
    found = page("boda", "osby", "", "")
    assert [column.short_name.value for column in found.columns] == ["Boda", "Region Ösby"]
    assert rows(found) == [("lyssning", ["vanligt", "vanligt"], 2), ("tvätt", ["vanligt", None], 2), ("ånga", ["prövas", None], 0)]
    assert found.alike == 0 and found.regions == 3


def test_what_is_alike_can_be_left_out_and_is_counted(page) -> None:
    found = page("boda", "osby", "", "", only=True)
    assert [name for name, _, _ in rows(found)] == ["tvätt", "ånga"] and found.alike == 1


def test_a_state_for_some_only_differs_from_the_same_state_for_all(page) -> None:
    assert "lyssning" in [name for name, _, _ in rows(page("boda", "alvik", "", "", only=True))]


def test_a_region_chosen_twice_stands_once(page) -> None:
    assert len(page("boda", "boda", "", "").columns) == 1


def test_nothing_chosen_gives_choices_and_no_table(page) -> None:
    found = page("", "", "", "")
    assert (found.columns, found.rows) == ((), ())
    assert [[choice.slug for choice in choices] for choices in found.choices] == [["boda", "alvik", "osby"]] * 4


def test_the_choice_is_kept(page) -> None:
    assert [[choice.slug for choice in choices if choice.chosen] for choices in page("osby", "", "alvik", "").choices] == [["osby"], [], ["alvik"], []]
