"""Every kind of page is valid HTML: without an error of syntax, and with everything where the standard lets it stand.

`make judge` asks the Nu Html Checker as well, which knows more and needs Java.
"""

from __future__ import annotations

from collections.abc import Iterator

import html5rdf
import httpx
import lxml.html
import pytest
from html_model import faults
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
    page = lxml.html.document_fromstring(text)
    assert sorted(set(faults(page))) == []
    figures = page.iter("figure")
    assert [one for one in figures if "figcaption" in [child.tag for child in one][1:-1]] == []


def test_errors_are_found_where_there_are_some() -> None:
    head = "<!doctype html><html><head><title>x</title></head><body>"
    assert errors(f"{head}<p>fine</p></body></html>") == []
    assert errors(f"{head}<ul><li>one</ul></div></body></html>")
    assert errors(f'{head}<p id="a" id="b">twice</p></body></html>')


WRONG = {
    "<p id=a>x</p><p id=a>y</p>": "id a twice",
    "<ul><p>x</p></ul>": "ul/p: does not stand in ul",
    "<span><div>x</div></span>": "span/div: is no text, and span holds text",
    "<h2><a href='/'><section>x</section></a></h2>": "h2/a/section: is no text, and h2 holds text",
    "<button><input name=x></button>": "button/input: can be used, within something that can be",
    "<label for=b>x</label>": "label: for=b names nothing on the page",
    "<div align=left>x</div>": "div: has no attribute align",
    "<center>x</center>": "center: is no element that is known here",
    "<img src=x.png>": "img: has no alt",
    "<fieldset><p>x</p><legend>y</legend></fieldset>": "fieldset/legend: comes first",
    "<dl><dt>x</dt><span>y</span></dl>": "dl/span: does not stand in dl",
    "<li>x</li>": "li: does not stand in body",
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_the_standard_does_not_allow_is_found(wrong: str) -> None:
    page = lxml.html.document_fromstring(f"<!doctype html><html lang=sv><head><title>x</title></head><body>{wrong}</body></html>")
    assert [one.removeprefix("html/body/") for one in faults(page)] == [WRONG[wrong]]


def test_what_the_standard_allows_is_no_fault() -> None:
    right = "<main><ul><li><a href='/'><p>x</p></a></li></ul><dl><div><dt>a</dt><dd>b</dd></div></dl><details><summary><h2>x</h2></summary></details></main>"
    assert list(faults(lxml.html.document_fromstring(f"<!doctype html><html lang=sv><head><title>x</title></head><body>{right}</body></html>"))) == []
