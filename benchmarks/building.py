"""The static site of the real registry: built anew, and again where nothing has changed."""

from __future__ import annotations

import os
import resource
import time
from datetime import date
from pathlib import Path

from phkg.graph.compile import compile_snapshot
from phkg.publishing.build import build_site
from phkg.records.knowledge import find_knowledge


def measure(folder: Path) -> dict:
    """Files, seconds and processor seconds of both builds; files a second, and per second of one core."""
    knowledge = find_knowledge()
    snapshot = compile_snapshot(knowledge, date.today(), folder / "snapshots")
    # The first build also works out the changes of the registry, which a host keeps; they are measured elsewhere.
    rows = [_built(what, knowledge, snapshot, folder / into) for what, into in (("with an empty cache", "a"), ("anew", "b"), ("nothing changed", "b"))]
    return {"cores": os.cpu_count(), "rows": rows}


def _built(what: str, knowledge, snapshot, into: Path) -> dict:
    before, begun = _processor(), time.perf_counter()
    outcome = build_site(knowledge, snapshot, into, "https://example.org", "", lambda done, known: None, lambda: None)
    wall, cpu = time.perf_counter() - begun, _processor() - before
    return {
        "build": what,
        "files": outcome.files,
        "written": outcome.written,
        "wall_s": round(wall, 1),
        "cpu_s": round(cpu, 1),
        "files_per_s": round(outcome.files / wall),
        "files_per_cpu_s": round(outcome.files / cpu),
    }


def _processor() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)
