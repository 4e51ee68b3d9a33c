"""The process that checks submissions: reading the registry, which is done once for each of its states, does not count as checking."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from phkg.curation import judge_process
from phkg.curation.judge_process import JudgeProcess, NotJudged
from phkg.curation.judging import Committed, Judge
from phkg.curation.submitted import TURTLE

from .repository import Repository

SLOW = """
import pickle, struct, sys, time
from phkg.curation.judge_process import NotJudged
def tell(what):
    data = pickle.dumps(what)
    sys.stdout.buffer.write(struct.pack(">Q", len(data)) + data)
    sys.stdout.flush()
sys.stdin.buffer.read(8)
tell(True)
time.sleep(2.5)
tell(False)
if "checks" in "{0}":
    time.sleep(60)
tell(NotJudged("server", "It came to an end."))
"""


def test_it_tells_when_the_registry_is_read_once_for_each_state(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    told: list[bool] = []
    judge = Judge(Committed(repository.root, tmp_path / "room"), tmp_path / "room", told.append)
    assert judge.judge(repository.suda().encode(), TURTLE).conforms
    assert told == [True, False, True, False]
    assert judge.judge(repository.suda().encode(), TURTLE).conforms and len(told) == 4
    repository.git("commit", "-q", "--allow-empty", "-m", "Another state")
    assert judge.judge(repository.suda().encode(), TURTLE).conforms and len(told) == 8


@pytest.mark.parametrize(("what", "says"), [("reads", "It came to an end."), ("checks", "more than 2 seconds")])
def test_reading_may_take_longer_than_checking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, says: str) -> None:
    """A process that reads for longer than a check may last, and one that goes on checking for too long."""
    monkeypatch.setattr(judge_process, "_PROGRAM", SLOW.replace("{0}", what))

    async def judged() -> None:
        process = JudgeProcess(tmp_path, committed=False, seconds=2.0, memory=10**10, queue=1)
        try:
            await process.judge(b"", TURTLE)
        finally:
            await process.stop()

    with pytest.raises(NotJudged, match=says):
        asyncio.run(judged())
