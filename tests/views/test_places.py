"""The list of places, held to the small country that was worked out by hand."""

import pytest
from pyoxigraph import NamedNode

from phkg.views.places import ORDERS, PlacesPage, narrowed_places, places_page
from phkg.views.reader import Reader
from phkg.views.site import Kind, Site
from phkg.views.standings import Standings


@pytest.fixture
def page(sv: Reader, site: Site, methods: Kind, table: Standings) -> PlacesPage:
    return places_page(sv, site.kind_of_folder("regions"), methods, table)


def names(page: PlacesPage) -> list[str]:
    return [line.short_name.value for line in page.regions]


def test_every_region_says_how_far_the_methods_have_come(page: PlacesPage) -> None:
    told = {
        line.short_name.value: (line.known, {one.state.label.value if one.state else "": (one.regions, one.for_a_part) for one in line.counts if one.regions})
        for line in page.regions
    }
    assert told == {
        "Boda": (3, {"vanligt": (2, 0), "prövas": (1, 0), "": (1, 0)}),
        "Älvik": (2, {"vanligt": (2, 1), "": (2, 0)}),
        "Region Ösby": (1, {"vanligt": (1, 0), "": (3, 0)}),
    }
    assert {line.methods for line in page.regions} == {4}
    assert all(sum(one.regions for one in line.counts) == line.methods for line in page.regions)
    assert {line.short_name.value: line.within and line.within.label.value for line in page.regions} == {
        "Boda": "Norra vården",
        "Älvik": "Norra vården",
        "Region Ösby": "Ekland",
    }


def test_wider_places_name_what_lies_within_them(page: PlacesPage) -> None:
    inside = {one.place.label.value: [link.label.value for link in one.inside] for one in page.wider}
    assert inside == {"Norra vården": ["Region Boda", "Region Älvik"], "Ekland": ["Region Ösby", "Norra vården"]}
    assert page.total == len(page.regions) + len(page.wider)


def test_regions_have_their_orders(page: PlacesPage) -> None:
    assert names(page) == ["Boda", "Älvik", "Region Ösby"]
    assert names(narrowed_places(page, "name", "", None)) == ["Boda", "Region Ösby", "Älvik"]
    assert [line.known for line in narrowed_places(page, "known", "", None).regions] == [3, 2, 1]
    newest = [line.newest for line in narrowed_places(page, "newest", "", None).regions]
    assert newest == sorted(newest, reverse=True) and len(set(newest)) > 1
    assert {narrowed_places(page, order, "", None).sort for order in ORDERS} == set(ORDERS)


def test_words_leave_the_places_that_fit(page: PlacesPage) -> None:
    one = NamedNode(page.regions[1].place.iri)
    found = narrowed_places(page, "", "älv", {one})
    assert (names(found), found.wider, found.total, found.words) == (["Älvik"], (), 1, "älv")


def test_a_registry_without_methods_lists_its_places_all_the_same(sv: Reader, site: Site, table: Standings) -> None:
    page = places_page(sv, site.kind_of_folder("regions"), None, table)
    assert names(page) == ["Boda", "Älvik", "Region Ösby"] and page.states == () and {line.known for line in page.regions} == {0}
