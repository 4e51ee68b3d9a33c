"""Every kind of page is HTML without an error of syntax. `make judge` asks the Nu Html Checker as well, which knows more and needs Java."""

from __future__ import annotations

from collections.abc import Iterator

import html5rdf
import httpx
import lxml.html
import pytest
from page_kinds import KINDS, MISSING

PAGES = [path for paths in (*KINDS.values(), MISSING) for path in paths.values()]


@pytest.fixture(scope="module")
def client(pages: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=pages, timeout=60) as client:
        yield client


def errors(text: str) -> list[tuple[int, str]]:
    """Lines and names of the errors that the parsing algorithm of HTML finds."""
    parser = html5rdf.HTMLParser()
    parser.parse(text)
    return [(position[0], name) for position, name, _ in parser.errors]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_error_of_syntax(client: httpx.Client, path: str) -> None:
    text = client.get(path).text
    assert errors(text) == []
    # The content model: a caption stands first or last in its figure.
    figures = lxml.html.document_fromstring(text).iter("figure")
    assert [one for one in figures if "figcaption" in [child.tag for child in one][1:-1]] == []


def test_errors_are_found_where_there_are_some() -> None:
    head = "<!doctype html><html><head><title>x</title></head><body>"
    assert errors(f"{head}<p>fine</p></body></html>") == []
    assert errors(f"{head}<ul><li>one</ul></div></body></html>")
    assert errors(f'{head}<p id="a" id="b">twice</p></body></html>')
