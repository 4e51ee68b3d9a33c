"""Workers for queries: a bounded queue before them, a deadline behind each, a new worker for each that ends."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections import Counter, deque
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path

from phkg.sparql.fairness import Costs, FairQueue, QueueFull, ShareFull
from phkg.sparql.frames import Answer, Question
from phkg.sparql.limits import STATISTICS_SECONDS, Limits
from phkg.sparql.statistics import Statistics, count
from phkg.sparql.store_process import NURSERY, StoreFault, StoreProcess, Worker

log = logging.getLogger(__name__)

RESTART_SECONDS = 1.0


class Busy(Exception):
    """All workers are taken, and the queue is full or has been waited in for long enough."""


class TooMany(Exception):
    """The client has as many requests waiting as one client may have."""


class Overdue(Exception):
    """The query ran past its deadline and was ended; the argument is the deadline in seconds."""


class GaveWay(Exception):
    """The query was ended because cheaper clients waited; the argument is how long it had run, in seconds."""


class WorkerEnded(Exception):
    """The worker ended over the query; the text says how."""


@dataclass(frozen=True)
class Result:
    """What a worker answered, and the name of the snapshot that it answered from."""

    answer: Answer
    body: bytes
    snapshot: str


@dataclass(eq=False)
class Run:
    """A query that runs: whose it is, since when (in the loop's time), and the scope that ends it."""

    client: str
    began: float
    scope: asyncio.Timeout
    gives_way: bool = False


class Pool:
    """Runs questions in worker processes over one snapshot at a time. Belongs to the event loop it is first used in."""

    def __init__(self, limits: Limits = Limits(), command: Sequence[str] = NURSERY) -> None:
        """`command` starts a nursery; the snapshot's folder and two numbers are added to it."""
        self.limits = limits
        self._command = command
        self._nursery: StoreProcess | None = None
        self._folder: Path | None = None
        self._beside: Path | None = None
        self._idle: deque[Worker] = deque()
        self._queue: FairQueue[asyncio.Future[Worker]] = FairQueue(limits.queue, limits.share, self._cost)
        self._costs = Costs(limits.half_life)
        self._runs: set[Run] = set()
        self._coming = 0
        """New workers that are being made in the place of others."""
        self._relief: asyncio.TimerHandle | None = None
        self._running: Counter[str] = Counter()
        self._counted: asyncio.Future[Statistics | None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._change = asyncio.Lock()
        self._stopped = False

    @property
    def snapshot(self) -> str:
        """The name of the snapshot that new questions are answered from; empty before the first."""
        return self._nursery.name if self._nursery else ""

    async def use(self, name: str, folder: Path, beside: Path | None = None) -> None:
        """Answer from the snapshot in a folder from now on; questions under way are finished over the old one.

        `beside` is a file of named graphs (N-Quads); `name` must tell different contents apart. Raises StoreFault when it cannot be opened; the old one then stays.
        """
        async with self._change:
            nursery = await StoreProcess.start(name, folder, self.limits.memory, self._command, beside)
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
            old, self._nursery, self._folder, self._beside = self._nursery, nursery, folder, beside
            self._idle.clear()
            self._counted = asyncio.get_running_loop().create_future()
            self._spawn(self._count(self._take(workers.pop()), self._counted))
            self._idle.extend(workers)
            self._match()
            if old and not old.busy:
                self._spawn(old.close())

    async def stop(self) -> None:
        """End all processes; questions under way are turned away."""
        self._stopped = True
        async with self._change:
            nursery, self._nursery = self._nursery, None
        self._idle.clear()
        while waiting := self._queue.take(lambda client: True):
            if not waiting[1].done():
                waiting[1].set_exception(Busy())
        if nursery:
            await nursery.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def statistics(self) -> Statistics | None:
        """What is in the snapshot, once it is counted; None when there is none or it could not be counted."""
        return await asyncio.shield(self._counted) if self._counted else None

    async def run(self, question: Question, seconds: float, client: str = "") -> Result:
        """Have a question of a client answered within some seconds.

        Raises Busy, TooMany, GaveWay, Overdue or WorkerEnded. When the caller is cancelled, the query is ended too.
        """
        worker = await self._acquire(client)
        run = Run(client, asyncio.get_running_loop().time(), asyncio.timeout(seconds))
        self._runs.add(run)
        try:
            return await self._ask(worker, question, seconds, run)
        finally:
            self._runs.remove(run)
            self._costs.add(client, asyncio.get_running_loop().time() - run.began)
            self._ended(client)

    def _ended(self, client: str) -> None:
        self._running[client] -= 1
        if not self._running[client]:
            del self._running[client]
        self._match()

    async def _ask(self, worker: Worker, question: Question, seconds: float, run: Run) -> Result:
        limits = self.limits
        try:
            async with run.scope:
                answer, body = await worker.ask(question, seconds, limits.answer, limits.rows)
        except TimeoutError:
            self._discard(worker)
            if run.gives_way:
                raise GaveWay(asyncio.get_running_loop().time() - run.began) from None
            raise Overdue(seconds) from None
        except ConnectionError:
            # There is nothing left that could give way.
            run.gives_way = True
            code = await worker.exit_code()
            self._discard(worker)
            raise WorkerEnded(self._reason(code)) from None
        except BaseException:
            self._discard(worker)
            raise
        self._release(worker, answer)
        return Result(answer, body, worker.nursery.name)

    async def _acquire(self, client: str) -> Worker:
        if self._idle and self._may_run(client):
            self._running[client] += 1
            return self._take(self._idle.popleft())
        if self._stopped:
            raise Busy()
        future: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        try:
            gone = self._queue.add(client, future)
        except QueueFull:
            raise Busy() from None
        except ShareFull:
            raise TooMany() from None
        if gone is not None and not gone.done():
            gone.set_exception(TooMany())
        self._watch(self.limits.patience)
        late = asyncio.get_running_loop().call_later(self.limits.wait_seconds, _give_up, future)
        try:
            return await future
        except BaseException:
            self._queue.remove(client, future)
            if future.done() and not future.cancelled() and not future.exception():
                # The worker came in the same moment as the end of the wait: it goes to the next.
                self._return(future.result())
                self._ended(client)
            raise
        finally:
            late.cancel()

    def _cost(self, client: str) -> float:
        """Seconds that a client has cost lately, with what runs now."""
        cost = self._costs.of(client)
        if client in self._running:
            now = asyncio.get_running_loop().time()
            cost += sum(now - run.began for run in self._runs if run.client == client)
        return cost

    def _watch(self, seconds: float) -> None:
        if self._relief is None:
            self._relief = asyncio.get_running_loop().call_later(seconds, self._relieve)

    def _relieve(self) -> None:
        """While others wait, the query of the dearest client that has run for long enough gives way to them."""
        self._relief = None
        waiting = self._queue.first(self._may_run)
        if waiting is None or self._stopped:
            return
        loop = asyncio.get_running_loop()
        patience = self.limits.patience
        self._watch(patience / 8)
        if self._coming + sum(run.gives_way for run in self._runs) >= len(self._queue):
            # Whoever gave way before makes room already, however long a new worker takes.
            return
        long = [run for run in self._runs if loop.time() - run.began >= patience and run.client != waiting and not run.gives_way]
        dearest = max(long, key=lambda run: self._cost(run.client), default=None)
        if dearest and self._cost(dearest.client) > self._cost(waiting) + patience / 2:
            dearest.gives_way = True
            dearest.scope.reschedule(loop.time())

    def _may_run(self, client: str) -> bool:
        return self._running[client] < self.limits.client_workers

    def _match(self) -> None:
        """Give idle workers to those that wait, client by client."""
        while self._idle and (found := self._queue.take(self._may_run)):
            client, future = found
            if not future.done():
                self._running[client] += 1
                future.set_result(self._take(self._idle.popleft()))

    def _take(self, worker: Worker) -> Worker:
        worker.nursery.busy += 1
        return worker

    def _return(self, worker: Worker) -> None:
        """Take back a worker that is as good as before."""
        if worker.nursery is not self._nursery:
            self._discard(worker)
            return
        worker.nursery.busy -= 1
        self._idle.append(worker)
        self._match()

    def _release(self, worker: Worker, answer: Answer) -> None:
        limits = self.limits
        if worker.served >= limits.served or answer.grown > limits.grown:
            self._discard(worker)
        else:
            self._return(worker)

    def _discard(self, worker: Worker) -> None:
        nursery = worker.nursery
        worker.kill()
        nursery.busy -= 1
        if nursery is self._nursery:
            self._coming += 1
            self._spawn(self._replace(nursery))
        elif not nursery.busy and not self._stopped:
            self._spawn(nursery.close())

    async def _replace(self, nursery: StoreProcess) -> None:
        try:
            worker = await nursery.fork()
        except StoreFault:
            return
        finally:
            self._coming -= 1
        if nursery is self._nursery:
            self._idle.append(worker)
            self._match()
        else:
            worker.kill()

    async def _count(self, worker: Worker, counted: asyncio.Future[Statistics | None]) -> None:
        """Have a new worker count its snapshot before it is given to requests."""
        statistics = None
        try:
            async with asyncio.timeout(STATISTICS_SECONDS):
                statistics = await count(worker.ask)
        except (TimeoutError, OSError, ValueError) as fault:
            log.error("%s", fault or "The snapshot was not counted in time.")
            self._discard(worker)
        else:
            worker.served = 0
            self._return(worker)
        finally:
            counted.set_result(statistics)

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
                await self.use(ended.name, self._folder, self._beside)
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


def _give_up(future: asyncio.Future[Worker]) -> None:
    if not future.done():
        future.set_exception(Busy())
