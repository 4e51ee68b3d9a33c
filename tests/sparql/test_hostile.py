"""Queries made to hurt: each ends in time with the right status, and the endpoint is as before."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest

from phkg.sparql.limits import Limits

from .conftest import Endpoint, serve
from .hostile.recipes import RECIPES

WRITTEN = Path(__file__).parent / "hostile"
SLACK = 1.0
MEMORY = 100_000_000
"""Bytes of resident memory, of all processes together, by which the endpoint may have grown."""


def read(path: Path) -> tuple[bytes, set[int]]:
    """A query in a file; its first line is a comment with the statuses that are right for it."""
    text = path.read_bytes()
    return text, {int(status) for status in text.splitlines()[0].removeprefix(b"#").split()}


HOSTILE = {path.stem: read(path) for path in sorted(WRITTEN.glob("*.rq"))} | RECIPES
SLOW = HOSTILE["values product"][0].decode()


def family(endpoint: Endpoint) -> int:
    """Bytes of resident memory of this process, where the server is, of the nursery and of its workers."""
    processes = [psutil.Process(), *psutil.Process().children(recursive=True)]
    return sum(process.memory_info().rss for process in processes if process.status() != psutil.STATUS_ZOMBIE)


def ask_ordinary(endpoint: Endpoint) -> httpx.Response:
    """An ordinary query that nobody has put before."""
    return endpoint.query(f"ASK {{ <https://example.org/thing/7> <https://example.org/number> 7 }} # {time.monotonic()}")


def assert_answers(endpoint: Endpoint) -> None:
    """An ordinary query is answered, at once."""
    begun = time.monotonic()
    answer = ask_ordinary(endpoint)
    assert answer.status_code == 200 and answer.json()["boolean"] is True
    assert time.monotonic() - begun < SLACK


@dataclass(frozen=True)
class Attack:
    """What came of all the hostile queries: answers by name, memory before and after, the endpoint as it stands."""

    endpoint: Endpoint
    answers: dict[str, httpx.Response]
    before: int
    after: int


@pytest.fixture(scope="module")
def attack(folder: Path) -> Iterator[Attack]:
    """All hostile queries, two at a time, with a deadline of a second."""
    with serve(folder, Limits(workers=2, client_workers=2, seconds=1, memory=600_000_000, rows=10_000)) as endpoint, ThreadPoolExecutor(2) as threads:
        for _ in range(20):
            assert ask_ordinary(endpoint).status_code == 200
        gc.collect()
        before = family(endpoint)

        def ask(query: bytes) -> httpx.Response:
            return endpoint.client.post("/sparql", content=query, headers={"Content-Type": "application/sparql-query"})

        answers = dict(zip(HOSTILE, threads.map(ask, (query for query, _ in HOSTILE.values())), strict=True))
        for _ in range(20):
            assert_answers(endpoint)
        gc.collect()
        yield Attack(endpoint, answers, before, family(endpoint))


def test_there_are_enough_of_them():
    assert len(HOSTILE) >= 60


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_query_ends_in_time_with_the_right_status(attack, name):
    answer = attack.answers[name]
    assert answer.status_code in HOSTILE[name][1], answer.text[:500]
    assert answer.elapsed.total_seconds() < attack.endpoint.pool.limits.seconds + SLACK
    if answer.status_code != 200:
        assert answer.json()["detail"] and "Traceback" not in answer.text


def test_afterwards_everything_is_as_before(attack):
    assert attack.after < attack.before + MEMORY
    assert_answers(attack.endpoint)


def test_the_wall_of_memory_is_named(folder):
    with serve(folder, Limits(workers=1, seconds=10, memory=300_000_000)) as endpoint:
        answer = endpoint.post(HOSTILE["concat doubled"][0].decode())
        assert (answer.status_code, answer.json()["code"]) == (500, "ended")
        assert "300 MB of memory" in answer.json()["detail"]
        assert_answers(endpoint)


def test_a_shorter_time_may_be_asked_for_and_never_a_longer_one(hurried):
    begun = time.monotonic()
    answer = hurried.post(SLOW, timeout="0.3")
    assert answer.status_code == 504 and "0.3 seconds" in answer.json()["detail"]
    assert time.monotonic() - begun < 0.3 + SLACK
    answer = hurried.post(SLOW, timeout="3600")
    assert answer.status_code == 504 and "1.5 seconds" in answer.json()["detail"]


def test_an_answer_past_a_cap_is_refused_whole(folder):
    with serve(folder, Limits(workers=1, rows=1_000)) as endpoint:
        for query in ("SELECT ?s { ?s ?p ?o }", "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"):
            answer = endpoint.query(query)
            assert answer.status_code == 413
            assert answer.json()["code"] == "answer-too-large"
            assert "1,000 rows" in answer.json()["detail"] and "LIMIT" in answer.json()["detail"] and "dump" in answer.json()["detail"]
        assert len(endpoint.query("SELECT ?s { ?s ?p ?o } LIMIT 1000").json()["results"]["bindings"]) == 1_000
        answer = endpoint.query(
            "SELECT (GROUP_CONCAT(?big; separator='') AS ?x) { { SELECT (CONCAT(?l, '"
            + "a" * 7_000
            + "') AS ?big) { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?l } } }"
        )
        assert answer.status_code == 413 and "32,000,000 bytes" in answer.json()["detail"]


def test_a_client_with_its_share_of_the_queue_is_turned_away_at_once(hurried):
    begun = time.monotonic()
    answers = hurried.meanwhile(*[SLOW] * 12)
    codes = sorted(answer.status_code for answer in answers)
    # Two run, two wait; what waited runs after, all others have gone home before.
    assert codes == [429] * 8 + [504] * 4
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers if answer.status_code == 429)
    assert {answer.headers["RateLimit-Policy"] for answer in answers} == {'"waiting";q=2;qu="concurrent-requests"'}
    assert {answer.headers.get("RateLimit", "")[:13] for answer in answers if answer.status_code == 429} == {'"waiting";r=0'}
    assert all(answer.elapsed.total_seconds() < SLACK for answer in answers if answer.status_code == 429)
    assert time.monotonic() - begun < 2 * hurried.pool.limits.seconds + SLACK
    assert_answers(hurried)
