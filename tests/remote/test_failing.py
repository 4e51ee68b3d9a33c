"""A store that hangs, resets, fails, lies or forgets: pages that say so in the reader's language, at once or soon, and then go on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from proxy import ANSWERS, Proxy
from served import Served, until
from stores import Oxigraph

from phkg.graph.remote.catalogue import read_catalogue
from phkg.graph.remote.publish import publish_snapshot
from phkg.graph.remote.store import Addresses, Store
from phkg.graph.snapshot import Snapshot

ROOT = Path(__file__).resolve().parents[2]
INSULO = ROOT / "tests" / "elsewhere" / "insulo"
SWEDEN = "https://w3id.org/phkg/"
LONGEST = 20.0
"""Seconds after which a page counts as hung."""
ASKED = 24
"""New connections that are made to meet both processes: that all go to one has the odds of two to the power of 23."""
MODES = ["hang", "reset", "drip", *ANSWERS]


class Failing:
    """`phkg serve` before a store that fails as it is told; `unseen` gives addresses of pages that nobody has asked for yet."""

    def __init__(self, served: Served, proxy: Proxy, slugs: list[str]) -> None:
        self.proxy = proxy
        self.client = httpx.Client(base_url=served.address, timeout=60)
        self.served = served
        self._slugs = iter(slugs)

    def unseen(self) -> str:
        return next(self._slugs)

    def get(self, path: str) -> httpx.Response:
        began = time.monotonic()
        answer = self.client.get(path)
        assert time.monotonic() - began < LONGEST, f"{path} took {time.monotonic() - began:.0f} seconds"
        return answer


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory, real_snapshot: Snapshot) -> Iterator[Failing]:
    folder = tmp_path_factory.mktemp("failing")
    server = Oxigraph(folder)
    proxy = Proxy(server.port)
    store = Store(server.addresses)
    publish_snapshot(store, SWEDEN, real_snapshot, 2)
    rows = store.select("SELECT DISTINCT ?s WHERE { GRAPH ?g { ?s a <https://w3id.org/phkg/ontology#Source> } } ORDER BY ?s")
    slugs = [row["s"].value.rsplit("/", 1)[1] for row in rows][5:]
    with Served(ROOT, folder, arguments=("--endpoint", f"http://127.0.0.1:{proxy.port}/query")) as served:
        yield Failing(served, proxy, slugs)
    store.close()
    proxy.close()
    server.close()


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest, failing: Failing) -> Iterator[str]:
    """One way to fail, begun when all is well, and over at the end."""
    until(lambda: failing.get(f"/sv/kallor/{failing.unseen()}/").status_code == 200, "pages from the store")
    failing.proxy.mode = request.param
    yield request.param
    failing.proxy.mode = "pass"


def test_pages_say_that_the_store_does_not_answer_and_come_back(failing: Failing, mode: str) -> None:
    slug = failing.unseen()
    for path, words in ((f"/sv/kallor/{slug}/", "Databasen med registret svarar inte just nu"), (f"/en/sources/{slug}/", "does not answer at this moment")):
        answer = failing.get(path)
        assert answer.status_code == 503 and int(answer.headers["retry-after"]) > 0
        assert words in answer.text and answer.headers["content-type"].startswith("text/html")
        assert answer.headers["cache-control"] == "no-store" and "etag" not in answer.headers
    for path in (f"/sv/kallor/{slug}.json", f"/sources/{slug}.ttl"):
        answer = failing.get(path)
        assert answer.status_code == 503 and int(answer.headers["retry-after"]) > 0
        assert answer.headers["content-type"] == "application/problem+json" and answer.json()["code"] == "out-of-reach"
    # What every page needs, and what has been asked for before, is still there.
    assert failing.get("/sv/").status_code == failing.get("/en/overview/").status_code == 200
    failing.proxy.mode = "pass"
    until(lambda: failing.get(f"/sv/kallor/{slug}/").status_code == 200, "the page, now that the store answers")
    assert "Traceback" not in failing.served.errors(), failing.served.errors()


def test_when_it_has_failed_several_times_answers_come_at_once(failing: Failing) -> None:
    failing.proxy.mode = "hang"
    slug = failing.unseen()
    until(lambda: failing.get(f"/sv/kallor/{slug}/").elapsed.total_seconds() < 0.5, "an answer without waiting")
    failing.proxy.mode = "pass"
    until(lambda: failing.get(f"/sv/kallor/{slug}/").status_code == 200, "the page, now that the store answers")


def test_a_new_snapshot_is_taken_up_without_a_failed_request(tmp_path: Path, days: list[Snapshot]) -> None:
    server = Oxigraph(tmp_path)
    store = Store(server.addresses)
    base = "https://example.net/insulo/"
    publish_snapshot(store, base, days[0], 2)
    (cache := tmp_path / "cache").mkdir()
    answers: list[tuple[str, int]] = []
    with Served(INSULO, cache, arguments=("--endpoint", server.addresses.query)) as served, httpx.Client(base_url=served.address, timeout=60) as client:
        for day in days[1:]:
            publish_snapshot(store, base, day, 2)

            def taken_up() -> bool:
                for path in ("/eo/regions/suda/", "/la/methods/kantado/", "/eo/methods.csv", "/sparql?query=ASK{?s?p?o}"):
                    answers.append((path, client.get(path).status_code))
                return served.version() == day.name

            until(taken_up, f"the snapshot of {day.date}")
            assert read_catalogue(store, base, 10).current.name == day.name
        assert {status for _, status in answers} == {200}, [one for one in answers if one[1] != 200]
        assert "ASK" not in served.errors() and served.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == [[str(len(list(days[-1].store)))]]
    store.close()
    server.close()


def test_several_processes_each_take_up_a_new_snapshot(tmp_path: Path, days: list[Snapshot]) -> None:
    server = Oxigraph(tmp_path)
    store = Store(server.addresses)
    base = "https://example.net/insulo/"
    publish_snapshot(store, base, days[0], 2)
    (cache := tmp_path / "cache").mkdir()
    with Served(INSULO, cache, arguments=("--endpoint", server.addresses.query, "--workers", "2")) as served:
        first = psutil.Process(served.process.pid)
        until(lambda: len(first.children()) == 2 and all(child.children() for child in first.children()), "two processes with readers of queries")
        assert {served.version() for _ in range(ASKED)} == {days[0].name}
        publish_snapshot(store, base, days[1], 2)
        until(lambda: {served.version() for _ in range(ASKED)} == {days[1].name}, "the second snapshot in both")
        assert served.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == [[str(len(list(days[1].store)))]]
        died = first.children()[0]
        died.kill()
        until(lambda: len(first.children()) == 2 and died not in first.children(), "another process")
        assert {served.version() for _ in range(ASKED)} == {days[1].name}
        assert "Traceback" not in served.errors()
    store.close()
    server.close()


def test_a_store_without_a_snapshot_is_not_served(tmp_path: Path) -> None:
    from served import run

    server = Oxigraph(tmp_path)
    nothing = run("serve", "--root", str(INSULO), "--port", "0", "--endpoint", server.addresses.query, cache=tmp_path)
    server.close()
    assert nothing.returncode == 2
    gone = run("serve", "--root", str(INSULO), "--port", "18099", "--endpoint", server.addresses.query, cache=tmp_path)
    assert gone.returncode == 2 and "cannot be reached" in gone.stderr and "Traceback" not in gone.stderr


def test_a_slow_store_is_waited_for_no_longer_than_told(tmp_path: Path) -> None:
    proxy = Proxy(9)
    proxy.mode = "drip"
    store = Store(Addresses(f"http://127.0.0.1:{proxy.port}/", ""))
    began = time.monotonic()
    with pytest.raises(Exception, match="did not answer within"):
        store.select("SELECT * { ?s ?p ?o }", 1.0, 0.4)
    assert time.monotonic() - began < 3
    store.close()
    proxy.close()
