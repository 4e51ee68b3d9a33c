"""The service description with VoID: what the W3C's three tests ask, counts that are right, limits that hold."""

import httpx
import pytest
from pyoxigraph import RdfFormat
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection

from phkg.graph.snapshot import write_snapshot
from phkg.sparql.limits import Limits

from .conftest import Endpoint, serve
from .test_w3c import ABSENT, MF, suite

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = Namespace("http://rdfs.org/ns/void#")
SCHEMA = Namespace("https://schema.org/")
DCTERMS = Namespace("http://purl.org/dc/terms/")
RESOURCES = {SD.endpoint, SD.feature, SD.supportedLanguage, SD.resultFormat, SD.defaultDataset, SD.defaultGraph}
FOLDER = suite()
MANIFEST = FOLDER.parent / "service-description" / "manifest.ttl" if FOLDER else None
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def described(endpoint: Endpoint, path: str = "/sparql") -> Graph:
    """The description as any RDF library reads it."""
    answer = endpoint.client.get(path, headers={"Accept": "text/turtle"})
    assert answer.status_code == 200
    return Graph().parse(data=answer.content, format="turtle")


def returns_rdf(endpoint: Endpoint) -> None:
    for format in (RdfFormat.TURTLE, RdfFormat.N_TRIPLES, RdfFormat.RDF_XML, RdfFormat.JSON_LD):
        answer = endpoint.client.get("/sparql", headers={"Accept": format.media_type})
        assert answer.headers["content-type"].split(";")[0] == format.media_type
        assert len(Graph().parse(data=answer.content, format=format.media_type)) > 30


def has_endpoint_triple(endpoint: Endpoint) -> None:
    (found,) = described(endpoint).subject_objects(SD.endpoint)
    assert found[1] == URIRef(f"{endpoint.client.base_url}/sparql")


def conforms_to_schema(endpoint: Endpoint) -> None:
    # As the recommendation, section 3, says: each property's value is of its range.
    graph = described(endpoint)
    (service,) = graph.subjects(RDF.type, SD.Service)
    (dataset,) = graph.objects(service, SD.defaultDataset)
    (default,) = graph.objects(dataset, SD.defaultGraph)
    assert (dataset, RDF.type, SD.Dataset) in graph and (default, RDF.type, SD.Graph) in graph
    assert graph.value(service, SD.supportedLanguage) == SD.SPARQL11Query
    used = {predicate for predicate in graph.predicates() if predicate.startswith(SD)}
    assert used == RESOURCES
    assert not any(isinstance(value, Literal) for predicate in used for value in graph.objects(None, predicate))


W3C = {"returns-rdf": returns_rdf, "has-endpoint-triple": has_endpoint_triple, "conforms-to-schema": conforms_to_schema}


@pytest.mark.skipif(FOLDER is None, reason=ABSENT)
def test_the_suite_has_no_other_tests():
    graph = Graph().parse(MANIFEST)
    (entries,) = graph.objects(None, MF.entries)
    assert {str(test).split("#")[-1] for test in Collection(graph, entries)} == set(W3C)


@pytest.mark.parametrize("name", W3C)
def test_service_description(endpoint, name):
    W3C[name](endpoint)


def test_the_data_is_counted(endpoint):
    graph = described(endpoint)
    (dataset,) = graph.subjects(RDF.type, SD.Dataset)
    # Five thousand subjects of four triples: type, label, number, next. A type, a label each, a number each, a subject each.
    counts = {"triples": 20_000, "distinctSubjects": 5_000, "distinctObjects": 15_001, "classes": 1, "properties": 4}
    for name, count in counts.items():
        assert graph.value(dataset, VOID[name]).toPython() == count, name
    parts = {graph.value(part, VOID.property): graph.value(part, VOID.triples).toPython() for part in graph.objects(dataset, VOID.propertyPartition)}
    assert len(parts) == 4 and set(parts.values()) == {5_000} and RDF.type in parts
    (part,) = graph.objects(dataset, VOID.classPartition)
    assert graph.value(part, VOID["class"]) == URIRef("https://example.org/Thing")
    assert graph.value(part, VOID.entities).toPython() == 5_000


def test_the_limits_are_stated_and_hold(hurried):
    graph = described(hurried)
    stated = {
        graph.value(limit, SCHEMA.propertyID).toPython(): graph.value(limit, SCHEMA.value).toPython()
        for limit in graph.subjects(RDF.type, SCHEMA.PropertyValue)
    }
    limits = hurried.pool.limits
    assert stated["timeout"] == 1.5 and stated["rows"] == 1_000 and stated["memory"] == 600_000_000
    assert stated["waiting"] == limits.share and stated["running"] == 2
    assert hurried.query(f"SELECT ?s {{ ?s ?p ?o }} LIMIT {stated['rows']}").status_code == 200
    assert hurried.query(f"SELECT ?s {{ ?s ?p ?o }} LIMIT {stated['rows'] + 1}").status_code == 413
    assert hurried.post("#" * (stated["query"] - 6) + "\nASK{}").status_code == 200
    assert hurried.post("#" * (stated["query"] - 5) + "\nASK{}").status_code == 413


def test_the_registry_names_itself(tmp_path):
    record = "<https://example.org/registry>"
    lines = [
        f"{record} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/phkg/ontology#Registry> .",
        f'{record} <http://purl.org/dc/terms/title> "Register å"@sv .',
        f'{record} <http://purl.org/dc/terms/license> "https://example.org/free"^^<http://www.w3.org/2001/XMLSchema#anyURI> .',
        f'{record} <https://w3id.org/phkg/ontology#recordNamespace> "https://example.org/"^^<http://www.w3.org/2001/XMLSchema#anyURI> .',
    ]
    with serve(write_snapshot(tmp_path, "named", "\n".join(sorted(lines)).encode() + b"\n", {}), Limits(workers=1)) as endpoint:
        graph = described(endpoint)
        (dataset,) = graph.subjects(RDF.type, SD.Dataset)
        assert graph.value(dataset, DCTERMS.title) == Literal("Register å", lang="sv")
        assert graph.value(dataset, DCTERMS.license) == URIRef("https://example.org/free")
        assert graph.value(dataset, VOID.uriSpace) == Literal("https://example.org/")


def test_the_well_known_address_describes_the_same(endpoint):
    answers = [endpoint.client.get(path, headers={"Accept": "text/turtle"}) for path in ("/sparql", "/.well-known/void")]
    assert answers[0].content == answers[1].content and answers[0].headers["etag"] == answers[1].headers["etag"]
    again = endpoint.client.get("/.well-known/void", headers={"Accept": "text/turtle", "If-None-Match": answers[0].headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    page = endpoint.client.get("/.well-known/void", headers={"Accept": BROWSER})
    assert (page.status_code, page.headers["location"]) == (303, "/en/queries")
    assert endpoint.client.post("/.well-known/void", data={"query": "ASK {}"}).status_code == 405
    assert endpoint.client.head("/.well-known/void").status_code == 200


def test_the_description_follows_the_snapshot(folder, snapshot_of):
    with serve(folder, Limits(workers=1)) as endpoint:
        endpoint.run(endpoint.pool.use("small", snapshot_of("small", 10, "liten")))
        graph = described(endpoint)
        (dataset,) = graph.subjects(RDF.type, SD.Dataset)
        assert graph.value(dataset, VOID.triples).toPython() == 40


def test_a_head_request_has_no_body(endpoint):
    answer: httpx.Response = endpoint.client.head("/sparql", headers={"Accept": "text/turtle"})
    assert (answer.status_code, answer.content) == (200, b"") and int(answer.headers["content-length"]) > 1_000
