"""What is not known of Ekland: by hand from the table in conftest.py."""

import pytest

from phkg.views.gaps import ORDERS, Gaps, gaps_page, in_order
from phkg.views.reader import Reader
from phkg.views.site import Kind
from phkg.views.standings import Standings


def test_every_question_is_counted_once(sv: Reader, methods: Kind, table: Standings) -> None:
    # Twelve questions; six have a state. Of the others a hospital in Ösby has spoken of washing, and Ösby without a state of steam.
    # Washing is said of Norr only, in two regions; steam in Boda is undated; listening in Ösby is contradicted.
    total = gaps_page(sv, methods, table).total
    assert total == Gaps(questions=12, silent=6, in_part=2, wider_only=2, undated=1, contradicted=1)


def test_a_method_and_a_region_have_their_own_gaps(sv: Reader, methods: Kind, table: Standings) -> None:
    page = gaps_page(sv, methods, table)
    by_method = {line.about.label.value: line.gaps for line in page.by_method}
    assert by_method["frågor"] == Gaps(3, 3, 0, 0, 0, 0)
    assert by_method["tvätt"] == Gaps(3, 1, 1, 2, 0, 0)
    by_region = {line.about.label.value: line.gaps for line in page.by_region}
    assert by_region["Region Ösby"] == Gaps(4, 3, 2, 0, 0, 1)
    assert by_region["Region Boda"] == Gaps(4, 1, 0, 1, 1, 0)


@pytest.mark.parametrize("order", ORDERS)
def test_the_most_come_first_and_names_as_swedish_sorts_them(sv: Reader, methods: Kind, table: Standings, order: str) -> None:
    page = in_order(gaps_page(sv, methods, table), order)
    names = [line.about.label.value for line in page.by_method]
    if order == "name":
        assert names == ["frågor", "lyssning", "tvätt", "ånga"]
    else:
        counts = [getattr(line.gaps, order) for line in page.by_method]
        assert counts == sorted(counts, reverse=True)
    assert len(names) == 4 and len(page.by_region) == 3
