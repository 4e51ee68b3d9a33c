"""The W3C's protocol tests, all that an endpoint that is only read can run, and those that it has to turn away."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from rdflib import RDF, Graph, Namespace
from rdflib.collection import Collection

from phkg.sparql.limits import Limits

from .conftest import Endpoint, serve

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
DATA = "http://kasei.us/2009/09/sparql/data/"
FORMATS = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "tabular": {"application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"},
    "RDF": {"text/turtle", "application/n-triples", "application/rdf+xml"},
}


@dataclass(frozen=True)
class Request:
    """One request of a test and what has to come of it; None where the test does not say."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    statuses: tuple[str, ...]
    boolean: bool | None
    format: str | None


def suite() -> Path | None:
    """The folder of the protocol tests, from PHKG_W3C or beside the repository; None when it is absent."""
    root = Path(os.environ.get("PHKG_W3C") or Path(__file__).resolve().parents[3] / "shared" / "w3c")
    folder = root / "sparql" / "sparql11" / "protocol"
    return folder if folder.is_dir() else None


def read_tests(folder: Path) -> dict[str, list[Request]]:
    """The tests of the manifest by name, each with its requests in order."""
    graph = Graph().parse(folder / "manifest.ttl")
    tests = {}
    for test in graph.subjects(RDF.type, MF.ProtocolTest):
        connection = graph.value(test, MF.action)
        requests = Collection(graph, graph.value(connection, HT.requests))
        tests[str(test).split("#")[-1]] = [read_request(graph, request) for request in requests]
    return tests


def read_request(graph: Graph, node) -> Request:
    """One request of the manifest."""
    body, response, listed = graph.value(node, HT.body), graph.value(node, HT.resp), graph.value(node, HT.headers)
    headers = tuple((str(graph.value(h, HT.fieldName)), str(graph.value(h, HT.fieldValue))) for h in Collection(graph, listed)) if listed else ()
    content = str(graph.value(body, CNT.chars)).encode(str(graph.value(body, CNT.characterEncoding))) if body else b""
    boolean, format = graph.value(response, MF.expectedBoolean), graph.value(response, MF.expectedFormat)
    statuses = tuple(str(status)[-3] for status in graph.objects(response, MF.expectedStatus))
    path = str(graph.value(node, HT.absolutePath)).replace("/sparql/", "/sparql", 1)
    truth = None if boolean is None else bool(boolean.toPython())
    return Request(str(graph.value(node, HT.methodName)), path, headers, content, statuses, truth, None if format is None else str(format))


FOLDER = suite()
ABSENT = "the W3C suite sparql/sparql11/protocol is absent (PHKG_W3C)"
NONE = [pytest.param("", marks=pytest.mark.skip(reason=ABSENT))]
TESTS = read_tests(FOLDER) if FOLDER else {}
# An update that is right must be turned away here: the test's own expectation is that it is done.
UPDATES = {name for name in TESTS if name.startswith("update_")}


@pytest.fixture(scope="module")
def w3c(tmp_path_factory, quads_nursery) -> Iterator[Endpoint]:
    """An endpoint over the data of the suite, each file in a named graph, and all of them in the default graph."""
    folder = tmp_path_factory.mktemp("w3c")
    quads = []
    for number in (1, 2, 3):
        for line in (FOLDER / f"data{number}.nt").read_text().splitlines():
            if line.strip():
                quads.append(f"{line.rstrip().removesuffix('.')} <{DATA}data{number}.rdf> .")
    (folder / "graph.nq").write_text("\n".join(quads) + "\n")
    with serve(folder, Limits(workers=1), quads_nursery) as running:
        yield running


@pytest.mark.skipif(FOLDER is None, reason=ABSENT)
def test_the_suite_is_whole():
    assert len(TESTS) == 34 and len(UPDATES) == 7


@pytest.mark.parametrize("name", sorted(TESTS.keys() - UPDATES) or NONE)
def test_protocol(w3c, name):
    for request in TESTS[name]:
        answer = w3c.client.request(request.method, request.path, headers=list(request.headers), content=request.body or None)
        assert str(answer.status_code)[0] in request.statuses, answer.text
        if request.boolean is not None:
            assert answer.json()["boolean"] is request.boolean
        if request.format is not None:
            assert answer.headers["content-type"].split(";")[0] in FORMATS[request.format]


@pytest.mark.parametrize("name", sorted(UPDATES) or NONE)
def test_updates_are_turned_away(w3c, name):
    request = TESTS[name][0]
    answer = w3c.client.request(request.method, request.path, headers=list(request.headers), content=request.body)
    assert 400 <= answer.status_code < 500 and "read-only" in answer.json()["detail"]
