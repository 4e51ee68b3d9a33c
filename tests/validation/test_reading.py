"""A large registry is read by two processes: what they find together is what one finds alone."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import pytest

from phkg.records.files import FileEntry
from phkg.validation import reading
from phkg.validation.data_graph import data_graph
from phkg.validation.reading import Reading, read_all

FILES = {
    "registry/a.ttl": b'<https://example.org/a> <https://example.org/p> "01"^^<http://www.w3.org/2001/XMLSchema#integer>, "x"@sv .\n',
    "registry/b.ttl": b"<https://example.org/b> <https://example.org/p> [ <https://example.org/q> 1 ] .\n",
    "registry/c.ttl": b"",
    "registry/d.ttl": b"<https://example.org/d> <https://example.org/p> <unfinished .\n",
    "registry/e.ttl": b"<https://example.org/e> <https://example.org/p> 2 .\n" * 50,
    "registry/f.ttl": b"\xff",
    "registry/g.ttl": b"<https://example.org/g> a <https://example.org/G> .\n",
}


@pytest.fixture()
def files(tmp_path: Path) -> dict[str, FileEntry]:
    found = {}
    for name, data in FILES.items():
        path = tmp_path / name.replace("/", "-")
        path.write_bytes(data)
        found[name] = FileEntry(path, name, "registry")
    return found


def told(files: dict[str, FileEntry]) -> tuple[Reading, list[bytes], int]:
    with data_graph() as graph:
        found = read_all(files, graph, lambda doing, done, whole: None)
        lines = [line for line in graph.path.read_bytes().split(b"\n") if b"_:" not in line]
        return found, lines, len(graph.store)


def named(subjects: set[bytes]) -> set[bytes]:
    return {subject for subject in subjects if subject.startswith(b"<")}


def test_two_processes_find_what_one_finds(files: dict[str, FileEntry], monkeypatch: pytest.MonkeyPatch) -> None:
    alone = told(files)
    forked = []
    begin = os.fork
    monkeypatch.setattr(os, "fork", lambda: forked.append(True) or begin())
    monkeypatch.setattr(reading, "MANY", 2)
    # The runner of the tests may have threads of its own, which do not touch what is copied here.
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    both = told(files)
    assert forked
    assert both[0].unread == alone[0].unread == {"registry/c.ttl"}
    assert [fact.name for fact in both[0].facts] == [fact.name for fact in alone[0].facts] == [name for name in FILES if "c.ttl" not in name]
    assert [(fact.triples, named(fact.subjects)) for fact in both[0].facts] == [(fact.triples, named(fact.subjects)) for fact in alone[0].facts]
    assert [finding.order() for finding in both[0].findings] == [finding.order() for finding in alone[0].findings]
    assert both[1:] == alone[1:]
    assert b'<https://example.org/a> <https://example.org/p> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .' in both[1]


def test_a_helper_that_ends_early_loses_nothing(files: dict[str, FileEntry], monkeypatch: pytest.MonkeyPatch) -> None:
    alone = told(files)
    monkeypatch.setattr(reading, "MANY", 2)
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    monkeypatch.setattr(reading, "_read_elsewhere", lambda *given: os.kill(os.getpid(), signal.SIGKILL))
    both = told(files)
    assert [fact.name for fact in both[0].facts] == [fact.name for fact in alone[0].facts]
    assert both[1:] == alone[1:]


def test_no_copy_is_made_of_a_process_with_threads(files: dict[str, FileEntry], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MANY", 2)
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("forked"))
    assert len(told(files)[0].facts) == 6


def test_no_files_are_no_fault() -> None:
    assert told({})[0] == Reading()
