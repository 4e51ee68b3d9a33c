"""What pages tell search engines: only terms that schema.org has, in a block that a browser neither runs nor refuses."""

from __future__ import annotations

import json

import httpx
import lxml.html
import pytest
from page_kinds import KINDS
from rdflib import SDO

WITH_RECORD = ("method", "treatment", "region", "healthcare-region", "organisation", "gene", "source")
KEYWORDS = {"@context", "@graph", "@id", "@type", "query-input"}
"""Of JSON-LD, and the one addition that search engines define for a site's search box."""


@pytest.fixture(scope="module")
def client(pages: str):
    with httpx.Client(base_url=pages, timeout=60) as client:
        yield client


def blocks(client: httpx.Client, path: str) -> list[dict]:
    page = lxml.html.document_fromstring(client.get(path).text)
    return [json.loads(one.text) for one in page.xpath("//script[@type='application/ld+json']")]


def terms(node) -> tuple[set[str], set[str]]:
    """All (properties, classes) within a document."""
    properties, classes = set(), set()
    for one in node if isinstance(node, list) else [node]:
        if isinstance(one, dict):
            kinds = one.get("@type", [])
            classes |= set([kinds] if isinstance(kinds, str) else kinds)
            properties |= set(one)
            for value in one.values():
                below = terms(value)
                properties |= below[0]
                classes |= below[1]
    return properties, classes


@pytest.mark.parametrize("kind", ["start", *WITH_RECORD])
@pytest.mark.parametrize("code", ["sv", "en"])
def test_every_term_is_one_of_schema_org(client: httpx.Client, kind: str, code: str) -> None:
    (block,) = blocks(client, KINDS[kind][code])
    properties, classes = terms(block)
    assert block["@context"] == "https://schema.org"
    assert sorted(name for name in (properties - KEYWORDS) | classes if name not in SDO) == []
    assert all(name[0].islower() for name in properties - KEYWORDS) and all(name[0].isupper() for name in classes)


@pytest.mark.parametrize(
    "kind, class_",
    [
        ("method", "MedicalTest"),
        ("treatment", "MedicalTherapy"),
        ("gene", "Gene"),
        ("source", "CreativeWork"),
        ("organisation", "Organization"),
        ("region", "AdministrativeArea"),
        ("region", "Organization"),
    ],
)
def test_the_ontology_says_what_a_record_is_in_schema_org(client: httpx.Client, kind: str, class_: str) -> None:
    page, thing = blocks(client, KINDS[kind]["en"])[0]["@graph"]
    assert page["@type"] == "WebPage" and page["mainEntity"]["@id"] == thing["@id"]
    assert class_ in thing["@type"] and thing["@id"].startswith("https://w3id.org/phkg/")
    title = lxml.html.document_fromstring(client.get(KINDS[kind]["en"]).text).find(".//h1").text_content()
    assert page["name"] == thing["name"] == title
    assert page["url"].endswith(KINDS[kind]["en"]) and page["inLanguage"] == "en"
    assert page["license"] == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert [step["position"] for step in page["breadcrumb"]["itemListElement"]] == [1, 2, 3]


def test_the_start_page_is_a_data_set(client: httpx.Client) -> None:
    site, dataset = blocks(client, "/en/")[0]["@graph"]
    assert (site["@type"], dataset["@type"]) == ("WebSite", "Dataset")
    assert dataset["url"].endswith("/en/data/") and len(dataset["description"]) > 50
    searched = site["potentialAction"]["target"]["urlTemplate"].replace("{query}", "dpyd")
    assert client.get(searched).status_code == 200


def test_the_browser_takes_the_block_for_data(browser, pages: str) -> None:
    complaints: list[str] = []
    page = browser.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(pages + KINDS["method"]["en"])
    assert page.evaluate("JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)['@graph'].length") == 2
    page.close()
    assert complaints == []


def test_pages_link_to_the_other_forms_of_their_record(client: httpx.Client) -> None:
    answer = client.get(KINDS["method"]["sv"])
    page = lxml.html.document_fromstring(answer.text)
    alternates = {one.get("type"): one.get("href") for one in page.xpath("//link[@rel='alternate'][@type]")}
    wanted = {
        "text/turtle": "/methods/opt-psa-mri.ttl",
        "application/n-triples": "/methods/opt-psa-mri.nt",
        "application/rdf+xml": "/methods/opt-psa-mri.rdf",
        "application/ld+json": "/methods/opt-psa-mri.jsonld",
    }
    assert wanted.items() <= alternates.items()
    assert all(client.get(path).headers["content-type"].startswith(kind) for kind, path in wanted.items())
    header = answer.headers["link"]
    assert '</methods/opt-psa-mri.ttl>; rel="describedby"' in header
    assert f'<{str(client.base_url).rstrip("/")}{KINDS["method"]["sv"]}>; rel="canonical"' in header
