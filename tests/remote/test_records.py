"""The facts about the records in a store elsewhere: the same named graph as in memory, replaced whole, and taken out with its snapshot."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat
from stores import Oxigraph
from test_sparql import Endpoint, served

from phkg.graph.compile import compile_snapshot
from phkg.graph.remote.catalogue import read_catalogue, records_graph
from phkg.graph.remote.current import CurrentRemote
from phkg.graph.remote.publish import Records, publish_snapshot
from phkg.graph.remote.store import Store
from phkg.graph.snapshot import Snapshot
from phkg.publishing.linked import LinkedOf
from phkg.publishing.record_graph import RecordGraph
from phkg.publishing.records_elsewhere import records_elsewhere
from phkg.publishing.site import Publisher
from phkg.records.knowledge import Knowledge, find_knowledge
from phkg.sparql.limits import Limits

BASE = "https://example.net/insulo/"
INSULO = Path(__file__).resolve().parents[1] / "elsewhere" / "insulo"
SHOWN = f"{BASE}registry#records"


def commit(root: Path, message: str, day: str) -> None:
    people = {
        f"GIT_{who}_{what}": text
        for who in ("AUTHOR", "COMMITTER")
        for what, text in (("NAME", "Ana"), ("EMAIL", "a@example.org"), ("DATE", f"{day}T07:08:09Z"))
    }
    for arguments in (("init", "-q"), ("add", "-A"), ("commit", "-qm", message)):
        subprocess.run(["git", "-C", str(root), *arguments], env={**os.environ, **people}, check=True, capture_output=True)


@dataclass(frozen=True)
class Land:
    """A registry with a history, its snapshot, and what memory holds of both."""

    knowledge: Knowledge
    snapshot: Snapshot
    memory: pyoxigraph.Store


@pytest.fixture(scope="module")
def land(tmp_path_factory: pytest.TempPathFactory) -> Land:
    folder = tmp_path_factory.mktemp("land")
    root = shutil.copytree(INSULO, folder / "insulo")
    commit(root, "The beginning", "2024-05-06")
    knowledge = find_knowledge(root)
    snapshot = compile_snapshot(knowledge, date(2032, 1, 1), folder / "into")
    file = RecordGraph(Publisher(lambda: snapshot, knowledge.ontology / "queries"), LinkedOf(knowledge)).file()
    memory = pyoxigraph.Store()
    memory.load(path=snapshot.path / "graph.nt", format=RdfFormat.N_TRIPLES)
    memory.load(path=file, format=RdfFormat.N_QUADS)
    return Land(knowledge, snapshot, memory)


@pytest.fixture(scope="module")
def endpoint(land: Land, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """The endpoint in front of a store that holds both, and a graph that is nobody's business."""
    server = Oxigraph(tmp_path_factory.mktemp("store"))
    store = Store(server.addresses)
    publish_snapshot(store, BASE, land.snapshot, 2, records=records_elsewhere(land.snapshot, land.knowledge))
    store.update("INSERT DATA { GRAPH <https://example.org/secret> { <x:secret> <x:secret> <x:secret> } }", 10)
    current = read_catalogue(store, BASE, 10).current
    assert current and current.records.startswith(f"{SHOWN}/")
    with served(server.addresses.query, current.name, Limits(workers=2, client_workers=2), BASE, current.records) as running:
        yield running
    store.close()
    server.close()


QUERIES = [
    f"SELECT ?s ?p ?o {{ GRAPH <{SHOWN}> {{ ?s ?p ?o }} }}",
    "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }",
    "SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } }",
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
    f"PREFIX r: <{BASE}registry#> SELECT (COUNT(*) AS ?n) {{ GRAPH r:records {{ ?s ?p ?o }} }}",
    f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{BASE}other> {{ ?s ?p ?o }} }}",
    f"ASK {{ GRAPH <{SHOWN}> {{ }} }}",
    f"ASK {{ GRAPH <{SHOWN}/1> {{ ?s ?p ?o }} }}",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    f"""PREFIX foaf: <http://xmlns.com/foaf/0.1/> PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX ph: <https://w3id.org/phkg/ontology#>
    SELECT ?thing ?when {{ ?thing a ph:ImplementationStatement . GRAPH <{SHOWN}> {{ ?record foaf:primaryTopic ?thing ; dcterms:modified ?when }} }}""",
    "SELECT ?n { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } }",
    "SELECT ?g ?s { GRAPH ?g { { ?s a <http://www.w3.org/ns/prov#Activity> } UNION { ?s a <http://xmlns.com/foaf/0.1/Document> } } }",
    "SELECT ?t { ?t a <https://w3id.org/phkg/ontology#Method> FILTER EXISTS { GRAPH ?g { ?r <http://xmlns.com/foaf/0.1/primaryTopic> ?t } } }",
    f"SELECT ?s ?p ?o FROM <{SHOWN}> {{ ?s ?p ?o }}",
    f"SELECT ?s ?p ?o FROM NAMED <{SHOWN}> WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    f"SELECT ?g ?s FROM NAMED <{SHOWN}> {{ {{ ?s ?p ?o }} UNION {{ GRAPH ?g {{ ?s a ?class }} }} }}",
    f"SELECT ?s FROM <{SHOWN}> {{ GRAPH <{SHOWN}> {{ ?s ?p ?o }} }}",
    f"SELECT ?s FROM <x:from> FROM NAMED <x:named> FROM <{SHOWN}> {{ ?s a ?class }}",
    f"PREFIX r: <{BASE}registry#> SELECT (COUNT(*) AS ?n) FROM r:records {{ ?s ?p ?o }}",
    f"PREFIX r: <{BASE}> SELECT (COUNT(*) AS ?n) FROM NAMED r:registry\\#records {{ GRAPH r:registry\\#records {{ ?s ?p ?o }} }}",
    f"BASE <{BASE}methods/> PREFIX r: <../registry#> SELECT (COUNT(*) AS ?n) FROM <../registry#records> FROM r:other {{ ?s ?p ?o }}",
    "SELECT (COUNT(*) AS ?n) FROM <https://example.org/secret> { ?s ?p ?o }",
    f"ASK FROM <{SHOWN}> {{ ?s a <https://w3id.org/phkg/ontology#Method> }}",
    f"SELECT ?s {{ GRAPH <{SHOWN}> {{ ?s a ?class }} OPTIONAL {{ GRAPH ?h {{ ?s <x:never> ?o }} }} }}",
]


def answered(memory: pyoxigraph.Store, query: str) -> list[str]:
    text = bytes(memory.query(query).serialize(format=QueryResultsFormat.TSV if "ASK" not in query else QueryResultsFormat.JSON) or b"").decode()
    return sorted(text.splitlines())


@pytest.mark.parametrize("query", QUERIES)
def test_every_query_is_answered_as_from_memory(endpoint: Endpoint, land: Land, query: str) -> None:
    answer = endpoint.query(query, format="json" if "ASK" in query else "tsv")
    assert answer.status_code == 200, answer.text
    assert sorted(answer.text.splitlines()) == answered(land.memory, query)
    assert "secret" not in answer.text


def test_the_data_set_can_be_named_in_the_request(endpoint: Endpoint, land: Land) -> None:
    everything = "SELECT ?s ?p ?o { ?s ?p ?o }"
    named = "SELECT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } }"
    wanted = answered(land.memory, f"SELECT ?s ?p ?o {{ GRAPH <{SHOWN}> {{ ?s ?p ?o }} }}")
    assert sorted(endpoint.query(everything, format="tsv", **{"default-graph-uri": SHOWN}).text.splitlines()) == wanted
    assert sorted(endpoint.query(named, format="tsv", **{"named-graph-uri": SHOWN}).text.splitlines()) == wanted
    for query, parameter in ((named, "default-graph-uri"), (everything, "named-graph-uri")):
        assert len(endpoint.query(query, format="tsv", **{parameter: SHOWN}).text.splitlines()) == 1
    assert len(endpoint.query(everything, format="tsv", **{"default-graph-uri": "https://example.org/secret"}).text.splitlines()) == 1
    # What the request names goes before what the query names.
    from_elsewhere = "SELECT ?s ?p ?o FROM <x:other> { ?s ?p ?o }"
    assert sorted(endpoint.query(from_elsewhere, format="tsv", **{"default-graph-uri": SHOWN}).text.splitlines()) == wanted


def test_a_graph_is_made_of_what_the_query_names(endpoint: Endpoint, land: Land) -> None:
    query = f"CONSTRUCT {{ ?s a ?class }} FROM <{SHOWN}> WHERE {{ ?s a ?class }}"
    told = pyoxigraph.serialize(land.memory.query(query), format=RdfFormat.N_TRIPLES).decode()
    assert sorted(endpoint.query(query, format="nt").text.splitlines()) == sorted(told.splitlines()) != []


def test_newer_facts_take_the_place_of_older_ones_and_go_with_their_snapshot(store: Store, days: list[Snapshot], tmp_path: Path) -> None:
    def records(name: str, count: int) -> Records:
        return Records(SHOWN, name, tuple(f"<x:{number}> <x:in> <x:{name}> .\n".encode() for number in range(count)))

    def graphs() -> set[str]:
        return {row["g"].value for row in store.select("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }") if row["g"].value.startswith(SHOWN)}

    first = publish_snapshot(store, BASE, days[0], 2, records=records("a", 5))
    current = CurrentRemote(store, BASE, tmp_path, lambda snapshot: None, pytest.fail)
    assert first.switched and graphs() == {records_graph(SHOWN, "a")} and current.get().records == records_graph(SHOWN, "a")
    assert not publish_snapshot(store, BASE, days[0], 2, records=records("a", 5)).switched
    again = publish_snapshot(store, BASE, days[0], 2, records=records("b", 7))
    assert (again.switched, again.loaded) == (True, 7) and graphs() == {records_graph(SHOWN, "b")}
    assert current.refresh() and current.get().records == records_graph(SHOWN, "b") and current.get().name == days[0].name
    publish_snapshot(store, BASE, days[1], 2, records=records("c", 3))
    publish_snapshot(store, BASE, days[2], 2)
    assert graphs() == {records_graph(SHOWN, "c")}
    assert read_catalogue(store, BASE, 10).current.records == ""
