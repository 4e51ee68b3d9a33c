"""The same pages served from memory and from a real store elsewhere, to be held against each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from stores import Oxigraph, Process

from phkg.graph.remote.catalogue import record_namespace
from phkg.graph.remote.current import CurrentRemote
from phkg.graph.remote.publish import publish_snapshot
from phkg.graph.remote.store import Store
from phkg.graph.snapshot import Snapshot
from phkg.publishing.app import create_app
from phkg.publishing.warm import warm
from phkg.records.knowledge import Knowledge

HOST = {"Host": "example.org"}


class Pair:
    """The pages of one snapshot from memory and from a store, which ends with this; `served` is the fixture served_app."""

    def __init__(self, knowledge: Knowledge, snapshot: Snapshot, served, server: Process, folder: Path) -> None:
        self.server = server
        self.store = Store(server.addresses, server.credentials)
        base = str(record_namespace(snapshot.store))
        publish_snapshot(self.store, base, snapshot, 2)
        self.current = CurrentRemote(self.store, base, folder / "made", warm, pytest.fail)
        self._served = [served(create_app(knowledge, lambda: snapshot)), served(create_app(knowledge, self.current.get))]
        self._clients = [httpx.Client(base_url=one.__enter__(), headers=HOST, timeout=60) for one in self._served]

    def close(self) -> None:
        """End both servers and the store."""
        for client, served in zip(self._clients, self._served, strict=True):
            client.close()
            served.__exit__()
        self.store.close()
        self.server.close()

    def get(self, path: str, **headers: str) -> tuple[httpx.Response, httpx.Response]:
        """The answers from memory and from elsewhere."""
        here, there = (client.get(path, headers=headers) for client in self._clients)
        return here, there

    def differ(self, paths: list[str]) -> list[str]:
        """Those of the addresses whose answers differ in a byte, a status or a header."""
        pairs = ((path, *self.get(path)) for path in paths)
        return [path for path, here, there in pairs if _said(here) != _said(there)]

    def addresses(self) -> list[str]:
        """Every page in the site map."""
        waiting, pages = ["/sitemap.xml"], []
        while waiting:
            for found in re.findall(r"<loc>http://example\.org([^<]+)</loc>", self._clients[0].get(waiting.pop()).text):
                (waiting if found.endswith(".xml") else pages).append(found)
        return pages


def _said(answer: httpx.Response) -> tuple:
    headers = {name: value for name, value in answer.headers.items() if name not in ("date", "last-modified")}
    return answer.status_code, headers, answer.content


@contextmanager
def published(snapshot: Snapshot, folder: Path) -> Iterator[CurrentRemote]:
    """A snapshot as it is read from a store elsewhere (Oxigraph), as long as this is entered."""
    server = Oxigraph(folder)
    store = Store(server.addresses)
    base = str(record_namespace(snapshot.store))
    publish_snapshot(store, base, snapshot, 2)
    yield CurrentRemote(store, base, folder / "made", warm, pytest.fail)
    store.close()
    server.close()


def twins(pages: list[str]) -> list[str]:
    """The addresses of the JSON and CSV of pages."""
    parts = (path.partition("?") for path in pages)
    return [f"{path.rstrip('/')}.{ending}{mark}{question}" for path, mark, question in parts for ending in ("json", "csv")]
