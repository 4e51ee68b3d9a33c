"""From files to an opened snapshot, and from nothing to the first page."""

from __future__ import annotations

import os
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
from pathlib import Path

import psutil

from benchmarks.processes import PHKG, ROOT, make_registry, median, run

DAY = "2026-05-20"
_OPEN = "import sys; from pathlib import Path; from phkg.graph.snapshot import open_snapshot; open_snapshot(Path(sys.argv[1]))"
PATIENCE = 60.0
"""Seconds to wait for a first page."""


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
    return {"runs": repeats, "wall_s": round(statistics.median(walls), 3), "cpu_s": round(statistics.median(cpus), 3)}


def _until_first_page(cache: str) -> tuple[float, float]:
    """Wall seconds, and the processor seconds that the server and its workers had used by then."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    start = time.perf_counter()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen([*PHKG, "serve", "--port", str(port)], cwd=ROOT, env={**os.environ, "XDG_CACHE_HOME": cache, "PYTHONDONTWRITEBYTECODE": ""}, start_new_session=True, **quiet)
    try:
        while time.perf_counter() - start < PATIENCE:
            if server.poll() is not None:
                raise RuntimeError(f"phkg serve ended with {server.returncode} before it gave a page.")
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/sv/", timeout=PATIENCE) as page:
                    if page.status == 200 and page.read():
                        return time.perf_counter() - start, _processor_time(server.pid)
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.01)
        raise RuntimeError(f"phkg serve gave no page within {PATIENCE:.0f} s.")
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(timeout=PATIENCE)
