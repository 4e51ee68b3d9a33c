"""The texts of the site: there in both languages, linked from every page, true where that can be tested, and no HTML of their own."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import httpx
import lxml.html
import pytest

from phkg.graph.compile import compile_snapshot
from phkg.publishing.addresses import TEXTS
from phkg.publishing.rendering import markdown
from phkg.publishing.site import publish
from phkg.records.knowledge import find_knowledge, own_root
from phkg.views.allocation import allocation_page
from phkg.views.texts import read_writing

LANGUAGES = ("sv", "en")
FOLDER = own_root() / "web" / "texts"


@pytest.fixture(scope="module")
def client(pages: str):
    with httpx.Client(base_url=pages, timeout=60) as client:
        yield client


def test_every_text_is_there_in_both_languages_and_no_other() -> None:
    assert {file.name for file in FOLDER.iterdir()} == {f"{name}.{code}.md" for name in TEXTS for code in LANGUAGES}


@pytest.mark.parametrize("name", TEXTS)
def test_both_languages_have_the_same_headings_and_lists(name: str) -> None:
    made = [
        lxml.html.fromstring("<div>" + markdown(read_writing(name, (FOLDER / f"{name}.{code}.md").read_text("utf-8")).markdown) + "</div>")
        for code in LANGUAGES
    ]
    shapes = [[one.tag for one in page.iter("h2", "h3", "ul", "ol", "li", "p")] for page in made]
    assert shapes[0] == shapes[1]


def test_every_page_leads_to_them_and_they_lead_on(client: httpx.Client) -> None:
    for code in LANGUAGES:
        footer = lxml.html.document_fromstring(client.get(f"/{code}/").text).find(".//footer")
        headings = {read_writing(name, (FOLDER / f"{name}.{code}.md").read_text("utf-8")).heading for name in TEXTS}
        links = {link.text_content(): link.get("href") for link in footer.iter("a") if link.text_content() in headings}
        assert set(links) == headings
        for path in links.values():
            page = lxml.html.document_fromstring(client.get(path).text)
            assert page.get("lang") == code and page.find(".//h1").text_content() in headings
            own = [one for one in page.xpath("//main//a/@href") if one.startswith("/")]
            assert [one for one in own if client.get(one).status_code != 200] == []


def test_the_model_in_the_text_on_sharing_can_be_read_and_shares(tmp_path: Path) -> None:
    models = {re.search(r"```turtle\n(.*?)```", (FOLDER / f"sharing.{code}.md").read_text("utf-8"), re.DOTALL)[1] for code in LANGUAGES}
    assert len(models) == 1
    root = tmp_path / "country"
    shutil.copytree(own_root() / "registry", root / "registry")
    (root / "registry" / "allocation-models" / "quarter-base.ttl").write_text(models.pop(), encoding="utf-8")
    knowledge = replace(find_knowledge(own_root()), registry=root / "registry")
    published = publish(compile_snapshot(knowledge, date(2026, 11, 22), tmp_path / "snapshots"), ())
    asked = {"a": "quarter-base", "b": "base-and-per-head", "budget": "1000000"}
    (one, other) = allocation_page(published.readers["sv"], published.methods, published.standings, published.allocation_models["sv"], asked).results
    assert sum(line.amount for line in one.lines) == 10**6 == sum(line.amount for line in other.lines)
    # A quarter of a million among 21 regions is 11,905 kronor at least, a fifth of it 9,524.
    assert min(line.amount for line in one.lines) > 11_905 and min(line.amount for line in one.lines) > min(line.amount for line in other.lines)


def test_terms_are_explained_by_the_vocabulary(client: httpx.Client) -> None:
    told = client.get("/sv/metod.json").json()["page"]["terms"]
    assert len(told) == 8 and all(one["definition"]["language"] == "sv" for one in told)


def test_no_cookie_is_set_anywhere(client: httpx.Client) -> None:
    """What the page on privacy promises."""
    paths = ["/", "/sv/", "/sv/sok/?q=dpyd", "/sv/fragor/", "/sv/metoder/opt-psa-mri/", "/api/", "/sv/data/", "/static/site.css"]
    assert [path for path in paths if "set-cookie" in client.get(path).headers] == []


def test_what_looks_like_html_is_text() -> None:
    made = markdown("<script>alert(1)</script> [x](javascript:alert(1)) **yes**")
    assert "<script" not in made and "href" not in made and "<strong>yes</strong>" in made


def test_a_text_begins_with_a_heading() -> None:
    assert read_writing("a", "terms: x y\n\n# Title\n\nWords.\n") == read_writing("a", "terms: x  y\n# Title\nWords.")
    with pytest.raises(ValueError, match="text a must begin with a heading"):
        read_writing("a", "Words.\n")
