"""The page of an organisation: both sides of memberships, its parts, what is said of methods there, who names it."""

import pytest

from phkg.views.organisation import organisation_page
from phkg.views.reader import Reader, Text
from phkg.vocabulary import ph


@pytest.fixture(scope="module")
def page(en: Reader, iri):
    kind = next(kind for kind in en.site.kinds if kind.iri == ph.ORGANISATION)
    return lambda slug: organisation_page(en, iri(f"organisations/{slug}"), kind)


def test_members_come_by_name_with_role_words_and_period(page) -> None:
    chair, member = page("rad").members
    assert (chair.other.label.value, chair.role.label.value, chair.role_text) == ("Älvik Hospital", "chair", Text("leads the work", "en"))
    assert (chair.since, chair.until, len(chair.sources)) == ("2019", "2020-06", 1)
    assert (member.other.label, member.role.label.value, member.role_text, member.since) == (Text("Ösby sjukhus", "sv"), "member", None, "")
    assert page("rad").member_of == ()


def test_the_other_side_says_what_it_takes_part_in(page) -> None:
    (one,) = page("alviks-sjukhus").member_of
    assert (one.other.label.value, one.role.label.value) == ("The Council", "chair")
    assert page("alviks-sjukhus").members == ()


def test_what_lies_in_it_is_listed(page) -> None:
    assert [link.label.value for link in page("alviks-sjukhus").inside] == ["The Heart Lab"]


def test_statements_on_it_and_by_it_come_newest_first(page) -> None:
    assert [line.anchor for line in page("alviks-sjukhus").statements] == ["osby-lyssna-1", "alvik-tvatta-1"]


def test_a_method_that_names_it_is_not_lost(page) -> None:
    uses = {use.inverse_of.rsplit("#", 1)[-1]: [link.label.value for link in use.links] for use in page("alviks-sjukhus").uses}
    assert uses == {"performedBy": ["washing"]}
