"""The catalogue for data portals and the statistics, held against the shapes of DCAT-AP and counted anew."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import httpx
import pyshacl
import pytest
import rdflib
from rdflib import DCAT, DCTERMS, FOAF, RDF, VOID, XSD, Literal, Namespace, URIRef

BASE = "https://w3id.org/phkg/"
DATASET = URIRef(BASE + "catalogue#dataset")
SPDX = Namespace("http://spdx.org/rdf/terms#")
DCATAP = Namespace("http://data.europa.eu/r5r/")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
AUTHORITY = """
    @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
    <http://publications.europa.eu/resource/authority/planned-availability/STABLE> a skos:Concept ; skos:prefLabel "stable"@en .
    <http://publications.europa.eu/resource/authority/data-theme/HEAL> a skos:Concept ; skos:prefLabel "Health"@en .
"""
"""What the authority tables of the European Union say of the concepts that the catalogue names."""
SHAPES = Path(__file__).parent / "dcat_ap" / "dcat-ap-3.0.0-shacl.jsonld"


@pytest.fixture(scope="module")
def client(pages: str):
    with httpx.Client(base_url=pages, timeout=120) as client:
        yield client


@pytest.fixture(scope="module")
def catalogue(client: httpx.Client) -> rdflib.Graph:
    answer = client.get("/catalogue", headers={"Accept": "text/turtle"})
    assert answer.status_code == 200
    return rdflib.Graph().parse(data=answer.text, format="turtle")


@pytest.fixture(scope="module")
def shapes() -> rdflib.Graph:
    return rdflib.Graph().parse(SHAPES, format="json-ld")


def faults(data: rdflib.Graph, shapes: rdflib.Graph) -> list[str]:
    whole = rdflib.Graph().parse(data=AUTHORITY, format="turtle") + data
    _, results, _ = pyshacl.validate(whole, shacl_graph=shapes, inference="rdfs")
    sh = rdflib.SH
    found = [
        f"{results.value(one, sh.focusNode)} {results.value(one, sh.resultPath)} {results.value(one, sh.value)} {results.value(one, sh.sourceConstraintComponent)}"
        for one in results.subjects(RDF.type, sh.ValidationResult)
        if results.value(one, sh.resultSeverity) == sh.Violation
    ]
    return sorted(found)


def test_the_catalogue_satisfies_dcat_ap(catalogue: rdflib.Graph, shapes: rdflib.Graph) -> None:
    assert faults(catalogue, shapes) == []


@pytest.mark.parametrize(
    "subject, predicate",
    [(DATASET, DCTERMS.title), (URIRef(BASE + "catalogue"), DCTERMS.publisher), (URIRef(BASE + "catalogue#sparql"), DCAT.endpointURL)],
)
def test_the_shapes_see_what_is_missing(catalogue: rdflib.Graph, shapes: rdflib.Graph, subject: URIRef, predicate: URIRef) -> None:
    broken = rdflib.Graph()
    for triple in catalogue:
        if triple[:2] != (subject, predicate):
            broken.add(triple)
    assert any(str(subject) in fault for fault in faults(broken, shapes))


def test_what_the_swedish_profile_asks_for_besides(catalogue: rdflib.Graph) -> None:
    """DCAT-AP-SE 3: licence of each distribution, contact with a name, rights, language, how long it stays."""
    publisher = catalogue.value(DATASET, DCTERMS.publisher)
    contact = catalogue.value(DATASET, DCAT.contactPoint)
    assert catalogue.value(publisher, FOAF.name) and catalogue.value(contact, VCARD.fn)
    assert str(catalogue.value(DATASET, DCTERMS.accessRights)).endswith("/access-right/PUBLIC")
    assert {title.language for title in catalogue.objects(DATASET, DCTERMS.title)} == {"sv", "en"}
    assert len(set(catalogue.objects(DATASET, DCTERMS.language))) == 2
    assert {str(theme).rsplit("/", 1)[-1] for theme in catalogue.objects(DATASET, DCAT.theme)} == {"HEAL"}
    assert {word.language for word in catalogue.objects(DATASET, DCAT.keyword)} == {"sv", "en"}
    distributions = list(catalogue.objects(DATASET, DCAT.distribution))
    assert len(distributions) > 20
    for one in distributions:
        assert str(catalogue.value(one, DCTERMS.license)) == "https://creativecommons.org/publicdomain/zero/1.0/"
        assert catalogue.value(one, DCATAP.availability) and catalogue.value(one, DCTERMS["format"])


def test_every_distribution_can_be_downloaded_and_is_as_told(client: httpx.Client, catalogue: rdflib.Graph) -> None:
    for one in catalogue.objects(DATASET, DCAT.distribution):
        body = client.get(str(catalogue.value(one, DCAT.downloadURL))).content
        assert int(catalogue.value(one, DCAT.byteSize)) == len(body)
        checksum = catalogue.value(catalogue.value(one, SPDX.checksum), SPDX.checksumValue)
        assert checksum == Literal(sha256(body).hexdigest(), datatype=XSD.hexBinary)


def test_no_address_of_a_person_is_told(client: httpx.Client) -> None:
    for path in ("/catalogue.ttl", "/void.ttl", "/methods/nipt-trisomies.ttl", "/sv/metoder/nipt-trisomies/"):
        assert "mailto:" not in client.get(path).text and "@users." not in client.get(path).text


def test_the_statistics_are_those_of_the_graph(client: httpx.Client, real_snapshot) -> None:
    void = rdflib.Graph().parse(data=client.get("/void.nt").text, format="nt")
    graph = rdflib.Graph().parse(real_snapshot.path / "graph.nt", format="nt")
    classes = set(graph.objects(None, RDF.type))
    assert int(void.value(DATASET, VOID.triples)) == len(graph)
    assert int(void.value(DATASET, VOID.properties)) == len(set(graph.predicates()))
    assert int(void.value(DATASET, VOID.classes)) == len(classes)
    assert int(void.value(DATASET, VOID.entities)) == len(set(graph.subjects(RDF.type)))
    counted = {void.value(part, VOID["class"]): int(void.value(part, VOID.entities)) for part in void.objects(DATASET, VOID.classPartition)}
    assert counted == {one: len(set(graph.subjects(RDF.type, one))) for one in classes}
    for example in void.objects(DATASET, VOID.exampleResource):
        assert client.get(str(example).replace(BASE, "/") + ".ttl").status_code == 200


def test_a_browser_is_led_from_the_catalogue_to_the_downloads(client: httpx.Client) -> None:
    answer = client.get("/catalogue", headers={"Accept": "text/html", "Accept-Language": "en"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/data/")
    assert client.get("/void", headers={"Accept": "text/html,*/*;q=0.1"}).headers["location"] == "/sv/data/"
