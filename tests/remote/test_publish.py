"""Publishing to a real store: whole or not at all, again without doing anything, on from where it was interrupted, old ones taken out."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path

import pytest
from pyoxigraph import Quad
from stores import Oxigraph

from phkg.graph.remote.catalogue import begun, catalogue_graph, read_catalogue, record_namespace, snapshot_graph
from phkg.graph.remote.current import fetch_current
from phkg.graph.remote.faults import StoreRefused, StoreUnavailable
from phkg.graph.remote.http import check_address
from phkg.graph.remote.publish import publish_snapshot
from phkg.graph.remote.store import Addresses, Store
from phkg.graph.snapshot import Snapshot

INSULO = "https://example.net/insulo/"
SWEDEN = "https://w3id.org/phkg/"


def triples_in(store: Store, base: str, name: str) -> set[tuple]:
    rows = store.select(f"SELECT ?s ?p ?o WHERE {{ GRAPH <{snapshot_graph(base, name)}> {{ ?s ?p ?o }} }}", 60, 60)
    return {(row["s"], row["p"], row["o"]) for row in rows}


def graphs_in(store: Store) -> set[str]:
    return {row["g"].value for row in store.select("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }")}


@pytest.mark.parametrize("graphs", [False, True], ids=["updates", "graph-store"])
def test_what_is_published_is_the_snapshot_and_a_second_time_does_nothing(tmp_path: Path, days: list[Snapshot], graphs: bool) -> None:
    server = Oxigraph(tmp_path, graphs)
    store = Store(server.addresses)
    try:
        first = publish_snapshot(store, INSULO, days[0], 3)
        assert first.switched and first.loaded == len(list(days[0].store))
        assert triples_in(store, INSULO, days[0].name) == {(one.subject, one.predicate, one.object) for one in days[0].store}
        current = read_catalogue(store, INSULO, 10).current
        assert current and (current.name, current.date, current.size) == (days[0].name, "2032-01-01", first.loaded)
        before = triples_in(store, INSULO, "../snapshots")
        again = publish_snapshot(store, INSULO, days[0], 3)
        assert (again.loaded, again.switched, again.removed) == (0, False, ())
        assert triples_in(store, INSULO, "../snapshots") == before
    finally:
        store.close()
        server.close()


def test_the_registry_says_what_its_records_begin_with(days: list[Snapshot]) -> None:
    assert record_namespace(days[0].store) == INSULO
    nothing: list[Quad] = []
    assert record_namespace(nothing) is None


def test_an_interrupted_publication_leaves_the_old_one_and_goes_on(store: Store, days: list[Snapshot], real_snapshot: Snapshot) -> None:
    publish_snapshot(store, SWEDEN, days[0], 3)

    def interrupt(done: int, of: int) -> None:
        if done * 2 > of:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish_snapshot(store, SWEDEN, real_snapshot, 3, interrupt)
    catalogue = read_catalogue(store, SWEDEN, 10)
    assert catalogue.current and catalogue.current.name == days[0].name
    assert next(one for one in catalogue.entries if one.name == real_snapshot.name).size is None
    there = len(triples_in(store, SWEDEN, real_snapshot.name))
    rest = publish_snapshot(store, SWEDEN, real_snapshot, 3)
    total = len((real_snapshot.path / "graph.nt").read_bytes().splitlines())
    assert 0 < there < total and rest.loaded == total - there and rest.switched
    assert triples_in(store, SWEDEN, real_snapshot.name) == {(one.subject, one.predicate, one.object) for one in real_snapshot.store}


def test_a_graph_that_lost_or_won_triples_is_mended(store: Store, days: list[Snapshot]) -> None:
    graph = snapshot_graph(INSULO, days[0].name)
    size = publish_snapshot(store, INSULO, days[0], 3).loaded
    for damage in (f"DELETE WHERE {{ GRAPH <{graph}> {{ ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?o }} }}",
                   f"INSERT DATA {{ GRAPH <{graph}> {{ <x:1> <x:2> <x:3> }} }}"):  # fmt: skip
        store.update(damage, 10)
        assert len(triples_in(store, INSULO, days[0].name)) != size
        publish_snapshot(store, INSULO, days[0], 3)
        assert triples_in(store, INSULO, days[0].name) == {(one.subject, one.predicate, one.object) for one in days[0].store}
        current = read_catalogue(store, INSULO, 10).current
        assert current and current.size == size


def test_a_snapshot_is_fetched_whole_or_not_at_all(store: Store, days: list[Snapshot], tmp_path: Path) -> None:
    sent = publish_snapshot(store, INSULO, days[0], 3).loaded
    triple = next(iter(sorted(str(one.triple) for one in days[0].store)))
    store.update(f"DELETE DATA {{ GRAPH <{snapshot_graph(INSULO, days[0].name)}> {{ {triple} }} }}", 10)
    with pytest.raises(StoreRefused, match=f"answers with {sent - 1} of the {sent} triples"):
        fetch_current(store, INSULO, tmp_path)
    assert not (tmp_path / days[0].name).exists()
    store.update(f"INSERT DATA {{ GRAPH <{snapshot_graph(INSULO, days[0].name)}> {{ {triple} }} }}", 10)
    fetched = fetch_current(store, INSULO, tmp_path)
    assert (fetched.name, fetched.date) == (days[0].name, days[0].date) and set(fetched.store) == set(days[0].store)


def test_old_snapshots_go_and_the_last_few_stay(store: Store, days: list[Snapshot]) -> None:
    store.update("INSERT DATA { GRAPH <x:other> { <x:1> <x:2> <x:3> } }", 10)
    store.update(begun(INSULO, "0" * 32, "2020-01-01", "2020-01-01T00:00:00Z"), 10)
    removed = [publish_snapshot(store, INSULO, day, 2).removed for day in days]
    # What was begun long ago and never finished goes first, then the oldest each time.
    assert removed == [("0" * 32,), (), (days[0].name,), (days[1].name,)]
    kept = {snapshot_graph(INSULO, day.name) for day in days[2:]}
    assert graphs_in(store) == kept | {catalogue_graph(INSULO), "x:other"}
    assert {one.graph for one in read_catalogue(store, INSULO, 10).entries} == kept
    back = publish_snapshot(store, INSULO, days[2], 2)
    assert (back.loaded, back.switched) == (0, True)


def test_a_reader_never_sees_half_a_snapshot(store: Store, oxigraph: Oxigraph, days: list[Snapshot]) -> None:
    publish_snapshot(store, INSULO, days[0], 2)
    reader, done, seen = Store(oxigraph.addresses), threading.Event(), []

    def read() -> None:
        home = catalogue_graph(INSULO)
        count = (
            f"SELECT ?size (COUNT(*) AS ?n) WHERE {{ GRAPH <{home}> {{ <{home}> <http://www.w3.org/ns/dcat#hasCurrentVersion> ?g . "
            "?g <http://rdfs.org/ns/void#triples> ?size } GRAPH ?g { ?s ?p ?o } } GROUP BY ?size"
        )
        while not done.is_set():
            seen.append([(row["size"].value, row["n"].value) for row in reader.select(count)])

    thread = threading.Thread(target=read)
    thread.start()
    for day in days[1:]:
        publish_snapshot(store, INSULO, day, 2)
    done.set()
    thread.join()
    reader.close()
    assert len(seen) > 3 and all(len(rows) == 1 and rows[0][0] == rows[0][1] for rows in seen)


def test_two_who_publish_at_once_leave_one_current_snapshot(store: Store, oxigraph: Oxigraph, days: list[Snapshot]) -> None:
    def publish(day: Snapshot) -> None:
        own = Store(oxigraph.addresses)
        with suppress(StoreRefused):  # The one who was overtaken is told so.
            publish_snapshot(own, INSULO, day, 3)
        own.close()

    threads = [threading.Thread(target=publish, args=(day,)) for day in days[:2]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    catalogue = read_catalogue(store, INSULO, 10)
    assert catalogue.current and catalogue.current.name in {day.name for day in days[:2]}
    assert all(one.size is not None for one in catalogue.entries) and len(catalogue.entries) == 2
    publish_snapshot(store, INSULO, days[2], 3)
    assert read_catalogue(store, INSULO, 10).pointers == (snapshot_graph(INSULO, days[2].name),)


def test_who_is_overtaken_by_another_is_told_by_whom(store: Store, oxigraph: Oxigraph, days: list[Snapshot]) -> None:
    class Overtaken(Store):
        def update(self, text: str, seconds: float) -> None:
            super().update(text, seconds)
            if "hasCurrentVersion" in text:
                publish_snapshot(store, INSULO, days[1], 3)

    late = Overtaken(oxigraph.addresses)
    publish_snapshot(store, INSULO, days[2], 3)
    with pytest.raises(StoreRefused, match=days[1].name):
        publish_snapshot(late, INSULO, days[0], 3)
    late.close()
    assert read_catalogue(store, INSULO, 10).pointers == (snapshot_graph(INSULO, days[1].name),)


def test_wrong_addresses_and_silent_stores_are_told_apart(oxigraph: Oxigraph, days: list[Snapshot]) -> None:
    good = oxigraph.addresses
    wrong = Store(Addresses(good.query, good.query))
    with pytest.raises(StoreRefused, match="/query"):
        publish_snapshot(wrong, INSULO, days[0], 3)
    oxigraph.close()
    gone = Store(good)
    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        publish_snapshot(gone, INSULO, days[0], 3)
    for store in (wrong, gone):
        store.close()


@pytest.mark.parametrize("address", ["ftp://a/b", "localhost:7878", "http://", "http://me:secret@a/b", "http://a/b#c"])
def test_an_address_that_is_none_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(ValueError) as refused:
        check_address(address)
    assert "secret" not in str(refused.value)
