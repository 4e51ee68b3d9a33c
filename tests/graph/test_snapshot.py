"""A snapshot's folder: opened by another process, whole or refused, written once."""

import os
import subprocess
import sys

import pytest

from phkg.graph.compile import compile_snapshot
from phkg.graph.snapshot import SnapshotFault, open_snapshot, write_snapshot


def test_another_process_opens_it(country, into, day):
    snapshot = compile_snapshot(country, day, into)
    program = "import sys; from phkg.graph.snapshot import open_snapshot; s = open_snapshot(sys.argv[1]); print(s.name, len(s.store))"
    told = subprocess.run([sys.executable, "-c", program, str(snapshot.path)], capture_output=True, text=True, check=True)
    assert told.stdout.split() == [snapshot.name, str(len(snapshot.store))]


def test_a_folder_without_a_snapshot_is_refused(tmp_path):
    with pytest.raises(SnapshotFault, match="holds no snapshot"):
        open_snapshot(tmp_path)


def test_a_damaged_graph_is_refused(country, into, day):
    path = compile_snapshot(country, day, into).path / "graph.nt"
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(SnapshotFault, match="delete the folder"):
        open_snapshot(path.parent)


def test_who_comes_second_keeps_what_is_there(tmp_path, monkeypatch):
    first = write_snapshot(tmp_path, "n", b"", {"date": "2031-01-01"})
    monkeypatch.setattr("phkg.graph.snapshot.is_written", lambda into, name: False)
    assert write_snapshot(tmp_path, "n", b"", {"date": "2031-01-01", "commit": "other"}) == first
    assert "commit" not in open_snapshot(first).manifest
    assert os.listdir(tmp_path) == ["n"]


def test_a_half_written_folder_in_its_place_is_a_fault_and_not_taken(tmp_path):
    (tmp_path / "n").mkdir()
    (tmp_path / "n" / "graph.nt").write_bytes(b"half")
    with pytest.raises(OSError):
        write_snapshot(tmp_path, "n", b"", {})
    assert os.listdir(tmp_path) == ["n"]
