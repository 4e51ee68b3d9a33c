"""The page of queries in a real browser, over `phkg serve`: editor, suggestions, answers, figures, links, and nothing reaches out."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe

AXE = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}
PAGE = {"sv": "/sv/fragor/", "en": "/en/queries/"}
POPULATION = "?name=population-by-region"
PATIENCE = 30_000


@pytest.fixture
def open_page(browser, site):
    """Opens the page and waits for the editor; at the end nothing may have reached out, failed, or broken the policy."""
    contexts, complaints = [], []

    def open_one(path: str, width: int = 1280, scheme: str = "light", **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("request", lambda request: None if request.url.startswith(site.address) else complaints.append(request.url))
        page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(site.address + path)
        page.locator(".cm-content").wait_for()
        return page

    yield open_one
    for context in contexts:
        context.close()
    # A browser reports every answer of 400 and above as an error on its console; these are refused queries, which tests ask for.
    assert [one for one in complaints if not re.search(r"status of (400|413|429|5\d\d)", one)] == []


def write(page, text: str) -> None:
    """Type a query in place of what is there."""
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)


def run(page, text: str) -> None:
    """Type a query, run it from the keyboard and wait until it is answered."""
    write(page, text)
    page.keyboard.press("Control+Enter")
    answered(page)


def answered(page) -> None:
    page.locator("#stop").wait_for(state="hidden")


def rows_of(page) -> list[list[str]]:
    return page.eval_on_selector_all("table.rows tbody tr", "rows => rows.map(row => [...row.cells].map(cell => cell.innerText.trim()))")


def asked(site, query: str) -> list[list[str]]:
    """The rows of the endpoint's own CSV."""
    answer = httpx.post(f"{site.address}/sparql", data={"query": query, "format": "csv"})
    return list(csv.reader(io.StringIO(answer.text)))[1:]


def query_of(page) -> str:
    return page.input_value("#query") if page.locator("#query").is_visible() else page.evaluate("document.getElementById('query').value")


@pytest.mark.parametrize(
    "typed, chosen, written",
    [("ph:contrad", "ph:contradiction", "ph:contradiction"), ("motsäg", "ph:contradiction", "ph:contradiction"), ("SEL", "SELECT", "SELECT")],
)
def test_a_suggestion_is_shown_with_its_name_and_inserted(open_page, typed: str, chosen: str, written: str) -> None:
    page = open_page(PAGE["sv"])
    write(page, "")
    page.keyboard.type(typed)
    option = page.locator(".cm-tooltip-autocomplete [role=option]", has_text=chosen).first
    option.wait_for()
    option.click()
    text = query_of(page)
    assert text.endswith(written)
    declared = "PREFIX ph: <https://w3id.org/phkg/ontology#>\n" if written.startswith("ph:") else ""
    assert text == declared + written


def test_a_suggestion_has_label_definition_and_is_chosen_by_the_keyboard(open_page) -> None:
    page = open_page(PAGE["en"])
    write(page, "")
    page.keyboard.type("ph:ImplementationSt")
    page.locator(".cm-tooltip-autocomplete [role=option][aria-selected]").wait_for()
    assert "class" in page.locator("[role=option][aria-selected] .cm-completionDetail").inner_text()
    assert len(page.locator(".cm-completionInfo").inner_text()) > 20
    page.wait_for_timeout(100)  # The list takes no key for 75 ms after it opens, lest a line's end choose from it.
    page.keyboard.press("Enter")
    assert query_of(page).endswith("ph:ImplementationStatement")


def test_variables_and_records_are_suggested(open_page) -> None:
    page = open_page(PAGE["sv"])
    write(page, "SELECT ?ålder ?annat WHERE { ?s ?p ")
    page.keyboard.type("?å")
    page.locator("[role=option]", has_text="?ålder").wait_for()
    assert page.locator("[role=option]").all_inner_texts() == ["?ålder"]
    write(page, "ASK { ")
    page.keyboard.type("region:ska")
    option = page.locator("[role=option]", has_text="Region Skåne")
    option.wait_for()
    option.click()
    assert query_of(page) == "PREFIX region: <https://w3id.org/phkg/regions/>\nASK { region:skane"


def test_nothing_is_suggested_within_texts_comments_and_addresses(open_page) -> None:
    page = open_page(PAGE["sv"])
    for text in ('ASK { ?s ?p "ph:st', "# ph:st", "PREFIX x: <https://ph:st"):
        write(page, text)
        page.keyboard.press("Control+Space")
        page.evaluate("new Promise(requestAnimationFrame)")
        assert page.locator("[role=option]").count() == 0


def test_a_click_on_a_question_runs_it_and_the_table_has_names_and_links(open_page, site) -> None:
    page = open_page(PAGE["sv"])
    page.fill("#filter", "bor i varje")
    assert page.locator(".examples li:visible").count() == 1 and page.locator("#filtered").inner_text() == "Hittade: 1"
    page.locator(".examples li:visible a").click()
    page.locator("table.rows tbody tr").first.wait_for()
    answered(page)
    rows, expected = rows_of(page), asked(site, query_of(page))
    assert len(expected) == 21 and [row[1:] for row in rows] == [row[1:] for row in expected]
    assert rows[0][0].split() == ["Region", "Norrbotten", "region:norrbotten"]
    assert page.locator("#explained h2").inner_text() == "Hur många bor i varje region?"
    assert page.locator("table.rows tbody a").first.get_attribute("href") == "/sv/regioner/norrbotten/"
    assert page.url.endswith(POPULATION)
    # The other language's page is that of the same question.
    assert page.locator(".languages a").get_attribute("href") == site.address + PAGE["en"] + POPULATION


def test_the_map_has_the_numbers_of_the_table(open_page) -> None:
    page = open_page(PAGE["sv"] + POPULATION)
    page.locator("svg.map [data-region]").first.wait_for(state="attached")
    table = {row[0].split()[-1].removeprefix("region:"): row[3] for row in rows_of(page)}
    titles = page.eval_on_selector_all(
        "main svg.map [data-region]", "paths => paths.map(path => [path.dataset.region.split('/').at(-1), path.textContent.split(': ')[1]])"
    )
    assert dict(titles) == table and len(table) == 21
    levels = dict(
        page.eval_on_selector_all(
            "main svg.map [data-region]", "paths => paths.map(path => [path.dataset.region.split('/').at(-1), path.getAttribute('class')])"
        )
    )
    # Stockholm has the most people and Gotland the fewest of the 21 regions (Statistics Sweden).
    assert levels["stockholm"] == "level-4" and levels["gotland"] == "level-0"


def test_bars_and_lines_have_the_numbers_of_the_table(open_page) -> None:
    page = open_page(PAGE["en"] + POPULATION)
    page.locator("#answer select").first.select_option("bar")
    page.locator(".bars li").first.wait_for()
    bars = page.eval_on_selector_all(
        ".bars li", "items => items.map(item => [item.querySelector('.name').textContent, item.querySelector('.number').textContent])"
    )
    assert bars == [[row[1], row[3]] for row in rows_of(page)]
    width = dict(
        page.eval_on_selector_all(
            ".bars li", "items => items.map(item => [item.querySelector('.name').textContent, parseFloat(item.querySelector('rect').getAttribute('width'))])"
        )
    )
    assert max(width.values()) == 100
    people = {row[1]: float(row[3]) for row in rows_of(page)}
    assert all(abs(width[name] - 100 * number / max(people.values())) < 1e-9 for name, number in people.items())

    run(
        page,
        "SELECT ?when ?n WHERE { VALUES (?when ?n) { ('2021-03'^^<http://www.w3.org/2001/XMLSchema#gYearMonth> 5) ('2019'^^<http://www.w3.org/2001/XMLSchema#gYear> -2) } }",
    )
    page.locator("svg.chart").wait_for()
    assert page.eval_on_selector_all(".chart .dot title", "titles => titles.map(title => title.textContent)") == ["2019: -2", "2021-03: 5"]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?a ?n WHERE { VALUES (?a ?n) { ('x' 1) ('x' 2) } }",
        "SELECT ?n WHERE { VALUES ?n { 1 2 } }",
        "SELECT ?a ?b WHERE { VALUES (?a ?b) { ('x' '1') } }",
        "SELECT ?a ?n WHERE { VALUES (?a ?n) { ('x' 1) (UNDEF 2) } }",
    ],
)
def test_no_figure_where_the_columns_do_not_allow_one(open_page, query: str) -> None:
    page = open_page(PAGE["sv"])
    run(page, query)
    assert page.locator("table.rows").is_visible() and page.locator(".figure *").count() == 0


def test_a_region_without_a_number_is_hatched_and_said(open_page) -> None:
    page = open_page(PAGE["sv"])
    run(page, "SELECT ?r ?n WHERE { VALUES (?r ?n) { (<https://w3id.org/phkg/regions/skane> 7) (<https://w3id.org/phkg/regions/halland> UNDEF) } }")
    page.locator("main svg.map").wait_for()
    titles = page.eval_on_selector_all("main svg.map .silent title", "titles => titles.map(title => title.textContent)")
    assert len(titles) == 20 and "Halland: inget tal" in titles
    assert page.locator(".steps li").all_inner_texts()[0].split() == ["7", "Skåne"]


def test_a_fault_is_shown_at_its_place_beside_the_editor(open_page) -> None:
    page = open_page(PAGE["sv"])
    write(page, "SELECT * WHERE {\n  ?s foo:x ?å .\n}")
    page.keyboard.press("Control+Enter")
    page.locator("#fault p").first.wait_for()
    assert page.locator("#fault p").first.inner_text().startswith("Rad 2, kolumn 6: Här står ett prefix som inte är deklarerat.")
    assert page.locator(".cm-fault").inner_text() == "foo:x"
    assert not page.locator("#answer").is_visible()
    page.locator("#fault button").click()
    page.keyboard.insert_text("|")
    assert query_of(page).split("\n")[1] == "  ?s |foo:x ?å ."
    assert page.locator(".cm-fault").count() == 0
    run(page, "ASK {}")
    assert not page.locator("#fault").is_visible() and page.locator("#shown .answer").inner_text() == "Ja"


@pytest.mark.parametrize(
    "query, words",
    [
        ("SELECT * WHERE { SERVICE <http://localhost:1/> { ?s ?p ?o } }", "SERVICE is switched off"),
        ("SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "too large"),
        ("", "There is no query"),
    ],
)
def test_refusals_are_told_in_the_readers_words(open_page, query: str, words: str) -> None:
    page = open_page(PAGE["en"])
    write(page, query)
    page.keyboard.press("Control+Enter")
    page.locator("#fault p").first.wait_for()
    assert words in page.locator("#fault p").first.inner_text()


def test_what_the_endpoint_says_is_told_in_the_language_of_the_page(open_page) -> None:
    page = open_page(PAGE["sv"])
    write(page, "SELECT * {")
    page.keyboard.press("Control+Enter")
    page.locator("#fault details p").wait_for(state="attached")
    said = page.locator("#fault details p")
    assert said.get_attribute("lang") == "sv" and "frågan är inte SPARQL 1.1" in said.text_content()


@pytest.mark.parametrize(
    "status, code, words", [(429, "too-many", "väntar"), (503, "busy", "upptagen"), (504, "deadline", "för lång tid"), (500, "ended", "minne")]
)
def test_what_comes_of_a_busy_endpoint_is_told_too(open_page, status: int, code: str, words: str) -> None:
    page = open_page(PAGE["sv"])
    body = f'{{"status": {status}, "code": "{code}", "detail": "so"}}'
    page.route(
        "**/sparql",
        lambda route: (
            route.fulfill(status=status, content_type="application/problem+json", body=body) if "ASK" in (route.request.post_data or "") else route.continue_()
        ),
    )
    with page.expect_response("**/sparql"):
        write(page, "ASK {}")
        page.keyboard.press("Control+Enter")
    page.locator("#fault p").first.wait_for()
    assert words in page.locator("#fault p").first.inner_text()


def test_the_keyboard_leaves_the_editor_with_and_without_escape(open_page) -> None:
    page = open_page(PAGE["sv"])
    inside = "document.activeElement.id === 'editor'"
    for keys in (["Tab"], ["Escape", "Tab"], ["Shift+Tab"]):
        page.locator(".cm-content").focus()
        assert page.evaluate(inside)
        for key in keys:
            page.keyboard.press(key)
        assert not page.evaluate(inside), keys
    write(page, "")
    page.keyboard.type("ph:s")
    page.locator("[role=option]").first.wait_for()
    page.keyboard.press("Escape")
    assert page.locator("[role=option]").count() == 0 and page.evaluate(inside)
    page.keyboard.press("Tab")
    assert not page.evaluate(inside)
    assert "Tabb lämnar redigeraren" in page.locator("#keys").inner_text()


def test_a_screen_reader_is_told_what_the_editor_is(open_page) -> None:
    page = open_page(PAGE["sv"])
    editor = page.get_by_role("textbox", name="Fråga i SPARQL")
    assert editor.count() == 1
    described = "element => element.getRootNode().getElementById(element.getAttribute('aria-describedby')).textContent"
    assert editor.evaluate(described) == page.locator("#keys").text_content()


def test_the_permanent_link_restores_question_and_answer(open_page, site) -> None:
    page = open_page(PAGE["sv"])
    query = "SELECT ?a WHERE { VALUES ?a { 'å&=#+% \"' } }"
    run(page, query)
    link = page.locator("a.permanent").get_attribute("href")
    assert parse_qs(urlsplit(link).query) == {"query": [query]} and page.url == site.address + link
    again = open_page(link)
    answered(again)
    assert query_of(again) == query and rows_of(again) == [['å&=#+% "']]
    run(page, "ASK {}")
    page.go_back()
    page.locator("table.rows").wait_for()
    assert query_of(page) == query


def test_every_download_is_a_file_with_the_answer(open_page) -> None:
    page = open_page(PAGE["en"])
    for query, names in (
        ("SELECT (1 AS ?n) {}", ["CSV", "JSON", "TSV", "XML"]),
        ("CONSTRUCT { <x:a> <x:b> 1 } {}", ["JSON-LD", "N-Triples", "RDF/XML", "Turtle"]),
    ):
        run(page, query)
        links = page.locator(".downloads a")
        assert sorted(links.all_inner_texts()) == names
        for at in range(len(names)):
            with page.expect_download() as started:
                links.nth(at).click()
            assert "1" in started.value.path().read_text()


def test_a_graph_is_shown_as_text(open_page) -> None:
    page = open_page(PAGE["sv"])
    run(page, "CONSTRUCT { <x:a> <x:b> '<b>å</b>' } WHERE {}")
    assert page.locator("#shown pre").first.inner_text().strip() == '<x:a> <x:b> "<b>å</b>" .'


def test_thousands_of_rows_come_a_page_at_a_time(open_page) -> None:
    page = open_page(PAGE["en"])
    run(page, "SELECT ?s ?p ?o WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 3210")
    assert len(rows_of(page)) == 100 and page.locator("#shown p").first.inner_text() == "Rows 1–100 of 3210"
    first = rows_of(page)
    page.get_by_role("button", name="Next rows").click()
    page.get_by_text("Rows 101–200 of 3210").wait_for()
    assert rows_of(page) != first
    page.get_by_role("button", name="Previous rows").click()
    page.get_by_text("Rows 1–100 of 3210").wait_for()
    assert rows_of(page) == first and page.get_by_role("button", name="Previous rows").is_disabled()


def test_what_an_answer_says_is_text_and_only_safe_addresses_are_links(open_page) -> None:
    page = open_page(PAGE["sv"])
    run(
        page,
        "SELECT ?a ?b ?c ?d ?e WHERE { VALUES (?a ?b ?c ?d ?e) { ('<img src=x onerror=alert(1)>' <javascript:alert(2)> <http://example.org/> <https://example.org/a> <https://user:word@example.org/>) } }",
    )
    assert rows_of(page) == [
        ["<img src=x onerror=alert(1)>", "javascript:alert(2)", "http://example.org/", "https://example.org/a", "https://user:word@example.org/"]
    ]
    links = page.eval_on_selector_all("table.rows tbody a", "links => links.map(link => [link.href, link.rel])")
    assert links == [["https://example.org/a", "external noopener nofollow"]]


AWKWARD = "SELECT ?a WHERE { VALUES ?a { 'it''s' } }".replace("''", "\\'") + ' # """ \\n $(echo no) `no` )---" å'


def test_the_requests_for_other_programs_really_run(open_page, site) -> None:
    page = open_page(PAGE["en"])
    run(page, AWKWARD)
    shown = dict(page.eval_on_selector_all(".program", "parts => parts.map(part => [part.dataset.program, part.querySelector('pre').textContent])"))
    assert set(shown) == {"curl", "Python", "R"}
    curl = subprocess.run(["bash", "-c", f"{shown['curl'].strip()} --silent"], capture_output=True, text=True, timeout=60)
    assert curl.stdout.split() == ["a", "it's"]
    python = subprocess.run([sys.executable, "-c", shown["Python"]], capture_output=True, text=True, timeout=60)
    assert python.stdout.strip() == """{'a': "it's"}""", python.stderr
    # A raw string of R (4.0 and later) ends at its own number of dashes, and nothing in it is read otherwise.
    assert f'r"----(\n{AWKWARD}\n)----"' in shown["R"]
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator(".programs summary").click()
    page.locator("[data-program=R] button").click()
    page.locator("[data-program=R] [role=status]", has_text="Copied.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == shown["R"]


def test_a_running_query_can_be_stopped(open_page) -> None:
    page = open_page(PAGE["en"])
    write(page, "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c < ?f && ?f < ?i) }")
    page.keyboard.press("Control+Enter")
    page.locator("#stop").click()
    page.locator("#status", has_text="Stopped.").wait_for()
    assert not page.locator("#stop").is_visible() and not page.locator("#fault").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("code", ["sv", "en"])
def test_axe_finds_nothing(open_page, code: str, scheme: str) -> None:
    page = open_page(PAGE[code] + POPULATION, scheme=scheme)
    page.locator("main svg.map").wait_for()
    page.locator(".programs summary").click()
    for state in ("answer", "suggestions", "fault"):
        if state == "suggestions":
            write(page, "")
            page.keyboard.type("ph:s")
            page.locator(".cm-completionInfo").wait_for()
        elif state == "fault":
            page.keyboard.press("Escape")
            write(page, "SELECT * WHERE {\n  ?s foo:x ?o }")
            page.keyboard.press("Control+Enter")
            page.locator("#fault p").first.wait_for()
        found = Axe().run(page, options=AXE).response["violations"]
        assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == [], state


def test_nothing_is_wider_than_a_phone(open_page) -> None:
    page = open_page(PAGE["sv"] + POPULATION, width=320)
    page.locator("main svg.map").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.locator("#answer select").first.select_option("bar")
    page.locator(".programs summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_form_asks_without_a_script(browser, site) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site.address + PAGE["sv"])
    page.fill("textarea", "SELECT ?region WHERE {\n  VALUES ?region { <https://w3id.org/phkg/regions/skane> }\n}")
    page.get_by_role("button", name="Kör", exact=True).click()
    assert page.locator("table.rows tbody a").inner_text() == "Region Skåne"
    with page.expect_download() as started:
        page.locator("#shown a[download]").first.click()
    assert started.value.path().read_text().split() == ["region", "https://w3id.org/phkg/regions/skane"]
    page.get_by_role("link", name="Hur många bor i varje region?").click()
    assert page.locator("table.rows tbody tr").count() == 21
    context.close()
