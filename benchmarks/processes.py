"""Runs a command and says what it cost: wall time, processor time, memory, its children included.

This module and what imports it stay small in memory: on Linux a process's peak is at least what its parent held when it was started.
"""

from __future__ import annotations

import os
import re
import resource
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
PHKG = (sys.executable, "-c", "from phkg.cli import main; main()")
LIMIT = 600.0
"""Seconds after which a run is stopped."""


@dataclass(frozen=True)
class Run:
    """One run: `wall` and `cpu` in seconds (user and system, children included), `peak` the most memory that one of its processes held, in MiB.

    `finished` is False for a run that was stopped at the limit; its figures are then what it had used up to there.
    """

    wall: float
    cpu: float
    peak: float
    finished: bool
    code: int


def run(command: Sequence[str], limit: float = LIMIT) -> Run:
    """Runs a command to its end, or to `limit` seconds."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    finished = True
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            break
        if finished and time.perf_counter() - start > limit:
            os.killpg(process.pid, signal.SIGKILL)
            finished = False
        time.sleep(0.005)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    unit = 1 if sys.platform == "darwin" else 1024
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 2**20, finished, process.returncode)


def median(runs: Sequence[Run]) -> dict[str, float | int | bool]:
    """The medians of some runs of the same command, ready for a results file."""
    return {
        "runs": len(runs),
        "finished": all(each.finished for each in runs),
        "wall_s": round(statistics.median(each.wall for each in runs), 3),
        "cpu_s": round(statistics.median(each.cpu for each in runs), 3),
        "peak_mib": round(statistics.median(each.peak for each in runs), 1),
    }


def make_registry(folder: Path, triples: int, faults: bool = True) -> dict[str, int]:
    """Makes a registry in `folder` by the generator as a process of its own; how many triples, files and expected findings it has."""
    command = [sys.executable, "-m", "benchmarks.generator", str(folder), "--triples", str(triples), *([] if faults else ["--no-faults"])]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    counts = map(int, re.findall(r"[0-9]+", said))
    return dict(zip(("triples", "files", "expected"), counts, strict=True))


def processor_seconds() -> float:
    """Processor seconds, user and system, of this process and of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)
