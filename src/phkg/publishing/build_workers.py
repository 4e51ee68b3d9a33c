"""Processes that make the files of a site: copies of this one, each given addresses of one language first, since what pages share is worked out by language."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import TracebackType

from phkg.publishing.build_files import BuildFault
from phkg.publishing.build_making import Piece

AHEAD = 2
"""Parts that a process has at most: one that it makes and one that waits."""

Make = Callable[[list[str]], list[Piece]]


class Workers:
    """As many processes as there are cores, begun when they are entered, and gone when they are left."""

    def __init__(self, make: Make, at_start: Callable[[], None]) -> None:
        """`at_start` is called in each."""
        self._make = make
        self._at_start = at_start
        self._processes: list[BaseProcess] = []
        self._ends: list[Connection] = []
        self._given: list[int] = []

    def __enter__(self) -> Workers:
        context = get_context("fork")
        for _ in range(os.cpu_count() or 1):
            own, its = context.Pipe()
            process = context.Process(target=_work, args=(its, self._make, self._at_start), daemon=True)
            process.start()
            # With no other hold on it, its end tells when the process is gone.
            its.close()
            self._processes.append(process)
            self._ends.append(own)
            self._given.append(0)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for process in self._processes:
            process.terminate()
        for process, end in zip(self._processes, self._ends, strict=True):
            process.join()
            end.close()

    def __len__(self) -> int:
        return len(self._processes)

    def free(self) -> list[int]:
        """The numbers of the processes that can be given something, the idlest first."""
        return sorted((one for one, given in enumerate(self._given) if given < AHEAD), key=lambda one: self._given[one])

    def give(self, worker: int, addresses: list[str]) -> None:
        """Have a process make some addresses. Raises BuildFault when it is gone."""
        try:
            self._ends[worker].send(addresses)
        except OSError:
            raise _ended() from None
        self._given[worker] += 1

    def take(self) -> list[Piece]:
        """What has been made, as soon as there is any; nothing when nothing is being made. Raises BuildFault when a process is gone,
        OSError when it could not write a file."""
        found: list[Piece] = []
        busy = [end for end, given in zip(self._ends, self._given, strict=True) if given]
        # Of nothing the library would wait for ever.
        for end in wait(busy) if busy else ():
            assert isinstance(end, Connection)
            try:
                told = end.recv()
            except (EOFError, OSError):
                raise _ended() from None
            if isinstance(told, OSError):
                raise told
            self._given[self._ends.index(end)] -= 1
            found += told
        return found


def _work(end: Connection, make: Make, at_start: Callable[[], None]) -> None:
    # Whoever has begun this one says when it ends.
    with suppress(KeyboardInterrupt, EOFError, OSError):
        gc.enable()
        at_start()
        while True:
            addresses = end.recv()
            try:
                told: list[Piece] | OSError = make(addresses)
            except OSError as error:
                told = error
            end.send(told)


def _ended() -> BuildFault:
    return BuildFault("The build was ended from outside, most likely by the system for want of memory.")
