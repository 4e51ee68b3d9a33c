"""The page of a place: what stands where, what most others have, what only a part has said, and silence."""

from dataclasses import replace

import pytest

from phkg.views.reader import Reader
from phkg.views.region import RegionPage, region_page
from phkg.views.site import Kind
from phkg.views.standings import Standings
from phkg.vocabulary import ph


@pytest.fixture(scope="module")
def page(sv: Reader, table: Standings, iri):
    kind: Kind = next(kind for kind in sv.site.kinds if kind.iri == ph.Place)
    return lambda slug: region_page(sv, iri(f"regions/{slug}"), kind, table)


def groups(page: RegionPage) -> list[tuple[str, list[str]]]:
    return [(group.state.label.value, names(group.lines)) for group in page.groups]


def names(lines) -> list[str]:
    return [line.method.label.value for line in lines]


def test_methods_are_grouped_by_state_the_fullest_first(page) -> None:
    assert groups(page("boda")) == [("vanligt", ["lyssning", "tvätt"]), ("prövas", ["ånga"])]
    assert groups(page("alvik")) == [("vanligt", ["lyssning", "tvätt"])]
    assert groups(page("osby")) == [("vanligt", ["lyssning"])]


def test_silence_parts_and_words_without_state_are_told_apart(page) -> None:
    osby = page("osby")
    assert names(osby.parts_only) == ["tvätt"]
    assert names(osby.stateless) == ["ånga"]
    assert [link.label.value for link in osby.silent] == ["frågor"]
    assert [link.label.value for link in page("alvik").silent] == ["frågor", "ånga"]


def test_every_method_stands_once_on_the_page_of_a_region(page) -> None:
    for slug in ("boda", "alvik", "osby"):
        one = page(slug)
        shown = [name for _, group in groups(one) for name in group] + names(one.parts_only) + names(one.stateless)
        assert sorted(shown + [link.label.value for link in one.silent]) == ["frågor", "lyssning", "tvätt", "ånga"]


def test_a_region_lacks_what_most_others_have(page) -> None:
    """Washing gives access in both other regions; listening, in two of three, is there for some in Älvik and so not lacking."""
    assert [(lack.line.method.label.value, lack.elsewhere) for lack in page("osby").lacks] == [("tvätt", 2)]
    assert page("alvik").lacks == () == page("boda").lacks


def test_half_of_the_others_are_not_most(sv: Reader, table: Standings, iri) -> None:
    washing = (iri("methods/tvatta"), iri("regions/boda"))
    standing = {pair: standing for pair, standing in table.standing.items() if pair != washing}
    access = {method: tuple(region for region in regions if (method, region) != washing) for method, regions in table.whole_access.items()}
    fewer = replace(table, standing=standing, whole_access=access)
    kind = next(kind for kind in sv.site.kinds if kind.iri == ph.Place)
    assert region_page(sv, iri("regions/osby"), kind, fewer).lacks == ()


def test_a_wider_place_shows_what_lies_in_it_and_its_own_words(page) -> None:
    norr, ekland = page("norr"), page("ekland")
    assert [link.label.value for link in norr.inside] == ["Region Boda", "Region Älvik"]
    assert [line.anchor for line in norr.statements] == ["norr-tvatta-1"]
    assert (norr.is_region, norr.groups, norr.silent, norr.lacks) == (False, (), (), ())
    assert [link.label.value for link in ekland.inside] == ["Norra vården", "Region Ösby"]  # Gamla has been replaced.


def test_a_replaced_region_points_at_its_successor(page) -> None:
    gamla = page("gamla")
    assert not gamla.is_region and gamla.head.replaced_by.label.value == "Region Älvik"


def test_organisations_in_a_region_are_named(page) -> None:
    assert [[one.label.value for one in group.organisations] for group in page("osby").organisations] == [["Ösby sjukhus"]]
    assert page("osby").uses == () and page("boda").organisations == ()


def test_what_is_done_elsewhere_is_told_on_both_sides(page) -> None:
    assert [line.anchor for line in page("osby").agreements.done_elsewhere] == ["osby-lyssna-1"]
    assert [line.anchor for line in page("alvik").agreements.done_for_others] == ["osby-lyssna-1"]
    assert page("boda").agreements.done_elsewhere == page("boda").agreements.done_for_others == ()


def test_the_counts_of_a_region_add_up_to_all_methods(page) -> None:
    boda = page("boda")
    assert [(count.state.label.value if count.state else None, count.regions) for count in boda.counts] == [
        ("vanligt", 2), ("prövas", 1), (None, 1),
    ]  # fmt: skip
    assert (boda.known, boda.methods) == (3, 4)


def test_a_region_can_be_compared_with_every_other(page) -> None:
    assert [choice.slug for choice in page("alvik").others] == ["boda", "osby"]
