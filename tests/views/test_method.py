"""The page of a method: its numbers, its standings in order, every word on it, its parts and sources."""

import pytest

from phkg.views.adoption import Spread
from phkg.views.method import Coverage, MethodPage, method_page
from phkg.views.reader import Reader
from phkg.views.site import Kind
from phkg.views.standings import Standings


@pytest.fixture(scope="module")
def page(sv: Reader, table: Standings, spread: Spread, methods: Kind, iri):
    return lambda slug: method_page(sv, iri(f"methods/{slug}"), methods, table, spread)


def counts(page: MethodPage) -> list[tuple[str | None, int]]:
    return [(count.state.label.value if count.state else None, count.regions) for count in page.counts]


@pytest.mark.parametrize(
    "slug, expected, access, part, low, high",
    [
        ("lyssna", [("vanligt", 3)], 2, 1, 0.7, 1.0),
        ("tvatta", [("vanligt", 2), (None, 1)], 2, 0, 0.8, 1.0),
        ("anga", [("prövas", 1), (None, 2)], 0, 0, 0.0, 0.5),
        ("fraga", [(None, 3)], 0, 0, 0.0, 1.0),
    ],
)
def test_the_numbers_are_those_worked_out_by_hand(page, slug: str, expected, access: int, part: int, low: float, high: float) -> None:
    found = page(slug)
    assert counts(found) == expected
    assert (found.with_access, found.for_a_part, found.regions) == (access, part, 3)
    assert found.coverage == Coverage(low, high)


def test_the_first_start_is_one_for_all_whom_the_method_is_meant_for(page) -> None:
    assert page("lyssna").first_since == "2019-03"  # Älvik's 2017 is for some.
    assert page("tvatta").first_since == ""


def test_the_latest_word_and_the_sources_count_every_word(page) -> None:
    assert [page(slug).latest_word for slug in ("lyssna", "tvatta", "fraga")] == ["2020-06", "2020-02-10", ""]
    assert [page(slug).source_count for slug in ("lyssna", "tvatta", "fraga")] == [2, 2, 0]


def test_every_region_has_its_line_in_the_order_of_the_regions(page) -> None:
    assert [line.short_name.value for line in page("fraga").standings] == ["Boda", "Älvik", "Region Ösby"]


def test_every_word_stands_in_the_history_newest_first_with_those_replaced(page) -> None:
    assert [line.anchor for line in page("lyssna").history] == [
        "boda-lyssna-10", "osby-lyssna-2", "osby-lyssna-1", "boda-lyssna-2", "alvik-lyssna-1", "boda-lyssna-1",
    ]  # fmt: skip
    assert [line.anchor for line in page("anga").history] == ["osby-anga-1", "boda-anga-2", "boda-anga-1"]


def test_words_of_wider_places_stand_apart(page) -> None:
    assert [line.anchor for line in page("tvatta").wider] == ["norr-tvatta-1"]
    assert page("lyssna").wider == ()


def test_parts_come_in_natural_order_with_their_sources(page) -> None:
    uses = page("lyssna").intended_uses
    assert page("lyssna").gene_roles == page("lyssna").evidence == ()
    assert [(part.anchor, len(part.sources)) for part in uses] == [("lyssna-use-2", 0), ("lyssna-use-10", 1)]
    assert [fact.values[0].label.value for part in uses for fact in part.facts] == ["heshet", "förkylning"]


def test_the_head_names_the_record_its_kind_and_its_list(page) -> None:
    head = page("lyssna").head
    assert head.label.value == "lyssning" and head.list_path == "/sv/metoder/" and head.description.value == "Att lyssna."
    assert head.replaced_by is None
    assert page("smorja").head.replaced_by.label.value == "tvätt"


def test_the_methods_own_sources_are_those_it_names(page) -> None:
    assert [source.title.value for source in page("lyssna").sources] == ["Lagen om lyssning"]


def test_the_fullest_state_is_counted_first_with_how_much_of_it_is_for_a_part(page) -> None:
    assert [(count.regions, count.for_a_part) for count in page("lyssna").counts] == [(3, 1)]
    assert [page(slug).unknown for slug in ("lyssna", "tvatta", "anga", "fraga")] == [0, 1, 2, 3]


def test_only_standings_whose_words_differ_are_disputed(page) -> None:
    assert [line.short_name.value for line in page("lyssna").disputed] == ["Region Ösby"]
    assert page("tvatta").disputed == ()


def test_regions_stand_side_by_side_only_where_their_words_say_more_than_a_state(page) -> None:
    found = page("lyssna").differences
    assert len(found.headings) == 2  # for whom, and who does it
    cells = {row.short_name.value: [[getattr(one, "value", None) or one.label.value for one in cell] for cell in row.cells] for row in found.rows}
    assert cells == {"Boda": [["alla över 60"], []], "Region Ösby": [[], ["Älviks sjukhus"]]}
    assert page("tvatta").differences is None


def test_events_are_the_dated_beginnings_and_ends_in_order(page) -> None:
    assert [(event.date, event.place.label.value, event.ends) for event in page("lyssna").events] == [
        ("2017", "Region Älvik", False), ("2019-03", "Region Boda", False),
    ]  # fmt: skip
    assert [(event.date, event.anchor, event.ends) for event in page("tvatta").events] == [
        ("2016", "osby-tvatta-1", False), ("2019", "boda-tvatta-1", True),
    ]  # fmt: skip


def test_laboratories_are_organisations_that_speak_for_themselves_by_name(page) -> None:
    assert [line.place.label.value for line in page("tvatta").laboratories] == ["Älviks sjukhus", "Ösby sjukhus"]
    assert page("lyssna").laboratories == ()


def test_the_spread_is_a_band_from_what_is_known_to_what_may_be(page) -> None:
    washing = page("tvatta").adoption
    assert (washing.now.day, washing.now.low, washing.now.high, washing.regions) == ("2021-06-01", 2, 3, 3)
    assert (washing.now.low_share, washing.now.high_share) == (0.8, 1.0)
    assert [step.low for step in washing.steps if step.day >= "2020-01-01"] == [2]  # The word for all of Norr is of 1 January 2020.
    listening = page("lyssna").adoption
    assert (listening.now.low, listening.now.high) == (2, 3)  # Älvik's is for some only.
    assert [page(slug).adoption for slug in ("anga", "fraga")] == [None, None]  # Nobody is known ever to have given access.
