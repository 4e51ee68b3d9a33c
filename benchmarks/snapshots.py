"""From files to an opened snapshot, from nothing to the first page, and from a changed record to its page."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from benchmarks.processes import PHKG, ROOT, make_registry, median, run

DAY = "2026-05-20"
_OPEN = "import sys; from pathlib import Path; from phkg.graph.snapshot import open_snapshot; open_snapshot(Path(sys.argv[1]))"
PATIENCE = 60.0
"""Seconds to wait for a page."""


def _processor_time(pid: int) -> float:
    process = psutil.Process(pid)
    times = [each.cpu_times() for each in (process, *process.children(recursive=True))]
    # Those that have ended already are counted with the one that started them.
    return sum(time.user + time.system + time.children_user + time.children_system for time in times)


def compiling(folder: Path, triples: int, repeats: int) -> dict:
    """`phkg compile` of a registry without faults, and opening what it wrote, each as a process of its own."""
    root = folder / f"sound-{triples}"
    made = make_registry(root, triples, faults=False)
    compiled, opened = [], []
    for turn in range(repeats):
        into = folder / f"snapshots-{turn}"
        compiled.append(run([*PHKG, "compile", str(into), "--root", str(root), "--on", DAY]))
        written = next((path for path in into.iterdir() if path.is_dir()), None) if into.is_dir() else None
        if compiled[-1].code or written is None:
            raise RuntimeError("phkg compile failed on a registry without faults.")
        opened.append(run([sys.executable, "-c", _OPEN, str(written)]))
    rows = [{"who": who, "triples": made["triples"], "files": made["files"], **median(runs)} for who, runs in (("phkg compile", compiled), ("open", opened))]
    return {"rows": rows}


def first_page(repeats: int) -> dict:
    """From the start of `phkg serve` on the program's own registry to the first whole page.

    No record has been read or compiled before; of the program itself what the first of the runs left (templates, as Python's own bytecode).
    """
    walls, cpus = [], []
    with tempfile.TemporaryDirectory(prefix="phkg-bench-") as cache:
        for _ in range(repeats):
            wall, cpu = _until_first_page(cache)
            shutil.rmtree(Path(cache, "phkg", "snapshots"))
            walls.append(wall)
            cpus.append(cpu)
    return {"what": "the first page", "runs": repeats, "wall_s": round(statistics.median(walls), 3), "cpu_s": round(statistics.median(cpus), 3)}


def change_shown(folder: Path, repeats: int) -> dict:
    """From the moment in which a changed record is written, in a copy of the program's own registry that is served, to its page that says so."""
    root = folder / "served"
    shutil.copytree(ROOT / "registry", root / "registry")
    record = min((root / "registry" / "sources").rglob("*.ttl"))
    before = record.read_text(encoding="utf-8")
    walls = []
    with tempfile.TemporaryDirectory(prefix="phkg-bench-") as cache, _started(cache, "--root", str(root)) as (server, port):
        _until(server, port, "/", b"<h1")
        for turn in range(repeats):
            title = f"Title {turn} of the measurement"
            record.write_text(re.sub(r'dcterms:title "[^"]*"', f'dcterms:title "{title}"', before, count=1), encoding="utf-8")
            start = time.perf_counter()
            _until(server, port, f"/sources/{record.stem}", title.encode(), 0.05)
            walls.append(time.perf_counter() - start)
    return {"what": "a changed record on its page", "runs": repeats, "wall_s": round(statistics.median(walls), 3), "slowest_s": round(max(walls), 3)}


def _until_first_page(cache: str) -> tuple[float, float]:
    """Wall seconds, and the processor seconds that the server and its workers had used by then."""
    start = time.perf_counter()
    with _started(cache) as (server, port):
        _until(server, port, "/sv/", b"<h1")
        return time.perf_counter() - start, _processor_time(server.pid)


@contextmanager
def _started(cache: str, *options: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """`phkg serve` on a free port until the block is left."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = {**os.environ, "XDG_CACHE_HOME": cache, "PYTHONDONTWRITEBYTECODE": ""}
    server = subprocess.Popen([*PHKG, "serve", "--port", str(port), *options], cwd=ROOT, env=environment, start_new_session=True, **quiet)
    try:
        yield server, port
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(timeout=PATIENCE)


def _until(server: subprocess.Popen[bytes], port: int, path: str, said: bytes, pause: float = 0.01) -> None:
    """Ask for a page until it says something. Raises RuntimeError when that does not come."""
    end = time.perf_counter() + PATIENCE
    while time.perf_counter() < end:
        if server.poll() is not None:
            raise RuntimeError(f"phkg serve ended with {server.returncode}.")
        asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Accept": "text/html", "Accept-Language": "sv"})
        try:
            with urllib.request.urlopen(asked, timeout=PATIENCE) as page:
                if said in page.read():
                    return
        except (urllib.error.URLError, ConnectionError):
            pass
        # Seldom enough not to be the load that is measured.
        time.sleep(pause)
    raise RuntimeError(f"{path} never said {said.decode()} within {PATIENCE:.0f} s.")
