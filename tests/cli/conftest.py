"""`phkg` as a process, and a registry for it to work on."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess]


@pytest.fixture
def phkg() -> Run:
    """Runs `phkg` with arguments, as a user does; whatever happens, nobody is shown a stack trace."""

    def run(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess:
        command = [sys.executable, "-c", "from phkg.cli import main; main()", *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=cwd, timeout=120)
        assert "Traceback" not in done.stderr and "Traceback" not in done.stdout
        return done

    return run


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the invented country of the tests of the views; a test may spoil it."""
    return shutil.copytree(Path(__file__).parents[1] / "views" / "town", tmp_path / "town")


@pytest.fixture
def git(root: Path) -> Callable[..., str]:
    """Runs git in the registry's folder, in which all is committed once, on main."""

    def run(*arguments: str) -> str:
        person = ("-c", "user.name=Anna Ek", "-c", "user.email=x@example.org")
        return subprocess.run(["git", "-C", str(root), *person, *arguments], capture_output=True, text=True, check=True).stdout.strip()

    run("init", "--quiet", "--initial-branch", "main")
    run("add", "--all")
    run("commit", "--quiet", "-m", "All of it")
    return run
