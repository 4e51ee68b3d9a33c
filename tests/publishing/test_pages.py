"""The pages over real HTTP: every kind answers in both languages, links inside hold, headers are safe."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urldefrag, urljoin, urlsplit

import httpx
import lxml.html
import pytest
from page_kinds import KINDS, MISSING, PATHS


@pytest.fixture(scope="module")
def client(pages: str):
    with httpx.Client(base_url=pages, timeout=60) as client:
        yield client


def document(client: httpx.Client, path: str) -> lxml.html.HtmlElement:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return lxml.html.document_fromstring(answer.text, base_url=str(answer.url))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", ["sv", "en"])
def test_every_kind_of_page_answers_in_its_language(client: httpx.Client, kind: str, code: str) -> None:
    page = document(client, KINDS[kind][code])
    assert page.get("lang") == code
    assert len(page.findall(".//h1")) == 1
    assert page.findtext(".//title").strip(" –")
    other = {"sv": "en", "en": "sv"}[code]
    switch = page.xpath(f"//ul[@class='languages']//a[@hreflang='{other}']/@href")
    assert len(switch) == 1 and client.get(switch[0]).status_code == 200


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "search"])
def test_the_language_switch_leads_to_the_same_page(client: httpx.Client, kind: str) -> None:
    page = document(client, KINDS[kind]["sv"])
    alternates = {link.get("hreflang"): urlsplit(link.get("href")) for link in page.findall(".//link[@hreflang]")}
    found = {code: parts.path + (f"?{parts.query}" if parts.query else "") for code, parts in alternates.items()}
    assert found == KINDS[kind]


def test_every_link_and_anchor_of_the_sample_holds(client: httpx.Client) -> None:
    """Every address inside the site that one page of each kind links to answers, and its fragment is there."""
    wanted: dict[str, set[str]] = {}
    for path in PATHS:
        for element, _, link, _ in document(client, path).iterlinks():
            target, fragment = urldefrag(urljoin(path, link))
            if urlsplit(target).netloc in ("", client.base_url.netloc.decode()) and element.tag not in ("form", "button"):
                wanted.setdefault(urlsplit(target)._replace(scheme="", netloc="").geturl() or path, set()).add(fragment)
    wanted = {path: fragments for path, fragments in wanted.items() if not path.startswith("/sv/") or path in PATHS}
    # Feeds wait until the history has been read, which nobody does here; their own tests ask for them.
    wanted = {path: fragments for path, fragments in wanted.items() if not path.endswith((".atom", ".feed.json"))}
    broken = []
    for path, fragments in wanted.items():
        # Whoever wants to correct a record is sent on to the form of its kind.
        answer = client.get(path, follow_redirects="/contribute/?record=" in path)
        if answer.status_code != 200:
            broken.append(f"{path}: {answer.status_code}")
        elif fragments - {""}:
            there = set(lxml.html.document_fromstring(answer.text).xpath("//@id"))
            broken += [f"{path}#{fragment}" for fragment in fragments - {""} if fragment not in there]
    assert len(wanted) > 300 and not broken


def test_identifiers_on_a_page_are_unique(client: httpx.Client) -> None:
    for path in PATHS:
        ids = document(client, path).xpath("//@id")
        assert len(ids) == len(set(ids)), path


def test_only_the_root_looks_at_the_readers_language(client: httpx.Client) -> None:
    for accept, expected in (("en-GB,en;q=0.9", "/en/"), ("sv", "/sv/"), ("de", "/sv/"), ("de,en;q=0.1", "/en/"), ("", "/sv/")):
        answer = client.get("/", headers={"Accept-Language": accept})
        assert (answer.status_code, answer.headers["location"]) == (302, expected)
        assert answer.headers["vary"] == "Accept-Language"
    assert client.get("/sv/", headers={"Accept-Language": "en"}).headers["content-language"] == "sv"


@pytest.mark.parametrize("code", ["sv", "en"])
def test_an_unknown_address_gets_a_page_that_helps(client: httpx.Client, code: str) -> None:
    answer = client.get(MISSING[code])
    page = lxml.html.document_fromstring(answer.text)
    assert answer.status_code == 404 and page.get("lang") == code
    assert MISSING[code] in page.text_content()


def test_an_unknown_value_names_the_known_ones(client: httpx.Client) -> None:
    answer = client.get("/en/overview/?area=astrology")
    assert answer.status_code == 400
    assert "pharmacogenetics" in answer.text


@pytest.mark.parametrize("path", ["/", "/sv/", "/sv/nope/", "/static/site.css", "/methods/nipt-trisomies", "/health", "/openapi.json"])
def test_every_answer_has_the_safe_headers(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"


def test_a_page_that_did_not_change_is_not_sent_again(client: httpx.Client) -> None:
    first = client.get("/sv/metoder/nipt-trisomies/")
    again = client.get("/sv/metoder/nipt-trisomies/", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get("/en/methods/nipt-trisomies/")
    assert other.headers["etag"] != first.headers["etag"]


def test_what_a_reader_types_is_shown_as_text(client: httpx.Client) -> None:
    answer = client.get("/sv/sok/", params={"q": '<script>alert("x")</script>'})
    assert "<script>" not in answer.text and "&lt;script&gt;" in answer.text


@pytest.mark.parametrize("accept, begins", [("text/turtle", "@prefix"), ("application/n-triples", "<"), ("application/ld+json", "{")])
def test_an_iri_answers_with_its_triples(client: httpx.Client, accept: str, begins: str) -> None:
    answer = client.get("/methods/nipt-trisomies", headers={"Accept": accept})
    assert answer.status_code == 200 and answer.headers["content-type"].startswith(accept)
    assert answer.text.startswith(begins) and "nipt-trisomies" in answer.text


def test_an_iri_answers_a_browser_with_its_page(client: httpx.Client) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", "Accept-Language": "en"}
    for iri, page in (
        ("/methods/nipt-trisomies", "/en/methods/nipt-trisomies/"),
        ("/implementations/skane/opt-psa-mri/2", "/en/methods/opt-psa-mri/#skane-opt-psa-mri-2"),
        ("/concepts/state/pilot", "/en/vocabulary/#concept-state-pilot"),
        ("/ontology", "/en/vocabulary/"),
    ):
        answer = client.get(iri, headers=browser)
        assert (answer.status_code, answer.headers["location"]) == (303, page)


def test_the_namespace_answers_with_the_vocabulary(client: httpx.Client) -> None:
    answer = client.get("/ontology", headers={"Accept": "text/turtle"})
    assert answer.status_code == 200
    assert "ph:ImplementationStatement a owl:Class" in answer.text


def test_an_answer_nobody_can_give_is_said_so(client: httpx.Client) -> None:
    answer = client.get("/methods/nipt-trisomies", headers={"Accept": "image/png"})
    assert answer.status_code == 406 and "text/turtle" in answer.text
    assert client.get("/methods/no-such-thing", headers={"Accept": "text/turtle"}).status_code == 404
    assert client.get("/methods/%3Cscript%3E", headers={"Accept": "text/turtle"}).status_code == 404


def test_the_queries_behind_a_page_ask_of_the_record_of_that_page(client: httpx.Client) -> None:
    for address, named in (("/en/methods/opt-psa-mri/", "method:opt-psa-mri"), ("/sv/regioner/halland/", "region:halland")):
        page = lxml.html.document_fromstring(client.get(address).text)
        behind = [unquote(link) for link in page.xpath("//section[@aria-labelledby='foot-twins']//a/@href") if "?query=" in link]
        assert behind and all(f"{{ {named} }}" in query for query in behind), address
        assert all(f'VALUES ?language {{ "{address[1:3]}" }}' in query for query in behind if "?language" in query)
        assert client.get(page.xpath("//section[@aria-labelledby='foot-twins']//a[contains(@href, '?query=')]/@href")[0]).status_code == 200


def test_an_order_of_the_sources_keeps_what_they_were_narrowed_by(client: httpx.Client) -> None:
    page = lxml.html.document_fromstring(client.get("/en/sources/?kind=news&only=wanting&q=a&sort=oldest").text)
    (link,) = [link for link in page.xpath("//thead//a/@href") if "sort=name" in link]
    assert parse_qs(urlsplit(link).query) == {"q": ["a"], "kind": ["news"], "only": ["wanting"], "sort": ["name"]}
    assert page.xpath("//input[@name='q' and @id='q']/@value") == ["a"]
    assert client.get(link).status_code == 200
