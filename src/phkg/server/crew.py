"""Several processes that serve the same address: one watches, the others answer.

The watching process opens nothing to the network and has no threads when it forks. Each of the others has a listening socket that the
first one keeps open as well: what waits in it when a process dies is answered by the one that takes its place.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from phkg.graph.prune import hold
from phkg.graph.snapshot import Snapshot, SnapshotFault, open_snapshot
from phkg.sparql.lifeline import die_with_parent

SECONDS_BETWEEN_LOOKS = 0.5
RESTART_SECONDS = 1.0
"""How long after its beginning a process is replaced at the earliest, so that one that cannot begin is not begun without end."""
END_SECONDS = 15.0
"""How long the processes may take to end their answers when the operator stops the server."""
READY = b"+"


class Followed:
    """The snapshot that the watching process names, in a process that answers."""

    def __init__(self, first: Snapshot, channel: socket.socket) -> None:
        channel.setblocking(False)
        self._snapshot = first
        self._channel = channel
        self._held = hold(first.path)
        self._heard = b""

    def get(self) -> Snapshot:
        """The snapshot in use now."""
        return self._snapshot

    def refresh(self) -> bool:
        """Open the snapshot that was named last, if any was since the last look."""
        with suppress(BlockingIOError):
            while part := self._channel.recv(4096):
                self._heard += part
        *named, self._heard = self._heard.split(b"\n")
        if not named:
            return False
        try:
            opened = open_snapshot(Path(os.fsdecode(named[-1])))
        except SnapshotFault:
            # Deleted since, because a newer one was named; that one is heard of at the next look.
            return False
        self._held.close()
        self._held = hold(opened.path)
        self._snapshot = opened
        return True


def tell_ready(channel: socket.socket) -> None:
    """Tell the watching process, over a channel to it, that requests are answered."""
    channel.send(READY)


@dataclass
class Member:
    """A process that answers, and the watching process's end of the channel to it."""

    pid: int
    channel: socket.socket
    ready: bool = False


class Crew:
    """The processes that answer, one for each listening socket."""

    def __init__(
        self,
        listeners: Sequence[socket.socket],
        serve: Callable[[socket.socket, socket.socket], None],
        news: Callable[[], Path | None],
        complain: Callable[[str], None],
    ) -> None:
        """`serve` answers requests at a listening socket until SIGTERM; what comes over the channel it is also given is for Followed.

        `news` is asked every second for the folder of a new snapshot, which all processes are then told; `complain` tells the operator.
        """
        self._listeners = listeners
        self._serve = serve
        self._news = news
        self._complain = complain
        self._members: dict[int, Member | None] = dict.fromkeys(range(len(listeners)))
        self._begun: dict[int, float] = {}
        self._stopped = False

    def run(self, started: Callable[[], None]) -> None:
        """Keep all places filled and pass the news on until interrupted; `started` is called once, when all answer."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        told, look = False, time.monotonic() + SECONDS_BETWEEN_LOOKS
        try:
            while not self._stopped:
                self._bury()
                self._fill()
                self._listen(0.1)
                if not told and all(member and member.ready for member in self._members.values()):
                    told = True
                    started()
                if time.monotonic() >= look:
                    if (folder := self._news()) is not None:
                        self._name(folder)
                    look = time.monotonic() + SECONDS_BETWEEN_LOOKS
        finally:
            self._end()

    def _stop(self, *_: object) -> None:
        self._stopped = True

    def _fill(self) -> None:
        for place, member in self._members.items():
            if member is None and not self._stopped and time.monotonic() - self._begun.get(place, -RESTART_SECONDS) >= RESTART_SECONDS:
                self._begun[place] = time.monotonic()
                self._members[place] = self._fork(self._listeners[place])

    def _fork(self, listener: socket.socket) -> Member:
        ours, theirs = socket.socketpair()
        watcher = os.getpid()
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                self._answer(listener, theirs, ours, watcher)
                code = 0
            except Exception as error:  # noqa: BLE001 - whatever it is, the operator is to read it, and another process takes the place.
                self._complain(f"A process that answers has failed: {type(error).__name__}: {error}")
            finally:
                os._exit(code)
        theirs.close()
        ours.setblocking(False)
        return Member(pid, ours)

    def _answer(self, listener: socket.socket, channel: socket.socket, other: socket.socket, watcher: int) -> None:
        """What the new process does: it is told by the watching one when to end, not by the terminal."""
        os.setpgid(0, 0)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        die_with_parent(watcher)
        other.close()
        for unused in self._listeners:
            if unused is not listener:
                unused.close()
        for member in self._members.values():
            if member:
                member.channel.close()
        self._serve(listener, channel)

    def _bury(self) -> None:
        for place, member in self._members.items():
            if member and os.waitpid(member.pid, os.WNOHANG)[0]:
                member.channel.close()
                self._members[place] = None

    def _listen(self, seconds: float) -> None:
        channels = {member.channel: member for member in self._members.values() if member and not member.ready}
        for channel in select.select(list(channels), [], [], seconds)[0]:
            with suppress(OSError):
                channels[channel].ready = channel.recv(1) == READY

    def _name(self, folder: Path) -> None:
        for member in self._members.values():
            if member:
                with suppress(OSError):
                    member.channel.send(os.fsencode(folder) + b"\n")

    def _end(self) -> None:
        for number in (signal.SIGTERM, signal.SIGKILL):
            for member in self._members.values():
                if member:
                    os.kill(member.pid, number)
            until = time.monotonic() + END_SECONDS
            while any(self._members.values()) and time.monotonic() < until:
                self._bury()
                time.sleep(0.02)
