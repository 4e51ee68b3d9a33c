"""The pages in a real browser: accessibility, light and dark, narrow and wide, no outside request, no script needed."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from page_kinds import KINDS, MISSING

AXE = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
RUN_TOGETHER = """() => {
  const block = one => { while (getComputedStyle(one).display === 'inline') one = one.parentElement; return one; };
  const between = (a, b) => { const range = document.createRange(); range.setStartAfter(a); range.setEndBefore(b); return range.cloneContents(); };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  for (let before = null, node; node = walker.nextNode();) {
    const own = node.parentElement;
    if (own.closest('svg, script, style, pre, textarea, select, code, [aria-hidden=true]') || !own.checkVisibility()) continue;
    if (before && /[\\p{L}\\d]$/u.test(before.data) && /^[\\p{L}\\d]/u.test(node.data) && block(before.parentElement) === block(own)
        && before.parentElement.closest('a, button') === own.closest('a, button') && !between(before, node).querySelector('br, svg'))
      found.push(before.data.slice(-30) + '|' + node.data.slice(0, 30));
    before = node;
  }
  return found;
}"""
"""Words that a screen reader says as one, since only what it leaves out stands between them."""
PAGES = {kind: paths["sv"] for kind, paths in KINDS.items()} | {"missing": MISSING["en"], "method-en": KINDS["method"]["en"]}
PAGES |= {"api": "/api/?language=sv", "earlier-day": "/en/methods/opt-psa-mri/?as-of=2021-12-31", "unknown": "/sv/metoder/?colour=red"}
# The whole table has thousands of cells alike, each of which axe measures for contrast; one area of it has them all in kind.
EXAMINED = {kind: path for kind, path in PAGES.items() if kind != "matrix"}


@pytest.fixture
def open_page(browser, pages: str):
    """Opens a page; at the end nothing may have reached out, and no policy been broken."""
    contexts, complaints = [], []

    def open_one(path: str, width: int = 1280, scheme: str = "light", scripts: bool = True):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=scripts)
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
def test_on_a_phone_nothing_is_too_wide_and_no_link_too_small(open_page, kind: str) -> None:
    page = open_page(PAGES[kind], width=320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    results = Axe().run(page, options={"runOnly": {"type": "rule", "values": ["target-size"]}})
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("kind", PAGES)
def test_what_stands_side_by_side_is_not_read_as_one_word(open_page, kind: str) -> None:
    assert open_page(PAGES[kind], scripts=True).evaluate(RUN_TOGETHER) == []


def test_the_map_is_dotted_where_it_holds_for_a_part_only(open_page) -> None:
    page = open_page(KINDS["method"]["sv"])
    drawn = page.eval_on_selector_all(
        "svg.map a", "links => links.map(one => [one.getAttribute('aria-label').includes('för en del'), getComputedStyle(one.querySelector('path')).fill])"
    )
    assert {dotted for dotted, fill in drawn if "#dotted-" in fill} == {True}
    assert all(("#dotted-" in fill) is dotted for dotted, fill in drawn)
    # The pattern that each refers to is there, and is the colour of its state with something on it.
    patterns = page.eval_on_selector_all("svg.map pattern", "all => all.map(one => [one.id, ...[...one.children].map(part => getComputedStyle(part).fill)])")
    assert {f'url("#{name}")' for name, *_ in patterns} == {fill for dotted, fill in drawn if dotted}
    assert all(len(fills) == 2 == len(set(fills)) for _, *fills in patterns)


def test_a_word_on_its_own_ground_is_read_apart_from_what_stands_before_it(open_page) -> None:
    source = open_page(KINDS["method"]["sv"]).locator(".source:has(.tag)").first
    word = source.locator(".tag").first.text_content()
    assert re.search(rf"\w ?, {word}", source.aria_snapshot()), source.aria_snapshot()


def test_the_map_says_of_a_region_what_the_table_marks(open_page) -> None:
    page = open_page(KINDS["method"]["sv"])
    said = page.eval_on_selector_all("svg.map a", "links => links.map(one => [one.getAttribute('href'), one.getAttribute('aria-label')])")
    marked = page.eval_on_selector_all(
        "#standing ~ * tbody tr, section tbody tr[id]",
        "rows => rows.map(row => ['#' + row.id, [...row.querySelectorAll('td .tag')].map(one => one.textContent)])",
    )
    tags = dict(marked)
    assert len(said) == 21 and any(tags[region] for region, _ in said)
    for region, words in said:
        assert all(f", {tag}" in words for tag in tags[region]), (region, words, tags[region])


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


def test_five_kinds_of_nothing_look_different_from_each_other_and_from_the_lowest_state(open_page) -> None:
    page = open_page(KINDS["method"]["sv"])
    looks = page.eval_on_selector_all(
        ".legend dl .mark",
        "marks => marks.map(mark => [mark.querySelector('use')?.getAttribute('href') ?? '', getComputedStyle(mark).backgroundImage].join(' '))",
    )
    assert len(looks) == len(set(looks)) == 6 + 5  # six states, one of them the empty ring of the lowest, and five kinds of nothing
    assert [look for look in looks if "repeating-linear-gradient" in look] == [looks[8]]


def test_the_words_of_the_legend_are_one_click_away(open_page) -> None:
    page = open_page(KINDS["method"]["sv"], scripts=False)
    definition = page.locator(".legend dd").first
    assert not definition.is_visible()
    page.locator(".legend summary").first.click()
    assert definition.is_visible()


def test_on_a_phone_the_overview_is_a_list_and_wide_it_is_a_table(open_page) -> None:
    path = KINDS["matrix-narrowed"]["sv"]
    phone, screen = open_page(path, width=390), open_page(path)
    seen = [[one.locator(selector).is_visible() for selector in ("table.matrix", "ul.only-narrow")] for one in (phone, screen)]
    assert seen == [[False, True], [True, False]]
    assert phone.locator("ul.only-narrow li").count() == screen.locator("table.matrix tbody tr").count() > 3


def test_the_overview_is_narrowed_by_a_form_without_a_script(open_page) -> None:
    page = open_page(KINDS["matrix"]["en"], scripts=False)
    page.select_option("#by-area", "pharmacogenetics")
    page.check("#by-gaps")
    page.select_option("#by-sort", "name")
    page.click("main form button")
    assert page.url.endswith("sort=name&only=gaps")
    assert (page.input_value("#by-area"), page.is_checked("#by-gaps"), page.input_value("#by-sort")) == ("pharmacogenetics", True, "name")


def test_from_a_region_to_a_comparison_with_another(open_page) -> None:
    page = open_page(KINDS["region"]["sv"], scripts=False)
    page.select_option("#other", "gotland")
    page.click("form[action='/sv/jamfor/'] button")
    assert page.locator("table.plain thead a").all_inner_texts() == ["Skåne", "Gotland"]


def test_a_region_is_printed_on_one_sheet(open_page) -> None:
    page = open_page(KINDS["region-brief"]["sv"])
    sheets = page.pdf(format="A4", margin=dict.fromkeys(("top", "right", "bottom", "left"), "12mm"))
    assert len(re.findall(rb"/Type\s*/Page\b", sheets)) == 1


def test_a_long_table_is_laid_out_when_it_comes_near_and_printed_whole(open_page) -> None:
    page = open_page(KINDS["unknown"]["sv"])
    last = page.locator(".later tbody tr").last
    last.scroll_into_view_if_needed()
    assert last.locator("a").inner_text() and last.bounding_box()["height"] > 10
    for media, visibility in (("screen", "auto"), ("print", "visible")):
        page.emulate_media(media=media)
        assert page.eval_on_selector(".later", "table => getComputedStyle(table).contentVisibility") == visibility


def test_the_spread_is_drawn_from_the_numbers_of_its_table(open_page) -> None:
    page = open_page(KINDS["method"]["sv"])
    rows = page.locator("section[aria-labelledby=spread] table").first.locator("tbody tr")
    last = rows.nth(rows.count() - 1).locator("td").all_text_contents()
    assert page.locator("svg.chart text.name").text_content() == last[0]


def test_the_end_of_a_page_says_how_old_its_words_are_and_where_its_data_lie(open_page) -> None:
    foot = open_page(KINDS["method"]["sv"]).locator("footer")
    text = foot.inner_text()
    assert "Läget den 22 november 2026" in text and "nyaste uppgift" in text and "CC0 1.0" in text
    assert {"JSON", "CSV", "SVG", "Turtle"} <= set(foot.locator("a").all_inner_texts())


def test_every_figure_is_saved_as_a_picture_of_dots(open_page, tmp_path) -> None:
    for address, figures in ((KINDS["method"]["sv"], 4), (KINDS["organisation"]["sv"], 1), (KINDS["indicator"]["sv"], 1), (KINDS["access-area"]["sv"], 1)):
        page = open_page(address)
        buttons = page.locator("button.as-png")
        assert buttons.count() == figures
        for number in range(figures):
            with page.expect_download() as download:
                buttons.nth(number).click()
            download.value.save_as(tmp_path / "figure.png")
            head = (tmp_path / "figure.png").read_bytes()[:24]
            assert head[:8] == b"\x89PNG\r\n\x1a\n" and int.from_bytes(head[16:20]) >= 1400, download.value.suggested_filename
    assert not open_page(KINDS["method"]["sv"], scripts=False).locator("button.as-png").first.is_visible()
