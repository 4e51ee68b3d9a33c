"""The servers of the comparison, each over the same graph in N-Triples; `python -m benchmarks.sparql_servers FOLDER PORT` is the program's own."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.processes import ROOT

PEERS = ("oxigraph==0.5.13", "rdflib-endpoint[cli]==0.6.3")
PATIENCE = 300.0
"""Seconds that a server may take to begin."""


@dataclass(frozen=True)
class Server:
    """A server that runs: where, and its process."""

    port: int
    path: str
    process: psutil.Process

    def memory(self) -> float:
        """MiB that its processes hold together, what they share counted once."""
        held = 0
        for process in (self.process, *self.process.children(recursive=True)):
            try:
                held += process.memory_full_info().pss
            except (psutil.NoSuchProcess, psutil.ZombieProcess):
                continue
        return round(held / 2**20, 1)


def install_peers(folder: Path) -> Path:
    """Installs the peers from the package index into an environment of their own; its folder of programs."""
    venv.create(folder, with_pip=True)
    programs = folder / "bin"
    subprocess.run([str(programs / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PEERS], check=True)
    return programs


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextmanager
def serving(command: Sequence[str], port: int, path: str, environment: dict[str, str] | None = None) -> Iterator[Server]:
    """Runs a server until the block is left, and waits first until it answers."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, **quiet)
    try:
        until = time.monotonic() + PATIENCE
        while not _answers(port, path):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{command[0]} did not begin to serve.")
            time.sleep(0.2)
        yield Server(port, path, psutil.Process(process.pid))
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(port: int, path: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}?query=ASK%7B%7D", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


@contextmanager
def own(snapshot: Path) -> Iterator[Server]:
    """The program's endpoint with all its limits, over a snapshot."""
    port = free_port()
    with serving([sys.executable, "-m", "benchmarks.sparql_servers", str(snapshot), str(port)], port, "/sparql") as server:
        yield server


@contextmanager
def oxigraph_memory(programs: Path, graph: Path) -> Iterator[Server]:
    """`oxigraph serve` over a store in memory."""
    port = free_port()
    with serving([str(programs / "oxigraph"), "serve", "--bind", f"127.0.0.1:{port}"], port, "/query") as server:
        with graph.open("rb") as data:
            headers = {"Content-Type": "application/n-triples", "Content-Length": str(graph.stat().st_size)}
            request = urllib.request.Request(f"http://127.0.0.1:{port}/store?default", data=data, headers=headers, method="PUT")
            urllib.request.urlopen(request, timeout=PATIENCE).close()
        yield server


@contextmanager
def oxigraph_disk(programs: Path, graph: Path) -> Iterator[Server]:
    """`oxigraph serve-read-only` over a store on disk."""
    store, port = graph.parent.parent / "oxigraph-store", free_port()
    program = str(programs / "oxigraph")
    subprocess.run([program, "load", "--location", str(store), "--file", str(graph)], check=True, capture_output=True)
    command = [program, "serve-read-only", "--location", str(store), "--bind", f"127.0.0.1:{port}"]
    with serving(command, port, "/query") as server:
        yield server


@contextmanager
def rdflib_endpoint(programs: Path, graph: Path) -> Iterator[Server]:
    """`rdflib-endpoint serve` over a graph in memory."""
    port = free_port()
    with serving([str(programs / "rdflib-endpoint"), "serve", "--port", str(port), str(graph)], port, "/") as server:
        yield server


def main() -> None:
    """Serve the endpoint alone, as `phkg serve` does beside its pages."""
    import uvicorn
    from pyoxigraph import Store

    from phkg.graph.snapshot import Snapshot
    from phkg.server.serving import http_settings
    from phkg.server.start import bind
    from phkg.sparql.lifespan import SparqlService

    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    # The graph itself is opened by the endpoint's own process.
    service = SparqlService(Snapshot(folder.name, folder, {}, Store()), "/")

    async def application(scope, receive, send) -> None:
        if scope["type"] != "lifespan":
            await service.app(scope, receive, send)
            return
        await receive()
        await service.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await service.stop()
        await send({"type": "lifespan.shutdown.complete"})

    uvicorn.Server(http_settings(application)).run(sockets=bind("127.0.0.1", port))


if __name__ == "__main__":
    main()
