"""A registry in git that a test may change: the invented country of the tests of the views."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from town import TOWN

sys.path.insert(0, str(Path(__file__).parent))
Git = Callable[..., str]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the country's files, in no repository."""
    return Path(shutil.copytree(TOWN, tmp_path / "town"))


@pytest.fixture
def git(root: Path) -> Git:
    """Runs git in the country's folder; the first commit, tagged `first`, holds it as it is."""

    def run(*arguments: str, author: str = "Anna Ek", when: str = "2021-01-01T10:00:00+01:00") -> str:
        people = {
            f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in (("NAME", author), ("EMAIL", "x@example.org"), ("DATE", when))
        }
        environment = {**os.environ, **people, "GIT_CONFIG_GLOBAL": os.devnull}
        done = subprocess.run(["git", "-C", str(root), *arguments], env=environment, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    run("init", "--quiet", "--initial-branch", "main")
    run("add", "--all")
    run("commit", "--quiet", "-m", "All of it")
    run("tag", "first")
    return run
