"""The whole of `phkg validate` as a process, beside pySHACL and the bare engines on the same files and shapes."""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.comparison import by_rules, difference, found_by_program, read_expected
from benchmarks.processes import LIMIT, PHKG, Run, make_registry, median, run

PROGRAM = "phkg validate"
PEERS = ("pyshacl", "shacl", "shacl-rust")


def measure(folder: Path, sizes: Sequence[int], repeats: int, peers: bool = True) -> dict:
    """Validation at each size: medians of `repeats` interleaved runs, whether exactly the expected was found, ratios and growth.

    A peer that was stopped at the limit runs once, and not at all at a greater size.
    """
    rows: list[dict] = []
    stopped: set[str] = set()
    for size in sizes:
        root = folder / f"registry-{size}"
        made = make_registry(root, size)
        names = [PROGRAM, *(name for name in PEERS if peers)]
        runs: dict[str, list[Run]] = {name: [] for name in names}
        output = {name: folder / f"{name.replace(' ', '-')}-{size}.json" for name in names}
        for turn in range(repeats):
            for name in names:
                # A peer that takes minutes is not made to take them again: its spread does not matter beside its size.
                if name in stopped or (turn and runs[name][0].wall > 60):
                    continue
                runs[name].append(run(_command(name, root, output[name])))
                if not runs[name][-1].finished:
                    stopped.add(name)
        for name in names:
            row = {"who": name, **made}
            if runs[name]:
                row |= median(runs[name]) | _found(name, root, output[name], runs[name][-1])
            rows.append(row)
    return {"rows": rows, "ratios": ratios_of(rows), "growth": _growth(rows)}


def _command(name: str, root: Path, output: Path) -> list[str]:
    if name == PROGRAM:
        return [*PHKG, "validate", "--root", str(root), "--format", "json", "--output", str(output)]
    return [sys.executable, "-m", "benchmarks.peers", name, str(root), str(output)]


def _found(name: str, root: Path, output: Path, last: Run) -> dict:
    if not last.finished or not output.exists():
        return {"missing": None, "unexpected": None}
    expected = read_expected(root)
    text = output.read_text(encoding="utf-8")
    if name == PROGRAM:
        found = difference(found_by_program(text), expected)
    else:
        found = difference(Counter(tuple(row) for row in json.loads(text)), by_rules(expected))
    return {kind: len(rows) for kind, rows in found.items()}


def ratios_of(rows: list[dict]) -> list[dict]:
    """How many times as long each peer takes as the program, by wall and by processor time.

    A lower bound where the peer was stopped at the limit, and, by wall, at sizes greater than one at which it was stopped.
    """
    made = []
    own = {row["triples"]: row for row in rows if row["who"] == PROGRAM}
    for row in rows:
        base = own[row["triples"]]
        if row["who"] == PROGRAM:
            continue
        ran = "wall_s" in row
        wall = round((row["wall_s"] if ran else LIMIT) / base["wall_s"], 1)
        cpu = round(row["cpu_s"] / base["cpu_s"], 1) if ran else None
        made.append({"who": row["who"], "triples": row["triples"], "at_least": not row.get("finished", False), "wall": wall, "cpu": cpu})
    return made


def _growth(rows: list[dict]) -> list[dict]:
    """By which power of the size the program's time and memory grow from each size to the next: 1 is in step with the data."""
    own = [row for row in rows if row["who"] == PROGRAM]
    made = []
    for less, more in zip(own, own[1:], strict=False):
        step = math.log(more["triples"] / less["triples"])
        powers = {key: round(math.log(more[key] / less[key]) / step, 2) for key in ("wall_s", "cpu_s", "peak_mib")}
        made.append({"from": less["triples"], "to": more["triples"], **powers})
    return made
