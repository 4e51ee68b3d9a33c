"""Reading in one language: fallbacks are marked, addresses are the language's own, names sort as Swedish does."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from phkg.views.graph import natural
from phkg.views.reader import Reader, Text, anchor, sort_key
from phkg.views.site import PREF_LABEL as LABEL
from phkg.vocabulary import ph


def test_a_name_comes_in_the_readers_language(sv: Reader, en: Reader, fi: Reader, iri) -> None:
    method = iri("methods/lyssna")
    assert [reader.label(method) for reader in (sv, en, fi)] == [Text("lyssning", "sv"), Text("listening", "en"), Text("kuuntelu", "fi")]


def test_a_missing_language_gives_the_registrys_next_and_says_which(en: Reader, fi: Reader, iri) -> None:
    assert en.label(iri("methods/anga")) == Text("ånga", "sv")
    assert fi.label(iri("methods/tvatta")) == Text("tvätt", "sv")
    assert fi.label(iri("sources/news-2020")) == Text("All listen", "en")


def test_what_has_no_name_is_called_by_the_end_of_its_iri(en: Reader) -> None:
    assert en.label(NamedNode("https://example.org/elsewhere/thing")) == Text("thing")
    assert en.label(NamedNode("https://example.org/elsewhere#part")) == Text("part")


def test_all_texts_come_in_one_language(sv: Reader, fi: Reader, iri) -> None:
    eligibility = (iri("implementations/boda/lyssna/2"), ph.eligibility)
    assert sv.texts(*eligibility) == (Text("alla över 60", "sv"),)
    assert fi.texts(*eligibility) == (Text("alla över 60", "sv"),)
    assert sv.texts(iri("methods/lyssna"), ph.eligibility) == ()


def test_other_names_are_shown_whatever_their_language(fi: Reader, iri) -> None:
    assert fi.other_names(iri("methods/lyssna")) == (Text("hearing", "en"), Text("hörsel", "sv"))


def test_a_place_without_short_name_goes_by_its_name(en: Reader, iri) -> None:
    assert en.short_name(iri("regions/alvik")) == Text("Älvik", "sv")
    assert en.short_name(iri("regions/osby")) == Text("Region Ösby", "sv")


@pytest.mark.parametrize(
    "of, swedish, finnish",
    [
        ("methods/lyssna", "/sv/metoder/lyssna/", "/fi/methods/lyssna/"),
        ("methods/lyssna/use/10", "/sv/metoder/lyssna/#lyssna-use-10", "/fi/methods/lyssna/#lyssna-use-10"),
        ("implementations/boda/lyssna/2", "/sv/metoder/lyssna/#boda-lyssna-2", "/fi/methods/lyssna/#boda-lyssna-2"),
        ("implementations/boda/lyssna/99", None, None),
        ("concepts/stage/usual", None, None),
        ("registry", None, None),
        ("methods", None, None),
    ],
)
def test_everything_has_the_address_of_the_page_that_shows_it(sv: Reader, fi: Reader, iri, of: str, swedish, finnish) -> None:
    assert (sv.path(iri(of)), fi.path(iri(of))) == (swedish, finnish)


def test_what_is_not_of_this_registry_has_no_page(sv: Reader) -> None:
    assert sv.path(NamedNode("https://example.org/methods/lyssna")) is None
    assert sv.path(NamedNode("https://w3id.org/phkg/ontology#Method")) is None


def test_an_anchor_is_the_last_three_steps() -> None:
    assert anchor("https://example.org/ekland/implementations/boda/lyssna/2") == "boda-lyssna-2"
    assert anchor("https://example.org/ekland/organisations/rad/membership/osby/") == "rad-membership-osby"


def test_concepts_come_by_rank(sv: Reader, en: Reader) -> None:
    assert [(concept.label.value, concept.fill) for concept in en.concepts(ph.State)] == [
        ("none", 0), ("meant", 1), ("tried", 2), ("usual", 4), ("ended", None),
    ]  # fmt: skip
    assert [concept.label.value for concept in sv.concepts(ph.Confidence)] == ["sagt", "gissat"]


def test_names_sort_as_in_the_swedish_alphabet() -> None:
    names = ["Örebro", "äpple", "Ål", "zebra", "Zorn", "apa", "Éva", "eva b", "ö", "Åland", "ab"]
    assert sorted(names, key=sort_key) == ["ab", "apa", "Éva", "eva b", "zebra", "Zorn", "Ål", "Åland", "äpple", "ö", "Örebro"]


def test_a_letter_sorts_alike_however_it_is_encoded() -> None:
    assert sort_key("A\u030a") == sort_key("å") > sort_key("z")
    assert sort_key("e\u0301") == sort_key("e")


@given(st.lists(st.text(), max_size=6))
def test_any_texts_can_be_sorted(texts: list[str]) -> None:
    assert all(sort_key(one) <= sort_key(two) for one, two in pairwise(sorted(texts, key=sort_key)))


def test_numbers_within_names_count_as_numbers() -> None:
    assert sorted(["x/10", "x/2", "x/2a", "x/1/9", "x"], key=natural) == ["x", "x/1/9", "x/2", "x/2a", "x/10"]


@given(st.lists(st.text(alphabet="ab/-0129 ٣é"), max_size=12))
def test_the_natural_order_is_that_of_the_texts_between_numbers_and_of_the_numbers(texts: list[str]) -> None:
    def parts(text: str) -> list[tuple[int, int, str]]:
        """The text part by part: a number before any text, and the end before all that goes on with letters."""
        return [(0, int(part), "") if re.fullmatch("[0-9]+", part) else (1, 0, part) for part in re.split("([0-9]+)", f"{text}\0") if part]

    assert sorted(texts, key=natural) == sorted(texts, key=parts)


@given(st.lists(st.text(alphabet="a1 2٣é/"), max_size=6))
def test_any_names_have_a_natural_order(texts: list[str]) -> None:
    turned = texts[::-1]
    assert [natural(text) for text in sorted(turned, key=natural)] == [natural(text) for text in sorted(texts, key=natural)]


def test_the_first_value_of_all_subjects_is_that_of_each(sv: Reader) -> None:
    for predicate in (LABEL, ph.place, ph.statedBy, ph.clinicalArea, ph.state):
        found = sv.graph.each(predicate)
        assert found == {subject: sv.graph.object(subject, predicate) for subject, _ in sv.graph.pairs(predicate)} and found
