"""Nobody takes the endpoint for himself: a share of the queue, turns by client, a worker left for others."""

import asyncio
import time
from collections import Counter, deque
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phkg.sparql.fairness import Costs, FairQueue, QueueFull, ShareFull, client_name
from phkg.sparql.limits import Limits

from .conftest import serve

SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
QUICK = "ASK { <https://example.org/thing/7> <https://example.org/number> 7 }"


@given(st.lists(st.one_of(st.sampled_from("abcd"), st.none(), st.just("a")), max_size=60), st.integers(1, 8), st.integers(1, 5))
def test_the_queue_against_a_simple_model(steps, size, share):
    queue: FairQueue[int] = FairQueue(size, share, lambda name: 0.0)
    lines: dict[str, deque[int]] = {}
    for number, client in enumerate(steps):
        if client is None:
            taken = queue.take(lambda name: True)
            assert (taken is None) == (not lines)
            if taken:
                name, item = taken
                assert lines[name].popleft() == item
                if not lines[name]:
                    del lines[name]
            continue
        before = Counter({name: len(line) for name, line in lines.items()})
        try:
            gone = queue.add(client, number)
        except ShareFull:
            assert before[client] == share
        except QueueFull:
            assert before.total() == size and max(before.values()) <= before[client] + 1
        else:
            lines.setdefault(client, deque()).append(number)
            assert (gone is not None) == (before.total() == size)
            if gone is not None:
                (robbed,) = [name for name, line in lines.items() if gone in line]
                assert before[robbed] == max(before.values()) > before[client] + 1 and lines[robbed].pop() == gone
        assert len(queue) == sum(map(len, lines.values())) <= size


def test_clients_take_turns():
    queue: FairQueue[str] = FairQueue(10, 5, lambda name: 0.0)
    for item in ("a1", "a2", "a3", "b1", "c1", "c2"):
        queue.add(item[0], item)
    queue.remove("c", "c2")
    queue.remove("nobody", "x")
    order = []
    while taken := queue.take(lambda name: True):
        order.append(taken[1])
    assert order == ["a1", "b1", "c1", "a2", "a3"]


def test_who_may_not_run_is_passed_over():
    queue: FairQueue[int] = FairQueue(10, 5, lambda name: 0.0)
    queue.add("a", 1)
    queue.add("b", 2)
    assert queue.take(lambda name: name != "a") == ("b", 2)
    assert queue.take(lambda name: name != "a") is None
    assert len(queue) == 1


def test_the_cheapest_client_goes_first_and_takes_the_place_of_a_dear_one():
    costs = {"dear": 9.0, "cheap": 0.1, "new": 0.0}
    queue: FairQueue[str] = FairQueue(2, 2, costs.__getitem__)
    assert queue.add("dear", "d") is None and queue.add("cheap", "c") is None
    assert queue.add("new", "n") == "d"
    with pytest.raises(QueueFull):
        queue.add("dear", "d")
    assert [queue.take(lambda name: True), queue.take(lambda name: True), queue.take(lambda name: True)] == [("new", "n"), ("cheap", "c"), None]


def test_what_is_past_counts_less_and_less():
    now = [1_000.0]
    costs = Costs(60, lambda: now[0])
    costs.add("a", 8)
    assert (costs.of("a"), costs.of("b")) == (8, 0)
    now[0] += 120
    assert costs.of("a") == pytest.approx(2)
    costs.add("a", 1)
    assert costs.of("a") == pytest.approx(3)
    for number in range(20_001):
        costs.add(str(number), 0.001)
    assert costs.of("a") == pytest.approx(3) and len(costs._known) <= 10_000


@pytest.mark.parametrize(
    "address, name",
    [("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"), ("testclient", "testclient"), ("", "")],
)
def test_what_counts_as_one_client(address, name):
    assert client_name(address) == name


def from_address(endpoint, address: str) -> httpx.Client:
    """A client that comes from another address of this machine."""
    return httpx.Client(base_url=endpoint.client.base_url, timeout=30, transport=httpx.HTTPTransport(local_address=address))


def ask(client: httpx.Client, query: str, **parameters: str) -> httpx.Response:
    return client.post("/sparql", params=parameters, content=query.encode(), headers={"Content-Type": "application/sparql-query"})


def test_one_client_cannot_keep_another_out(folder):
    limits = Limits(workers=2, client_workers=1, seconds=2, queue=6, share=4)
    with (
        serve(folder, limits) as endpoint,
        from_address(endpoint, "127.0.0.2") as greedy,
        from_address(endpoint, "127.0.0.3") as honest,
        ThreadPoolExecutor(8) as threads,
    ):
        slow = [threads.submit(ask, greedy, SLOW) for _ in range(8)]
        answers: list[httpx.Response] = []
        begun = time.monotonic()
        while time.monotonic() - begun < 1.5:
            answers.append(ask(honest, f"{QUICK} # {len(answers)}"))
        assert {answer.status_code for answer in answers} == {200} and max(answer.elapsed.total_seconds() for answer in answers) < 1
        codes = Counter(future.result().status_code for future in slow)
        # One runs and four wait; the others have had their share.
        assert codes == {429: 3, 504: 5}


def test_who_asks_through_a_trusted_proxy_is_told_apart(folder):
    from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

    from phkg.sparql.endpoint import create_endpoint
    from phkg.sparql.pool import Pool

    async def live() -> list[list[int]]:
        pool = Pool(Limits(workers=1, client_workers=1, seconds=0.5, queue=6, share=1))
        await pool.use(folder.name, folder)
        await pool.statistics()
        endpoint = create_endpoint(pool, lambda: pool.snapshot, "/")
        found = []
        # What the server does with and without the operator's word: see phkg.server.start.
        for app in (endpoint, ProxyHeadersMiddleware(endpoint, ["192.0.2.1"])):
            transport = httpx.ASGITransport(app, client=("192.0.2.1", 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://registry.example", timeout=30) as client:
                asked = [client.get("/sparql", params={"query": SLOW}, headers={"X-Forwarded-For": f"198.51.100.{n}"}) for n in range(4)]
                found.append(sorted(answer.status_code for answer in await asyncio.gather(*asked)))
        await pool.stop()
        return found

    assert asyncio.run(live()) == [[429, 429, 504, 504], [504, 504, 504, 504]]


def test_one_gives_way_to_one_however_long_a_new_worker_takes(folder):
    from phkg.sparql.frames import Question
    from phkg.sparql.pool import Pool

    held = asyncio.Event()

    class Slowly(Pool):
        async def _replace(self, nursery):
            await held.wait()
            await super()._replace(nursery)

    def question(query):
        return Question(query, "http://localhost/", None, None, "application/sparql-results+json", None)

    async def live() -> tuple[list[str], str | None]:
        pool = Slowly(Limits(workers=2, client_workers=2, patience=0.2))
        await pool.use(folder.name, folder)
        await pool.statistics()
        slow = [asyncio.create_task(pool.run(question(SLOW), 2.0, "greedy")) for _ in range(2)]
        while pool._idle:
            await asyncio.sleep(0)
        quick = asyncio.create_task(pool.run(question(QUICK), 10.0, "honest"))
        ended = await asyncio.gather(*slow, return_exceptions=True)
        held.set()
        answered = await quick
        await pool.stop()
        return sorted(type(one).__name__ for one in ended), answered.answer.code

    assert asyncio.run(live()) == (["GaveWay", "Overdue"], None)


def test_a_long_query_gives_way_to_the_short_ones_of_others(folder):
    limits = Limits(workers=2, client_workers=2, seconds=10, patience=0.5)
    with (
        serve(folder, limits) as endpoint,
        from_address(endpoint, "127.0.0.2") as greedy,
        from_address(endpoint, "127.0.0.3") as honest,
        ThreadPoolExecutor(2) as threads,
    ):
        # While the snapshot is counted, a worker is taken.
        assert endpoint.run(endpoint.pool.statistics())
        slow = [threads.submit(ask, greedy, SLOW) for _ in range(2)]
        while endpoint.pool._idle:
            assert not any(future.done() for future in slow)
        answer = ask(honest, QUICK)
        assert answer.status_code == 200 and answer.elapsed.total_seconds() < 2
        # The greedy client hears of it in a thread of its own, which may come a little later.
        ended = next(iter(wait(slow, timeout=10, return_when=FIRST_COMPLETED).done)).result()
        assert (ended.status_code, ended.json()["code"]) == (503, "gave-way") and int(ended.headers["Retry-After"]) > 0
        # Nobody waits any more: the other one is left to run.
        codes = [future.result().json()["code"] for future in slow if future.done()]
        assert codes.count("gave-way") == 1
        endpoint.run(endpoint.pool.stop())
