"""The server as an operator meets it: it starts or says why not, follows the files, and refuses what is broken."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
from pathlib import Path

import httpx
import pytest
from served import Served, run, until

INSULO = Path(__file__).resolve().parents[1] / "elsewhere" / "insulo"
STATES = """
PREFIX ph: <https://w3id.org/phkg/ontology#>
SELECT ?state WHERE { <https://example.net/insulo/standings/suda/kantado> ph:state ?state }"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return shutil.copytree(INSULO, tmp_path / "insulo")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    folder = tmp_path / "cache"
    folder.mkdir()
    return folder


def test_a_change_is_taken_up_without_a_failed_request(root: Path, cache: Path) -> None:
    statement = root / "registry" / "implementations" / "suda.ttl"
    with Served(root, cache) as served:
        before = served.version()
        answers: list[int] = []
        done = threading.Event()

        def keep_asking() -> None:
            with httpx.Client(timeout=30) as client:
                while not done.is_set():
                    answers.append(client.get(f"{served.address}/eo/regions/suda/").status_code)
                    answers.append(client.get(f"{served.address}/sparql", params={"query": STATES}).status_code)

        asker = threading.Thread(target=keep_asking)
        asker.start()
        statement.write_text(statement.read_text().replace("etapo:neniam", "etapo:provata"))
        until(lambda: served.version() != before, "the changed snapshot")
        until(lambda: served.select(STATES) == [["https://example.net/insulo/concepts/etapo/provata"]], "SPARQL follows")
        assert "provata" in httpx.get(f"{served.address}/eo/regions/suda/").text
        done.set()
        asker.join()
        assert answers and set(answers) == {200}


ENTERED = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX ph: <https://w3id.org/phkg/ontology#>
SELECT ?created ?author WHERE {
  ?statement a ph:ImplementationStatement .
  GRAPH <https://example.net/insulo/registry#records> {
    ?record foaf:primaryTopic ?statement ; dcterms:modified ?created ; <http://www.w3.org/ns/prov#wasGeneratedBy> ?commit .
    ?commit <http://purl.org/dc/elements/1.1/creator> ?author
  }
}"""


def test_who_entered_what_can_be_queried_apart_from_the_facts(root: Path, cache: Path) -> None:
    def git(*arguments: str) -> None:
        people = {
            f"GIT_{who}_{what}": text
            for who in ("AUTHOR", "COMMITTER")
            for what, text in (("NAME", "Ana"), ("EMAIL", "a@example.org"), ("DATE", "2024-05-06T07:08:09Z"))
        }
        subprocess.run(["git", "-C", str(root), *arguments], env={**os.environ, **people}, check=True, capture_output=True)

    git("init", "--quiet")
    git("add", "--all")
    git("commit", "--quiet", "-m", "All of it")
    count = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    with Served(root, cache) as served:
        before = served.select(count)
        until(lambda: served.select(ENTERED) != [], "the graph of the records")
        assert set(map(tuple, served.select(ENTERED))) == {("2024-05-06T07:08:09Z", "Ana")}
        assert served.select(count) == before
        statement = root / "registry" / "implementations" / "suda.ttl"
        statement.write_text(statement.read_text() + "\n# Seen.\n")
        git("commit", "--quiet", "--all", "-m", "Layout only")
        version = served.version()
        until(lambda: served.version() != version, "the next snapshot")
        until(lambda: served.select(ENTERED) != [], "its graph of the records")


def test_a_broken_change_is_refused_and_shown(root: Path, cache: Path) -> None:
    statement = root / "registry" / "implementations" / "suda.ttl"
    with Served(root, cache) as served:
        before = served.version()
        statement.write_text(statement.read_text().replace("etapo:neniam", "etapo:nenia"))
        until(lambda: "registry/implementations/suda.ttl:" in served.errors(), "the finding")
        assert "La etapo ne ekzistas." in served.errors() and before[:12] in served.errors()
        assert served.version() == before
        assert served.select(STATES) == [["https://example.net/insulo/concepts/etapo/neniam"]]
        statement.write_text(statement.read_text() + "\n<not turtle")
        until(lambda: "syntax" in served.errors().lower() or "sintak" in served.errors().lower(), "the fault of syntax")
        assert served.version() == before and "Traceback" not in served.errors()


def test_it_says_where_it_serves(root: Path, cache: Path) -> None:
    with Served(root, cache) as served:
        served.process.terminate()
        said = served.process.communicate(timeout=60)[0]
    assert f"{served.address}/" in said and f"{served.address}/sparql" in said


def test_a_taken_port_gives_one_sentence(root: Path, cache: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ended = run("serve", "--root", str(root), "--port", port, cache=cache)
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1 and port in ended.stderr and "--port" in ended.stderr


def test_a_broken_registry_is_not_served(root: Path, cache: Path) -> None:
    statement = root / "registry" / "implementations" / "suda.ttl"
    statement.write_text(statement.read_text().replace("etapo:neniam", "etapo:nenia"))
    ended = run("serve", "--root", str(root), cache=cache)
    assert ended.returncode == 1
    assert "registry/implementations/suda.ttl:" in ended.stderr and "Traceback" not in ended.stderr


def test_a_folder_without_a_registry_is_named(tmp_path: Path, cache: Path) -> None:
    ended = run("serve", "--root", str(tmp_path), cache=cache)
    assert ended.returncode == 2 and str(tmp_path) in ended.stderr and "registry/" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_registry_that_does_not_describe_itself_is_named(root: Path, cache: Path) -> None:
    (root / "registry" / "registry.ttl").unlink()
    ended = run("serve", "--root", str(root), cache=cache)
    assert ended.returncode in (1, 2) and "registry.ttl" in ended.stderr and "Traceback" not in ended.stderr
