"""A snapshot: one immutable folder with the whole graph, named by the hash of what went into it.

The folder holds `graph.nt` (N-Triples, sorted by bytes, every literal as it was written) and `manifest.json`. Nobody writes
into it after it has its name; whoever opens it gets a store of their own in memory.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol

from pyoxigraph import Literal, NamedNode, Quad, QuerySolution, RdfFormat, Store

GRAPH = "graph.nt"
MANIFEST = "manifest.json"
HASH_BYTES = 16


class SnapshotFault(Exception):
    """A folder that is no whole snapshot; the text says which and what is wrong with it."""


class Triples(Protocol):
    """What a snapshot's triples are read through: a store in memory, or one elsewhere (`graph.remote.triples`)."""

    def __iter__(self) -> Iterator[Quad]: ...

    def quads_for_pattern(self, subject: NamedNode | None, predicate: NamedNode | None, object: NamedNode | Literal | None, graph_name: None) -> Iterator[Quad]:
        """Every triple with this subject, property and value; None stands for any."""
        ...

    def query(self, query: str) -> Iterable[QuerySolution]:
        """The rows of a SELECT query."""
        ...


@dataclass(frozen=True)
class Snapshot:
    """An opened snapshot. `store` gives all its triples and is only ever read."""

    name: str
    path: Path
    manifest: Mapping[str, Any]
    store: Triples

    @property
    def date(self) -> date:
        """The day on which the standings hold."""
        return date.fromisoformat(self.manifest["date"])

    def bring_near(self, record: NamedNode) -> None:
        """Have a record and what points at it at hand, since much will be asked of them; in memory everything is."""

    def graph_file(self) -> Path:
        """The file that holds the whole graph as N-Triples, sorted by bytes."""
        return self.path / GRAPH


def digest(data: bytes) -> str:
    """The hash of some bytes, as it stands in names and manifests."""
    return blake2b(data, digest_size=HASH_BYTES).hexdigest()


def open_snapshot(path: Path) -> Snapshot:
    """Open the snapshot in a folder, in this process, in memory.

    Raises SnapshotFault when the folder holds no snapshot or its graph is not the one that the manifest tells of.
    """
    path = Path(path)
    try:
        manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        graph = (path / GRAPH).read_bytes()
    except (OSError, ValueError) as error:
        raise SnapshotFault(f"{path} holds no snapshot ({error}); make one with: phkg compile") from None
    if not isinstance(manifest, dict) or manifest.get("graph") != digest(graph):
        raise SnapshotFault(f"{path / GRAPH} is not the graph that its manifest tells of; delete the folder and compile again.")
    store = Store()
    store.bulk_load(graph, format=RdfFormat.N_TRIPLES)
    return Snapshot(manifest["name"], path, manifest, store)


def is_written(into: Path, name: str) -> bool:
    """Whether a snapshot of that name is already there."""
    return (into / name / MANIFEST).is_file()


def write_snapshot(into: Path, name: str, graph: bytes, manifest: Mapping[str, Any]) -> Path:
    """Write a snapshot's folder beside its final place and give it its name in one step; returns the folder.

    Whoever comes second to the same name keeps what the first has written: both have written the same.
    """
    into.mkdir(parents=True, exist_ok=True)
    target = into / name
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=into))
    try:
        (draft / GRAPH).write_bytes(graph)
        whole = {"name": name, "graph": digest(graph), **manifest}
        (draft / MANIFEST).write_text(json.dumps(whole, indent=2, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
        draft.chmod(0o755)
        if not is_written(into, name):
            _rename(draft, target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return target


def _rename(draft: Path, target: Path) -> None:
    try:
        os.rename(draft, target)
    except OSError:
        # Another process was faster; anything else than a finished snapshot in its place is a fault.
        if not (target / MANIFEST).is_file():
            raise
