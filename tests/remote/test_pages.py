"""Everything that is served says the same, byte by byte, whether the snapshot is in memory or in a real store elsewhere."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pairs import Pair, twins
from pyoxigraph import RdfFormat
from pyoxigraph import Store as Triples
from stores import Oxigraph

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "publishing"))
from page_kinds import PATHS

from phkg.graph.compile import compile_snapshot
from phkg.graph.snapshot import Snapshot
from phkg.records.knowledge import Knowledge, find_knowledge

INSULO = Path(__file__).resolve().parents[1] / "elsewhere" / "insulo"
MOST_QUERIES = 4
"""Queries that one page may take once the snapshot has been opened, whatever is on it."""


@pytest.fixture(scope="module")
def insulo(tmp_path_factory: pytest.TempPathFactory, served_app) -> Iterator[Pair]:
    knowledge, folder = find_knowledge(INSULO), tmp_path_factory.mktemp("insulo")
    pair = Pair(knowledge, compile_snapshot(knowledge, date(2032, 1, 1), folder), served_app, Oxigraph(folder), folder)
    yield pair
    pair.close()


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory, real_knowledge: Knowledge, real_snapshot: Snapshot, served_app) -> Iterator[Pair]:
    pair = Pair(real_knowledge, real_snapshot, served_app, Oxigraph(folder := tmp_path_factory.mktemp("real")), folder)
    yield pair
    pair.close()


def test_every_page_and_twin_of_a_registry_is_the_same(insulo: Pair) -> None:
    pages = insulo.addresses()
    assert len(pages) > 20
    # The page of the downloads shows checksums of files that hold numbers as they were written, and a store may write them otherwise.
    compared = [path for path in pages if not path.endswith("/data/")]
    assert len(compared) == len(pages) - 2 and insulo.differ([*compared, *twins(compared)]) == []


def test_every_record_is_the_same_linked_data(insulo: Pair) -> None:
    rows = insulo.store.select("SELECT DISTINCT ?s WHERE { GRAPH ?g { ?s a ?c } FILTER(STRSTARTS(STR(?s), 'https://example.net/insulo/')) }")
    paths = [row["s"].value.removeprefix("https://example.net/insulo") for row in rows]
    assert len(paths) > 30
    assert insulo.differ([f"{path}{suffix}" for path in paths for suffix in (".ttl", ".jsonld")]) == []
    assert insulo.differ(["/ontology.ttl", "/registry.nt", "/void.ttl", "/shapes.ttl", "/api/", "/context.jsonld"]) == []


def test_the_dump_holds_the_same_triples(insulo: Pair) -> None:
    dumps = []
    for answer in insulo.get("/data/latest/registry.nt.gz"):
        assert answer.status_code == 307
        file = insulo.get(answer.headers["location"])[len(dumps)]
        dumps.append(Triples())
        dumps[-1].load(gzip.decompress(file.content), format=RdfFormat.N_TRIPLES)
    assert len(dumps[0]) > 2_000 and set(dumps[0]) == set(dumps[1])


def test_pictures_of_other_days_are_the_same(insulo: Pair) -> None:
    dated = [f"{path}?as-of=2031-06-01" for path in insulo.addresses() if "regions" in path or "methods" in path][:6]
    assert len(dated) == 6 and insulo.differ([*dated, *twins(dated)]) == []


def test_one_page_of_each_kind_of_the_real_registry_is_the_same(real: Pair) -> None:
    assert real.differ([*PATHS, *twins(PATHS)]) == []


def test_a_sample_of_each_kind_of_record_is_the_same_and_takes_few_queries(real: Pair) -> None:
    kinds: dict[str, list[str]] = {}
    # The page of the downloads shows checksums, see above.
    for path in (path for path in real.addresses() if not path.endswith("/data/")):
        kinds.setdefault(path.rsplit("/", 2)[0], []).append(path)
    sample = [path for found in kinds.values() for path in found[:: max(1, len(found) // 5)][:5]]
    assert len(sample) > 100
    taken = {}
    for path in sample:
        before = real.store.queries
        assert real.differ([path]) == []
        taken[path] = real.store.queries - before
    assert {path: count for path, count in taken.items() if count > MOST_QUERIES} == {}


def test_what_looks_at_every_record_is_the_same_and_takes_few_queries(real: Pair) -> None:
    before = real.store.queries
    assert real.differ(["/api/openapi.json", "/api/", "/sitemap/sources.xml"]) == []
    # The dumps, which are fetched whole, and three for each kind of record.
    assert real.store.queries - before <= 1 + 3 * 20


def test_what_was_fetched_is_not_fetched_again(real: Pair) -> None:
    real.differ(PATHS)
    before = real.store.queries
    real.differ(PATHS)
    assert real.store.queries == before


def test_what_is_not_there_is_not_there(insulo: Pair) -> None:
    here, there = insulo.get("/eo/methods/nenio/", Accept="text/html")
    assert here.status_code == there.status_code == 404 and here.text == there.text
    assert insulo.differ(["/methods/nenio.ttl", "/methods/nenio", "/nenio/", "/eo/methods.json?after=nenio"]) == []
