"""An endpoint over a made-up snapshot, served over real HTTP."""

from __future__ import annotations

import asyncio
import socket
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from phkg.graph.snapshot import write_snapshot
from phkg.sparql.endpoint import create_endpoint
from phkg.sparql.limits import Limits
from phkg.sparql.pool import Pool
from phkg.sparql.store_process import NURSERY

PAGE = "/en/queries"
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Endpoint:
    """A running endpoint: a client whose base is the server, the pool behind it and the loop that both live in."""

    client: httpx.Client
    pool: Pool
    loop: asyncio.AbstractEventLoop

    def query(self, query: str, **parameters: str) -> httpx.Response:
        """GET a query."""
        return self.client.get("/sparql", params={"query": query, **parameters})

    def post(self, query: str, **parameters: str) -> httpx.Response:
        """POST a query directly."""
        return self.client.post("/sparql", params=parameters, content=query.encode(), headers={"Content-Type": "application/sparql-query"})

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run a coroutine in the server's loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def meanwhile(self, *queries: str, **parameters: str) -> list[httpx.Response]:
        """POST queries all at once."""
        with ThreadPoolExecutor(len(queries)) as threads:
            return list(threads.map(lambda query: self.post(query, **parameters), queries))


@contextmanager
def serve(folder: Path, limits: Limits, command: Sequence[str] = NURSERY) -> Iterator[Endpoint]:
    """Serve the snapshot in a folder until the block is left."""
    pool = Pool(limits, command)
    endpoint = create_endpoint(pool, lambda: pool.snapshot, PAGE)
    loops: list[asyncio.AbstractEventLoop] = []
    started = threading.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            return await endpoint(scope, receive, send)
        await receive()
        await pool.use(folder.name, folder)
        loops.append(asyncio.get_running_loop())
        await send({"type": "lifespan.startup.complete"})
        started.set()
        await receive()
        await pool.stop()
        await send({"type": "lifespan.shutdown.complete"})

    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    assert started.wait(30)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=30) as client:
            yield Endpoint(client, pool, loops[0])
    finally:
        server.should_exit = True
        thread.join(30)
    assert not thread.is_alive()


def graph_of(subjects: int, word: str) -> bytes:
    """A graph in N-Triples: each subject with a type, a label in Swedish, a number and a link to the next one."""
    lines = []
    for number in range(subjects):
        subject = f"<https://example.org/thing/{number}>"
        lines += [
            f"{subject} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://example.org/Thing> .",
            f'{subject} <http://www.w3.org/2004/02/skos/core#prefLabel> "{word} å {number}"@sv .',
            f'{subject} <https://example.org/number> "{number}"^^<http://www.w3.org/2001/XMLSchema#integer> .',
            f"{subject} <https://example.org/next> <https://example.org/thing/{(number + 1) % subjects}> .",
        ]
    return ("\n".join(sorted(lines)) + "\n").encode()


@pytest.fixture(scope="session")
def snapshot_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, int, str], Path]:
    """Makes a snapshot of a name, a number of subjects and a word that is in every label."""
    into = tmp_path_factory.mktemp("snapshots")

    def make(name: str, subjects: int, word: str) -> Path:
        return write_snapshot(into, name, graph_of(subjects, word), {"date": "2031-01-01"})

    return make


@pytest.fixture(scope="session")
def folder(snapshot_of: Callable[[str, int, str], Path]) -> Path:
    """The snapshot that most tests ask: five thousand subjects, twenty thousand triples."""
    return snapshot_of("first", 5_000, "första")


@pytest.fixture(scope="module")
def endpoint(folder: Path) -> Iterator[Endpoint]:
    """An endpoint with its usual limits, but two workers everywhere."""
    with serve(folder, Limits(workers=2, client_workers=2)) as running:
        yield running


@pytest.fixture(scope="module")
def hurried(folder: Path) -> Iterator[Endpoint]:
    """An endpoint that ends queries soon."""
    with serve(folder, Limits(workers=2, client_workers=2, seconds=1.5, memory=600_000_000, share=2, rows=1_000)) as running:
        yield running


@pytest.fixture(scope="session")
def quads_nursery() -> tuple[str, ...]:
    """Starts a nursery over a folder with a data set in graph.nq, as the W3C tests need named graphs."""
    return (sys.executable, str(HERE / "quads_nursery.py"))
