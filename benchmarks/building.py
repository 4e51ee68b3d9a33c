"""The static site: of the real registry and of invented ones of about one, ten and twenty-five thousand pages, each built anew and again
after one changed source; the real one also where nothing has changed and after a changed text of one record of each large kind.

A hundred thousand pages are a quarter of a million files and half an hour; by which power the work grows tells of them.
"""

from __future__ import annotations

import math
import os
import shutil
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from benchmarks.generator import generate, write
from benchmarks.hugo import beside
from benchmarks.processes import processor_seconds
from phkg.curation.web.routes import contributing
from phkg.graph.compile import compile_snapshot
from phkg.publishing.build import build_site
from phkg.records.knowledge import Knowledge, find_knowledge

SIZES = (5_000, 40_000, 100_000)
"""Triples of the invented registries; each gives about a quarter as many pages."""
KINDS = ("sources", "organisations", "implementations", "methods")
"""Folders of which one record is changed, by how many pages tell of it."""


def measure(folder: Path, sizes: tuple[int, ...] = SIZES) -> dict:
    """Pages and files, addresses made, seconds and processor seconds of each build; pages and addresses per second of one core."""
    own = find_knowledge()
    # Its history is in the git, which a copy is outside of: the first build would also work out all changes.
    root = folder / "copy"
    for part in (own.registry, own.ontology, own.shapes, own.web):
        shutil.copytree(part, root / part.name)
    rows = list(_anew_and_again("the real registry", root, KINDS, nothing_changed=True))
    framed = list(beside(root / "site", folder))
    for size in sizes:
        invented = folder / str(size)
        write(generate(size, faults=False), invented)
        rows += _anew_and_again(f"{size} triples", invented)
        # The largest is seventy thousand files.
        shutil.rmtree(invented)
    return {"cores": os.cpu_count(), "rows": rows, "framed": framed, "growth": _growth([row for row in rows if row["build"].endswith("triples, anew")])}


def _growth(rows: list[dict]) -> list[dict]:
    """By which power of the pages the processor time of a new build grows from each size to the next: 1 is in step with the pages."""
    return [
        {"from": less["pages"], "to": more["pages"], "cpu_s": round(math.log(more["cpu_s"] / less["cpu_s"]) / math.log(more["pages"] / less["pages"]), 2)}
        for less, more in zip(rows, rows[1:], strict=False)
    ]


def _anew_and_again(what: str, root: Path, kinds: tuple[str, ...] = KINDS[:1], nothing_changed: bool = False) -> Iterator[dict]:
    knowledge = find_knowledge(root)
    yield _built(f"{what}, anew", knowledge, root)
    if nothing_changed:
        yield _built(f"{what}, nothing changed", knowledge, root)
    for kind in kinds:
        file = sorted((root / "registry" / kind).rglob("*.ttl"))[0]
        text = file.read_text(encoding="utf-8")
        changed = text.replace('"@', ' (new)"@', 1)
        assert changed != text, file
        file.write_text(changed, encoding="utf-8")
        yield _built(f"{what}, a text of one of {kind} changed", knowledge, root)


def _built(what: str, knowledge: Knowledge, root: Path) -> dict:
    snapshot = compile_snapshot(knowledge, date.today(), root / "snapshots")
    before, begun = processor_seconds(), time.perf_counter()
    outcome = build_site(knowledge, snapshot, root / "site", "https://example.org", "", lambda done, known: None, lambda: None, (contributing(),))
    wall, cpu = time.perf_counter() - begun, processor_seconds() - before
    pages = sum(1 for _ in (root / "site").rglob("*.html"))
    return {
        "build": what,
        "pages": pages,
        "files": outcome.files,
        "made": outcome.made,
        "written": outcome.written,
        "wall_s": round(wall, 1),
        "cpu_s": round(cpu, 1),
        "made_per_cpu_s": round(outcome.made / cpu),
        **({"pages_per_cpu_s": round(pages / cpu)} if what.endswith("anew") else {}),
    }
