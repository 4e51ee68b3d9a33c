"""Programs that people really use ask the endpoint and understand its answers."""

import json
import shutil
import subprocess

import pytest
from rdflib import Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, GET, JSON, JSONLD, N3, POST, POSTDIRECTLY, RDFXML, TSV, TURTLE, URLENCODED, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

THING = "https://example.org/thing/7"
LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
SELECT = f"SELECT ?l {{ <{THING}> <{LABEL}> ?l }}"
CONSTRUCT = f"CONSTRUCT {{ <{THING}> ?p ?o }} {{ <{THING}> ?p ?o }}"


def address(endpoint) -> str:
    """The endpoint's address."""
    return f"{endpoint.client.base_url}/sparql"


@pytest.mark.parametrize("method, how", [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)])
def test_sparqlwrapper_reads_tables(endpoint, method, how):
    wrapper = SPARQLWrapper(address(endpoint))
    wrapper.setMethod(method)
    wrapper.setRequestMethod(how)
    wrapper.setQuery(SELECT)
    wrapper.setReturnFormat(JSON)
    assert [row["l"]["value"] for row in wrapper.queryAndConvert()["results"]["bindings"]] == ["första å 7"]
    wrapper.setReturnFormat(XML)
    assert "första å 7" in wrapper.queryAndConvert().toxml()
    for format in (CSV, TSV):
        wrapper.setReturnFormat(format)
        assert "första å 7" in wrapper.queryAndConvert().decode()


@pytest.mark.parametrize("format", [TURTLE, RDFXML, N3, XML, JSONLD])
def test_sparqlwrapper_reads_graphs(endpoint, format):
    wrapper = SPARQLWrapper(address(endpoint))
    wrapper.setQuery(CONSTRUCT)
    wrapper.setReturnFormat(format)
    read = wrapper.queryAndConvert()
    text = read.decode() if isinstance(read, bytes) else read.serialize()
    assert "första å 7" in text


def test_sparqlwrapper_understands_a_refusal(endpoint):
    wrapper = SPARQLWrapper(address(endpoint))
    wrapper.setQuery("SELECT * { ?s ?p }")
    with pytest.raises(QueryBadFormed, match="Line 1, column 19"):
        wrapper.query()


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_reads_the_endpoint_as_a_store(endpoint, method):
    store = SPARQLStore(address(endpoint), method=method)
    assert [list(row) for row in store.query(SELECT)] == [[Literal("första å 7", lang="sv")]]
    assert bool(store.query(f"ASK {{ <{THING}> ?p ?o }}")) is True
    assert {predicate for (_, predicate, _), _ in store.triples((URIRef(THING), None, None))} >= {URIRef(LABEL)}
    assert len(store.query(CONSTRUCT).graph) == 4


@pytest.mark.skipif(shutil.which("curl") is None, reason="the program curl is not installed")
def test_curl(endpoint):
    def curl(*arguments: str) -> str:
        return subprocess.run(["curl", "-sS", *arguments, address(endpoint)], capture_output=True, check=True, text=True, timeout=30).stdout

    assert curl("-G", "--data-urlencode", f"query={SELECT}", "-H", "Accept: text/csv") == "l\nförsta å 7\n"
    assert json.loads(curl("--data-urlencode", f"query={SELECT}", "--compressed"))["head"] == {"vars": ["l"]}
    many = "SELECT ?l { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?l } LIMIT 500"
    assert len(curl("-G", "--data-urlencode", f"query={many}", "--compressed", "-H", "Accept: text/tab-separated-values").splitlines()) == 501
    head = curl("-I")
    assert head.startswith("HTTP/1.1 200") and "content-type: text/turtle" in head
    preflight = curl("-i", "-X", "OPTIONS", "-H", "Origin: https://example.org", "-H", "Access-Control-Request-Method: POST")
    assert preflight.startswith("HTTP/1.1 204") and "access-control-allow-origin: *" in preflight
