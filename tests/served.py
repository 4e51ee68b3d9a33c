"""`phkg serve` as a person starts it: a process of its own, on a free port, asked over HTTP."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx

PATIENCE = 60.0
"""Seconds that something which must happen may take on a busy machine."""


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait until something holds, asking again and again; fails with `what` when it does not come."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, f"never came: {what}"
        time.sleep(0.05)


class Served:
    """A running `phkg serve` and what it has written to standard error."""

    def __init__(self, root: Path, cache: Path, port: int | None = None, arguments: tuple[str, ...] = ()) -> None:
        self.port = port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._log = (cache / "stderr.txt").open("w+", encoding="utf-8")
        command = [sys.executable, "-m", "phkg", "serve", "--root", str(root), "--port", str(self.port), *arguments]
        environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self._log, text=True, env=environment)

    def __enter__(self) -> Served:
        until(self._answers, f"the first page; standard error: {self.errors()}")
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(PATIENCE)
        self._log.close()

    def _answers(self) -> bool:
        if self.process.poll() is not None:
            raise AssertionError(f"ended with {self.process.returncode}: {self.errors()}")
        try:
            return httpx.get(f"{self.address}/health").status_code == 200
        except httpx.TransportError:
            return False

    def errors(self) -> str:
        """What stands on standard error so far."""
        return Path(self._log.name).read_text(encoding="utf-8")

    def version(self) -> str:
        """The name of the snapshot in use."""
        return httpx.get(f"{self.address}/health").json()["snapshot"]

    def select(self, query: str) -> list[list[str]]:
        """The rows of a SELECT query, without its head."""
        answer = httpx.post(f"{self.address}/sparql", data={"query": query}, headers={"Accept": "text/csv"}, timeout=30)
        assert answer.status_code == 200, answer.text
        return [line.split(",") for line in answer.text.strip().splitlines()[1:]]


def run(*arguments: str, cache: Path) -> subprocess.CompletedProcess[str]:
    """`phkg` with arguments, to its end."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    return subprocess.run([sys.executable, "-m", "phkg", *arguments], capture_output=True, text=True, env=environment, timeout=2 * PATIENCE)
