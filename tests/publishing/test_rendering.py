"""Dates, numbers and shares in the reader's words, and languages that never mix."""

from concurrent.futures import ThreadPoolExecutor
from functools import cache

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from phkg.publishing.rendering import Language, format_partial_date, load_languages, load_map
from phkg.records.knowledge import own_root

WEB = own_root() / "web"
SV, EN = Locale.parse("sv"), Locale.parse("en_GB")


@pytest.fixture(scope="module")
def languages() -> dict[str, Language]:
    return load_languages(WEB, WEB, ("sv", "en"))


@cache
def english() -> Language:
    return load_languages(WEB, WEB, ("en",))["en"]


def rendered(language: Language, template: str, **values: object) -> str:
    return language.templates.from_string(template).render(**values)


@pytest.mark.parametrize(
    "text, swedish, english",
    [
        ("2021", "2021", "2021"),
        ("2021-09", "september 2021", "September 2021"),
        ("2021-09-01", "1 september 2021", "1 September 2021"),
        ("2020-02-29", "29 februari 2020", "29 February 2020"),
        ("0987", "0987", "0987"),
        ("2021-13", "2021-13", "2021-13"),
        ("2021-02-30", "2021-02-30", "2021-02-30"),
        ("0000-01", "0000-01", "0000-01"),
        ("-0044-03-15", "-0044-03-15", "-0044-03-15"),
        ("2021-09-01Z", "2021-09-01Z", "2021-09-01Z"),
        ("in spring", "in spring", "in spring"),
        ("", "", ""),
    ],
)
def test_a_date_is_as_precise_as_it_is_written(text: str, swedish: str, english: str) -> None:
    assert (format_partial_date(text, SV), format_partial_date(text, EN)) == (swedish, english)


@given(st.from_regex(r"[0-9]{4}(-[0-9]{2}){0,2}", fullmatch=True) | st.text())
def test_no_date_is_too_odd_to_be_shown(text: str) -> None:
    assert isinstance(format_partial_date(text, SV), str)


@pytest.mark.parametrize(
    "share, swedish, english",
    [
        (0, "0\xa0%", "0%"),
        (1, "100\xa0%", "100%"),
        (0.5, "50\xa0%", "50%"),
        (0.1, "10\xa0%", "10%"),
        (0.034, "3,4\xa0%", "3.4%"),
        (0.0004, "0,04\xa0%", "0.04%"),
        (0.00001, "0,001\xa0%", "0.001%"),
        (0.994, "99\xa0%", "99%"),
        (0.997, "99,7\xa0%", "99.7%"),
        (0.99996, "99,996\xa0%", "99.996%"),
    ],
)
def test_little_is_not_nothing_and_almost_all_is_not_all(languages, share: float, swedish: str, english: str) -> None:
    shown = [rendered(language, "{{ share|percent }}", share=share) for language in languages.values()]
    assert shown == [swedish, english]


@given(st.floats(min_value=1e-6, max_value=1 - 1e-6))
def test_only_nothing_is_nothing_and_only_all_is_all(share: float) -> None:
    assert 0 < float(rendered(english(), "{{ share|percent }}", share=share).rstrip("%")) < 100


@pytest.mark.parametrize("number, swedish, english", [(0, "0", "0"), (4347, "4\xa0347", "4,347"), (10590927, "10\xa0590\xa0927", "10,590,927")])
def test_numbers_are_grouped_as_the_reader_is_used_to(languages, number: int, swedish: str, english: str) -> None:
    assert [rendered(language, "{{ n|number }}", n=number) for language in languages.values()] == [swedish, english]


def test_languages_call_themselves_by_their_own_name(languages) -> None:
    assert [language.name for language in languages.values()] == ["Svenska", "English"]
    assert load_languages(WEB, WEB, ("nb", "fi"))["nb"].name == "Norsk bokmål"


def test_a_language_that_nobody_has_translated_still_has_pages() -> None:
    for code in ("fi", "x-elvish", "zz"):
        language = load_languages(WEB, WEB, (code,))[code]
        assert rendered(language, "{% trans %}Search{% endtrans %} {{ '2021-09'|day }}").startswith("Search ")
        assert language.word("matrix") == "matrix"


def test_what_is_rendered_is_escaped_and_what_is_missing_is_an_error(languages) -> None:
    from jinja2 import UndefinedError

    assert rendered(languages["sv"], "{{ x }}", x="<b>'\"&") == "&lt;b&gt;&#39;&#34;&amp;"
    with pytest.raises(UndefinedError):
        rendered(languages["sv"], "{{ missing }}")


def test_eight_readers_at_once_each_get_their_language(languages) -> None:
    template = "{{ language }} {% trans %}Search{% endtrans %} {{ '2021-10-02'|day }} {{ 1234|number }}"
    expected = {"sv": "sv Sök 2 oktober 2021 1\xa0234", "en": "en Search 2 October 2021 1,234"}

    def read(turn: int) -> bool:
        code = ("sv", "en")[turn % 2]
        return rendered(languages[code], template) == expected[code]

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(read, range(400)))


def test_a_registry_without_map_has_none(tmp_path) -> None:
    assert load_map(tmp_path) == {}
    assert len(load_map(WEB)["regions"]) == 21
