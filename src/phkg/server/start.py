"""From a folder of records to a running server: check, compile, serve."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from phkg.records.knowledge import Knowledge, cache_folder
from phkg.sparql.lifeline import die_with_parent
from phkg.validation.findings import Finding, Report

if TYPE_CHECKING:
    import uvicorn

    from phkg.graph.snapshot import Snapshot
    from phkg.graph.watch import CurrentSnapshot, Refusal
    from phkg.server.application import Current
    from phkg.server.submitting import Submitting
    from phkg.sparql.lifespan import SparqlService

CONNECTIONS = 65_536
"""Connections that may be open at once, where the system grants as many."""

FIRST_NEEDED = ("phkg.server.application", "uvicorn")
"""What serving takes besides the data, in modules."""


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
        raise CannotServe(
            f"{host}:{port} cannot be used ({error.strerror}): stop what runs there, or choose another port with --port."
        ) from None
    return listener


def check_and_compile(knowledge: Knowledge, into: Path) -> Checked:
    """Check the records and, when nothing blocks, compile them. Raises CannotServe when either could not be done.

    Both are done in processes of their own, so that all cores work towards the first page; this one meanwhile loads what it takes
    to serve. Copies of this process begin at once, and are safe as long as it has no threads.
    """
    context = get_context("fork" if hasattr(os, "fork") else "spawn")
    try:
        with ProcessPoolExecutor(2, context, _begin, (os.getpid(),)) as others:
            compiling = others.submit(_compile, knowledge, into)
            checking = others.submit(_check, knowledge)
            for name in FIRST_NEEDED:
                import_module(name)
            compiled, checked = compiling.result(), checking.result()
    except BrokenProcessPool:
        raise CannotServe("The check was ended from outside, most likely by the system for want of memory.") from None
    if isinstance(checked, str):
        raise CannotServe(checked)
    if not checked.conforms:
        return Checked(checked, None)
    if isinstance(compiled, str):
        raise CannotServe(compiled)
    from phkg.graph.snapshot import SnapshotFault, open_snapshot

    try:
        return Checked(checked, open_snapshot(compiled))
    except SnapshotFault as fault:
        raise CannotServe(str(fault)) from None


def _begin(server: int) -> None:
    """The first that a helping process does: it ends with the server, and leaves an interrupt at the terminal to it."""
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


def run(
    knowledge: Knowledge,
    current: Current,
    listeners: Sequence[socket.socket],
    started: Callable[[], None],
    complain: Callable[[str], None],
    trusted_proxies: Sequence[str] = (),
    service: Callable[[Snapshot, str], SparqlService] | None = None,
    submitting: Submitting | None = None,
) -> None:
    """Serve until interrupted, with a process for each listening socket; `service` as in Application, `submitting` as the operator has it.

    Raises CannotServe when the registry does not describe itself. Of proxies at the trusted addresses or networks it is believed
    for whom they ask (X-Forwarded-For, X-Forwarded-Proto).
    """
    import uvicorn

    from phkg.server.application import Application
    from phkg.server.crew import Crew
    from phkg.sparql.lifespan import SparqlService
    from phkg.sparql.limits import Limits
    from phkg.views.site import read_site

    limits = Limits().divided(len(listeners))

    def serve(source: Current, listener: socket.socket, ready: Callable[[], None]) -> None:
        here = service or (lambda snapshot, page: SparqlService(snapshot, page, limits))
        door = submitting.door(len(listeners), complain) if submitting else None
        application = Application(knowledge, source, ready, complain, here, door, submitting.key if submitting else b"")
        uvicorn.Server(http_settings(application, trusted_proxies)).run(sockets=[listener])

    _allow_connections()
    try:
        if len(listeners) == 1:
            serve(current, listeners[0], started)
            return
        read_site(current.get())
    except LookupError as error:
        raise CannotServe(str(error)) from None
    Crew(listeners, lambda source, listener: serve(source, listener, source.ready), current, complain).run(started)


def http_settings(application: Any, trusted_proxies: Sequence[str] = ()) -> uvicorn.Config:
    """How an ASGI application is served over HTTP."""
    import uvicorn

    return uvicorn.Config(
        application,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
        # Longer than clients keep a connection for reuse, so that it is they who close it and no request meets a closed one.
        timeout_keep_alive=75,
        # Without an operator's word nobody is believed: the library would trust every process of this machine.
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=list(trusted_proxies),
    )


def _allow_connections() -> None:
    """Have room for as many connections as the system grants; what is set for programs at first is soon taken by a crowd."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = CONNECTIONS if most == resource.RLIM_INFINITY else min(CONNECTIONS, most)
        if now != resource.RLIM_INFINITY and now < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
