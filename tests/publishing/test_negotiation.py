"""What a client likes best, by RFC 9110: sections 12.4.2 (weights), 12.5.1 (Accept) and 12.5.4 (Accept-Language)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phkg.publishing.negotiation import best_language, best_media_type, weighted

TYPES = ("text/html", "text/turtle", "application/n-triples", "application/ld+json")


@pytest.mark.parametrize(
    "header, expected",
    [
        ("", "text/html"),
        ("   ", "text/html"),
        ("*/*", "text/html"),
        ("text/*", "text/html"),
        ("application/*", "application/n-triples"),
        ("text/turtle", "text/turtle"),
        ("TEXT/Turtle", "text/turtle"),
        ("text/turtle;charset=utf-8", "text/turtle"),
        ("text/html;q=0.3, text/turtle;q=0.7", "text/turtle"),
        ("text/turtle ; q=0.2 , application/ld+json ; q=0.8", "application/ld+json"),
        ("text/*;q=0.3, text/html;q=0.1, */*;q=0.2", "text/turtle"),
        ("text/html;q=0, */*", "text/turtle"),
        ("text/*;q=0, */*;q=0.1", "application/n-triples"),
        ("image/png, */*;q=0.001", "text/html"),
        ("image/png", None),
        ("text/html;q=0", None),
        ("*/*;q=0", None),
        ("text/turtle;Q=0.5, text/html;q=0.4", "text/turtle"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", "text/html"),
    ],
)
def test_the_most_specific_range_decides_a_types_weight(header: str, expected: str | None) -> None:
    assert best_media_type(header, TYPES) == expected


@pytest.mark.parametrize(
    "header, expected",
    [
        ("", "sv"),
        ("*", "sv"),
        ("en", "en"),
        ("EN-gb", "en"),
        ("en-GB,en;q=0.9,sv;q=0.8", "en"),
        ("da, en-gb;q=0.8, en;q=0.7", "en"),
        ("sv;q=0.5,en;q=0.6", "en"),
        ("en,sv", "en"),
        ("sv,en", "sv"),
        ("de,fr", "sv"),
        ("de,*;q=0.5", "sv"),
        ("sv;q=0,*", "en"),
        ("sv;q=0", "en"),
        ("sv;q=0,en;q=0", "sv"),
        ("en;q=0.5,*;q=0.8", "sv"),
        ("sv;q=1.000,en;q=0.999", "sv"),
        ("enough", "sv"),
    ],
)
def test_the_language_is_the_one_that_the_reader_likes_best(header: str, expected: str) -> None:
    assert best_language(header, ("sv", "en")) == expected


def test_a_language_with_a_region_is_met_by_its_own_and_by_the_plain_range() -> None:
    offered = ("en", "pt-BR")
    assert best_language("pt-br", offered) == "pt-BR"
    assert best_language("pt", offered) == "pt-BR"
    assert best_language("pt-PT", offered) == "en"


@pytest.mark.parametrize("weight", ["", "x", "-1", "2", "1.001", "0.1234", "nan", "inf", "1e-1", "0_5", "٠.٥", "+1", ".5", '"1"'])
def test_a_weight_that_is_none_counts_as_nothing(weight: str) -> None:
    assert weighted(f"en;q={weight}") == [("en", 0.0)]


@pytest.mark.parametrize("weight, value", [("0", 0), ("0.", 0), ("0.000", 0), ("0.5", 0.5), ("0.123", 0.123), ("1", 1), ("1.", 1), ("1.000", 1)])
def test_a_weight_has_at_most_three_decimals(weight: str, value: float) -> None:
    assert weighted(f"en;q={weight}") == [("en", value)]


def test_empty_elements_of_a_list_are_passed_over() -> None:
    assert weighted(", en,, ;q=1, sv;q=0.5,") == [("en", 1.0), ("sv", 0.5)]


HEADERS = st.text() | st.text(alphabet='ensv*/-;=q.01, \t"')


@given(HEADERS)
def test_whatever_a_client_sends_it_gets_a_language_that_is_offered(header: str) -> None:
    assert best_language(header, ("sv", "en")) in ("sv", "en")


@given(HEADERS)
def test_whatever_a_client_sends_it_gets_a_type_that_is_offered_or_none(header: str) -> None:
    assert best_media_type(header, TYPES) in (*TYPES, None)
    assert all(0 <= weight <= 1 for _, weight in weighted(header))
