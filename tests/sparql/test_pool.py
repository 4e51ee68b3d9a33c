"""Workers come and go: one that ends is replaced, a new snapshot is taken up, a client that leaves takes its query along."""

import asyncio
import os
import threading
import time
from collections.abc import Callable
from itertools import count

import httpx
import psutil
import pytest

from phkg.sparql.limits import Limits
from phkg.sparql.store_process import StoreFault

from .conftest import Endpoint, serve

SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
NUMBERS = count()
LOOK = threading.Event()
LARGE = "SELECT (STRLEN(GROUP_CONCAT(CONCAT(STR(?s), STR(?o), '" + "a" * 5_000 + "'))) AS ?n) { ?s ?p ?o }"
LABEL = "SELECT ?l { <https://example.org/thing/7> <http://www.w3.org/2004/02/skos/core#prefLabel> ?l }"


def unseen(query: str) -> str:
    """The query as nobody has put it before: no kept answer is given to it."""
    return f"{query} # {next(NUMBERS)}"


def nursery(endpoint: Endpoint) -> psutil.Process:
    """The one process that holds the store."""
    (found,) = [child for child in psutil.Process().children() if child.pid == endpoint.pool._nursery._process.pid]
    return found


def workers(endpoint: Endpoint) -> set[int]:
    """The workers' process numbers, as the kernel has them."""
    return {child.pid for child in nursery(endpoint).children() if child.status() != psutil.STATUS_ZOMBIE}


def become(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds; ten seconds is never."""
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end, "the condition was never met"
        # Between two looks the processor belongs to those that are waited for.
        LOOK.wait(0.01)


def busiest(endpoint: Endpoint) -> psutil.Process:
    """The worker that is computing, once one is."""
    children = nursery(endpoint).children()
    idle = {child.pid: sum(child.cpu_times()[:2]) for child in children}
    found: list[psutil.Process] = []

    def seconds(child: psutil.Process) -> float:
        try:
            return sum(child.cpu_times()[:2])
        except psutil.NoSuchProcess:
            # One that served the test before was on its way out.
            return 0.0

    def computing() -> bool:
        found[:] = [child for child in children if seconds(child) - idle[child.pid] > 0.1]
        return bool(found)

    become(computing)
    return found[0]


def in_background(work: Callable[[], object]) -> tuple[threading.Thread, list]:
    """A thread that does some work, and the list that the outcome will be in."""
    outcome: list = []
    thread = threading.Thread(target=lambda: outcome.append(work()))
    thread.start()
    return thread, outcome


def test_a_worker_that_is_killed_over_a_query_is_replaced(endpoint):
    thread, outcome = in_background(lambda: endpoint.post(SLOW))
    busiest(endpoint).kill()
    thread.join(10)
    assert outcome[0].status_code == 500
    assert outcome[0].json()["code"] == "ended" and "the system ended it" in outcome[0].json()["detail"]
    become(lambda: len(workers(endpoint)) == 2)
    assert [answer.status_code for answer in endpoint.meanwhile(*[unseen(LABEL) for _ in range(4)])] == [200] * 4


def test_idle_workers_that_are_killed_are_replaced_before_anybody_asks(endpoint):
    become(lambda: len(workers(endpoint)) == 2)
    old = workers(endpoint)
    for pid in old:
        os.kill(pid, 9)
    become(lambda: len(workers(endpoint) - old) == 2)
    assert [answer.status_code for answer in endpoint.meanwhile(*[unseen(LABEL) for _ in range(4)])] == [200] * 4


def test_a_store_process_that_is_killed_is_started_again(endpoint):
    old = nursery(endpoint)
    children = workers(endpoint)
    old.kill()
    # Its workers end with it, and requests wait for the new one.
    assert endpoint.query(unseen(LABEL)).status_code in (200, 500)
    become(lambda: endpoint.query(unseen(LABEL)).status_code == 200 and nursery(endpoint).pid != old.pid)
    become(lambda: not any(psutil.pid_exists(pid) for pid in children))


def test_a_client_that_leaves_takes_its_query_along(endpoint):
    become(lambda: len(workers(endpoint)) == 2)
    with pytest.raises(httpx.ReadTimeout):
        endpoint.client.post("/sparql", content=SLOW, headers={"Content-Type": "application/sparql-query"}, timeout=0.5)
    # The deadline is ten seconds: only the leaving can have freed both workers before.
    begun = time.monotonic()
    become(lambda: len(endpoint.pool._idle) == 2)
    assert time.monotonic() - begun < 5


def test_a_worker_is_replaced_after_many_queries(folder):
    with serve(folder, Limits(workers=1, served=3)) as endpoint:
        for _ in range(3):
            before = workers(endpoint)
            assert endpoint.query(unseen(LABEL)).status_code == 200
        become(lambda: len(workers(endpoint)) == 1 and workers(endpoint) != before)
        assert endpoint.query(unseen(LABEL)).status_code == 200


def test_a_worker_that_keeps_more_memory_than_it_may_is_replaced(folder):
    # No query can be relied upon to leave much behind, so nothing at all is allowed here.
    with serve(folder, Limits(workers=1, grown=0)) as endpoint:
        become(lambda: len(workers(endpoint)) == 1)
        before = workers(endpoint)
        assert endpoint.query(LARGE).status_code == 200
        become(lambda: len(workers(endpoint)) == 1 and workers(endpoint) != before)


def test_a_worker_that_has_only_read_or_gives_back_what_it_took_is_not_replaced(folder):
    # To read is to write here (the engine counts references): the pages become the worker's own, and a new one would pay for them again.
    with serve(folder, Limits(workers=1, grown=50_000_000)) as endpoint:
        become(lambda: len(workers(endpoint)) == 1)
        before = workers(endpoint)
        for query in (LARGE, *(f"SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o FILTER(?o != {number}) }}" for number in range(3))):
            assert endpoint.query(query).status_code == 200
        assert workers(endpoint) == before


def test_a_new_snapshot_is_taken_up_while_queries_run(folder, snapshot_of):
    second = snapshot_of("second", 5_000, "andra")
    with serve(folder, Limits(workers=2, queue=100)) as endpoint:
        first_store = nursery(endpoint)
        stop = threading.Event()
        answers: list[httpx.Response] = []

        def ask() -> None:
            while not stop.is_set():
                answers.append(endpoint.query(unseen(LABEL)))

        def long() -> httpx.Response:
            # About a second over the old snapshot, which is gone when it ends.
            return endpoint.post("SELECT (COUNT(*) AS ?n) { ?s ?p ?o . ?t ?q ?r FILTER(?s = <x:none> || STRLEN(STR(?t)) < 0) } ", timeout="4")

        threads = [in_background(ask)[0] for _ in range(3)]
        slow, outcome = in_background(long)
        become(lambda: len(answers) > 20)
        old_tag = endpoint.query(LABEL).headers["etag"]
        endpoint.run(endpoint.pool.use("second", second))
        seen = len(answers)
        become(lambda: len(answers) > seen + 20)
        stop.set()
        for thread in threads:
            thread.join(10)
        slow.join(10)
        assert {answer.status_code for answer in answers} == {200}
        assert {answer.json()["results"]["bindings"][0]["l"]["value"] for answer in answers} == {"första å 7", "andra å 7"}
        # The query that ran over the change was left to end (or to meet its own deadline), not cut off by it.
        assert outcome[0].status_code in (200, 504)
        newest = endpoint.query(LABEL, format="json")
        assert newest.json()["results"]["bindings"][0]["l"]["value"] == "andra å 7"
        assert endpoint.client.get("/sparql", params={"query": LABEL}, headers={"If-None-Match": old_tag}).status_code == 200
        become(lambda: not first_store.is_running() or first_store.status() == psutil.STATUS_ZOMBIE)


def test_a_snapshot_that_cannot_be_opened_changes_nothing(endpoint, tmp_path):
    with pytest.raises(StoreFault, match="holds no snapshot"):
        endpoint.run(endpoint.pool.use("none", tmp_path))
    assert endpoint.query(unseen(LABEL)).status_code == 200


def test_nothing_outlives_the_server(folder):
    with serve(folder, Limits(workers=2)) as endpoint:
        family = [nursery(endpoint), *nursery(endpoint).children()]
        thread, outcome = in_background(lambda: endpoint.post(SLOW, timeout="3"))
        busiest(endpoint)
        endpoint.run(endpoint.pool.stop())
        thread.join(10)
        assert outcome[0].status_code in (500, 503)
    gone, alive = psutil.wait_procs(family, timeout=10)
    assert not alive


def test_a_worker_can_open_nothing_and_its_memory_is_bounded(endpoint):
    become(lambda: len(workers(endpoint)) == 2 and endpoint.query("ASK {}").status_code == 200)
    assert all(answer.status_code == 200 for answer in endpoint.meanwhile(*[unseen("SELECT ?s { ?s ?p ?o } ORDER BY ?o LIMIT 10") for _ in range(6)]))
    # Only a process with one thread forks safely.
    assert nursery(endpoint).num_threads() == 1
    for pid in workers(endpoint):
        process = psutil.Process(pid)
        become(lambda: process.rlimit(psutil.RLIMIT_NOFILE) == (0, 0))
        assert process.rlimit(psutil.RLIMIT_CORE) == (0, 0)
        assert 0 < process.rlimit(psutil.RLIMIT_AS)[0] < 4_000_000_000
        assert not process.net_connections("inet")


def test_the_loop_is_free_while_queries_run(endpoint):
    thread, outcome = in_background(lambda: endpoint.post(SLOW, timeout="1"))
    busiest(endpoint)
    begun = time.monotonic()
    endpoint.run(asyncio.wait_for(asyncio.sleep(0), 1))
    assert endpoint.client.get("/sparql").status_code == 200
    assert time.monotonic() - begun < 1
    thread.join(10)
    assert outcome[0].status_code == 504
