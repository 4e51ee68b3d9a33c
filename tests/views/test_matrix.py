"""Methods × regions: the order, the cells, and narrowing with words that help."""

import pytest

from phkg.views.matrix import MatrixPage, matrix_page
from phkg.views.reader import Reader
from phkg.views.site import Kind
from phkg.views.standings import Standings


@pytest.fixture(scope="module")
def page(sv: Reader, table: Standings, methods: Kind):
    return lambda **choice: matrix_page(sv, methods, table, choice)


def rows(page: MatrixPage) -> list[str]:
    return [row.method.label.value for row in page.rows]


def test_the_most_spread_comes_first_then_the_name(page) -> None:
    whole = page()
    assert [(row.method.label.value, row.with_access) for row in whole.rows] == [("lyssning", 2), ("tvätt", 2), ("ånga", 0)]
    assert [column.short_name.value for column in whole.columns] == ["Boda", "Älvik", "Region Ösby"]
    assert whole.left_out == 1  # frågor


def test_a_cell_says_what_stands_there(page) -> None:
    listening, washing, steam = page().rows
    assert [(cell.state.label.value, cell.part, cell.contradiction) for cell in listening.cells] == [
        ("vanligt", False, False), ("vanligt", True, False), ("vanligt", False, True),
    ]  # fmt: skip
    assert [(bool(cell.state), cell.parts) for cell in washing.cells] == [(True, False), (True, False), (False, True)]
    assert [(bool(cell.state), cell.parts) for cell in steam.cells] == [(True, False), (False, False), (False, False)]
    assert washing.cells[2].path == "/sv/metoder/tvatta/#osby"


def test_the_table_narrows_to_an_area_and_a_kind(page) -> None:
    assert rows(page(area="skin")) == ["tvätt", "ånga"]
    assert rows(page(area="heart", kind="Treatment")) == ["ånga"]
    assert rows(page(kind="WayOfWorking")) == [] and page(kind="WayOfWorking").left_out == 1
    assert [(choice.slug, choice.chosen) for choice in page(area="skin").filters[0].choices] == [("heart", False), ("skin", True)]


def test_an_empty_choice_is_none(page) -> None:
    assert rows(page(area="", kind="")) == rows(page())


def test_the_table_narrows_to_a_state_and_to_a_wider_place(page) -> None:
    assert rows(page(state="tried")) == ["ånga"]
    north = page(within="norr")
    assert [column.short_name.value for column in north.columns] == ["Boda", "Älvik"]
    assert [(row.method.label.value, row.with_access) for row in north.rows] == [("tvätt", 2), ("lyssning", 1), ("ånga", 0)]


def test_only_gaps_are_methods_that_some_regions_give_access_to_and_others_do_not(page) -> None:
    assert rows(page(only="gaps")) == ["tvätt"]  # Ösby's hospital is not all of Ösby; lyssning is everywhere, if only for some.
    assert rows(page(only="gaps", within="norr")) == []


@pytest.mark.parametrize(
    "order, expected",
    [
        ("access", ["lyssning", "tvätt", "ånga"]),
        ("silence", ["ånga", "tvätt", "lyssning"]),  # two silent regions, one, none
        ("newest", ["lyssning", "tvätt", "ånga"]),  # words of 2020-06, of 2020-02-10 and without a date
        ("name", ["lyssning", "tvätt", "ånga"]),
    ],
)
def test_the_order_is_the_one_asked_for(page, order: str, expected: list[str]) -> None:
    whole = page(sort=order)
    assert rows(whole) == expected
    assert [choice.slug for choice in whole.orders if choice.chosen] == [order]


def test_a_page_of_the_table_goes_on_after_the_last_method_of_the_one_before(page) -> None:
    assert rows(page(after="lyssna")) == ["tvätt", "ånga"] and page().after is None
    with pytest.raises(ValueError, match="fraga"):
        page(after="fraga")


def test_a_row_counts_its_states_the_fullest_first_and_silence_last(page) -> None:
    steam = page().rows[2]
    assert [(count.state.label.value if count.state else None, count.regions) for count in steam.counts] == [("prövas", 1), (None, 2)]


def test_cells_that_look_the_same_have_the_same_face(page) -> None:
    whole = page()
    assert len(set(whole.faces)) == len(whole.faces)
    for row in whole.rows:
        for cell in row.cells:
            face = whole.faces[cell.look]
            assert (face.state, face.part, face.parts, face.contradiction) == (cell.state, cell.part, cell.parts, cell.contradiction)
