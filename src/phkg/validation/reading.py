"""Every file read once: its triples into the graph, its facts, and what is wrong with it as a file. A large registry is read by two processes."""

from __future__ import annotations

import gc
import os
import signal
import threading
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import accumulate
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

from phkg.records.files import BYTE_ORDER_MARK, FileEntry, FileProblem, read_entry
from phkg.vocabulary.namespaces import PH

from .data_graph import DataGraph
from .findings import Finding
from .scan import FileFacts, scan
from .words import own_finding

MANY = 4000
"""Files from which on it pays to have another process read half of them."""

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done and how much there is."""

Files = list[tuple[str, FileEntry]]


@dataclass
class Reading:
    """What files hold as far as the program's own checks need it, those that could not be read, and what is wrong with them as files."""

    facts: list[FileFacts] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)


def read_all(files: Mapping[str, FileEntry], graph: DataGraph, progress: Progress) -> Reading:
    """Reads every file and completes `graph` with all triples."""
    listed = list(files.items())
    half = _half(listed) if len(listed) >= MANY and _may_fork() else len(listed)
    with _another(listed[half:]) as other:
        found = _read(listed[:half], graph.add, lambda done: progress("files", done * len(listed) // half, len(listed)))
        rest = other(graph)
    if rest is None:
        rest = _read(listed[half:], graph.add, lambda done: progress("files", half + done, len(listed)))
    graph.complete()
    gc.collect()
    return Reading(found.facts + rest.facts, found.unread | rest.unread, found.findings + rest.findings)


def of_problem(problem: FileProblem) -> Finding:
    """What is wrong with a file as such, as a finding."""
    values = {"name": problem.name, "detail": problem.detail}
    return own_finding(problem.code, problem.name, values=values, line=problem.line, column=problem.column, end_column=problem.column + 1)


def _read(files: Files, add: Callable[[bytes], object], progress: Callable[[int], None]) -> Reading:
    found = Reading()
    for number, (name, entry) in enumerate(files):
        if number % 500 == 0:
            progress(number)
        data = read_entry(entry)
        if isinstance(data, FileProblem):
            found.findings.append(of_problem(data))
            if data.code not in ("byte-order-mark", "not-utf-8"):
                found.unread.add(name)
                continue
            data = entry.path.read_bytes().removeprefix(BYTE_ORDER_MARK)
        fact, ntriples = scan(name, data, PH)
        found.facts.append(fact)
        add(ntriples)
    return found


def _may_fork() -> bool:
    """Whether a copy of this process can go on safely: not where threads of it may hold a lock."""
    return hasattr(os, "fork") and threading.active_count() == 1


def _half(files: Files) -> int:
    """How many of the files, from the first on, hold half of all bytes."""
    sizes = list(accumulate(_size(entry) for _, entry in files))
    return max(1, bisect_left(sizes, sizes[-1] / 2))


def _size(entry: FileEntry) -> int:
    try:
        return entry.path.stat().st_size
    except OSError:
        return 0


@contextmanager
def _another(files: Files) -> Iterator[Callable[[DataGraph], Reading | None]]:
    """A copy of this process reads some files; what is given adds their triples and tells what it found, None where it has ended early."""
    if not files:
        yield lambda graph: Reading()
        return
    context = get_context("fork")
    with TemporaryDirectory(prefix="phkg-") as folder:
        triples = Path(folder) / "graph.nt"
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_read_elsewhere, args=(files, triples, theirs), daemon=True)
        process.start()
        theirs.close()

        def told(graph: DataGraph) -> Reading | None:
            try:
                found: Reading = ours.recv()
            except EOFError:
                return None
            graph.add_file(triples)
            return found

        try:
            yield told
        finally:
            ours.close()
            process.kill()
            process.join()


def _read_elsewhere(files: Files, triples: Path, told: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # The process that waits for this one ends it.
    gc.disable()
    with triples.open("wb") as stream:
        found = _read(files, stream.write, lambda done: None)
    told.send(found)
