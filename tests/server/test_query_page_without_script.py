"""The page of queries as a form and its answer: what a reader has whose browser runs no script."""

from __future__ import annotations

import csv
import io
from urllib.parse import parse_qs, urlsplit

import httpx
import lxml.html
import pytest

from phkg.publishing.codings import decode

COUNTED = "PREFIX ph: <https://w3id.org/phkg/ontology#>\nSELECT ?region ?rank WHERE { ?region a ph:Region ; ph:rank ?rank } ORDER BY ?rank"


def page(site, path: str, status: int = 200, **parameters: str):
    answer = httpx.get(site.address + path, params=parameters, timeout=60)
    assert answer.status_code == status
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    return lxml.html.fromstring(answer.text)


def text_of(found, path: str) -> str:
    return " ".join(found.xpath(path)[0].text_content().split()) if found.xpath(path) else ""


def test_the_answer_has_the_rows_of_the_endpoint_with_names_and_links(site) -> None:
    found = page(site, "/sv/fragor/", query=COUNTED)
    rows = [[" ".join(cell.text_content().split()) for cell in row.xpath("./td")] for row in found.xpath("//table[@class='plain rows']/tbody/tr")]
    answer = httpx.post(f"{site.address}/sparql", data={"query": COUNTED, "format": "csv"})
    expected = list(csv.reader(io.StringIO(answer.text)))[1:]
    assert len(expected) == 21 and [row[1] for row in rows] == [row[1] for row in expected]
    assert [row[0].split()[-1].removeprefix("region:") for row in rows] == [row[0].rsplit("/", 1)[-1] for row in expected]
    link = found.xpath("//table[@class='plain rows']/tbody//td//a")[0]
    assert httpx.get(site.address + link.get("href")).status_code == 200
    assert link.text_content().startswith("Region ")
    assert [cell.text_content().split() for cell in found.xpath("//table[@class='plain rows']//th")] == [["region"], ["rank", "integer"]]


def test_every_download_gives_the_answer_in_its_format(site) -> None:
    for query, kinds in (
        (COUNTED, {"CSV": "text/csv", "TSV": "text/tab-sep", "JSON": "application/sparql-results+json", "XML": "application/sparql-results+xml"}),
        ("DESCRIBE <https://w3id.org/phkg/regions/skane>", {"Turtle": "text/turtle", "N-Triples": "application/n-triples", "RDF/XML": "application/rdf+xml", "JSON-LD": "application/ld+json"}),
    ):  # fmt: skip
        links = {one.text_content(): one.get("href") for one in page(site, "/en/queries/", query=query).xpath("//*[@id='shown']//a[@download]")}
        assert set(links) == set(kinds)
        for name, address in links.items():
            assert httpx.get(site.address + address).headers["content-type"].startswith(kinds[name])


@pytest.mark.parametrize("path, query, answer", [("/sv/fragor/", "ASK { ?s ?p ?o }", "Ja"), ("/en/queries/", "ASK { <x:y> ?p ?o }", "No")])
def test_a_question_of_yes_or_no_is_answered_in_a_word(site, path: str, query: str, answer: str) -> None:
    assert text_of(page(site, path, query=query), "//*[@id='shown']//*[@class='answer']") == answer


def test_a_graph_is_shown_as_text(site) -> None:
    found = page(site, "/sv/fragor/", query="CONSTRUCT { <x:a> <x:b> 'å<b>' } WHERE {}")
    assert text_of(found, "//*[@id='shown']//pre") == '<x:a> <x:b> "å<b>" .'


def test_a_fault_is_told_in_the_readers_words_with_its_place(site) -> None:
    query = "SELECT * WHERE {\n  ?å ?p ?o .\n  ?b 'ö' ?c\n}"
    found = page(site, "/sv/fragor/", 400, query=query)
    problem = httpx.post(f"{site.address}/sparql", data={"query": query}).json()
    assert (problem["line"], problem["column"]) == (3, 11)
    assert text_of(found, "//*[@id='fault']/p").startswith("Rad 3, kolumn 11: Här går frågan inte att läsa")
    assert text_of(found, "//*[@id='fault']/pre") == "?b 'ö' ?c" and text_of(found, "//*[@id='fault']//mark") == "c"
    assert found.xpath("//textarea")[0].text_content().lstrip("\n") == query
    assert found.xpath("//*[@id='answer'][@hidden]")


def test_a_prefix_that_is_not_declared_is_named_as_such(site) -> None:
    found = page(site, "/en/queries/", 400, query="SELECT * WHERE { ?s å:b ?o }")
    assert text_of(found, "//*[@id='fault']/p").startswith("Line 1, column 21: A prefix stands here that has not been declared.")
    assert text_of(found, "//*[@id='fault']//mark") == "å:b ?o }"


@pytest.mark.parametrize(
    "query, status, words",
    [
        ("SELECT * WHERE { SERVICE <http://localhost:1/> { ?s ?p ?o } }", 400, "SERVICE är avstängt"),
        ("DELETE WHERE { ?s ?p ?o }", 400, "tar inte emot ändringar"),
        ("SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", 413, "för stort"),
        ("SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c < ?f && ?f < ?i) }", 504, "för lång tid"),
    ],
)
def test_each_limit_is_told_in_plain_words(site, query: str, status: int, words: str) -> None:
    answer = httpx.get(f"{site.address}/sv/fragor/", params={"query": query}, timeout=60)
    found = lxml.html.fromstring(answer.text)
    assert words in text_of(found, "//*[@id='fault']/p")
    assert answer.status_code == status and answer.headers["cache-control"] == "no-store"


def test_more_rows_than_a_page_shows_are_counted_and_the_downloads_have_them(site) -> None:
    found = page(site, "/en/queries/", query="SELECT * WHERE { ?s ?p ?o } LIMIT 1234")
    assert len(found.xpath("//table[@class='plain rows']/tbody/tr")) == 500
    assert text_of(found, "//*[@id='shown']//p") == "Rows: 1,234. Here are the first 500; the downloads have all of them."


def test_an_answer_too_long_for_a_page_is_left_to_the_downloads(site) -> None:
    found = page(site, "/en/queries/", query="SELECT * WHERE { ?s ?p ?o } LIMIT 40000")
    assert not found.xpath("//table[@class='plain rows']") and "too long to be shown" in text_of(found, "//*[@id='shown']//p")
    assert len(found.xpath("//*[@id='shown']//a[@download]")) == 4


def test_a_named_question_is_answered_by_its_name_and_lies_under_its_topic(site) -> None:
    found = page(site, "/sv/fragor/", name="population-by-region")
    assert len(found.xpath("//table[@class='plain rows']/tbody/tr")) == 21
    chosen = found.xpath("//*[@class='examples']//a[@aria-current]")[0]
    assert chosen.text_content() == text_of(found, "//*[@id='explained']/h2") == "Hur många bor i varje region?"
    link = next(one for one in found.xpath("//*[@id='shown']//a") if one.text_content() == "Permanent länk till frågan").get("href")
    assert parse_qs(urlsplit(link).query) == {"name": ["population-by-region"]}
    topics = [group.xpath("./h3")[0].text_content() for group in found.xpath("//*[@class='examples']//*[@class='group']")]
    assert len(topics) == len(set(topics)) > 5 and "Övriga frågor" not in topics


def test_what_an_answer_says_is_shown_as_text(site) -> None:
    evil = "<script>alert(1)</script>"
    query = f"SELECT ?a ?b ?c ?d WHERE {{ VALUES (?a ?b ?c ?d) {{ ('{evil}' <javascript:alert(2)> <https://w3id.org/phkg//example.org/x> <http://example.org/>) }} }}"
    found = page(site, "/sv/fragor/", query=query)
    assert [cell.text_content() for cell in found.xpath("//table[@class='plain rows']//td")] == [
        evil,
        "javascript:alert(2)",
        "https://w3id.org/phkg//example.org/x",
        "http://example.org/",
    ]
    # An address of the base's host is like that of any other host; no address may lead elsewhere than it says.
    assert [one.get("href") for one in found.xpath("//table[@class='plain rows']//td//a")] == ["https://w3id.org/phkg//example.org/x"]
    outward = page(site, "/sv/fragor/", query="SELECT ?a WHERE { VALUES ?a { <https://user:word@example.org/> <https://example.org/a> } }")
    links = outward.xpath("//table[@class='plain rows']//td//a")
    assert [(one.get("href"), one.get("rel")) for one in links] == [("https://example.org/a", "external noopener nofollow")]


def test_an_unknown_parameter_or_name_says_what_there_is(site) -> None:
    assert "contradictions" in page(site, "/sv/fragor/", 400, name="nope").text_content()
    assert "query" in page(site, "/en/queries/", 400, colour="red").text_content()


def test_the_answer_carries_a_tag_and_is_not_sent_again(site) -> None:
    address = f"{site.address}/sv/fragor/"
    first = httpx.get(address, params={"query": COUNTED})
    again = httpx.get(address, params={"query": COUNTED}, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert httpx.get(address, params={"query": "SELECT (RAND() AS ?r) {}"}, headers={"If-None-Match": first.headers["etag"]}).status_code == 200
    for name in ("terms.json", "map.json"):
        found = httpx.get(address + name)
        assert httpx.get(address + name, headers={"If-None-Match": found.headers["etag"]}).status_code == 304


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "identity"])
def test_the_answer_is_the_same_whatever_the_browser_unpacks(site, coding: str) -> None:
    asked = {"params": {"name": "population-by-region"}, "headers": {"Accept-Encoding": coding}}
    with httpx.stream("GET", f"{site.address}/sv/fragor/", **asked) as answer:
        body = b"".join(answer.iter_raw())
    # The client itself knows no zstd.
    page = decode(body, answer.headers.get("content-encoding")).decode()
    assert answer.headers.get("content-encoding", "identity") == coding
    assert len(lxml.html.fromstring(page).xpath("//table[@class='plain rows']/tbody/tr")) == 21


def test_a_query_ends_when_its_reader_leaves(site) -> None:
    slow = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c < ?f && ?f < ?i) }"
    for turn in range(6):
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(f"{site.address}/sv/fragor/", params={"query": f"{slow} # {turn}"}, timeout=0.5)
    # Had the six gone on, each for ten seconds and two at a time, this one would wait for half a minute and be turned away.
    assert text_of(page(site, "/sv/fragor/", query="ASK { ?s ?p ?o } # after"), "//*[@id='shown']//*[@class='answer']") == "Ja"
