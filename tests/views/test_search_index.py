"""The index of names: what is found at all, and what comes before what. The words are made up of Swedish and English ones."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from phkg.views.search_index import Entry, SearchIndex, fold

NAMES = {
    1: ("Tjock- och ändtarmscancerscreening", "Colorectal cancer screening", "FIT"),
    2: ("Örnsköldsvik",),
    3: ("Ornskoldsvik",),
    4: ("DPYD", "HGNC:3012", "dihydropyrimidindehydrogenas"),
    5: ("DPYS", "HGNC:3013"),
    6: ("Helgenomsekvensering av sällsynta sjukdomar", "Whole-genome sequencing of rare diseases", "ORPHA:68346"),
    7: ("Sjukdom",),
    8: ("L01BC06", "kapecitabin"),
}


@pytest.fixture(scope="module")
def index() -> SearchIndex:
    return SearchIndex((Entry(number, "all", names) for number, names in NAMES.items()), ("sv", "en"))


def numbers(index: SearchIndex, query: str) -> list[int]:
    return [number for found in index.search(query, 50) for _, number in found.hits]


@pytest.mark.parametrize(
    "query, expected",
    [
        # The exact letter comes first, the folded one after it.
        ("örnsköldsvik", [2, 3]),
        ("ornskoldsvik", [3, 2]),
        ("O\u0308RNSKO\u0308LDSVIK", [2, 3]),
        ("örn", [2, 3]),
        # The stems of both languages.
        ("sjukdomarna", [6, 7]),
        ("disease", [6]),
        ("cancers", [1]),
        # A compound by its tail, also with an error in it.
        ("screening", [1]),
        ("genomsekvensering", [6]),
        ("sekvensering", [6]),
        ("sekvensring", [6]),
        # One typing error: a letter too few, too many, wrong, or two that changed places; two in a long word.
        ("screning", [1]),
        ("capecitabin", [8]),
        ("kapecitabbin", [8]),
        ("kapectiabin", [8]),
        ("helgenommsekvenserin", [6]),
        # Codes are found as they are written and by their beginning, never by one that is near.
        ("hgnc:3012", [4]),
        ("3012", [4]),
        ("HGNC:301", [4, 5]),
        ("HGNC:3019", []),
        ("l01bc", [8]),
        ("L01BC07", []),
        ("DPYD", [4]),
        # All words, in any order, from any of the names.
        ("cancer tjock", [1]),
        ("screening fit", [1]),
        ("screening dpyd", []),
        ("", []),
        ("  :–* ", []),
    ],
)
def test_what_is_found_and_in_which_order(index: SearchIndex, query: str, expected: list[int]) -> None:
    assert numbers(index, query) == expected
    assert index.matching(query) == set(expected)


def test_a_word_that_stands_there_keeps_typing_errors_out(index: SearchIndex) -> None:
    assert numbers(index, "DPYS") == [5]


def test_groups_are_ordered_by_their_best_hit_and_counted_whole() -> None:
    entries = [Entry(n, "villages", (f"Ek {n}",)) for n in range(30)] + [Entry(30, "trees", ("Ek",))]
    found = SearchIndex(entries, ("sv",)).search("ek", 5)
    assert [(one.group, len(one.hits), one.total) for one in found] == [("trees", 1, 1), ("villages", 4, 30)]
    assert [number for _, number in found[1].hits] == [0, 1, 2, 3]


def test_a_language_without_a_stemmer_is_searched_as_it_is_written() -> None:
    index = SearchIndex([Entry(0, "all", ("birdoj",))], ("eo", "la"))
    assert (numbers(index, "birdoj"), numbers(index, "bird")) == ([0], [0])


def test_an_empty_registry_finds_nothing() -> None:
    index = SearchIndex([], ("sv",))
    assert (index.search("x", 5), index.matching("x")) == ([], set())


@given(st.sampled_from(sorted(NAMES)), st.data())
def test_every_name_finds_its_record_in_any_letters(index: SearchIndex, number: int, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(NAMES[number]))
    change = data.draw(st.sampled_from([str.upper, str.lower, fold, lambda text: " ".join(reversed(text.split()))]))
    assert number in numbers(index, change(name))


@given(st.text(max_size=40))
@example("㎐")
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
