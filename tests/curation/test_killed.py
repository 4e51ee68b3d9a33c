"""A server killed at any moment, two processes at once, and a full disk: what was acknowledged is there, and nothing is half there."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest
from served import Served, until

from .repository import Repository, source

STEPS = ("read-tree", "hash-object", "update-index", "write-tree", "commit-tree", "update-ref")


def serve(repository: Repository, cache: Path, *arguments: str) -> Served:
    cache.mkdir(exist_ok=True)
    return Served(repository.root, cache, arguments=("--submissions", str(repository.root), *arguments))


def send(address: str, repository: Repository, body: str) -> str:
    """The branch of a submission that was acknowledged; empty when it was not."""
    headers = {"Content-Type": "text/turtle", "Authorization": f"Bearer {repository.secret}"}
    try:
        answer = httpx.post(f"{address}/submissions", content=body, headers=headers, timeout=90)
    except httpx.TransportError:
        return ""
    return answer.json()["branch"] if answer.status_code in (200, 201) else ""


def is_whole(repository: Repository, branch: str) -> bool:
    """Whether a branch holds one whole submission on top of main."""
    files = repository.git("diff", "--name-only", "main", branch).split()
    whole = [repository.git("show", f"{branch}:{name}").rstrip().endswith(".") for name in files]
    return repository.git("rev-parse", f"{branch}^") == repository.git("rev-parse", "main") and bool(files) and all(whole)


def all_is_well(repository: Repository, acknowledged: list[str]) -> None:
    repository.git("fsck", "--strict", "--no-dangling")
    branches = repository.branches()
    assert set(acknowledged) <= set(branches)
    assert [branch for branch in branches if not is_whole(repository, branch)] == []
    assert repository.untouched()


WRITE = """
import sys
from pathlib import Path
from phkg.curation.branches import Repository
one = Repository(Path(sys.argv[1]))
print(one.write("20261122-aaaaaaaaaa", one.head(), {"registry/sources/nova.ttl": b"<a:b> <a:c> <a:d> .\\n" * 500}, "A", "a", "Nova"), flush=True)
"""


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_with_git_at_each_step_nothing_is_half_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, when: str) -> None:
    """A git on the path that kills whoever called it, and itself, before or after doing one of the steps of a submission."""
    repository = Repository(tmp_path)
    real, folder = shutil.which("git"), tmp_path / "bin"
    folder.mkdir()
    hit = f'case " $* " in *" {step} "*) [ -e "{tmp_path}/armed" ] && hit=1;; esac'
    kill = '[ "$hit" ] && kill -9 "$PPID" $$'
    (folder / "git").write_text(
        "\n".join(["#!/bin/sh", hit, kill, f'exec "{real}" "$@"'] if when == "before" else ["#!/bin/sh", hit, f'"{real}" "$@"; code=$?', kill, "exit $code"])
    )
    (folder / "git").chmod(0o755)
    environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    (tmp_path / "armed").touch()
    killed = subprocess.run([sys.executable, "-c", WRITE, str(repository.root)], capture_output=True, env=environment)
    assert (killed.returncode, killed.stdout) == (-signal.SIGKILL, b"")
    done = (step, when) == ("update-ref", "after")
    assert len(repository.branches()) == int(done)
    all_is_well(repository, [])
    (tmp_path / "armed").unlink()
    again = subprocess.run([sys.executable, "-c", WRITE.replace("aaaaaaaaaa", "bbbbbbbbbb"), str(repository.root)], capture_output=True, env=environment)
    assert again.returncode == 0 and len(repository.branches()) == 1 + int(done)
    all_is_well(repository, ["submission/20261122-bbbbbbbbbb"])


def test_killed_at_random_moments_under_load_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    chance, acknowledged, number = random.Random(20261122), [], iter(range(10_000))
    for _ in range(2):
        with serve(repository, tmp_path / "cache", "--workers", "2") as served:
            served_before = len(acknowledged)

            def keep_sending(address: str = served.address, process=served.process) -> None:
                while process.poll() is None:
                    branch = send(address, repository, source(f"libro-{next(number)}"))
                    if branch:
                        acknowledged.append(branch)

            senders = [threading.Thread(target=keep_sending) for _ in range(3)]
            for sender in senders:
                sender.start()
            until(lambda before=served_before: len(acknowledged) > before, "a first acknowledgement")
            threading.Event().wait(chance.uniform(0.0, 0.6))
            served.process.kill()
            for sender in senders:
                sender.join()
        all_is_well(repository, acknowledged)
    assert len(acknowledged) == len(set(acknowledged)) >= 2
    with serve(repository, tmp_path / "cache") as served:
        for branch in acknowledged:
            assert httpx.get(f"{served.address}/submissions/{branch.removeprefix('submission/')}.json").json()["state"] == "waiting"


def test_a_full_disk_is_an_error_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A git on the path that, once told to, can make no file longer than nothing, as on a disk that is full."""
    repository = Repository(tmp_path)
    real, folder = shutil.which("git"), tmp_path / "bin"
    folder.mkdir()
    (folder / "git").write_text(f'#!/bin/sh\n[ -e "{tmp_path}/full" ] && ulimit -f 0\nexec "{real}" "$@"\n')
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    with serve(repository, tmp_path / "cache") as served:
        first = send(served.address, repository, source("unu"))
        (tmp_path / "full").touch()
        headers = {"Content-Type": "text/turtle", "Authorization": f"Bearer {repository.secret}"}
        answer = httpx.post(f"{served.address}/submissions", content=repository.suda(), headers=headers, timeout=90)
        assert (answer.status_code, answer.json()["code"]) == (507, "no-room"), answer.text
        (tmp_path / "full").unlink()
        all_is_well(repository, [first])
        assert len(repository.branches()) == 1
        second = send(served.address, repository, repository.suda())
    assert second
    all_is_well(repository, [first, second])
