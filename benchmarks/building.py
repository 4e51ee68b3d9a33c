"""The static site: of the real registry anew, again where nothing has changed and again after one changed source; of invented registries of
several sizes, for how it grows."""

from __future__ import annotations

import os
import resource
import shutil
import time
from datetime import date
from pathlib import Path

from benchmarks.generator import generate, write
from phkg.curation.web.routes import contributing
from phkg.graph.compile import compile_snapshot
from phkg.publishing.build import build_site
from phkg.records.knowledge import Knowledge, find_knowledge

SIZES = (10_000, 50_000)
"""Triples of the invented registries."""


def measure(folder: Path, sizes: tuple[int, ...] = SIZES) -> dict:
    """Files, addresses made, seconds and processor seconds of each build; files a second, and per second of one core."""
    own = find_knowledge()
    # Its history is in the git, which a copy is outside of: the first build would also work out all changes.
    root = folder / "copy"
    for part in (own.registry, own.ontology, own.shapes, own.web):
        shutil.copytree(part, root / part.name)
    knowledge, into = find_knowledge(root), folder / "site"
    rows = [_built("the real registry, anew", knowledge, folder, into), _built("nothing changed", knowledge, folder, into)]
    source = sorted((root / "registry" / "sources").glob("*.ttl"))[0]
    source.write_text(source.read_text(encoding="utf-8").replace('dcterms:title "', 'dcterms:title "New: ', 1), encoding="utf-8")
    rows.append(_built("one source changed", knowledge, folder, into))
    for size in sizes:
        invented = folder / str(size)
        write(generate(size, faults=False), invented)
        rows.append(_built(f"{size} triples", find_knowledge(invented), invented, invented / "site"))
    return {"cores": os.cpu_count(), "rows": rows}


def _built(what: str, knowledge: Knowledge, folder: Path, into: Path) -> dict:
    snapshot = compile_snapshot(knowledge, date.today(), folder / "snapshots")
    before, begun = _processor(), time.perf_counter()
    outcome = build_site(knowledge, snapshot, into, "https://example.org", "", lambda done, known: None, lambda: None, (contributing(),))
    wall, cpu = time.perf_counter() - begun, _processor() - before
    return {
        "build": what,
        "files": outcome.files,
        "made": outcome.made,
        "written": outcome.written,
        "wall_s": round(wall, 1),
        "cpu_s": round(cpu, 1),
        "made_per_cpu_s": round(outcome.made / cpu),
    }


def _processor() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)
