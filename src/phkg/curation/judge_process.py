"""The process that reads and checks what strangers send: one job at a time, with a deadline and a limit of memory; killed when it goes beyond."""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phkg.curation.judging import Judged

READING_SECONDS = 600.0
"""How long reading the registry may take, of which there is one for each of its states."""
_LENGTH = struct.Struct(">Q")


class Busy(Exception):
    """Too many wait already."""


class NotJudged(Exception):
    """What was sent could not be judged. `fault` is input when it is what was sent that takes too long or too much, server when something here fails,
    disk when there is no room."""

    def __init__(self, fault: str, detail: str) -> None:
        super().__init__(fault, detail)
        self.fault, self.detail = fault, detail

    def __str__(self) -> str:
        return self.detail


class JudgeProcess:
    """Judges submissions to one registry in another process, which begins with the first one and is replaced when it ends."""

    def __init__(self, folder: Path, committed: bool, seconds: float, memory: int, queue: int) -> None:
        """`folder` holds the registry: in its state as `committed` to git, else as it lies. At most `seconds` and `memory` (bytes of address space) for each;
        at most `queue` wait."""
        self._folder = folder
        self._committed = committed
        self._seconds = seconds
        self._memory = memory
        self._queue = queue
        self._waiting = 0
        self._turn = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._room: TemporaryDirectory[str] | None = None

    async def judge(self, data: bytes, media_type: str, update: bool = False) -> Judged:
        """What comes of a submission. Raises Busy or NotJudged."""
        if self._waiting >= self._queue:
            raise Busy
        self._waiting += 1
        try:
            async with self._turn:
                return await self._ask((data, media_type, update))
        finally:
            self._waiting -= 1

    async def _ask(self, job: tuple[bytes, str, bool]) -> Judged:
        done = False
        try:
            process = await self._begun()
            assert process.stdin and process.stdout
            process.stdin.write(_framed(pickle.dumps(job)))
            async with asyncio.timeout(self._seconds) as deadline:
                await process.stdin.drain()
                while isinstance(outcome := await _told(process.stdout), bool):
                    # The registry itself is read once for each of its states, and that is not the fault of what was sent.
                    deadline.reschedule(asyncio.get_running_loop().time() + (READING_SECONDS if outcome else self._seconds))
            done = True
        except TimeoutError:
            raise NotJudged("input", f"It took more than {self._seconds:g} seconds to check, and was stopped.") from None
        except (asyncio.IncompleteReadError, ConnectionError):
            raise NotJudged("input", "The process that read it has ended, most likely for want of memory.") from None
        except OSError as error:
            raise NotJudged("disk" if error.errno in _NO_ROOM else "server", f"It could not be checked: {error.strerror}.") from None
        finally:
            if not done:
                # Whatever it still says belongs to a question that nobody asks any more.
                await self.stop()
        if isinstance(outcome, NotJudged):
            raise outcome
        return outcome

    async def _begun(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            await self.stop()
            self._room = TemporaryDirectory(prefix="phkg-", ignore_cleanup_errors=True)
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", _PROGRAM, str(self._folder), "committed" if self._committed else "lying", self._room.name, str(self._memory), str(os.getpid()),
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            )  # fmt: skip
        return self._process

    async def stop(self) -> None:
        """End the process, if there is one; it begins again with the next submission."""
        process, self._process = self._process, None
        if process and process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        if self._room:
            self._room.cleanup()
            self._room = None


async def _told(stream: asyncio.StreamReader) -> Judged | NotJudged | bool:
    """What the process says next: whether it reads the registry now, or an outcome."""
    (length,) = _LENGTH.unpack(await stream.readexactly(_LENGTH.size))
    return pickle.loads(await stream.readexactly(length))  # It is our own process


def _framed(data: bytes) -> bytes:
    return _LENGTH.pack(len(data)) + data


_PROGRAM = "import sys; from phkg.curation.judge_process import main; main(*sys.argv[1:])"
"""What the other process runs; as a module run by name its classes would not be those of this one."""
_NO_ROOM = (28, 122, 27)
"""ENOSPC, EDQUOT and EFBIG."""


def main(folder: str, state: str, room: str, memory: str, parent: str) -> None:
    """The other process: jobs come in on standard input and outcomes go out on standard output, each with its length before it; True and False before and after the
    registry is read."""
    from phkg.sparql.lifeline import die_with_parent

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent(int(parent))
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # What a library prints is not to be taken for an outcome.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    judge = None

    def tell(what: object) -> None:
        out.write(_framed(pickle.dumps(what)))
        out.flush()

    while head := sys.stdin.buffer.read(_LENGTH.size):
        job = pickle.loads(sys.stdin.buffer.read(*_LENGTH.unpack(head)))  # From the server
        judge, outcome = _outcome(judge, Path(folder), state == "committed", Path(room), job, tell)
        tell(outcome)


def _outcome(judge, folder: Path, committed: bool, room: Path, job: tuple[bytes, str, bool], tell: Callable[[bool], None]):
    """The judge for next time, and what it says of a submission: Judged, or NotJudged."""
    from phkg.curation.branches import GitFault
    from phkg.curation.judging import Committed, Judge, Lying
    from phkg.graph.inputs import CompileFault
    from phkg.records.knowledge import KnowledgeNotFound, find_knowledge
    from phkg.validation.engines import EngineFailed
    from phkg.validation.run import CannotValidate

    try:
        judge = judge or Judge(Committed(folder, room) if committed else Lying(find_knowledge(folder)), room, tell)
        return judge, judge.judge(*job)
    except MemoryError:
        return None, NotJudged("input", "It needs more memory to be checked than there is for one submission.")
    except OSError as error:
        return None, NotJudged("disk" if error.errno in _NO_ROOM else "server", f"It could not be checked: {error.strerror or error}.")
    except (GitFault, CompileFault, KnowledgeNotFound, CannotValidate, EngineFailed) as error:
        return None, NotJudged("server", f"It could not be checked: {error}")
