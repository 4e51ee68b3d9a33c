"""Nothing that a query says makes the server speak to another: a listener waits, and nobody comes."""

import socket
import sys

import pytest

from phkg.sparql.frames import Question
from phkg.sparql.limits import Limits

from .conftest import HERE, serve

ADDRESS = "http://127.0.0.1:{port}/x"
CALLS = [
    "SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE SILENT <{address}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ serviceSILENT<{address}>{{}} }}",
    "SELECT * {{ VALUES ?g {{ <{address}> }} SERVICE ?g {{ ?s ?p ?o }} }}",
    "PREFIX ex: <{address}> SELECT * {{ SERVICE ex: {{ ?s ?p ?o }} }}",
    "PREFIX ex: <{address}> SELECT * {{ SERVICEex:a{{}} }}",
    "SELECT * {{ BIND(1<2#>'''\n AS ?x) SERVICE <{address}> {{}} #'''\n}}",
]
DATA_SETS = ["SELECT * FROM <{address}> {{ ?s ?p ?o }}", "SELECT * FROM NAMED <{address}> {{ GRAPH ?g {{ ?s ?p ?o }} }}"]


@pytest.fixture
def listener():
    """A socket that listens on this machine."""
    with socket.create_server(("127.0.0.1", 0)) as waiting:
        waiting.setblocking(False)
        yield waiting


@pytest.fixture(scope="module")
def unguarded(folder):
    """An endpoint whose workers run SERVICE as if nobody had looked for it: only the wall is left."""
    with serve(folder, Limits(workers=1), (sys.executable, str(HERE / "unguarded_nursery.py"))) as running:
        yield running


def assert_nobody_came(listener: socket.socket) -> None:
    """No connection has been made: one that was made waits here, accepted or not."""
    with pytest.raises(BlockingIOError):
        listener.accept()


@pytest.mark.parametrize("call", CALLS)
def test_service_is_refused_and_contacts_nobody(endpoint, listener, call):
    query = call.format(address=ADDRESS.format(port=listener.getsockname()[1]))
    for answer in (endpoint.query(query), endpoint.post(query)):
        assert answer.status_code == 400 and answer.json()["code"] == "service"
        assert "SERVICE is switched off" in answer.json()["detail"] and answer.json()["line"] >= 1
    assert_nobody_came(listener)


@pytest.mark.parametrize("call", CALLS)
def test_a_worker_cannot_contact_anybody_even_when_asked(unguarded, listener, call):
    query = call.format(address=ADDRESS.format(port=listener.getsockname()[1]))
    question = Question(query, "http://localhost/", None, None, "application/json", "text/turtle")
    result = unguarded.run(unguarded.pool.run(question, 5))
    # A variable for a server is left to the end, where it is no server; SILENT hides that nobody was reached.
    assert result.answer.code in ("service", "evaluation") or ("SILENT" in call and result.answer.code is None)
    assert_nobody_came(listener)


@pytest.mark.parametrize("query", DATA_SETS)
def test_graphs_are_never_fetched(endpoint, listener, query):
    address = ADDRESS.format(port=listener.getsockname()[1])
    answer = endpoint.query(query.format(address=address))
    assert answer.status_code == 200 and answer.json()["results"]["bindings"] == []
    for name in ("default-graph-uri", "named-graph-uri"):
        assert endpoint.query("ASK { ?s ?p ?o }", **{name: address}).json()["boolean"] is False
    assert_nobody_came(listener)
