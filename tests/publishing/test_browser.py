"""The pages in a real browser: accessibility, light and dark, narrow and wide, no outside request, no script needed."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from page_kinds import KINDS, MISSING

AXE = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
PAGES = {kind: paths["sv"] for kind, paths in KINDS.items()} | {"missing": MISSING["en"], "method-en": KINDS["method"]["en"]}
PAGES |= {"api": "/api/?language=sv", "earlier-day": "/en/methods/opt-psa-mri/?as-of=2021-12-31", "unknown": "/sv/metoder/?colour=red"}
# The whole table has thousands of cells alike, each of which axe measures for contrast; one area of it has them all in kind.
EXAMINED = {kind: path for kind, path in PAGES.items() if kind != "matrix"}


@pytest.fixture
def open_page(browser, pages: str):
    """Opens a page; at the end nothing may have reached out, and no policy been broken."""
    contexts, complaints = [], []

    def open_one(path: str, width: int = 1280, scheme: str = "light", scripts: bool = True):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=scripts
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: None if request.url.startswith(pages) else complaints.append(request.url))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.goto(pages + path)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert [one for one in complaints if "404" not in one and "400" not in one] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", EXAMINED)
def test_axe_finds_nothing(open_page, kind: str, scheme: str) -> None:
    page = open_page(EXAMINED[kind], scheme=scheme)
    # The policy of the site forbids evaluated code; axe is run from outside of the page.
    results = Axe().run(page, options=AXE)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("kind", PAGES)
def test_nothing_is_wider_than_a_phone(open_page, kind: str) -> None:
    page = open_page(PAGES[kind], width=320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_first_key_leads_to_the_content(open_page) -> None:
    page = open_page(KINDS["method"]["sv"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")


def test_no_key_is_trapped(open_page) -> None:
    page = open_page(KINDS["queries"]["sv"])
    page.locator(".cm-content").focus()
    assert page.evaluate("document.activeElement.id") == "editor"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") != "editor"


def test_a_mark_in_the_table_leads_to_what_it_rests_on(open_page) -> None:
    page = open_page(KINDS["matrix"]["sv"], scripts=False)
    cell = page.locator("table.matrix tbody tr", has=page.locator("a[href*='opt-psa-mri']")).locator("td a").first
    cell.click()
    assert page.url.split("#")[0].endswith(KINDS["method"]["sv"])
    slug = page.url.split("#")[1]
    row = page.locator(f"tr#{slug}")
    row.locator("td a").last.click()
    assert page.locator("article.statement:target .sources a").count() >= 1


def test_search_works_without_a_script(open_page) -> None:
    page = open_page("/sv/", scripts=False)
    page.fill("main input[name=q]", "dpyd")
    page.press("main input[name=q]", "Enter")
    assert page.locator("main a", has_text="DPYD").first.is_visible()


def test_the_states_differ_in_shape_and_not_only_in_colour(open_page) -> None:
    page = open_page(KINDS["matrix"]["sv"])
    marks = page.eval_on_selector_all(".legend summary .mark use", "uses => uses.map(use => use.getAttribute('href'))")
    assert len(marks) == len(set(marks)) >= 5
