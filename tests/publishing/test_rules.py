"""The pages of the rules: every rule that a finding can name has its place, in every language, with what a curator is told."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import lxml.html
import pytest
from axe_playwright_python.sync_playwright import Axe
from rdflib import SH, Graph

from phkg.records.knowledge import find_knowledge

BROWSER = {"Accept": "text/html,*/*;q=0.5", "Accept-Language": "sv"}


@pytest.fixture(scope="module")
def client(pages: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=pages, timeout=60) as client:
        yield client


@pytest.mark.parametrize("code, path", [("sv", "/sv/regler/"), ("en", "/en/rules/")])
def test_the_index_leads_to_every_document_with_rules(client: httpx.Client, code: str, path: str) -> None:
    page = lxml.html.document_fromstring(client.get(path).text)
    named = {link.rstrip("/").rsplit("/", 1)[-1] for link in page.xpath("//main//dl//a/@href")}
    spoken = {file.stem for file in find_knowledge().shapes.glob("*.ttl") if "sh:message" in file.read_text(encoding="utf-8")}
    assert named == spoken and len(named) > 5
    assert all(client.get(link).status_code == 200 for link in page.xpath("//main//dl//a/@href"))


@pytest.mark.parametrize("code, path", [("sv", "/sv/regler/implementations/"), ("en", "/en/rules/implementations/")])
def test_a_document_shows_each_of_its_rules_with_message_and_example(client: httpx.Client, code: str, path: str) -> None:
    """Read from the shapes by another library: every property shape with a message stands under its name, in the page's language."""
    shapes = Graph().parse(find_knowledge().shapes / "implementations.ttl")
    page = lxml.html.document_fromstring(client.get(path).text)
    asked = {shape for shape in shapes.objects(None, SH.property) if (shape, SH.message, None) in shapes}
    assert len(asked) > 20
    for shape in asked:
        (place,) = page.xpath("//article[@id=$name]", name=str(shape).rsplit("#", 1)[-1])
        (message,) = [str(text) for text in shapes.objects(shape, SH.message) if text.language == code]
        assert " ".join(message.split()) in " ".join(place.text_content().split())


def test_the_address_in_a_finding_leads_to_its_rule(client: httpx.Client) -> None:
    answer = client.get("/shapes/implementations", headers=BROWSER)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sv/regler/implementations/")
    assert client.get("/shapes", headers=BROWSER).headers["location"] == "/sv/regler/"
    assert client.get("/shapes/implementations", headers={"Accept": "text/turtle"}).headers["content-type"].startswith("text/turtle")
    assert client.get("/void", headers=BROWSER).headers["location"] == "/sv/data/"
    assert client.get("/shapes/nothing", headers=BROWSER).status_code == 404 == client.get("/sv/regler/nothing/").status_code


def test_a_browser_comes_to_the_very_rule_and_finds_no_fault(browser, pages: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 900}, locale="sv")
    page = context.new_page()
    page.goto(f"{pages}/shapes/implementations#statement-state-class")
    assert page.url == f"{pages}/sv/regler/implementations/#statement-state-class"
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}})
    width = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert found.violations_count == 0, found.generate_report()
    assert width <= 320
