"""The snapshot in use, kept up to date with the files and the day; a broken change never takes its place."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import IO, Any

from phkg.graph.compile import compile_files
from phkg.graph.inputs import CompileFault, InputFile, input_name, read_inputs
from phkg.graph.prune import hold, prune
from phkg.graph.snapshot import Snapshot
from phkg.records.knowledge import Knowledge

Signature = tuple[object, ...]
Check = Callable[[Knowledge], Sequence[Any]]
"""Validates the files as they lie there; what it returns are the findings that forbid to use them (none: they are good)."""


@dataclass(frozen=True)
class Refusal:
    """A change that was not taken: the findings of the check, or what could not be compiled. The snapshot `kept` stays in use."""

    kept: str
    findings: tuple[Any, ...]


class CurrentSnapshot:
    """Holds the snapshot that new requests are answered from. Whoever took one keeps it for as long as they like."""

    def __init__(
        self,
        first: Snapshot,
        knowledge: Knowledge,
        into: Path,
        check: Check,
        refused: Callable[[Refusal], None],
        today: Callable[[], date] = date.today,
    ) -> None:
        """`first` is in use until something changes; `refused` is told once of every change that is not taken."""
        self._snapshot = first
        self._knowledge = knowledge
        self._into = Path(into)
        self._check = check
        self._refused = refused
        self._today = today
        self._seen: Signature | None = None
        self._told: tuple[Any, ...] | None = None
        self._one_at_a_time = Lock()
        self._held = _held(first.path)
        prune(self._into)

    def get(self) -> Snapshot:
        """The snapshot in use now."""
        return self._snapshot

    def refresh(self) -> bool:
        """Look whether files or day have changed, and take the change if it is good; whether another snapshot is in use now.

        To be called every second or so, in a thread of its own. While nothing has changed it costs one look at each file's
        size and time.
        """
        with self._one_at_a_time:
            on = self._today()
            seen = (on, *signature(self._knowledge))
            if seen == self._seen:
                return False
            taken = False
            try:
                taken = self._take(on, seen)
            except CompileFault as fault:
                self._refuse(fault.problems)
            except Exception as error:  # noqa: BLE001 - whatever it is, it must not end the thread that looks; the next look tries again.
                self._refuse((f"{type(error).__name__}: {error}",))
                return False
            if (on, *signature(self._knowledge)) == seen:
                self._seen = seen
            return taken

    def _take(self, on: date, seen: Signature) -> bool:
        files = read_inputs(self._knowledge)
        name = input_name(files, on)
        if name == self._snapshot.name:
            self._told = None
            return False
        # Side by side, so that a reader waits for the longer of the two only: what the check refuses was compiled in vain.
        with ThreadPoolExecutor(1) as beside:
            checking = beside.submit(self._check, self._knowledge)
            taken, fault = self._compiled(files, on)
            findings = tuple(checking.result())
        if findings:
            self._refuse(findings)
            return False
        if taken is None:
            raise fault
        if (on, *signature(self._knowledge)) != seen:
            return False  # Changed while it was being checked: what was checked is gone, the next look starts anew.
        # The old one is left to whoever still answers from it: it is among the last used.
        self._held.close()
        self._held = _held(taken.path)
        self._snapshot = taken
        prune(self._into)
        self._told = None
        return True

    def _compiled(self, files: Sequence[InputFile], on: date) -> tuple[Snapshot, None] | tuple[None, CompileFault]:
        try:
            return compile_files(files, on, self._into, self._knowledge), None
        except CompileFault as fault:
            return None, fault

    def _refuse(self, findings: Sequence[Any]) -> None:
        """Tell of what is wrong, but not again and again of the same."""
        if tuple(findings) != self._told:
            self._told = tuple(findings)
            self._refused(Refusal(self._snapshot.name, self._told))


def _held(folder: Path) -> IO[bytes]:
    """A hold on a snapshot that this process answers from; an empty one where the folder is gone already, since it is in memory."""
    try:
        return hold(folder)
    except OSError:
        return BytesIO()


def signature(knowledge: Knowledge) -> Signature:
    """Size, time and inode of every file of a registry: whether anything can have changed, without reading."""
    found: list[tuple[str, int, int, int]] = []
    folders = {str(folder) for folder in (knowledge.core, knowledge.ontology, knowledge.registry)}
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as items:
                for item in items:
                    if item.is_dir(follow_symlinks=False):
                        folders.add(item.path)
                    else:
                        stat = item.stat(follow_symlinks=False)
                        found.append((item.path, stat.st_size, stat.st_mtime_ns, stat.st_ino))
        except OSError:
            # Something vanished while we looked; the next look sees that it has changed.
            found.append((folder, -1, 0, 0))
    return tuple(sorted(found))
