"""The check of a change: on the real registry as a process, at a million triples beside one full validation, and against a loaded snapshot."""

from __future__ import annotations

import re
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.processes import PHKG, make_registry, run

CHANGED = 10
"""Records that the change at a million triples touches."""


def measure(folder: Path, triples: int, repeats: int) -> dict:
    """Wall and processor seconds of each way; ratios of the check with a kept base to one full validation of the same files."""
    rows = _real(folder, repeats) + _made(folder, triples, repeats)
    return {"rows": rows, "ratio": _ratio(rows)}


def _real(folder: Path, repeats: int) -> list[dict]:
    """`phkg check --base HEAD` of the real registry, with a base that is not kept yet and with one that is."""
    rows = []
    for kept in (False, True):
        walls, cpus = [], []
        for turn in range(repeats):
            cache = folder / ("kept" if kept else f"cache-{turn}")
            done = run([*PHKG, "check", "--base", "HEAD", "--cache", str(cache), "--output", str(folder / "real.txt")])
            walls.append(done.wall), cpus.append(done.cpu)
        if kept and repeats > 1:
            walls, cpus = walls[1:], cpus[1:]
        rows.append({"who": f"check, real registry, base {'kept' if kept else 'not kept'}", "wall_s": _middle(walls), "cpu_s": _middle(cpus)})
    return rows


def _made(folder: Path, triples: int, repeats: int) -> list[dict]:
    root = folder / "made"
    made = make_registry(root, triples)
    _git(root, "init", "--quiet")
    _git(root, "add", "--all")
    _git(root, "commit", "--quiet", "-m", "All")
    _touch(root)
    check = [*PHKG, "check", "--base", "HEAD", "--root", str(root), "--cache", str(folder / "cache-made"), "--output", str(folder / "made.txt")]
    run(check)  # The base is kept from here on.
    walls: dict[str, list[float]] = {"check": [], "validate": []}
    cpus: dict[str, list[float]] = {"check": [], "validate": []}
    for _ in range(repeats):
        for name, command in (("check", check), ("validate", [*PHKG, "validate", "--root", str(root), "--output", str(folder / "validate.txt")])):
            done = run(command)
            walls[name].append(done.wall), cpus[name].append(done.cpu)
    rows = [{"who": f"{name}, {CHANGED} changed records", **made, "wall_s": _middle(walls[name]), "cpu_s": _middle(cpus[name])} for name in walls]
    return [*rows, *_loaded(folder, triples, made)]


def _loaded(folder: Path, triples: int, made: dict) -> list[dict]:
    """Single records changed, checked against the loaded snapshot of a registry that has no faults; and sent in, read and put into their files as well."""
    from benchmarks.generator import generate, write
    from phkg.curation.closure import check_records, ground
    from phkg.curation.from_table import CSV
    from phkg.curation.judging import Judge, Lying
    from phkg.curation.submitted import TURTLE
    from phkg.graph.compile import compile_snapshot
    from phkg.records.knowledge import find_knowledge
    from phkg.turtle.format import format_turtle

    root = folder / "served"
    write(generate(triples, faults=False), root)
    for file in _largest(root):
        file.write_bytes(format_turtle(file.read_bytes(), ("sv", "en")))  # As every file of a registry is written.
    knowledge = find_knowledge(root)
    snapshot = compile_snapshot(knowledge, date(2026, 1, 1), folder / "snapshots")
    start = time.perf_counter()
    on = ground(knowledge, snapshot)
    ready = time.perf_counter() - start
    rows = []
    changes = _changes(root)
    for what, listed in changes.items():
        taken = [_timed(lambda one=one, on=on: check_records({one.name: one.file}, on).whole) for one in listed]
        rows.append(
            {"who": f"{what} against a loaded snapshot", **made, **_told(taken), "ready_s": round(ready, 3), "checked_whole": sum(whole for *_, whole in taken)}
        )
    del on, snapshot
    judge = Judge(Lying(knowledge), folder)
    judge.judge(changes["a changed method"][0].sent, TURTLE)  # The snapshot is loaded from here on.
    for what, listed in changes.items():
        taken = [_timed(lambda one=one: judge.judge(one.sent, TURTLE)) for one in listed]
        rows.append({"who": f"{what}, sent in", **made, **_told(taken)})
    tables = [_as_table(one.sent.decode()) for one in changes["a new statement"]]
    judge.judge(tables[0], CSV)  # What cells can mean is read from here on.
    taken = [_timed(lambda one=one: judge.judge(one, CSV)) for one in tables]
    rows.append({"who": "a new statement, sent in as a row of a spreadsheet", **made, **_told(taken)})
    return rows


def _as_table(record: str) -> bytes:
    """A statement as a row of a table; in another state, for else it would be there already."""
    said = dict(re.findall(r"ph:(method|place|statementKind|confidence|statedBy) [\w-]+:([^\s;]+)", record)) | {"state": "pilot"}
    return f"{';'.join(said)}\n{';'.join(said.values())}\n".encode()


@dataclass(frozen=True)
class _Changed:
    """A file with one record of it changed or new, and that record as it is sent in."""

    name: str
    file: bytes
    sent: bytes


def _changes(root: Path) -> dict[str, list[_Changed]]:
    """Changes of single records: in files of their own, and in the largest files, which hold a region's statements."""
    found: dict[str, list[_Changed]] = {"a changed method": [], "a changed statement": [], "a new statement": []}
    for file in sorted(root.glob("registry/methods/*.ttl"))[:CHANGED]:
        text = file.read_text(encoding="utf-8").replace('"@sv', ' och mer"@sv', 1).encode()
        found["a changed method"].append(_Changed(file.relative_to(root).as_posix(), text, text))
    for file in _largest(root):
        name, text = file.relative_to(root).as_posix(), file.read_text(encoding="utf-8")
        head, *records = text.rstrip("\n").split("\n\n")
        record = next(one for one in records if "state:routine" in one)
        changed = record.replace("state:routine", "state:being-introduced")
        new = re.sub(r"(?<=/)[0-9]+(?=>?\s)", "99", record, count=1)
        for what, sent, whole in (("a changed statement", changed, text.replace(record, changed)), ("a new statement", new, f"{text}\n{new}\n")):
            found[what].append(_Changed(name, whole.encode(), f"{head}\n\n{sent}\n".encode()))
    return found


def _largest(root: Path) -> list[Path]:
    return sorted(root.glob("registry/implementations/*.ttl"), key=lambda file: file.stat().st_size)[-CHANGED // 2 :]


def _timed(what: Callable[[], object]) -> tuple[float, float, object]:
    """Wall and processor seconds, and what came of it."""
    wall, cpu = time.perf_counter(), time.process_time()
    came = what()
    return time.perf_counter() - wall, time.process_time() - cpu, came


def _told(taken: list[tuple[float, float, object]]) -> dict:
    walls, cpus, _ = zip(*taken, strict=True)
    return {"wall_s": _middle(walls), "cpu_s": _middle(cpus), "slowest_s": round(max(walls), 3), "slowest_cpu_s": round(max(cpus), 3)}


def _touch(root: Path) -> None:
    """Changes records in files of their own, a reference among them, so that what points to one has something to say."""
    files = sorted(root.glob("registry/methods/*.ttl"))[:CHANGED]
    for number, file in enumerate(files):
        if number == 0:
            file.unlink()
        else:
            text = file.read_text(encoding="utf-8")
            file.write_text(text.replace('"@sv', ' (ändrad)"@sv', 1), encoding="utf-8")


def _git(root: Path, *arguments: str) -> None:
    person = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    subprocess.run(["git", "-C", str(root), *person, *arguments], check=True, stdout=subprocess.DEVNULL)


def _ratio(rows: list[dict]) -> dict:
    """How many times as long the check takes as one validation."""
    found = {row["who"].split(",")[0]: row for row in rows if "changed records" in row["who"]}
    return {key: round(found["check"][key] / found["validate"][key], 2) for key in ("wall_s", "cpu_s")}


def _middle(values: Sequence[float]) -> float:
    return round(statistics.median(values), 3)
