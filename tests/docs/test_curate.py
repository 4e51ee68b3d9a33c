"""The tutorials for curators are followed word for word: every command is run, every file saved, every answer compared."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from phkg.records.knowledge import find_knowledge

from .markdown import ROOT

BLOCK = re.compile(r"^```(sh|csv|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"`([a-z]+\.csv)`")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What the reader has after the first step: the registry in git, and the command."""
    shutil.copytree(find_knowledge().registry, tmp_path / "registry")
    command = tmp_path / ".venv" / "bin" / "phkg"
    command.parent.mkdir(parents=True)
    # The installed command knows its own checkout; this one is told where the copy is.
    command.write_text(f"#!/bin/sh\nexec {sys.executable} -c 'from phkg.cli import main; main()' \"$@\" --root '{tmp_path}'\n")
    command.chmod(0o755)
    for arguments in (["init", "-q"], ["add", "registry"], ["commit", "-qm", "The registry"]):
        run(["git", *arguments], tmp_path)
    return tmp_path


def run(command: list[str], folder: Path) -> str:
    people = {f"GIT_{role}_{what}": "x@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    environment = {**os.environ, **people, "GIT_CONFIG_GLOBAL": os.devnull, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", timeout=180)
    return done.stdout


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_tutorial_happens_as_it_says(checkout: Path, language: str) -> None:
    text = (ROOT / "docs" / "how-to" / f"curate.{language}.md").read_text(encoding="utf-8")
    said, told, at = "", [], 0
    for block in BLOCK.finditer(text):
        sort, content = block.groups()
        if sort == "csv":
            (checkout / NAMED.findall(text[at : block.start()])[-1]).write_text(content, encoding="utf-8")
        elif sort == "sh":
            said = run(["sh", "-c", content], checkout)
            told.append(said)
        else:
            lines = iter(said.splitlines())
            patterns = [re.escape(line).replace("…", ".*") for line in content.splitlines()]
            assert all(any(re.fullmatch(pattern, line) for line in lines) for pattern in patterns), f"{content}\nwas to be told, and this was:\n{said}"
        at = block.start()
    validated, compared = told[-3], told[-2]
    assert re.search(r"^0 (fel|errors),", validated, re.MULTILINE)
    # Each of the three statements changes what holds in the region.
    assert len(re.findall("^  Region Gotland: .+ → .+2024", compared, re.MULTILINE)) == 3
    assert run(["git", "status", "--porcelain", "registry"], checkout) == ""
