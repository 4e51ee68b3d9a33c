"""The processes that make a site: every address is made however many there are, and one that fails or is gone ends the build."""

from __future__ import annotations

import errno
import os
import signal
from datetime import date
from pathlib import Path

import pytest
from building import build
from test_build_again import differences

import phkg.publishing.build
from phkg.graph.compile import compile_snapshot
from phkg.publishing.build_files import BuildFault
from phkg.publishing.build_making import Piece
from phkg.publishing.build_workers import Workers
from phkg.records.knowledge import Knowledge


def nothing() -> None:
    """What the processes have to do first."""


def test_all_that_was_given_is_taken() -> None:
    with Workers(lambda addresses: [Piece(one) for one in addresses], nothing) as workers:
        assert workers.take() == []
        for worker in workers.free():
            workers.give(worker, [f"/{worker}/a", f"/{worker}/b"])
            workers.give(worker, [f"/{worker}/c"])
        assert workers.free() == []
        found: list[str] = []
        while made := workers.take():
            found += [piece.address for piece in made]
        assert sorted(found) == [f"/{worker}/{name}" for worker in range(len(workers)) for name in "abc"]
        assert len(workers.free()) == len(workers) == os.cpu_count()


def test_a_process_that_is_gone_ends_the_build() -> None:
    def make(addresses: list[str]) -> list[Piece]:
        os.kill(os.getpid(), signal.SIGKILL)
        return []

    with Workers(make, nothing) as workers:
        workers.give(0, ["/"])
        with pytest.raises(BuildFault, match="ended from outside"):
            workers.take()


def test_a_file_that_cannot_be_written_ends_the_build() -> None:
    def make(addresses: list[str]) -> list[Piece]:
        raise OSError(errno.ENOSPC, "No space left on device", addresses[0])

    with Workers(make, nothing) as workers:
        workers.give(0, ["/sv/"])
        with pytest.raises(OSError, match="No space left on device"):
            workers.take()


def test_on_any_number_of_cores_and_in_one_process_the_same_site_is_made(town: Knowledge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = compile_snapshot(town, date(2021, 6, 1), tmp_path / "snapshots")
    build(town, snapshot, tmp_path / "usual")
    assert len(list((tmp_path / "usual").rglob("*.html"))) > 100
    for cores, little in ((1, 0), (3, 0), (1, 1_000_000)):
        monkeypatch.setattr(os, "cpu_count", lambda cores=cores: cores)
        monkeypatch.setattr(phkg.publishing.build, "LITTLE", little)
        site = tmp_path / f"{cores} {little}"
        build(town, snapshot, site)
        assert differences(tmp_path / "usual", site) == []
