"""Publish a snapshot to a store: load it into a graph of its own, count it there, switch the pointer last, take out old ones.

Whatever is interrupted leaves the snapshot before it in use, and the same command goes on where it stopped. Nothing is read of the
store but counts and the catalogue, so a graph that a store keeps in other words (`01` as `1`) is no fault as long as nothing is lost.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from phkg.graph.remote.catalogue import begun, read_catalogue, records_graph, removal, snapshot_graph, switched
from phkg.graph.remote.faults import StoreRefused, StoreUnavailable
from phkg.graph.remote.store import Store
from phkg.graph.snapshot import GRAPH, Snapshot

CHUNK = 2_000
"""Triples that are sent at once. To go on after a break counts on every version of the program sending as many."""
SECONDS = 120.0
"""How long the store may take for one step, with its second try."""
COUNT_SECONDS = 60.0
SEEN_SECONDS = 10.0
"""How long what was written may take to be seen in queries (a store may answer these from copies)."""
FOLLOWED_SECONDS = 6.0
"""After this time those who read from the store have seen that a graph was replaced: they look every three seconds."""
LEFT_BEHIND = timedelta(days=1)
"""After this time a snapshot that was begun and never finished is taken out."""
LEAST_KEPT = 2
"""Snapshots that stay at the least: the current one, and the one before, from which requests may still be answered."""


@dataclass(frozen=True)
class Records:
    """The facts about the records of a snapshot: `lines` in N-Triples, of a version called `name`, for the named graph `graph`."""

    graph: str
    name: str
    lines: tuple[bytes, ...]


@dataclass(frozen=True)
class Published:
    """What became of it: `loaded` triples were sent now (0: all were there), `switched` says whether the pointer was moved.

    `removed` are the names of older snapshots that were taken out.
    """

    graph: str
    loaded: int
    switched: bool
    removed: tuple[str, ...]


def publish_snapshot(
    store: Store,
    base: str,
    snapshot: Snapshot,
    keep: int,
    progress: Callable[[int, int], None] = lambda done, of: None,
    records: Records | None = None,
) -> Published:
    """Publish a snapshot of the registry whose records begin with `base`, with the facts about them, and keep so many snapshots in all.

    `progress` is told how many triples of how many are there. Raises StoreFault; the snapshot before then stays in use.
    """
    graph = snapshot_graph(base, snapshot.name)
    lines = (snapshot.path / GRAPH).read_bytes().splitlines(keepends=True)
    beside = records_graph(records.graph, records.name) if records else ""
    before = read_catalogue(store, base, COUNT_SECONDS)
    entry = next((one for one in before.entries if one.graph == graph), None)
    loaded = 0
    if entry is None:
        store.update(begun(base, snapshot.name, snapshot.date.isoformat(), _now()), SECONDS)
    if entry is None or entry.size is None or _count(store, graph) != len(lines):
        loaded = _load(store, base, graph, lines, progress, goes_on=entry is not None and entry.size is None)
    if records and _count(store, beside) != len(records.lines):
        loaded += _load(store, base, beside, list(records.lines), lambda done, of: None, goes_on=False)
    at_first = before.current
    moved = loaded > 0 or at_first is None or (at_first.graph, at_first.size, at_first.records) != (graph, len(lines), beside)
    if moved:
        _switch(store, base, snapshot.name, len(lines), beside)
    if entry and entry.records not in ("", beside):
        time.sleep(FOLLOWED_SECONDS)
        store.update(removal(base, entry.records)[1], SECONDS)
    return Published(graph, loaded, moved, _prune(store, base, graph, max(keep, LEAST_KEPT)))


def _switch(store: Store, base: str, name: str, size: int, records: str) -> None:
    catalogue = read_catalogue(store, base, COUNT_SECONDS)
    expected = {name, catalogue.current.name if catalogue.current else name}
    store.update(switched(catalogue, base, name, size, records, _now()), SECONDS)
    ends = time.monotonic() + SEEN_SECONDS
    while (current := read_catalogue(store, base, COUNT_SECONDS).current) is None or (current.name, current.records) != (name, records):
        if current and current.name not in expected:
            raise StoreRefused(
                f"Somebody else has made the snapshot {current.name} the current one meanwhile. It stays so; publish again to go back to {name}."
            )
        if time.monotonic() > ends:
            raise StoreRefused("The store took the update that makes the snapshot the current one, but does not show it.")
        time.sleep(0.5)


def _load(store: Store, base: str, graph: str, lines: list[bytes], progress: Callable[[int, int], None], goes_on: bool) -> int:
    there = _count(store, graph)
    if there > len(lines):
        _empty(store, base, graph)
        there = 0
    # The lines are sent in order, so after a break those that are there are the first ones; of the last chunk only some may be.
    start = there - there % CHUNK if goes_on else 0
    for at in range(start, len(lines), CHUNK):
        progress(at, len(lines))
        store.add(graph, b"".join(lines[at : at + CHUNK]), SECONDS)
    progress(len(lines), len(lines))
    ends = time.monotonic() + SEEN_SECONDS
    while (there := _count(store, graph)) != len(lines):
        if time.monotonic() > ends:
            # What is there is in doubt: it goes, so that the next run begins anew.
            _empty(store, base, graph)
            raise StoreRefused(
                f"The store holds {there:,} triples after {len(lines):,} were sent: it loses some or takes different ones for equal. Nothing was switched."
            )
        time.sleep(0.5)
    return len(lines) - start


def _empty(store: Store, base: str, graph: str) -> None:
    for update in removal(base, graph)[:2]:
        store.update(update, SECONDS)


def _count(store: Store, graph: str) -> int:
    rows = store.select(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}", COUNT_SECONDS, COUNT_SECONDS)
    try:
        return int(rows[0]["n"].value)
    except (IndexError, TypeError, KeyError, AttributeError, ValueError):
        raise StoreUnavailable("The store answers a COUNT with no number.") from None


def _prune(store: Store, base: str, graph: str, keep: int) -> tuple[str, ...]:
    entries = [one for one in read_catalogue(store, base, COUNT_SECONDS).entries if one.graph != graph]
    whole = sorted((one for one in entries if one.size is not None), key=lambda one: one.issued, reverse=True)
    begun_before = (datetime.now(UTC) - LEFT_BEHIND).isoformat()
    unfinished = [one for one in entries if one.size is None and one.created < begun_before]
    removed = [*whole[keep - 1 :], *unfinished]
    for one in removed:
        for update in removal(base, one.graph):
            store.update(update, SECONDS)
        if one.records:
            store.update(removal(base, one.records)[1], SECONDS)
    return tuple(one.name for one in removed)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
