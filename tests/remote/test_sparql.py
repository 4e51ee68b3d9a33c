"""The public endpoint in front of a real store: the same protocol, the same refusals, and nothing of what else the store holds."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from stores import Oxigraph, Process

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sparql"))
from test_clients import *  # noqa: F403
from test_protocol import *  # noqa: F403

from phkg.graph.remote.current import RemoteSnapshot
from phkg.graph.remote.http import Credentials
from phkg.graph.remote.publish import publish_snapshot
from phkg.graph.remote.store import Store
from phkg.graph.snapshot import open_snapshot, write_snapshot
from phkg.sparql.forward import Elsewhere, ForwardingService
from phkg.sparql.limits import Limits

BASE = "https://example.org/"
SECRET = "https://example.org/secret"
PAGE = "/en/queries"


class Endpoint:
    """A running endpoint: a client whose base is the server."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client

    def query(self, query: str, **parameters: str) -> httpx.Response:
        """GET a query."""
        return self.client.get("/sparql", params={"query": query, **parameters})

    def post(self, query: str, **parameters: str) -> httpx.Response:
        """POST a query directly."""
        return self.client.post("/sparql", params=parameters, content=query.encode(), headers={"Content-Type": "application/sparql-query"})


@contextmanager
def served(address: str, name: str, limits: Limits, base: str = BASE, records: str = "") -> Iterator[Endpoint]:
    """The endpoint in front of the store that takes queries at an address, over the snapshot of a name and the graph of its records."""
    snapshot = RemoteSnapshot(name, Path(), {"date": "2031-01-01"}, None, records)  # type: ignore[arg-type]
    service = ForwardingService(Elsewhere(address, Credentials(), base), snapshot, PAGE, limits)
    started = threading.Event()

    async def app(scope, receive, send) -> None:
        if scope["type"] != "lifespan":
            return await service.app(scope, receive, send)
        await receive()
        await service.start()
        await send({"type": "lifespan.startup.complete"})
        started.set()
        await receive()
        await service.stop()
        await send({"type": "lifespan.shutdown.complete"})

    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    assert started.wait(60)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=30) as client:
            yield Endpoint(client)
    finally:
        server.should_exit = True
        thread.join(30)
    assert not thread.is_alive()


def graph_of(subjects: int) -> bytes:
    lines = []
    for number in range(subjects):
        subject = f"<https://example.org/thing/{number}>"
        lines += [
            f"{subject} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://example.org/Thing> .",
            f'{subject} <http://www.w3.org/2004/02/skos/core#prefLabel> "första å {number}"@sv .',
            f'{subject} <https://example.org/number> "{number}"^^<http://www.w3.org/2001/XMLSchema#integer> .',
            f"{subject} <https://example.org/next> <https://example.org/thing/{(number + 1) % subjects}> .",
        ]
    return ("\n".join(sorted(lines)) + "\n").encode()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A store with the snapshot that the tests of the embedded endpoint ask, and with something that is nobody's business."""
    folder = tmp_path_factory.mktemp("filled")
    server = Oxigraph(folder)
    store = Store(server.addresses)
    publish_snapshot(store, BASE, open_snapshot(write_snapshot(folder, "first", graph_of(5_000), {"date": "2031-01-01"})), 2)
    secret = f"<{SECRET}> <{SECRET}> <{SECRET}>"
    store.update(f"INSERT DATA {{ {secret} . GRAPH <{SECRET}> {{ {secret} }} }}", 10)
    yield server
    store.close()
    server.close()


@pytest.fixture(scope="module")
def endpoint(filled: Process) -> Iterator[Endpoint]:
    """An endpoint with its usual limits, but two workers everywhere."""
    with served(filled.addresses.query, "first", Limits(workers=2, client_workers=2)) as running:
        yield running


REACHING = [
    "SELECT * { ?s ?p <%s> }",
    "SELECT * { GRAPH ?g { ?s ?p <%s> } }",
    "SELECT * { GRAPH <%s> { ?s ?p ?o } }",
    "SELECT * FROM <%s> { ?s ?p ?o }",
    "SELECT * FROM NAMED <%s> { GRAPH ?g { ?s ?p ?o } }",
    "SELECT * { OPTIONAL { GRAPH ?g { ?s ?p <%s> } } }",
    "SELECT (COUNT(?s) AS ?n) { { SELECT ?s { GRAPH ?g { ?s ?p <%s> } } } }",
    "SELECT * { ?s ?p <%s> FILTER EXISTS { GRAPH ?g { ?s ?p ?o } } }",
    "CONSTRUCT { ?s ?p ?o } { GRAPH ?g { ?s ?p ?o . FILTER(?o = <%s>) } }",
    "DESCRIBE <%s>",
    'SELECT * { ?s ?p "\\u0022 } UNION { GRAPH ?g { ?s ?p <%s> } } #" }',
    "ASK { GRAPH <%s> { } }",
]


@pytest.mark.parametrize("query", REACHING)
def test_nothing_outside_the_snapshot_is_seen(endpoint: Endpoint, query: str) -> None:
    answer = endpoint.query(query % SECRET)
    assert answer.status_code == 200, answer.text
    assert SECRET not in answer.text.replace("\\/", "/") and "true" not in answer.text
    for parameters in ({"default-graph-uri": SECRET}, {"named-graph-uri": SECRET}):
        assert SECRET not in endpoint.query(query % SECRET, **parameters).text


def test_named_graphs_are_empty_and_their_variables_stay(endpoint: Endpoint) -> None:
    answer = endpoint.query("SELECT * { GRAPH ?g { ?s ?p ?o } }", format="csv")
    assert sorted(answer.text.strip().split(",")) == ["g", "o", "p", "s"]
    both = endpoint.query("PREFIX e: <https://example.org/> SELECT (COUNT(*) AS ?n) { { GRAPH e:thing { ?s ?p ?o } } UNION { ?s a e:Thing } }", format="csv")
    assert both.text.split() == ["n", "5000"]


@pytest.mark.parametrize("iri", ["bif:file_to_string", "java:java.lang.System", "sql:x", "\\u0062if:x", "file:///etc/passwd"])
def test_iris_that_call_what_is_no_data_are_refused(endpoint: Endpoint, iri: str) -> None:
    for query in (f"SELECT * {{ ?s <{iri}> ?o }}", f"PREFIX x: <{iri}> SELECT * {{ ?s x: ?o }}"):
        refused = endpoint.query(query)
        assert refused.status_code == 400 and refused.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT ?n { <https://example.org/thing/7> <https://example.org/number> ?n FILTER(?n>-1&&?n<=7) }", ["7"]),
        ("SELECT (1-1 AS ?n) {}", ["0"]),
        ('SELECT ?n { VALUES ?n { "a\\"b\\\\\\u00e5" } }', ['"a""b\\å"']),
        ("SELECT ?n { # GRAPH ?g {\n <https://example.org/thing/7> <https://example.org/next>/^<https://example.org/next>/<https://example.org/number> ?n }", ["7"]),
        ('SELECT ?n { BIND(STRDT("1","http://www.w3.org/2001/XMLSchema#integer"^^<http://www.w3.org/2001/XMLSchema#anyURI>) AS ?m) BIND("x"^^<https://example.org/t> AS ?n) }', ["x"]),
        ("SELECT ?n { <thing/7> <number> ?n }", []),
        ("BASE <https://example.org/> SELECT ?n { <thing/7> <number> ?n }", ["7"]),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER(!(?o<?s)) }", None),
    ],
)  # fmt: skip
def test_a_query_keeps_its_meaning_on_the_way(endpoint: Endpoint, query: str, rows: list[str] | None) -> None:
    answer = endpoint.query(query, format="csv")
    assert answer.status_code == 200, answer.text
    if rows is not None:
        assert answer.text.splitlines()[1:] == rows


def test_a_store_that_is_gone_gives_503_and_a_time_to_come_back(tmp_path: Path) -> None:
    server = Oxigraph(tmp_path)
    with served(server.addresses.query, "first", Limits(workers=2, client_workers=2)) as running:
        server.close()
        for _ in range(8):
            answer = running.query("SELECT * { ?s ?p ?o }")
            assert answer.status_code == 503 and int(answer.headers["retry-after"]) > 0
        assert running.query("SELECT * { ?s ?p").status_code == 400
        assert running.query("SELECT * FROM <x:y> { ?s ?p ?o }").status_code == 200


def test_a_query_past_its_deadline_is_given_up(tmp_path: Path, filled: Process) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/query"
        with served(address, "first", Limits(workers=2, client_workers=2, seconds=1.0)) as running:
            answer = running.query("SELECT * { ?s ?p ?o }")
            assert answer.status_code == 504 and answer.elapsed.total_seconds() < 5
