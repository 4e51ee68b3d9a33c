"""Whatever a record says is shown as text: no markup, no script, no address that a browser would run."""

import asyncio
import json
import shutil
from datetime import date
from pathlib import Path

import httpx
import lxml.html
import pytest

from phkg.graph.compile import compile_snapshot
from phkg.publishing.app import create_app
from phkg.records.knowledge import find_knowledge

EVIL = "<script>alert(1)</script>\\\"'><img src=x onerror=alert(2)>&amp;{{ 7*7 }}{% raw %}%(n)s"
PLAIN = EVIL.replace('\\"', '"')
RECORDS = {
    "methods/evil.ttl": f"""
<https://example.org/ekland/methods/evil> a ph:Treatment ;
    skos:prefLabel "{EVIL}"@sv, "{EVIL}"@en ;
    skos:altLabel "{EVIL}"@sv ;
    dcterms:description "{EVIL}"@sv, "{EVIL}"@en ;
    ph:turnaroundDays "{EVIL}" ;
    schema:url "javascript:alert(3)"^^xsd:anyURI ;
    ph:statedBy <https://example.org/ekland/sources/evil> .
""",
    "sources/evil.ttl": f"""
<https://example.org/ekland/sources/evil> a ph:Source ;
    dcterms:title "{EVIL}"@sv ; dcterms:publisher "{EVIL}" ; dcterms:issued "2020"^^xsd:gYear ;
    ph:doi "{EVIL}" ;
    schema:url "JavaScript:alert(4)"^^xsd:anyURI .
""",
    "implementations/evil.ttl": f"""
<https://example.org/ekland/implementations/boda/evil/1> a ph:ImplementationStatement ;
    ph:method <https://example.org/ekland/methods/evil> ; ph:place <https://example.org/ekland/regions/boda> ;
    ph:statementKind <https://example.org/ekland/concepts/speech/deed> ; ph:state <https://example.org/ekland/concepts/stage/usual> ;
    ph:eligibility "{EVIL}"@sv ; ph:reason "{EVIL}"@sv ; ph:note "{EVIL}"@sv ;
    ph:statedBy <https://example.org/ekland/sources/evil> ; ph:confidence <https://example.org/ekland/concepts/surety/said> .
""",
    "organisations/evil.ttl": f"""
<https://example.org/ekland/organisations/evil> a org:Organization ; skos:prefLabel "{EVIL}"@sv ;
    schema:url "data:text/html,<script>alert(5)</script>"^^xsd:anyURI .
<https://example.org/ekland/organisations/evil/membership/1> a org:Membership ;
    org:organization <https://example.org/ekland/organisations/evil> ; org:member <https://example.org/ekland/organisations/rad> ;
    ph:roleText "{EVIL}"@sv .
""",
}
PREFIXES = """@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix schema: <https://schema.org/> .
@prefix ph: <https://w3id.org/phkg/ontology#> .
"""
PAGES = (
    "/sv/metoder/evil/",
    "/en/methods/evil/",
    "/sv/kallor/evil/",
    "/sv/organisationer/evil/",
    "/sv/organisationer/rad/",
    "/sv/regioner/boda/",
    "/en/overview/",
    "/sv/metoder/",
    "/sv/sok/?q=script",
    "/sv/",
)


class Client:
    """Asks an application without a network between."""

    def __init__(self, app) -> None:
        self._transport = httpx.ASGITransport(app)

    def get(self, path: str) -> httpx.Response:
        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(transport=self._transport, base_url="http://ekland.example") as client:
                return await client.get(path)

        return asyncio.run(ask())


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Client:
    folder = tmp_path_factory.mktemp("evil")
    root = shutil.copytree(Path(__file__).parents[1] / "views" / "town", folder / "town")
    for name, text in RECORDS.items():
        (root / "registry" / name).write_text(PREFIXES + text, encoding="utf-8")
    knowledge = find_knowledge(root)
    snapshot = compile_snapshot(knowledge, date(2021, 6, 1), folder / "snapshots")
    return Client(create_app(knowledge, lambda: snapshot))


def page(client: Client, path: str) -> lxml.html.HtmlElement:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return lxml.html.document_fromstring(answer.text)


@pytest.mark.parametrize("path", PAGES)
def test_no_record_adds_markup_to_a_page(client: Client, path: str) -> None:
    found = page(client, path)
    data = [script for script in found.iter("script") if script.get("type") == "application/ld+json"]
    assert [script for script in found.iter("script") if script not in data and "alert" in (script.text or "")] == []
    assert all(json.loads(script.text) for script in data)  # Nothing written ends the block before its time.
    assert found.xpath("//img[@onerror] | //*[@onerror] | //*[@onclick]") == []


@pytest.mark.parametrize("path", PAGES)
def test_no_record_adds_an_address_that_a_browser_would_run(client: Client, path: str) -> None:
    links = [link for _, attribute, link, _ in page(client, path).iterlinks() if attribute in ("href", "src", "action")]
    assert links and [link for link in links if not link.startswith(("/", "#", "http://", "https://"))] == []


def test_what_was_written_is_shown_to_the_letter(client: Client) -> None:
    found = page(client, "/sv/metoder/evil/")
    assert found.findtext(".//h1") == PLAIN
    text = found.text_content()
    assert text.count(PLAIN) > 6  # The name, its other name, the description, a fact, for whom, why, the note, the source.
    assert "49" not in found.findtext(".//h1")
    assert "javascript:alert(3)" in text


def test_an_identifier_cannot_break_out_of_its_address(client: Client) -> None:
    links = [link.get("href") for link in page(client, "/sv/kallor/evil/").iter("a") if "doi.org" in (link.get("href") or "")]
    assert len(links) == 1 and not set(links[0]) & set("<>\"' {}")


@pytest.mark.parametrize("path", ["/sv/<script>alert(1)</script>/", "/sv/oversikt/?area=<script>alert(1)</script>", "/sv/sok/?q=<script>alert(1)</script>"])
def test_no_address_adds_markup_to_a_page(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in (200, 400, 404)
    assert "<script>alert" not in answer.text
