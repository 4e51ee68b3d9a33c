"""Who reviews what: read off the records and the file of appointments; nobody is made up, and CODEOWNERS is fresh."""

from __future__ import annotations

from pathlib import Path

import pytest

from phkg.curation.reviewers import BadReviewers, Reviewers, belonging, codeowners, read_reviewers
from phkg.records.knowledge import find_knowledge

ROOT = Path(__file__).resolve().parents[2]
APPOINTED = Reviewers({"default": {"reviewers": ["@org/all"]}, "places": {"boda": ["@org/boda"]}, "folders": {"shapes/": ["@org/rules"], "ontology/": []}})


def test_a_region_reviews_its_own_file(root: Path) -> None:
    belongs = belonging(find_knowledge(root))
    assert {"boda", "osby", "alvik"} <= set(belongs.places)
    assert belongs.of_file["registry/implementations/boda.ttl"][0] == ("boda",)
    assert APPOINTED.of("registry/implementations/boda.ttl", ("boda",), ()).reviewers == ("@org/boda",)
    assert APPOINTED.of("registry/implementations/osby.ttl", ("osby",), ()).reviewers == ("@org/all",)
    assert APPOINTED.of("shapes/common.ttl", (), ()).reviewers == ("@org/rules",)


def test_code_owners_say_where_nobody_is_appointed(root: Path) -> None:
    lines = codeowners(APPOINTED, belonging(find_knowledge(root))).splitlines()
    assert "* @org/all" in lines and "/shapes/ @org/rules" in lines
    assert "/registry/implementations/boda.ttl @org/boda" in lines
    (places,) = [line for line in lines if line.startswith("# Nobody is appointed for the places ")]
    assert "osby" in places and "boda" not in places


def test_the_code_owners_of_this_repository_are_fresh() -> None:
    knowledge = find_knowledge()
    assert (ROOT / ".github/CODEOWNERS").read_text(encoding="utf-8") == codeowners(read_reviewers(ROOT), belonging(knowledge))


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"people": {}}, "[people]"),
        ({"places": {"boda": "@org/boda"}}, "places.boda must be a list"),
        ({"default": {"reviewers": ["two words"]}}, "default.reviewers must be"),
    ],
)
def test_what_is_wrong_in_the_file_is_said(told: dict, said: str) -> None:
    with pytest.raises(BadReviewers) as fault:
        Reviewers(told)
    assert said in str(fault.value)


def test_a_slug_that_the_registry_does_not_have_is_found() -> None:
    assert Reviewers({"places": {"nowhere": []}, "areas": {"heart": []}}).unknown(["boda"], ["heart"]) == ["places.nowhere"]
