"""From a folder of records to a running server: check, compile, serve."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from phkg.graph.compile import compile_snapshot
from phkg.graph.inputs import CompileFault
from phkg.graph.snapshot import Snapshot, SnapshotFault
from phkg.graph.watch import CurrentSnapshot, Refusal
from phkg.records.knowledge import Knowledge
from phkg.validation.engines import EngineFailed
from phkg.validation.findings import Finding, Report
from phkg.validation.reports.as_text import render_findings
from phkg.validation.run import CannotValidate, validate


class CannotServe(Exception):
    """The server could not be started; the text says why and what to do."""


@dataclass(frozen=True)
class Checked:
    """A registry that was checked and compiled."""

    report: Report
    snapshot: Snapshot | None


def snapshot_folder() -> Path:
    """Where snapshots are kept: the user's cache (XDG_CACHE_HOME, else `~/.cache`)."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "phkg" / "snapshots"


def bind(host: str, port: int) -> socket.socket:
    """A listening socket. Raises CannotServe when the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise CannotServe(
            f"{host}:{port} cannot be used ({error.strerror}): stop what runs there, or choose another port with --port."
        ) from None
    return listener


def check_and_compile(knowledge: Knowledge, into: Path) -> Checked:
    """Check the records and, when nothing blocks, compile them. Raises CannotServe when either could not be done.

    The check runs in a process of its own, so that two cores work towards the first page.
    """
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as other:
        checking = other.submit(validate, knowledge, gravest_only=True)
        try:
            snapshot = _compile(knowledge, into, checking)
            return Checked(checking.result(), snapshot)
        except (CannotValidate, EngineFailed, SnapshotFault) as error:
            raise CannotServe(str(error)) from None
        except OSError as error:
            raise CannotServe(f"{error.filename or into}: {error.strerror}") from None


def _compile(knowledge: Knowledge, into: Path, checking: Future[Report]) -> Snapshot | None:
    """The snapshot, or None when the check finds why there can be none."""
    try:
        snapshot = compile_snapshot(knowledge, date.today(), into)
    except CompileFault as fault:
        if checking.result().conforms:
            raise CannotServe("\n".join(str(problem) for problem in fault.problems)) from None
        return None
    # Loaded while the check still runs: it takes about as long.
    import_module("phkg.server.application")
    return snapshot if checking.result().conforms else None


def blocking(knowledge: Knowledge) -> Sequence[Finding]:
    """The findings that forbid to use the records as they are now."""
    return validate(knowledge, gravest_only=True).findings


def in_words(findings: Sequence[Any], language: str) -> str:
    """What forbids to use the records, for the operator: findings of the check, or what could not be compiled."""
    checked = [finding for finding in findings if isinstance(finding, Finding)]
    others = [str(finding) for finding in findings if not isinstance(finding, Finding)]
    return "\n\n".join([*others, render_findings(checked, language)] if checked else others)


def keep(snapshot: Snapshot, knowledge: Knowledge, into: Path, refused: Callable[[Refusal], None]) -> CurrentSnapshot:
    """The snapshot in use, which follows the files from now on."""
    return CurrentSnapshot(snapshot, knowledge, into, blocking, refused)


def run(
    knowledge: Knowledge,
    current: CurrentSnapshot,
    listener: socket.socket,
    started: Callable[[], None],
    complain: Callable[[str], None],
    trusted_proxies: Sequence[str] = (),
) -> None:
    """Serve until interrupted. Raises CannotServe when the registry does not describe itself.

    Of proxies at the trusted addresses or networks it is believed for whom they ask (X-Forwarded-For, X-Forwarded-Proto).
    """
    import uvicorn

    from phkg.server.application import Application

    try:
        application = Application(knowledge, current, started, complain)
    except LookupError as error:
        raise CannotServe(str(error)) from None
    config = uvicorn.Config(
        application,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
        # Without an operator's word nobody is believed: the library would trust every process of this machine.
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=list(trusted_proxies),
    )
    uvicorn.Server(config).run(sockets=[listener])
