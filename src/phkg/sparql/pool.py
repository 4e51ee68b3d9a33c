"""Workers for queries: a bounded queue before them, a deadline behind each, a new worker for each that ends."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections import deque
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from phkg.sparql.frames import Answer, Question
from phkg.sparql.limits import Limits
from phkg.sparql.store_process import NURSERY, StoreFault, StoreProcess, Worker

log = logging.getLogger(__name__)

RESTART_SECONDS = 1.0


class Busy(Exception):
    """All workers are taken, and the queue is full or has been waited in for long enough."""


class Overdue(Exception):
    """The query ran past its deadline and was ended; the argument is the deadline in seconds."""


class WorkerEnded(Exception):
    """The worker ended over the query; the text says how."""


@dataclass(frozen=True)
class Result:
    """What a worker answered, and the name of the snapshot that it answered from."""

    answer: Answer
    body: bytes
    snapshot: str


class Pool:
    """Runs questions in worker processes over one snapshot at a time. Belongs to the event loop it is first used in."""

    def __init__(self, limits: Limits = Limits(), command: Sequence[str] = NURSERY) -> None:
        """`command` starts a nursery; the snapshot's folder and two numbers are added to it."""
        self.limits = limits
        self._command = command
        self._nursery: StoreProcess | None = None
        self._folder: Path | None = None
        self._idle: deque[Worker] = deque()
        self._waiting: deque[asyncio.Future[Worker]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._change = asyncio.Lock()
        self._stopped = False

    @property
    def snapshot(self) -> str:
        """The name of the snapshot that new questions are answered from; empty before the first."""
        return self._nursery.name if self._nursery else ""

    async def use(self, name: str, folder: Path) -> None:
        """Answer from the snapshot in a folder from now on; questions under way are finished over the old one.

        Raises StoreFault when it cannot be opened; the old one then stays.
        """
        async with self._change:
            nursery = await StoreProcess.start(name, folder, self.limits.memory, self._command)
            nursery.on_exit = self._worker_ended
            nursery.on_end = lambda: self._nursery_ended(nursery)
            try:
                workers = [await nursery.fork() for _ in range(self.limits.workers)]
            except BaseException:
                await nursery.close()
                raise
            if self._stopped:
                await nursery.close()
                raise StoreFault("The endpoint has been stopped.")
            old, self._nursery, self._folder = self._nursery, nursery, folder
            self._idle.clear()
            for worker in workers:
                self._offer(worker)
            if old and not old.busy:
                self._spawn(old.close())

    async def stop(self) -> None:
        """End all processes; questions under way are turned away."""
        self._stopped = True
        async with self._change:
            nursery, self._nursery = self._nursery, None
        while self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                future.set_exception(Busy())
        self._idle.clear()
        if nursery:
            await nursery.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def run(self, question: Question, seconds: float) -> Result:
        """Have a question answered within some seconds.

        Raises Busy, Overdue or WorkerEnded. When the caller is cancelled, the query is ended too.
        """
        worker = await self._acquire()
        limits = self.limits
        capped = replace(question, seconds=seconds, answer=limits.answer, rows=limits.rows)
        try:
            async with asyncio.timeout(seconds):
                answer, body = await worker.ask(capped)
        except TimeoutError:
            self._discard(worker)
            raise Overdue(seconds) from None
        except ConnectionError:
            code = await worker.exit_code()
            self._discard(worker)
            raise WorkerEnded(self._reason(code)) from None
        except BaseException:
            self._discard(worker)
            raise
        self._release(worker, answer)
        return Result(answer, body, worker.nursery.name)

    async def _acquire(self) -> Worker:
        if self._idle:
            return self._take(self._idle.popleft())
        if self._stopped or len(self._waiting) >= self.limits.queue:
            raise Busy()
        future: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        try:
            async with asyncio.timeout(self.limits.wait_seconds):
                return await future
        except BaseException as error:
            if future in self._waiting:
                self._waiting.remove(future)
            elif future.done() and not future.cancelled() and not future.exception():
                # The worker came in the same moment as the end of the wait: it goes to the next.
                self._discard(future.result())
            if isinstance(error, TimeoutError):
                raise Busy() from None
            raise

    def _take(self, worker: Worker) -> Worker:
        worker.nursery.busy += 1
        return worker

    def _offer(self, worker: Worker) -> None:
        while self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                future.set_result(self._take(worker))
                return
        self._idle.append(worker)

    def _release(self, worker: Worker, answer: Answer) -> None:
        limits = self.limits
        if worker.nursery is not self._nursery or worker.served >= limits.served or answer.grown > limits.grown:
            self._discard(worker)
        else:
            worker.nursery.busy -= 1
            self._offer(worker)

    def _discard(self, worker: Worker) -> None:
        nursery = worker.nursery
        worker.kill()
        nursery.busy -= 1
        if nursery is self._nursery:
            self._spawn(self._replace(nursery))
        elif not nursery.busy and not self._stopped:
            self._spawn(nursery.close())

    async def _replace(self, nursery: StoreProcess) -> None:
        try:
            worker = await nursery.fork()
        except StoreFault:
            return
        if nursery is self._nursery:
            self._offer(worker)
        else:
            worker.kill()

    def _worker_ended(self, pid: int) -> None:
        """An idle worker that ends by itself is replaced; of a busy one the request that waits for it hears."""
        for worker in self._idle:
            if worker.pid == pid and worker.nursery is self._nursery:
                self._idle.remove(worker)
                self._discard(self._take(worker))
                return

    def _nursery_ended(self, nursery: StoreProcess) -> None:
        if nursery is not self._nursery or self._stopped:
            return
        log.error("The process that holds the store has ended; it is started again.")
        self._idle.clear()
        self._spawn(self._restart(nursery))

    async def _restart(self, ended: StoreProcess) -> None:
        while self._nursery is ended and self._folder and not self._stopped:
            try:
                await self.use(ended.name, self._folder)
            except StoreFault as fault:
                log.error("%s", fault)
                await asyncio.sleep(RESTART_SECONDS)

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _reason(self, code: int | None) -> str:
        if code == -signal.SIGABRT:
            return f"it needed more than the {self.limits.memory // 1_000_000} MB of memory that a query may have"
        if code == -signal.SIGKILL:
            return "the system ended it, most likely for want of memory"
        if code is not None and code < 0:
            return f"signal {signal.Signals(-code).name}"
        return "it gave no reason"
