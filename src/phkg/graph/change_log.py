"""The changes of a registry, commit by commit: what each meant, worked out once and kept.

What two commits differ in never changes, so it is kept in a folder under a name made of both trees, the day and the program.
Working it out takes a part of a second for each commit, so it is done in a process of its own that gives way to all others.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Event

from phkg.graph.changes import Changes
from phkg.graph.changes_file import packed, unpacked
from phkg.graph.compared import Compared, graphs_of
from phkg.graph.inputs import CompileFault, program_digest
from phkg.graph.revisions import Revisions
from phkg.graph.snapshot import HASH_BYTES
from phkg.records.git import Commit, CommitLog, GitFault, git, read_log, tip_of, top_of
from phkg.records.knowledge import Knowledge

MOST = 100
"""Commits that are looked back on."""


@dataclass(frozen=True)
class Recorded:
    """A commit and what it meant; `compared` is None where that cannot be told, and `fault` then says why."""

    commit: Commit
    compared: Compared | None
    fault: str = ""


@dataclass(frozen=True)
class ChangeLog:
    """The changes that git knows, newest first, without those that only look different.

    `state` is `waiting` (not worked out yet), `none` (the registry lies in no repository) or `ready`. `cut`: there are older ones.
    `shallow`: older ones are not in this copy of the repository.
    """

    state: str
    tip: str = ""
    entries: tuple[Recorded, ...] = ()
    cut: bool = False
    shallow: bool = False


WAITING, NONE = ChangeLog("waiting"), ChangeLog("none")


class FollowedLog:
    """The change log of a registry, followed from commit to commit. `get` never waits; `look` does the work."""

    def __init__(self, knowledge: Knowledge, cache: Callable[[], Path]) -> None:
        """`cache` names the folder in which comparisons are kept."""
        self._knowledge = knowledge
        self._cache = cache
        self._log = WAITING
        self._process: BaseProcess | None = None
        self._stopped = False
        self.wanted = Event()
        """Set when somebody has asked for the log, so that nothing is worked out for nobody."""

    def get(self) -> ChangeLog:
        """The log as far as it has been worked out."""
        self.wanted.set()
        return self._log

    @property
    def version(self) -> str:
        """What the log tells now, in short: pages that were made of another one are out of date."""
        return f"{self._log.state} {self._log.tip}"

    def look(self) -> bool:
        """Take up what has been committed since the last look; whether the log is another now. For one thread at a time."""
        if self._stopped:
            return False
        before = self._log
        top = top_of(self._knowledge.registry)
        if top is None:
            self._log = NONE
        elif before.state != "ready" or tip_of(top) != before.tip:
            cache = self._cache()
            if not is_worked_out(self._knowledge, cache):
                self._work(cache)
            if not self._stopped:
                self._log = kept_log(self._knowledge, cache)
        return self._log != before

    def stop(self) -> None:
        """End the work that is going on; nothing is begun any more."""
        self._stopped = True
        if self._process is not None:
            self._process.terminate()

    def _work(self, cache: Path) -> None:
        self._process = get_context("spawn").Process(target=_work_out, args=(self._knowledge, cache), daemon=True)
        self._process.start()
        self._process.join()


def work_out(knowledge: Knowledge, cache: Path) -> None:
    """Compare every commit of the log with the one before, as far as it is not kept already. Raises GitFault, OSError."""
    revisions, log = _read(knowledge)
    cache.mkdir(parents=True, exist_ok=True)
    for commit, target in zip(log.commits, _targets(revisions, log, cache), strict=True):
        if not target.is_file():
            try:
                graphs = graphs_of(revisions.files(commit.base) if commit.base else [], revisions.files(commit.name))
            except (CompileFault, GitFault) as fault:
                found = packed(Compared(Changes((), {}), None, str(fault)))
            else:
                found = packed(graphs.compare(date.fromisoformat(commit.when[:10])))
            _write(target, found)


def is_worked_out(knowledge: Knowledge, cache: Path) -> bool:
    """Whether every commit of the log has been compared already."""
    try:
        return all(target.is_file() for target in _targets(*_read(knowledge), cache))
    except GitFault:
        return False


def kept_log(knowledge: Knowledge, cache: Path) -> ChangeLog:
    """The log as far as it is kept."""
    try:
        revisions, log = _read(knowledge)
        targets = _targets(revisions, log, cache)
    except GitFault:
        return NONE
    entries = []
    for commit, target in zip(log.commits, targets, strict=True):
        try:
            compared = unpacked(target.read_bytes())
        except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
            entries.append(Recorded(commit, None, str(error)))
            continue
        if compared.follows is None and not compared.changes.records:
            entries.append(Recorded(commit, None, compared.fault))
        elif compared.changes.records:
            entries.append(Recorded(commit, compared))
    return ChangeLog("ready", log.tip, tuple(entries), log.cut, log.shallow)


def _work_out(knowledge: Knowledge, cache: Path) -> None:
    os.nice(10)
    with suppress(GitFault, OSError):  # The log says of each commit that it cannot be told.
        work_out(knowledge, cache)


def _read(knowledge: Knowledge) -> tuple[Revisions, CommitLog]:
    revisions = Revisions(knowledge)
    return revisions, read_log(revisions.top, list(revisions.folders), MOST)


def _targets(revisions: Revisions, log: CommitLog, cache: Path) -> list[Path]:
    """Where the comparison of each commit is kept."""
    if not log.commits:
        return []
    names = [f"{one.name}^{{tree}}" for one in log.commits] + [f"{one.base}^{{tree}}" for one in log.commits if one.base]
    trees = dict(zip(names, git(revisions.top, "rev-parse", *names).decode().split(), strict=True))
    found = []
    for one in log.commits:
        state = blake2b(digest_size=HASH_BYTES)
        for part in (program_digest(), one.when[:10], trees[f"{one.name}^{{tree}}"], trees.get(f"{one.base}^{{tree}}", "")):
            state.update(f"{part}\n".encode())
        found.append(cache / f"{state.hexdigest()}.json.gz")
    return found


def _write(target: Path, data: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".draft-", delete=False) as draft:
        draft.write(data)
    os.replace(draft.name, target)
