"""What comes before serving: the records checked and compiled, an address to listen on."""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from phkg.records.knowledge import Knowledge, cache_folder
from phkg.sparql.lifeline import die_with_parent
from phkg.validation.findings import Finding, Report

if TYPE_CHECKING:
    from phkg.graph.snapshot import Snapshot
    from phkg.graph.watch import CurrentSnapshot, Refusal

YOUNG = 10_000
"""Objects that may be made, less those that are gone, before garbage is looked for among them."""


class CannotServe(Exception):
    """The server could not be started; the text says why and what to do."""


@dataclass(frozen=True)
class Checked:
    """A registry that was checked and compiled."""

    report: Report
    snapshot: Snapshot | None


def snapshot_folder() -> Path:
    """Where snapshots are kept: the user's cache."""
    return cache_folder("snapshots")


def bind(host: str, port: int, count: int = 1) -> list[socket.socket]:
    """Listening sockets, one for each process that answers. Raises CannotServe when the address cannot be had."""
    # Alone first: sockets that share an address would share it with another server of the same user as well.
    alone = _listen(host, port, shared=False)
    if count == 1 or sys.platform != "linux":
        # Only Linux deals connections out to the sockets of one address; elsewhere the processes take them from one.
        return [alone] * count
    alone.close()
    return [_listen(host, port, shared=True) for _ in range(count)]


def _listen(host: str, port: int, shared: bool) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        if shared:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise CannotServe(f"{host}:{port} cannot be used ({error.strerror}): stop what runs there, or choose another port with --port.") from None
    return listener


class Begun:
    """The check and the compiling of a registry, which go on side by side."""

    def __init__(self, compiling: Future[Path | str], checking: Future[Report | str]) -> None:
        self._compiling = compiling
        self._checking = checking

    @cached_property
    def compiled(self) -> Snapshot | str:
        """The snapshot of records that the check may yet refuse, or why there is none."""
        from phkg.graph.snapshot import SnapshotFault, open_snapshot

        compiled = self._compiling.result()
        try:
            return compiled if isinstance(compiled, str) else open_snapshot(compiled)
        except SnapshotFault as fault:
            return str(fault)

    def checked(self) -> Checked:
        """What came of both. Raises CannotServe when one of them could not be done."""
        checked = self._checking.result()
        if isinstance(checked, str):
            raise CannotServe(checked)
        if not checked.conforms:
            return Checked(checked, None)
        if isinstance(self.compiled, str):
            raise CannotServe(self.compiled)
        return Checked(checked, self.compiled)


@contextmanager
def begin(knowledge: Knowledge, into: Path) -> Iterator[Begun]:
    """Begin to check the records and to compile them, in processes of their own, so that all cores work towards the first page.

    Copies of this process begin at once, and are safe as long as it has no threads. Raises CannotServe when one of them is ended.
    """
    context = get_context("fork" if hasattr(os, "fork") else "spawn")
    try:
        with ProcessPoolExecutor(2, context, _begin, (os.getpid(),)) as others:
            yield Begun(others.submit(_compile, knowledge, into), others.submit(_check, knowledge))
    except BrokenProcessPool:
        raise CannotServe("The check was ended from outside, most likely by the system for want of memory.") from None


@contextmanager
def for_good() -> Iterator[None]:
    """What is loaded and made within stays as long as the process: it is not searched for garbage, then or later.

    What pages keep for their snapshot stays nearly as long, so afterwards garbage is looked for less often: else every hundredth page would wait for all of that to be searched.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(YOUNG)
        gc.enable()


def check_and_compile(knowledge: Knowledge, into: Path) -> Checked:
    """Check the records and, when nothing blocks, compile them. Raises CannotServe when either could not be done."""
    with begin(knowledge, into) as begun:
        return begun.checked()


def _begin(server: int) -> None:
    """The first that a helping process does: it ends with the server, and leaves an interrupt at the terminal to it."""
    gc.enable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent(server)


def _check(knowledge: Knowledge) -> Report | str:
    """The report, or why there is none."""
    from phkg.validation.engines import EngineFailed
    from phkg.validation.run import CannotValidate, validate

    try:
        return validate(knowledge, gravest_only=True)
    except (CannotValidate, EngineFailed) as error:
        return str(error)
    except OSError as error:
        return f"{error.filename}: {error.strerror}"


def _compile(knowledge: Knowledge, into: Path) -> Path | str:
    """The folder of the snapshot, or why there is none."""
    from phkg.graph.compile import write_compiled
    from phkg.graph.inputs import CompileFault, read_inputs

    try:
        return write_compiled(read_inputs(knowledge), date.today(), into, knowledge)
    except CompileFault as fault:
        return str(fault)
    except OSError as error:
        return f"{error.filename or into}: {error.strerror}"


def blocking(knowledge: Knowledge) -> Sequence[Finding]:
    """The findings that forbid to use the records as they are now. Raises CannotServe when the check could not be done."""
    # In another process, so that requests do not wait for it; a copy of this one would not be safe any more.
    with ProcessPoolExecutor(1, get_context("spawn"), _begin, (os.getpid(),)) as other:
        checked = other.submit(_check, knowledge).result()
    if isinstance(checked, str):
        raise CannotServe(checked)
    return checked.findings


def in_words(findings: Sequence[Any], language: str) -> str:
    """What forbids to use the records, for the operator: findings of the check, or what could not be compiled."""
    from phkg.validation.reports.as_text import render_findings

    checked = [finding for finding in findings if isinstance(finding, Finding)]
    others = [str(finding) for finding in findings if not isinstance(finding, Finding)]
    return "\n\n".join([*others, render_findings(checked, language)] if checked else others)


def keep(snapshot: Snapshot, knowledge: Knowledge, into: Path, refused: Callable[[Refusal], None]) -> CurrentSnapshot:
    """The snapshot in use, which follows the files from now on."""
    from phkg.graph.watch import CurrentSnapshot

    return CurrentSnapshot(snapshot, knowledge, into, blocking, refused)
