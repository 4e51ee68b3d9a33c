"""The snapshot in use when it lies in a store elsewhere: follows the store's pointer, as graph.watch follows files."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from types import MappingProxyType

from pyoxigraph import NamedNode, RdfFormat, serialize

from phkg.graph.remote.catalogue import Entry, read_catalogue
from phkg.graph.remote.faults import StoreFault, StoreRefused, StoreUnavailable
from phkg.graph.remote.store import Store
from phkg.graph.remote.triples import RemoteTriples
from phkg.graph.snapshot import GRAPH, Snapshot, is_written, open_snapshot, write_snapshot

SECONDS_BETWEEN_LOOKS = 3.0
"""How often, in seconds, the store is asked which snapshot is the current one."""
LOOK_SECONDS = 5.0
"""How long the store may take to say which snapshot is the current one."""


@dataclass(frozen=True)
class RemoteSnapshot(Snapshot):
    """A snapshot in a store elsewhere. `path` is a folder on this machine for what is made of it; `records` the graph there with the facts
    about its records, empty where there is none."""

    store: RemoteTriples
    records: str = ""

    def bring_near(self, record: NamedNode) -> None:
        """Fetch a record with everything that points at it. Raises StoreFault."""
        self.store.bring_near(record)

    def graph_file(self) -> Path:
        """The whole graph as a file, fetched the first time. Raises StoreFault and OSError."""
        file = self.path / GRAPH
        if not file.is_file():
            lines = _lines(self.store)
            self.path.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.path, delete=False) as draft:
                draft.write(b"".join(lines))
            os.replace(draft.name, file)
        return file


def _lines(triples: RemoteTriples) -> list[bytes]:
    """All triples of a snapshot as the lines of its file of N-Triples, in their order. Raises StoreFault."""
    return sorted(set(bytes(serialize(triples, format=RdfFormat.N_TRIPLES) or b"").splitlines(keepends=True)))


def fetch_current(store: Store, base: str, folder: Path) -> Snapshot:
    """The current snapshot of a store, fetched whole into a folder of this machine, if it is not there, and opened from it.

    Raises StoreFault, also when nothing is published or not all of it is answered; SnapshotFault and OSError as for any snapshot.
    """
    entry = read_current(store, base, LOOK_SECONDS)
    if not is_written(folder, entry.name):
        lines = _lines(RemoteTriples(store, base, entry.name))
        if entry.size is not None and len(lines) != entry.size:
            raise StoreRefused(
                f"The store at {store.addresses.query} answers with {len(lines)} of the {entry.size} triples of the snapshot; "
                "if it limits the rows of an answer, raise that limit for this user."
            )
        write_snapshot(folder, entry.name, b"".join(lines), {"date": entry.date})
    return open_snapshot(folder / entry.name)


def read_current(store: Store, base: str, seconds: float) -> Entry:
    """What the store says is the current snapshot of the registry whose IRIs begin with `base`. Raises StoreFault, also when there is none."""
    entry = read_catalogue(store, base, seconds).current
    if entry is None:
        raise StoreRefused(f"The store at {store.addresses.query} holds no published snapshot of {base}; load one with phkg publish --endpoint.")
    return entry


class CurrentRemote:
    """Holds the snapshot that new requests are answered from. Whoever took one keeps it for as long as the store does."""

    def __init__(self, store: Store, base: str, folder: Path, prepare: Callable[[Snapshot], None], complain: Callable[[str], None]) -> None:
        """Reads the store for the first time. `base` begins the IRIs of the registry's records; what is made of snapshots goes into `folder`.

        `prepare` is called with each new snapshot before it is used, so that its first reader does not wait for what all need;
        `complain` is told in words what the operator should know. Raises StoreFault, also when nothing is published there.
        """
        self._store = store
        self._base = base
        self._folder = folder
        self._prepare = prepare
        self._complain = complain
        self._told = ""
        self._one_at_a_time = Lock()
        self._looked = time.monotonic()
        self._snapshot = self._open(read_current(store, base, LOOK_SECONDS))

    def get(self) -> Snapshot:
        """The snapshot in use now."""
        return self._snapshot

    def refresh(self) -> bool:
        """Look which snapshot is the current one in the store; whether another is in use now.

        May be called as often as one likes: the store is asked every SECONDS_BETWEEN_LOOKS. One that does not answer is told of
        once, and changes nothing.
        """
        with self._one_at_a_time:
            if time.monotonic() < self._looked + SECONDS_BETWEEN_LOOKS:
                return False
            self._looked = time.monotonic()
            try:
                entry = read_catalogue(self._store, self._base, LOOK_SECONDS).current
                if entry is None:
                    raise StoreUnavailable("The store holds no published snapshot any more.")
                if (entry.name, entry.records) == (self._snapshot.name, self._snapshot.records):
                    self._tell("")
                    return False
                same = entry.name == self._snapshot.name
                self._snapshot = replace(self._snapshot, records=entry.records) if same else self._open(entry)
            except (StoreFault, LookupError) as fault:
                self._tell(str(fault))
                return False
            self._tell("")
            return True

    def _open(self, entry: Entry) -> RemoteSnapshot:
        triples = RemoteTriples(self._store, self._base, entry.name)
        before = getattr(self, "_snapshot", None)
        triples.open(before.store.known if before else ())
        manifest = MappingProxyType({"name": entry.name, "date": entry.date})
        snapshot = RemoteSnapshot(entry.name, self._folder / entry.name, manifest, triples, entry.records)
        self._prepare(snapshot)
        return snapshot

    def _tell(self, text: str) -> None:
        if text and not self._told:
            self._complain(f"{text} Data version {self._snapshot.name[:12]} stays in use.")
        elif self._told and not text:
            self._complain("The store answers again.")
        self._told = text
