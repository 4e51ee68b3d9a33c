"""The static site in a browser, under a prefix: search and SPARQL without a server, and all the rest without script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest

from phkg.graph.snapshot import Snapshot
from phkg.publishing.site import publish
from phkg.views.search import search_page

PATIENCE = 60_000
TITLES = (
    "SELECT ?title WHERE { ?x <http://purl.org/dc/terms/title> ?title FILTER(lang(?title) = 'en' && "
    "STRSTARTS(STR(?x), 'https://example.org/ekland/registry')) }"
)


@pytest.fixture
def open_page(hosted: str, browser) -> Iterator[Callable]:
    """Opens a page; at the end nothing may have reached out, failed, or broken the policy."""
    contexts, complaints = [], []

    def open_one(path: str, **options):
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on(
            "request",
            lambda request: None if request.url.startswith((f"{hosted}/", f"blob:{hosted[: hosted.index('/', 8)]}/")) else complaints.append(request.url),
        )
        page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("response", lambda answer: complaints.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None)
        page.goto(hosted + path)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


def hits(page) -> list[str]:
    page.locator("#found [role=status]").wait_for()
    return page.locator("#found .entries a").all_inner_texts()


def test_the_search_of_the_first_page_finds_without_a_server(open_page, hosted: str) -> None:
    page = open_page("/sv/")
    page.get_by_role("searchbox").first.fill("ånga")
    page.get_by_role("searchbox").first.press("Enter")
    assert hits(page)[0] == "ånga"
    assert "stämmer med ”ånga”" in page.locator("#found [role=status]").inner_text()
    page.locator("#found .entries a").first.click()
    assert page.url == f"{hosted}/sv/metoder/anga/"


@pytest.mark.parametrize("typed", ["anga", "TVÄTT", "smör", "lysning", "lyssnnig", "sjukhus", "region al", "hjartlab", "regionen", "sjukhusen"])
def test_the_browser_finds_what_the_server_finds_in_the_same_order(open_page, town_snapshot: Snapshot, typed: str) -> None:
    """Exact and folded letters, beginnings, tails of compounds, typing errors, several words."""
    published = publish(town_snapshot, ())
    expected = [hit.link.label.value for group in search_page(published.readers["sv"], published.names, typed).groups for hit in group.hits]
    assert expected and hits(open_page(f"/sv/sok/?q={quote(typed)}")) == expected


def test_what_is_found_goes_with_the_address(open_page) -> None:
    page = open_page("/en/search/?q=zzzzzz")
    assert hits(page) == [] and "0 records match" in page.locator("#found [role=status]").inner_text()
    page.locator("#q").fill("alvik")
    page.locator("#q").press("Enter")
    page.locator("#found .entries a").first.wait_for()
    page.go_back()
    page.wait_for_function("!document.querySelector('#found .entries')")
    assert page.locator("#q").input_value() == "zzzzzz"


def test_a_query_is_worked_out_in_the_browser(open_page, hosted: str) -> None:
    page = open_page(f"/en/queries/?query={quote(TITLES)}")
    page.locator("table.rows td").first.wait_for()
    assert page.locator("table.rows td").all_inner_texts() == ["Registry of Ekland"]
    with page.expect_download() as waiting:
        page.locator(".downloads a", has_text="CSV").click()
    assert waiting.value.path().read_text().split() == ["title", "Registry", "of", "Ekland"]
    assert page.locator(".programs").count() == 0


@pytest.mark.parametrize(
    "query, shown",
    [
        ("ASK { ?s ?p ?o }", "Yes"),
        ("CONSTRUCT { <https://example.org/a> <https://example.org/b> 1 } WHERE {}", "<https://example.org/a>"),
        ("SELEC", "Line 1, column"),
    ],
)
def test_other_queries_and_faults_are_shown_as_where_a_server_answers(open_page, query: str, shown: str) -> None:
    page = open_page(f"/en/queries/?query={quote(query)}")
    page.locator("#stop").wait_for(state="hidden")
    page.get_by_text(shown).locator("visible=true").first.wait_for()


def test_a_question_with_a_query_runs_at_its_own_address(open_page) -> None:
    page = open_page("/en/queries/")
    page.locator(".examples [data-name] a").first.click()
    page.locator("#answer").wait_for()
    assert "?name=" in page.url
    page.reload()
    page.locator("#answer").wait_for()


def test_without_script_pages_and_links_are_there_and_search_says_what_it_needs(open_page, hosted: str) -> None:
    page = open_page("/sv/", java_script_enabled=False)
    page.get_by_role("link", name="Översikt").first.click()
    assert page.url == f"{hosted}/sv/oversikt/"
    assert page.locator("table").count()
    page.goto(f"{hosted}/sv/sok/?q=x")
    assert "Utan skript" in page.locator("main").inner_text()
