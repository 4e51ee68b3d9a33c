"""Linked data over real HTTP: every IRI, every form, read back by parsers that the program did not write."""

from __future__ import annotations

import json

import httpx
import pyoxigraph
import pytest
import rdflib
from pyld import jsonld
from pyoxigraph import NamedNode, RdfFormat
from rdflib.compare import isomorphic

BASE = "https://w3id.org/phkg/"
FORMS = {
    ".ttl": ("text/turtle", "turtle"),
    ".nt": ("application/n-triples", "nt"),
    ".rdf": ("application/rdf+xml", "xml"),
    ".jsonld": ("application/ld+json", "json-ld"),
}
THINGS = (
    "/methods/nipt-trisomies",
    "/methods/nipt-trisomies/use/1",
    "/implementations/skane/opt-psa-mri/2",
    "/organisations/gms",
    "/indicators/population",
    "/concepts/state",
    "/concepts/state/pilot",
    "/standings/skane/opt-psa-mri",
    "/coverages/opt-psa-mri",
    "/registry",
    "/ontology",
    "/shapes/methods",
)
BROWSER = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", "Accept-Language": "en"}


@pytest.fixture(scope="module")
def client(pages: str):
    with httpx.Client(base_url=pages, timeout=60) as client:
        yield client


def with_context(client: httpx.Client, text: str) -> dict:
    """A JSON-LD answer with the context that it names, fetched as a stranger would."""
    document = json.loads(text)
    return {**document, **client.get(document["@context"]).json()}


def graph(client: httpx.Client, path: str, suffix: str) -> rdflib.Graph:
    answer = client.get(path + suffix)
    assert answer.status_code == 200, path + suffix
    assert answer.headers["content-type"].split(";")[0] == FORMS[suffix][0]
    text = json.dumps(with_context(client, answer.text)) if suffix == ".jsonld" else answer.text
    return rdflib.Graph().parse(data=text, format=FORMS[suffix][1])


@pytest.mark.parametrize("path", THINGS)
def test_all_forms_hold_the_same_triples(client: httpx.Client, path: str) -> None:
    wanted = graph(client, path, ".nt")
    assert len(wanted) >= 3
    assert any(str(subject).startswith(BASE + path.strip("/")) for subject in wanted.subjects())
    for suffix in (".ttl", ".rdf", ".jsonld"):
        assert isomorphic(wanted, graph(client, path, suffix)), suffix


@pytest.mark.parametrize("path", ["/methods/nipt-trisomies", "/organisations/gms", "/standings/skane/opt-psa-mri", "/registry"])
def test_the_json_ld_processor_and_the_store_read_the_same_from_json_ld(client: httpx.Client, path: str) -> None:
    document = with_context(client, client.get(path + ".jsonld").text)
    wanted = set(client.get(path + ".nt").text.splitlines())
    by_store = {str(quad.triple) + " ." for quad in pyoxigraph.parse(json.dumps(document).encode(), format=RdfFormat.JSON_LD)}
    by_processor = rdflib.Graph().parse(data=jsonld.to_rdf(document, {"format": "application/n-quads"}), format="nt")
    assert by_store == wanted
    assert isomorphic(by_processor, rdflib.Graph().parse(data="\n".join(wanted), format="nt"))


def test_json_ld_reads_like_plain_json(client: httpx.Client) -> None:
    document = client.get("/methods/nipt-trisomies.jsonld").json()
    assert list(document)[:4] == ["@context", "id", "type", "prefLabel"]
    assert document["id"] == BASE + "methods/nipt-trisomies" and document["type"] == "DiagnosticMethod"
    assert document["prefLabel"] == {
        "en": "Non-invasive prenatal testing for trisomies 13, 18 and 21",
        "sv": "NIPT för trisomi 13, 18 och 21",
    }
    assert document["clinicalArea"] == BASE + "concepts/clinical-area/prenatal"
    assert document["specimen"] == [BASE + "concepts/specimen/cfdna", BASE + "concepts/specimen/plasma"]
    assert document["editorial"] is True
    evidence = next(part for part in document["parts"] if part["id"].endswith("/evidence/1"))
    assert evidence["type"] == "Evidence" and evidence["issued"] == {"type": "xsd:gYear", "@value": "2015"}


@pytest.mark.parametrize("suffix", FORMS)
@pytest.mark.parametrize("path", THINGS)
def test_negotiation_and_ending_give_the_same(client: httpx.Client, path: str, suffix: str) -> None:
    negotiated = client.get(path, headers={"Accept": FORMS[suffix][0]})
    plain = client.get(path + suffix)
    assert negotiated.content == plain.content and negotiated.headers["etag"] == plain.headers["etag"]
    assert "Accept" in negotiated.headers["vary"] and "vary" not in plain.headers
    assert negotiated.headers["content-location"] == path + suffix
    again = client.get(path + suffix, headers={"If-None-Match": plain.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_links_name_the_other_forms_the_thing_and_the_licence(client: httpx.Client) -> None:
    links = httpx.Response(200, headers={"Link": client.get("/methods/nipt-trisomies.ttl").headers["link"]}).links
    link = client.get("/methods/nipt-trisomies.ttl").headers["link"]
    assert links["describes"]["url"] == BASE + "methods/nipt-trisomies"
    assert links["canonical"]["url"] == f"{str(client.base_url).rstrip('/')}/methods/nipt-trisomies.ttl"
    assert links["license"]["url"] == "https://creativecommons.org/publicdomain/zero/1.0/"
    for suffix in (".nt", ".rdf", ".jsonld"):
        assert f'</methods/nipt-trisomies{suffix}>; rel="alternate"; type="{FORMS[suffix][0]}"' in link


@pytest.mark.parametrize(
    "iri, page",
    [
        ("/registry", "/en/"),
        ("/concepts/state", "/en/vocabulary/#scheme-state"),
        ("/standings/skane/opt-psa-mri", "/en/methods/opt-psa-mri/#skane"),
        ("/coverages/opt-psa-mri", "/en/methods/opt-psa-mri/"),
    ],
)
def test_a_browser_is_led_to_a_page_that_is_there(client: httpx.Client, iri: str, page: str) -> None:
    answer = client.get(iri, headers=BROWSER)
    assert (answer.status_code, answer.headers["location"]) == (303, page)
    path, _, fragment = page.partition("#")
    shown = client.get(path)
    assert shown.status_code == 200 and (not fragment or f'id="{fragment}"' in shown.text)


def test_shapes_are_served_as_they_lie_in_the_folder(client: httpx.Client, real_knowledge) -> None:
    for file in (real_knowledge.shapes / "methods.ttl", real_knowledge.shapes / "texts.ttl"):
        served = graph(client, f"/shapes/{file.stem}", ".ttl")
        assert isomorphic(served, rdflib.Graph().parse(file, format="turtle"))
    assert len(graph(client, "/shapes", ".nt")) > len(graph(client, "/shapes/methods", ".nt")) > 50
    assert client.get("/shapes/methods", headers=BROWSER).headers["location"] == "/en/rules/methods/"


def test_every_record_of_the_registry_answers(client: httpx.Client, real_snapshot) -> None:
    """A sample spread over all of the registry: every eleventh subject."""
    type_ = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    subjects = sorted({q.subject.value for q in real_snapshot.store.quads_for_pattern(None, type_, None, None)})
    mine = [iri for iri in subjects if iri.startswith(BASE) and "#" not in iri][::11]
    failed = [iri for iri in mine if client.get("/" + iri[len(BASE) :] + ".nt").status_code != 200]
    assert len(mine) > 300 and not failed


@pytest.mark.parametrize("path", ["/methods/no-such-thing.ttl", "/shapes/no-such", "/shapes/%2e%2e%2fpyproject", "/methods/.ttl", "/concepts/.nt"])
def test_what_is_not_there_is_404(client: httpx.Client, path: str) -> None:
    assert client.get(path, headers={"Accept": "text/turtle"}).status_code == 404
