"""Methods × regions: the order, the cells, and narrowing with words that help."""

import pytest

from phkg.views.matrix import MatrixPage, matrix_page
from phkg.views.reader import Reader
from phkg.views.site import Kind
from phkg.views.standings import Standings


@pytest.fixture(scope="module")
def page(sv: Reader, table: Standings, methods: Kind):
    return lambda **choice: matrix_page(sv, methods, table, **choice)


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
    assert [(choice.slug, choice.chosen) for choice in page(area="skin").areas] == [("heart", False), ("skin", True)]


def test_an_empty_choice_is_none(page) -> None:
    assert rows(page(area="", kind="")) == rows(page())


@pytest.mark.parametrize("choice, allowed", [({"area": "lungs"}, "heart, skin"), ({"kind": "Spell"}, "Treatment")])
def test_an_unknown_choice_names_the_known(page, choice: dict[str, str], allowed: str) -> None:
    ((name, value),) = choice.items()
    with pytest.raises(ValueError, match=f"{name}={value}: .*{allowed}"):
        page(**choice)
