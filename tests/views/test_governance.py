"""Acts and their sums in the real registry, against what the files say."""

import pytest

from phkg.views.governance import act_page, governance_page
from phkg.views.reader import Reader
from phkg.views.site import read_site


@pytest.fixture(scope="module")
def reader(real_snapshot) -> Reader:
    return Reader(read_site(real_snapshot), "en")


def test_acts_come_latest_first_and_each_once(reader: Reader) -> None:
    page = governance_page(reader)
    days = [line.since for line in page.acts]
    assert days == sorted(days, reverse=True) and len({line.act.iri for line in page.acts}) == len(page.acts) > 40
    assert page.without_amount == sum(line.amount is None for line in page.acts)


def test_sums_are_ranges_and_never_more_than_the_amounts(reader: Reader) -> None:
    page = governance_page(reader)
    assert {one.giver.iri.rsplit("/", 1)[-1] for one in page.sums if one.giver} >= {"vinnova", "socialstyrelsen"} and all(one.giver for one in page.sums)
    for total in page.sums:
        given = [line.amount for line in page.acts if total.giver in line.from_whom and line.amount is not None]
        assert max(given) <= total.low <= total.high <= sum(given)
        assert total.counted + total.left_out == len(given)
    # Vinnova's two decisions on GMS may be the first parts of its grant for 2018 to 2022: at least one of them is not new money.
    vinnova = next(one for one in page.sums if one.giver and one.giver.iri.endswith("/vinnova"))
    assert vinnova.low < vinnova.high


def test_one_kind_can_be_asked_for(reader: Reader) -> None:
    page = governance_page(reader, "Grant")
    assert {line.kind.value for line in page.acts} == {"Grant"}
    assert [one.slug for one in page.kinds if one.chosen] == ["Grant"]


def test_an_overlap_is_told_on_both_sides(reader: Reader) -> None:
    kind = reader.site.kind_of_folder("programmes")
    page = act_page(reader, reader.site.record("programmes", "grant-vinnova-gms-2018-2022"), kind)
    assert page.line and {one.iri.rsplit("/", 1)[-1] for one in page.line.overlaps} >= {"decision-vinnova-gms-2018", "decision-vinnova-gms-2020"}
