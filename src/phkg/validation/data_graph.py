"""All triples of a registry twice: as a file of N-Triples for the engines, and in a store for queries over the whole graph.

The store is filled by a thread while the next files are still being read: pyoxigraph lets other threads work meanwhile.
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
        self.store = ox.Store()
        self._stream = path.open("wb")
        self._threads = threads
        self._waiting: list[bytes] = []
        self._size = 0
        self._loading: Future[None] | None = None

    def add(self, ntriples: bytes) -> None:
        """Adds the triples of one or more whole files; blank nodes of two calls are never the same to the store."""
        self._stream.write(ntriples)
        self._waiting.append(ntriples)
        self._size += len(ntriples)
        if self._size >= _PORTION:
            self._load()

    def add_file(self, path: Path) -> None:
        """Adds the triples of a file of N-Triples."""
        self._load()
        with path.open("rb") as stream:
            copyfileobj(stream, self._stream)
        self.store.bulk_load(path=str(path), format=ox.RdfFormat.N_TRIPLES, lenient=True)

    def complete(self) -> None:
        """Ends the adding: from now on `path` and `store` hold everything."""
        self._load()
        if self._loading is not None:
            self._loading.result()
        self._stream.close()

    def _load(self) -> None:
        if self._loading is not None:
            self._loading.result()  # at most one portion waits for the store
        portion, self._waiting, self._size = b"".join(self._waiting), [], 0
        # Lenient: whoever wrote the N-Triples has looked at every IRI and language tag.
        self._loading = self._threads.submit(self.store.bulk_load, portion, format=ox.RdfFormat.N_TRIPLES, lenient=True)


@contextmanager
def data_graph() -> Iterator[DataGraph]:
    """An empty graph, whose file is removed at the end."""
    with TemporaryDirectory(prefix="phkg-") as folder, ThreadPoolExecutor(1) as threads:
        yield DataGraph(Path(folder) / "graph.nt", threads)
