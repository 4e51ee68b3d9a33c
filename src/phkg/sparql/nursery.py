"""The process that holds the store: opens a snapshot once and forks the workers, which share its memory until they write to it.

Started as `python -m phkg.sparql.nursery <snapshot folder> <descriptor of the control socket> <bytes of memory a worker may add>`
and, when there are named graphs beside the snapshot, the file that holds them as N-Quads.
Single-threaded, because only a single-threaded process forks safely. Over the control socket go records of one letter and two
numbers: F asks for a worker and brings it (its socket travels along), K asks to kill one, X tells that one has ended and how,
R tells that the store is open, E that it could not be opened. When the server's end closes, everything here ends.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import socket
import struct
import sys
from pathlib import Path
from typing import NoReturn

from pyoxigraph import RdfFormat, Store

from phkg.graph.snapshot import SnapshotFault, open_snapshot
from phkg.sparql import worker
from phkg.sparql.lifeline import die_with_parent

RECORD = struct.Struct("!cIi")


def main(arguments: list[str]) -> NoReturn:
    """Open the snapshot and serve until the server is gone. Arguments: folder, descriptor, bytes of memory, named graphs if any."""
    # An interrupt at the terminal reaches the whole group; the server decides when its workers end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent(os.getppid())
    _stand_back()
    folder, descriptor, memory = Path(arguments[0]), int(arguments[1]), int(arguments[2])
    control = socket.socket(fileno=descriptor)
    control.set_inheritable(False)
    try:
        store = open_snapshot(folder).store
        for beside in arguments[3:]:
            store.bulk_load(path=beside, format=RdfFormat.N_QUADS)
    except (SnapshotFault, OSError, SyntaxError) as fault:
        text = str(fault).encode()[:4096]
        control.sendall(RECORD.pack(b"E", 0, len(text)) + text)
        os._exit(1)
    serve(store, control, memory)


def _stand_back() -> None:
    """A query that begins waits for its turn at the processor; whoever makes a page, or hands out queries, does not wait for it (Linux)."""
    if hasattr(os, "SCHED_BATCH"):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def serve(store: Store, control: socket.socket, memory: int) -> NoReturn:
    """Fork, kill and bury workers as the control socket asks; ends the process, with all workers, when it closes."""
    children: set[int] = set()
    bell, ringer = os.pipe()
    for end in (bell, ringer):
        os.set_blocking(end, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(ringer, warn_on_full_buffer=False)
    # What is there now is never collected, so that the collector does not touch shared pages.
    gc.freeze()
    try:
        control.sendall(RECORD.pack(b"R", 0, 0))
        while True:
            ready, _, _ = select.select([control, bell], [], [])
            if bell in ready:
                os.read(bell, 4096)
                _bury(control, children)
            if control in ready:
                record = control.recv(RECORD.size, socket.MSG_WAITALL)
                if len(record) < RECORD.size:
                    break
                kind, pid, _ = RECORD.unpack(record)
                if kind == b"F":
                    children.add(_fork(store, control, (bell, ringer), memory))
                elif kind == b"K" and pid in children:
                    os.kill(pid, signal.SIGKILL)
    except OSError:
        # The server is gone: there is nobody left to tell anything.
        pass
    for pid in children:
        os.kill(pid, signal.SIGKILL)
    os._exit(0)


def _fork(store: Store, control: socket.socket, pipe: tuple[int, int], memory: int) -> int:
    ours, theirs = socket.socketpair()
    nursery = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for end in pipe:
                os.close(end)
            control.close()
            theirs.close()
            worker.run(store, ours, nursery, memory)
        finally:
            os._exit(1)
    ours.close()
    socket.send_fds(control, [RECORD.pack(b"F", pid, 0)], [theirs.fileno()])
    theirs.close()
    return pid


def _bury(control: socket.socket, children: set[int]) -> None:
    for pid in tuple(children):
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            children.discard(pid)
            control.sendall(RECORD.pack(b"X", pid, os.waitstatus_to_exitcode(status)))


if __name__ == "__main__":
    main(sys.argv[1:])
