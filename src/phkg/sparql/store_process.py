"""The server's side of a nursery: starts the process, asks it for workers, hears when one has ended."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from phkg.sparql import frames
from phkg.sparql.frames import Answer, Question
from phkg.sparql.limits import NURSERY_SECONDS
from phkg.sparql.nursery import RECORD

NURSERY = (sys.executable, "-m", "phkg.sparql.nursery")
EXIT_SECONDS = 2.0
PART = 1 << 18
"""Bytes that are read from a worker at once."""


class StoreFault(Exception):
    """The process that holds the store did not start or has ended; the text says why."""


class Worker:
    """A process that runs queries, at the other end of a socket. Belongs to the event loop it is made in."""

    def __init__(self, nursery: StoreProcess, pid: int, channel: socket.socket, ended: asyncio.Future[int]) -> None:
        channel.setblocking(False)
        self.nursery = nursery
        self.pid = pid
        self.served = 0
        self._channel = channel
        self._ended = ended
        self._loop = asyncio.get_running_loop()
        self._came = bytearray()
        self._frame: asyncio.Future[tuple[Answer, bytes]] | None = None
        # Once for all questions: to begin to listen anew for each one costs as much as a tiny query.
        self._loop.add_reader(channel, self._readable)
        self._open = True

    async def ask(self, question: Question, seconds: float, answer: int, rows: int) -> tuple[Answer, bytes]:
        """Have a question answered, within caps of seconds of processor time, bytes and rows.

        Raises ConnectionError when the process ends over it.
        """
        if not self._open:
            raise ConnectionResetError("the worker has ended")
        self._frame = self._loop.create_future()
        frame = frames.pack_question(question, seconds, answer, rows)
        try:
            sent = self._channel.send(frame)
        except BlockingIOError:
            sent = 0
        if sent < len(frame):
            await self._loop.sock_sendall(self._channel, frame[sent:])
        answered = await self._frame
        self.served += 1
        return answered

    def _readable(self) -> None:
        try:
            part = self._channel.recv(PART)
        except BlockingIOError:
            return
        except OSError:
            part = b""
        if not part:
            self._shut()
            if self._frame and not self._frame.done():
                self._frame.set_exception(ConnectionResetError("the worker has ended"))
            return
        self._came += part
        if len(self._came) < frames.LENGTHS.size:
            return
        head, body = frames.LENGTHS.unpack_from(self._came)
        begin = frames.LENGTHS.size + head
        if len(self._came) < begin + body or self._frame is None or self._frame.done():
            return
        told = frames.unpack_answer(bytes(self._came[frames.LENGTHS.size : begin]))
        self._frame.set_result((told, bytes(memoryview(self._came)[begin:])))
        self._came = bytearray()

    def _shut(self) -> None:
        if self._open:
            self._open = False
            self._loop.remove_reader(self._channel)
            self._channel.close()

    def kill(self) -> None:
        """End the process, whatever it does."""
        self._shut()
        if not self._ended.done():
            self.nursery.kill(self.pid)

    async def exit_code(self) -> int | None:
        """How the process has ended (negative: the signal); None when that is not heard of in time."""
        try:
            async with asyncio.timeout(EXIT_SECONDS):
                return await asyncio.shield(self._ended)
        except (TimeoutError, StoreFault):
            return None


class StoreProcess:
    """One nursery with its snapshot. `busy` counts the workers that have been handed to a request."""

    def __init__(self, name: str, process: subprocess.Popen[bytes], control: socket.socket) -> None:
        control.setblocking(False)
        self.name = name
        self.busy = 0
        self.on_exit: Callable[[int], None] = lambda pid: None
        self.on_end: Callable[[], None] = lambda: None
        self._process = process
        self._control = control
        self._loop = asyncio.get_running_loop()
        self._ready: asyncio.Future[None] = self._loop.create_future()
        self._forks: deque[asyncio.Future[Worker]] = deque()
        self._exits: dict[int, asyncio.Future[int]] = {}
        self._closed = False
        self._loop.add_reader(control, self._readable)

    @classmethod
    async def start(cls, name: str, folder: Path, memory: int, command: Sequence[str] = NURSERY, beside: Path | None = None) -> StoreProcess:
        """Start a nursery for the snapshot in a folder and wait until the store is open.

        `memory` is what a worker may add, in bytes; `beside` a file of named graphs (N-Quads). Raises StoreFault when the snapshot cannot be opened.
        """
        if not hasattr(os, "fork"):
            raise StoreFault("The SPARQL endpoint needs a system that can fork processes (Linux, macOS, WSL); this one cannot.")
        ours, theirs = socket.socketpair()
        arguments = [*command, str(folder), str(theirs.fileno()), str(memory), *([str(beside)] if beside else [])]
        # Started from the thread of the event loop: the kernel ends the process when that thread is gone.
        process = subprocess.Popen(arguments, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        theirs.close()
        nursery = cls(name, process, ours)
        try:
            async with asyncio.timeout(NURSERY_SECONDS):
                await nursery._ready
        except BaseException as error:
            await nursery.close()
            if isinstance(error, TimeoutError):
                raise StoreFault(f"Opening the snapshot {folder} took longer than {NURSERY_SECONDS} seconds.") from None
            raise
        return nursery

    async def fork(self) -> Worker:
        """A new worker. Raises StoreFault when the nursery is gone."""
        if self._closed:
            raise StoreFault("The process that holds the store has ended.")
        future: asyncio.Future[Worker] = self._loop.create_future()
        self._forks.append(future)
        self._control.send(RECORD.pack(b"F", 0, 0))
        return await future

    def kill(self, pid: int) -> None:
        """Have the nursery, which knows whose number it is, end one of its workers."""
        if not self._closed:
            self._control.send(RECORD.pack(b"K", pid, 0))

    async def close(self) -> None:
        """End the nursery with all its workers."""
        self._end(StoreFault("The process that holds the store was stopped."))
        try:
            await asyncio.to_thread(self._process.wait, EXIT_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            await asyncio.to_thread(self._process.wait)

    def _readable(self) -> None:
        try:
            record, descriptors, _, _ = socket.recv_fds(self._control, RECORD.size, 1)
        except BlockingIOError:
            return
        except OSError:
            record, descriptors = b"", []
        if len(record) < RECORD.size:
            self._end(StoreFault("The process that holds the store has ended."))
            self.on_end()
            return
        kind, pid, number = RECORD.unpack(record)
        if kind == b"F":
            self._exits[pid] = self._loop.create_future()
            worker = Worker(self, pid, socket.socket(fileno=descriptors[0]), self._exits[pid])
            future = self._forks.popleft()
            if future.done():
                worker.kill()
            else:
                future.set_result(worker)
        elif kind == b"X":
            self._exits.pop(pid).set_result(number)
            self.on_exit(pid)
        elif kind == b"R":
            self._ready.set_result(None)
        elif kind == b"E":
            self._end(StoreFault(self._control.recv(number).decode(errors="replace")))

    def _end(self, fault: StoreFault) -> None:
        if self._closed:
            return
        self._closed = True
        self._loop.remove_reader(self._control)
        self._control.close()
        for future in (self._ready, *self._forks, *self._exits.values()):
            if not future.done():
                future.set_exception(fault)
                # Whoever waits hears of it; that nobody waits is no fault.
                future.exception()
        self._forks.clear()
        self._exits.clear()
