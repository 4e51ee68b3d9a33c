"""Problems of the API in the reader's language: which one, what caches are told, and that every sentence is there in all."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest

from phkg.publishing import problems
from phkg.publishing.problems import LANGUAGES, language_for

SOURCE = Path(problems.__file__).parents[1]
FILES = ("publishing/problems.toml", "publishing/problem_titles.toml", "sparql/problems.toml", "curation/web/refusals.toml")
IN_SWEDISH = {"Accept-Language": "sv-SE, en;q=0.5"}


@pytest.fixture(scope="module")
def client(pages: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=pages, timeout=60) as client:
        yield client


@pytest.mark.parametrize("name", FILES)
def test_every_sentence_is_there_in_every_language_with_the_same_places(name: str) -> None:
    texts = tomllib.loads((SOURCE / name).read_text(encoding="utf-8"))
    assert texts
    for key, said in texts.items():
        assert set(said) == set(LANGUAGES), key
        places = {language: {field for _, field, _, _ in string.Formatter().parse(text) if field} for language, text in said.items()}
        # The engine's own words are English only, and left out where they would say nothing to a reader of Swedish.
        assert places["sv"] <= places["en"] and places["en"] - places["sv"] <= {"reason"}, key


def test_the_english_titles_are_the_names_of_the_statuses() -> None:
    # RFC 9110 renamed these two; older versions of Python have the older names.
    renamed = {413: "Content Too Large", 422: "Unprocessable Content"}
    for status, said in tomllib.loads((SOURCE / FILES[1]).read_text(encoding="utf-8")).items():
        assert said["en"] == renamed.get(int(status), HTTPStatus(int(status)).phrase)


@pytest.mark.parametrize(
    "path, accept, language",
    [
        ("/version.json", "", "en"),
        ("/version.json", "fr, de;q=0.8", "en"),
        ("/version.json", "*", "en"),
        ("/version.json", "sv", "sv"),
        ("/version.json", "sv-FI;q=0.9, en;q=0.2", "sv"),
        ("/version.json", "sv;q=0", "en"),
        ("/sv/metoder.json", "en", "sv"),
        ("/en/methods.json", "sv", "en"),
        ("/svenska/x", "sv", "sv"),
        ("/", "en;q=0", "sv"),
    ],
)
def test_the_address_decides_then_the_reader_then_english(path: str, accept: str, language: str) -> None:
    assert language_for(path, accept) == language


def test_a_problem_says_the_same_in_both_languages_and_no_cache_keeps_it(client: httpx.Client) -> None:
    english = client.get("/methods/no-such-thing.ttl")
    swedish = client.get("/methods/no-such-thing.ttl", headers=IN_SWEDISH)
    for answer, language in ((english, "en"), (swedish, "sv")):
        assert answer.status_code == 404 and answer.headers["content-type"].startswith("application/problem+json")
        assert answer.headers["content-language"] == language and answer.headers["cache-control"] == "no-store"
        assert "accept-language" in answer.headers["vary"].lower()
    fixed = [{key: answer.json()[key] for key in ("type", "status", "code")} for answer in (english, swedish)]
    assert fixed[0] == fixed[1] == {"type": "about:blank", "status": 404, "code": "not-found"}
    assert (english.json()["title"], swedish.json()["title"]) == ("Not Found", "Finns inte")
    assert swedish.json()["detail"].startswith("Inget i registret har adressen /methods/no-such-thing.ttl")


def test_a_twin_speaks_the_language_of_its_address(client: httpx.Client) -> None:
    for path, language, words in (("/sv/metoder.json", "sv", "ingen parameter"), ("/en/methods.json", "en", "no parameter")):
        for accept in ("sv", "en", ""):
            answer = client.get(path, params={"nonsense": "1"}, headers={"Accept-Language": accept})
            assert (answer.status_code, answer.headers["content-language"], answer.json()["code"]) == (400, language, "unknown-parameter")
            assert words in answer.json()["detail"]


def test_what_is_refused_by_its_media_type_varies_by_both(client: httpx.Client) -> None:
    answer = client.get("/ontology", headers={"Accept": "image/png", **IN_SWEDISH})
    assert answer.status_code == 406 and answer.json()["detail"].startswith("Den här adressen svarar som ")
    assert {one.strip().lower() for one in answer.headers["vary"].split(",")} >= {"accept", "accept-language"}


def test_a_method_that_is_not_there_is_told_in_the_readers_language(client: httpx.Client) -> None:
    answer = client.post("/sv/metoder.json")
    assert (answer.status_code, answer.json()["code"], answer.json()["title"]) == (405, "method-not-allowed", "Metoden används inte här")
