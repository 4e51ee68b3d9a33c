"""Several processes at one address: they share what comes, follow the files together, replace one another and end together."""

from __future__ import annotations

import shutil
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from served import PATIENCE, Served, run, until

INSULO = Path(__file__).resolve().parents[1] / "elsewhere" / "insulo"
STATE = "SELECT ?state WHERE { <https://example.net/insulo/standings/suda/kantado> <https://w3id.org/phkg/ontology#state> ?state }"
ASKED = 24
"""New connections that are made to meet both processes: that all go to one has the odds of two to the power of 23."""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    root = shutil.copytree(INSULO, tmp_path / "insulo")
    (tmp_path / "cache").mkdir()
    with Served(root, tmp_path / "cache", arguments=("--workers", "2")) as running:
        until(lambda: len(members(running)) == 2 and all(member.children() for member in members(running)), "two processes with query workers")
        yield running


def members(served: Served) -> list[psutil.Process]:
    return [child for child in psutil.Process(served.process.pid).children() if child.status() != psutil.STATUS_ZOMBIE]


def statuses(served: Served) -> set[int]:
    paths = ("/eo/regions/suda/", "/sparql?query=ASK%7B%7D")
    return {httpx.get(served.address + path, timeout=PATIENCE).status_code for _ in range(ASKED // 2) for path in paths}


def versions(served: Served) -> set[str]:
    return {served.version() for _ in range(ASKED)}


def test_a_change_reaches_all_without_a_failed_request(served: Served, tmp_path: Path) -> None:
    (before,) = versions(served)
    answers: list[int] = []
    done = threading.Event()

    def keep_asking() -> None:
        while not done.is_set():
            answers.append(httpx.get(f"{served.address}/eo/regions/suda/", timeout=PATIENCE).status_code)
            answers.append(httpx.get(f"{served.address}/sparql", params={"query": STATE}, timeout=PATIENCE).status_code)

    asker = threading.Thread(target=keep_asking)
    asker.start()
    statement = tmp_path / "insulo" / "registry" / "implementations" / "suda.ttl"
    statement.write_text(statement.read_text().replace("etapo:neniam", "etapo:provata"))
    until(lambda: before not in versions(served), "the changed snapshot in both")
    until(lambda: {str(served.select(STATE)) for _ in range(ASKED)} == {"[['https://example.net/insulo/concepts/etapo/provata']]"}, "SPARQL follows in both")
    done.set()
    asker.join()
    assert len(versions(served)) == 1
    assert answers and set(answers) == {200}
    compiled = [path.parent.name for path in (tmp_path / "cache" / "phkg" / "snapshots").glob("*/manifest.json")]
    assert len(compiled) == 2 and not any(name.startswith(".") for name in compiled)


def test_a_broken_change_is_refused_once(served: Served, tmp_path: Path) -> None:
    (before,) = versions(served)
    statement = tmp_path / "insulo" / "registry" / "implementations" / "suda.ttl"
    statement.write_text(statement.read_text().replace("etapo:neniam", "etapo:nenia"))
    until(lambda: "The change is not taken" in served.errors(), "the refusal")
    assert versions(served) == {before}
    assert served.errors().count("The change is not taken") == 1


def test_a_process_that_dies_is_replaced(served: Served) -> None:
    first, second = members(served)
    nurseries = first.children()
    first.kill()
    until(lambda: len(members(served)) == 2 and first.pid not in [member.pid for member in members(served)], "another process")
    assert second in members(served)
    assert statuses(served) == {200}
    gone, alive = psutil.wait_procs(nurseries, PATIENCE)
    assert not alive


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_all_end_together(served: Served, number: signal.Signals) -> None:
    family = psutil.Process(served.process.pid).children(recursive=True)
    assert len(family) >= 2
    served.process.send_signal(number)
    assert served.process.wait(PATIENCE) == 0
    gone, alive = psutil.wait_procs(family, PATIENCE)
    assert not alive
    assert "Traceback" not in served.errors()


def test_nothing_outlives_the_one_that_watches(served: Served) -> None:
    family = psutil.Process(served.process.pid).children(recursive=True)
    served.process.kill()
    served.process.wait(PATIENCE)
    gone, alive = psutil.wait_procs(family, PATIENCE)
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


def test_another_server_on_the_same_port_is_refused(served: Served, tmp_path: Path) -> None:
    ended = run("serve", "--root", str(INSULO), "--port", str(served.port), "--workers", "2", cache=tmp_path)
    assert ended.returncode == 2 and str(served.port) in ended.stderr and ended.stderr.count("\n") == 1


def test_a_taken_port_is_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = run("serve", "--root", str(INSULO), "--port", str(taken.getsockname()[1]), "--workers", "2", cache=tmp_path)
    assert ended.returncode == 2 and ended.stderr.count("\n") == 1
