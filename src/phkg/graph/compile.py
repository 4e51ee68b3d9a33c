"""Compile the vocabulary and the registry into a snapshot."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pyoxigraph import RdfFormat, Store, serialize

import phkg
from phkg.graph.bounds import FactFault
from phkg.graph.derive import derive
from phkg.graph.inputs import CompileFault, InputFile, Problem, file_of, input_name, parse_inputs, read_inputs
from phkg.graph.snapshot import Snapshot, is_written, open_snapshot, write_snapshot
from phkg.records.knowledge import Knowledge


def compile_snapshot(knowledge: Knowledge, on: date, into: Path) -> Snapshot:
    """The snapshot of `knowledge` on a day, in a folder of its own within `into`, opened.

    The folder is named by the hash of the input; a snapshot that is already there is used again. Raises CompileFault when the
    files cannot become a graph; whether the graph is any good is for validation to say.
    """
    return compile_files(read_inputs(knowledge), on, into, knowledge)


def compile_files(files: Sequence[InputFile], on: date, into: Path, knowledge: Knowledge) -> Snapshot:
    """As `compile_snapshot`, of files that have been read already; `knowledge` only tells of which commit they are."""
    return open_snapshot(write_compiled(files, on, into, knowledge))


def write_compiled(files: Sequence[InputFile], on: date, into: Path, knowledge: Knowledge) -> Path:
    """As `compile_files`, for whoever does not need it open: the snapshot's folder."""
    into, name = Path(into), input_name(files, on)
    if not is_written(into, name):
        graph, counts = _graph(files, on)
        manifest: dict[str, Any] = {"date": on.isoformat(), "version": phkg.__version__, "counts": counts, **_commit(knowledge)}
        write_snapshot(into, name, graph, manifest)
    return into / name


def compile_in_memory(files: Sequence[InputFile], on: date, path: Path, told: Mapping[str, Any]) -> Snapshot:
    """The snapshot of some files on a day, written nowhere; its manifest also holds what is `told`, its path is the one given.

    Raises CompileFault as `compile_snapshot` does.
    """
    graph, counts = _graph(files, on)
    store = Store()
    store.bulk_load(graph, format=RdfFormat.N_TRIPLES)
    name = input_name(files, on)
    manifest = {**told, "name": name, "date": on.isoformat(), "version": phkg.__version__, "counts": counts}
    return Snapshot(name, path, MappingProxyType(manifest), store)


def _graph(files: Sequence[InputFile], on: date) -> tuple[bytes, dict[str, int]]:
    """The whole graph as sorted N-Triples, and how much of what it holds."""
    triples = parse_inputs(files)
    try:
        derived = derive(triples, on)
    except FactFault as fault:
        raise CompileFault([Problem(file_of(files, fault.subject), 1, 1, f"<{fault.subject}> {fault}")]) from None
    # Written from what was parsed and not from a store, which would write 01 as 1.
    recorded = serialize(triples, format=RdfFormat.N_TRIPLES).split(b"\n")
    lines = set(recorded).union(serialize(derived.triples, format=RdfFormat.N_TRIPLES).split(b"\n"))
    lines.discard(b"")
    counts = {
        "files": len(files),
        "triples": len(lines),
        "statements": derived.statements,
        "standings": derived.standings,
        "coverages": derived.coverages,
    }
    return b"\n".join(sorted(lines)) + b"\n", counts


def _commit(knowledge: Knowledge) -> dict[str, Any]:
    """Which commit the records are of, and whether anything was changed since; nothing where there is no git."""

    def git(*arguments: str) -> str:
        command = ["git", "-C", str(knowledge.registry), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout.strip()

    try:
        return {"commit": git("rev-parse", "HEAD"), "changed": bool(git("status", "--porcelain", "--", "."))}
    except (OSError, subprocess.SubprocessError):
        return {}
