"""All triples of a registry twice: as a file of N-Triples for the engines, and in a store for queries over the whole graph.

The store is filled by a thread while the next files are still being read, and while an engine already reads the file: pyoxigraph lets
other threads work meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory

import pyoxigraph as ox

_PORTION = 4 * 1024 * 1024
"""Bytes of N-Triples that the store takes at a time: large enough to be worth a hand-over, small beside the whole."""


class DataGraph:
    """Triples as an N-Triples file at `path`, literals as written, and in `store`, which rewrites some. Made by `data_graph`."""

    def __init__(self, path: Path, threads: ThreadPoolExecutor) -> None:
        self.path = path
        self._store = ox.Store()
        self._stream = path.open("wb")
        self._threads = threads
        self._waiting: list[bytes] = []
        self._size = 0
        self._loading: list[Future[None]] = []

    @property
    def store(self) -> ox.Store:
        """The store; waits until it holds all that was added."""
        self._wait()
        return self._store

    def add(self, ntriples: bytes) -> None:
        """Adds the triples of one or more whole files; blank nodes of two calls are never the same to the store."""
        self._stream.write(ntriples)
        self._waiting.append(ntriples)
        self._size += len(ntriples)
        if self._size >= _PORTION:
            self._wait()  # at most one portion waits for the store
            self._load()

    def add_file(self, path: Path) -> None:
        """Adds the triples of a file of N-Triples, and takes the file away."""
        self._load()
        with path.open("rb") as stream:
            copyfileobj(stream, self._stream)
        taken = path.rename(self.path.with_name("added.nt"))
        self._begin_to_load(path=str(taken))

    def complete(self) -> None:
        """Ends the adding: from now on `path` and `store` hold everything."""
        self._load()
        self._stream.close()

    def _load(self) -> None:
        portion, self._waiting, self._size = b"".join(self._waiting), [], 0
        self._begin_to_load(portion)

    def _wait(self) -> None:
        for loading in self._loading:
            loading.result()

    def _begin_to_load(self, *data: bytes, **file: str) -> None:
        # Lenient: whoever wrote the N-Triples has looked at every IRI and language tag.
        self._loading.append(self._threads.submit(self._store.bulk_load, *data, **file, format=ox.RdfFormat.N_TRIPLES, lenient=True))


@contextmanager
def data_graph() -> Iterator[DataGraph]:
    """An empty graph, whose file is removed at the end."""
    with TemporaryDirectory(prefix="phkg-") as folder, ThreadPoolExecutor(1) as threads:
        yield DataGraph(Path(folder) / "graph.nt", threads)
