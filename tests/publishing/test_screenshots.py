"""Pictures of every kind of page, to be looked at: three widths, light and dark, both languages.

They are left in `build/screenshots/`, which git does not see; a picture that is taken anew replaces the old one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from page_kinds import KINDS
from playwright.sync_api import Page

FOLDER = Path(__file__).parents[2] / "build" / "screenshots"
WIDTHS = {360: 2200, 768: 1700, 1440: 1500}
"""Widths of a phone, a tablet and a screen, with how much of the page is taken, in CSS pixels."""

PICTURED = [kind for kind in KINDS if kind not in ("matrix-narrowed", "compare-empty", "guidance-search")]
"""Of the same template one page is enough."""


@pytest.fixture(scope="module")
def page(browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("code", ["sv", "en"])
@pytest.mark.parametrize("kind", PICTURED)
def test_a_page_is_pictured_and_nothing_in_it_is_cut(page: Page, pages: str, kind: str, code: str) -> None:
    page.goto(pages + KINDS[kind][code])
    FOLDER.mkdir(parents=True, exist_ok=True)
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        looks = []
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            looks.append(page.screenshot(path=FOLDER / f"{kind}.{code}.{width}.{scheme}.jpg", type="jpeg", quality=70))
        assert looks[0] != looks[1], "light and dark look the same"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        # Text that is wider than its box is cut or lies over its neighbour, unless the box scrolls or the text is for ears only.
        assert (
            page.evaluate(
                """() => [...document.querySelectorAll('main :is(h1, h2, h3, p, li, dt, dd, th, td, label, button, summary)')]
                .filter(one => one.checkVisibility() && !one.closest('.unseen') && !one.querySelector('.unseen, pre, textarea, .scroll')
                    && one.clientWidth && one.scrollWidth > one.clientWidth + 1)
                .map(one => one.tagName + ': ' + one.textContent.trim().slice(0, 60))"""
            )
            == []
        )
