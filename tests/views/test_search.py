"""Search by name: å, ä and ö with and without, beginnings, identifiers, both languages, and no fear of odd input."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phkg.views import search
from phkg.views.reader import Reader
from phkg.views.search import SearchPage, read_names, search_page
from phkg.views.site import Site


@pytest.fixture(scope="module")
def find(sv: Reader, site: Site):
    names = read_names(site)
    return lambda query: search_page(sv, names, query)


def found(page: SearchPage) -> list[str]:
    return [hit.link.label.value for group in page.groups for hit in group.hits]


@pytest.mark.parametrize("query", ["ånga", "anga", "ÅNGA", "A\u030anga", "  ånga  ", "ång", "ånge"])
def test_accents_and_case_do_not_matter(find, query: str) -> None:
    assert found(find(query)) == ["ånga"]


@pytest.mark.parametrize(
    "query, expected",
    [
        ("HGNC:4321", ["örnprotein 1"]),
        ("orn1", ["örnprotein 1"]),
        ("mondo:0001234", ["heshet"]),
        ("hoarse", ["heshet"]),
        ("hearing", ["lyssning"]),
        ("kuuntelu", ["lyssning"]),
        ("oiling", ["smörjning"]),
        ("sjukhus alvik", ["Älviks sjukhus"]),
        ("xyzzy", []),
        ("", []),
        ("   ", []),
    ],
)
def test_names_of_every_kind_and_language_are_found(find, query: str, expected: list[str]) -> None:
    assert found(find(query)) == expected


def test_a_replaced_record_is_found_by_its_old_name(find) -> None:
    assert found(find("smörjning")) == ["smörjning"]


def test_the_name_that_matched_is_shown_as_it_is_written(find) -> None:
    ((hit,),) = (group.hits for group in find("hearing").groups)
    assert hit.matched == "hearing"
    assert [hit.matched for group in find("Älvikin").groups for hit in group.hits] == ["Älvikin alue"]
    assert [hit.matched for group in find("lyssning").groups for hit in group.hits if hit.link.label.value == "lyssning"] == [""]


def test_beginnings_come_before_what_is_inside(find) -> None:
    places = next(group for group in find("al").groups if any("Älvik" in hit.link.label.value for hit in group.hits))
    assert places.hits[0].link.label.value == "Region Älvik"  # The short name begins so.
    assert [hit.link.label.value for group in find("r").groups for hit in group.hits if "/regioner/" in (hit.link.path or "")] == [
        "Region Boda", "Region Gamla", "Region Älvik", "Region Ösby",
    ]  # fmt: skip


def test_the_kind_with_the_best_hit_comes_first(find) -> None:
    assert [hit.link.label.value for hit in find("Region Boda").groups[0].hits][0] == "Region Boda"
    assert [hit.link.label.value for hit in find("HGNC:4321").groups[0].hits] == ["örnprotein 1"]


def test_no_more_hits_are_shown_than_fit_and_the_rest_is_counted(find, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = find("region")
    monkeypatch.setattr(search, "MOST_HITS", 2)
    page = find("region")
    assert sum(len(group.hits) for group in page.groups) == 2
    assert page.total == whole.total
    assert {group.label.value: len(group.hits) + group.more for group in page.groups} == {group.label.value: len(group.hits) for group in whole.groups}
    assert all(group.path.endswith("q=region") for group in page.groups)


@given(st.text(max_size=300))
def test_whatever_is_typed_gets_an_answer(find, query: str) -> None:
    page = find(query)
    assert page.query == query[:200]
    assert page.total == sum(len(group.hits) + group.more for group in page.groups)
