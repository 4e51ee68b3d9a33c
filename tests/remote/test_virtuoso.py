"""A smaller round with Virtuoso, which keeps to the standards in a way of its own (Debian's virtuoso-opensource-7-bin)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pairs import Pair, twins
from stores import VIRTUOSO_INI, Virtuoso
from test_sparql import REACHING, SECRET, served

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "publishing"))
from page_kinds import PATHS

from phkg.graph.remote.catalogue import snapshot_graph
from phkg.graph.remote.faults import StoreRefused
from phkg.graph.remote.publish import publish_snapshot
from phkg.graph.remote.store import Store
from phkg.graph.snapshot import Snapshot
from phkg.records.knowledge import Knowledge
from phkg.sparql.limits import Limits

PACKAGE = "virtuoso-opensource-7-bin"
SWEDEN = "https://w3id.org/phkg/"


@pytest.fixture(scope="session")
def virtuoso_program() -> str:
    """The program, installed now if this machine lets us; otherwise the tests say what is missing."""
    found = shutil.which("virtuoso-t")
    if not found and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", PACKAGE]):
            subprocess.run(["apt-get", *command], env=quiet, capture_output=True, timeout=300, check=False)
        found = shutil.which("virtuoso-t")
    if not found:
        pytest.skip(f"virtuoso-t is not here: install Debian's package {PACKAGE}, or run this as root where apt works.")
    return found


@pytest.fixture(scope="module")
def pair(virtuoso_program: str, tmp_path_factory: pytest.TempPathFactory, real_knowledge: Knowledge, real_snapshot: Snapshot, served_app) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("virtuoso")
    pair = Pair(real_knowledge, real_snapshot, served_app, Virtuoso(folder, virtuoso_program), folder)
    yield pair
    pair.close()


def test_pages_and_twins_are_the_same(pair: Pair) -> None:
    assert pair.differ([*PATHS, *twins(PATHS)]) == []


def test_records_of_each_kind_are_the_same(pair: Pair) -> None:
    kinds: dict[str, list[str]] = {}
    for path in pair.addresses():
        kinds.setdefault(path.rsplit("/", 2)[0], []).append(path)
    sample = [path for found in kinds.values() for path in found[::-1][:2]]
    assert len(sample) > 20 and pair.differ([*sample, *twins(sample)]) == []


def test_a_second_publication_does_nothing(pair: Pair, real_snapshot: Snapshot) -> None:
    again = publish_snapshot(pair.store, SWEDEN, real_snapshot, 2)
    assert (again.loaded, again.switched, again.removed) == (0, False, ())


def test_queries_see_the_snapshot_and_nothing_else(pair: Pair, real_snapshot: Snapshot) -> None:
    pair.store.add(SECRET, f"<{SECRET}> <{SECRET}> <{SECRET}> .\n".encode(), 10)
    with served(pair.server.addresses.query, real_snapshot.name, Limits(workers=2, client_workers=2), SWEDEN) as endpoint:
        counted = endpoint.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", format="csv")
        assert counted.text.replace('"', "").split()[-1] == str(len(list(real_snapshot.store)))
        for query in REACHING:
            answer = endpoint.query(query % SECRET)
            assert SECRET not in answer.text, query
        graph = endpoint.query("CONSTRUCT { ?s ?p ?o } { ?s a <https://w3id.org/phkg/ontology#Registry> ; ?p ?o }", format="nt")
        assert graph.status_code == 200 and b"Precision Health in Sweden" in graph.content


def test_a_store_that_cuts_answers_is_found_out(virtuoso_program: str, tmp_path: Path, days: list[Snapshot]) -> None:
    server = Virtuoso(tmp_path, virtuoso_program, VIRTUOSO_INI.replace("1000000", "1000"))
    store = Store(server.addresses, server.credentials)
    base = "https://example.net/insulo/"
    try:
        publish_snapshot(store, base, days[0], 2)
        with pytest.raises(StoreRefused, match="ResultSetMaxRows"):
            store.select(f"SELECT ?s ?p ?o WHERE {{ GRAPH <{snapshot_graph(base, days[0].name)}> {{ ?s ?p ?o }} }}")
    finally:
        store.close()
        server.close()
