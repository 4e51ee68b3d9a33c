"""A running server and git: what is committed stands on the page of changes and in the feed, worked out beside the pages."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest
from served import Served, until

INSULO = Path(__file__).resolve().parents[1] / "elsewhere" / "insulo"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The island in git."""
    root = Path(shutil.copytree(INSULO, tmp_path / "insulo"))
    commit(root, "All of it", "init", "--quiet")
    return root


def commit(root: Path, message: str, *first: str) -> None:
    people = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in (("NAME", "Anna Ek"), ("EMAIL", "x@example.org"))}
    for step in (first, ("add", "--all"), ("commit", "--quiet", "-m", message)):
        if step:
            subprocess.run(["git", "-C", str(root), *step], env={**os.environ, **people, "GIT_CONFIG_GLOBAL": os.devnull}, check=True)


def test_a_commit_is_told_by_page_and_feed_while_pages_go_on(root: Path, tmp_path: Path) -> None:
    with Served(root, tmp_path) as served:
        feed = f"{served.address}/eo/changes.atom"
        assert httpx.get(feed).status_code == 503
        assert httpx.get(f"{served.address}/eo/").status_code == 200
        until(lambda: httpx.get(feed).status_code == 200, "the first feed")
        assert httpx.get(feed).text.count("<entry>") == 1
        file = root / "registry/regions/orienta.ttl"
        file.write_text(file.read_text(encoding="utf-8").replace("Orienta bordo", "Nova bordo"), encoding="utf-8")
        commit(root, "Another name")
        until(lambda: "Nova bordo" in httpx.get(feed).text, "the second entry")
        until(lambda: "Nova bordo" in httpx.get(f"{served.address}/eo/changes/").text, "the page")
        assert "Nova bordo" in httpx.get(f"{served.address}/eo/").text
        assert served.errors().count("changes") == 0
