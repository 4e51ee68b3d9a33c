"""Answering over HTTP, by one process or several, until the operator stops it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import uvicorn

from phkg.graph.snapshot import Snapshot
from phkg.records.knowledge import Knowledge
from phkg.server.application import Application, Current
from phkg.server.crew import Crew, Followed, tell_ready
from phkg.server.start import CannotServe
from phkg.server.submitting import Submitting
from phkg.sparql.lifespan import SparqlService
from phkg.sparql.limits import Limits
from phkg.views.site import read_site

CONNECTIONS = 65_536
"""Connections that may be open at once, where the system grants as many."""


@dataclass
class Serving:
    """A server before and while it runs: the sockets it listens on, one for each process, and what its applications are made with.

    `started` is told the snapshot when pages answer; `service` as in Application, `submitting` as the operator has it. Of proxies at the trusted addresses or networks it
    is believed for whom they ask (X-Forwarded-For, X-Forwarded-Proto).
    """

    knowledge: Knowledge
    listeners: Sequence[socket.socket]
    started: Callable[[Snapshot], None]
    complain: Callable[[str], None]
    submitting: Submitting
    trusted_proxies: Sequence[str] = ()
    service: Callable[[Snapshot, str, Limits], SparqlService] | None = None
    _prepared: Application | None = field(default=None, init=False)

    def prepare(self, current: Current) -> None:
        """Make the application that `run` will serve, and what its first page takes, for data that need not be sound."""
        if len(self.listeners) == 1:
            # What fails here fails once more in `run` or at the first request, and is told there.
            with suppress(Exception):
                self._prepared = self._application(current, lambda: self.started(current.get()))
                self._prepared.make_first_page()

    def run(self, current: Current) -> None:
        """Serve until interrupted. Raises CannotServe when the registry does not describe itself."""
        _allow_connections()
        try:
            if len(self.listeners) == 1:
                self._serve(self._prepared or self._application(current, lambda: self.started(current.get())), self.listeners[0])
                return
            read_site(current.get())
        except LookupError as error:
            raise CannotServe(str(error)) from None

        def answer(listener: socket.socket, channel: socket.socket) -> None:
            self._serve(self._application(Followed(current.get(), channel), partial(tell_ready, channel)), listener)

        def news() -> Path | None:
            return current.get().path if current.refresh() else None

        Crew(self.listeners, answer, news, self.complain).run(lambda: self.started(current.get()))

    def run_each(self, follow: Callable[[], Current], started: Callable[[], None]) -> None:
        """Serve until interrupted, each process from what it follows itself; `started` is called once, when all answer."""
        _allow_connections()

        def answer(listener: socket.socket, channel: socket.socket) -> None:
            self._serve(self._application(follow(), partial(tell_ready, channel)), listener)

        Crew(self.listeners, answer, lambda: None, self.complain).run(started)

    def _application(self, current: Current, ready: Callable[[], None]) -> Application:
        limits = Limits().divided(len(self.listeners))
        make = self.service or SparqlService
        door = self.submitting.door(len(self.listeners), self.complain)
        return Application(self.knowledge, current, ready, self.complain, lambda snapshot, page: make(snapshot, page, limits), door, self.submitting.key)

    def _serve(self, application: Application, listener: socket.socket) -> None:
        uvicorn.Server(http_settings(application, self.trusted_proxies)).run(sockets=[listener])


def http_settings(application: Any, trusted_proxies: Sequence[str] = ()) -> uvicorn.Config:
    """How an ASGI application is served over HTTP."""
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
