"""What git knows of a registry's changes: real repositories, merges, copies cut short, and what is kept."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from pyoxigraph import NamedNode
from town import TOWN

from phkg.graph.change_log import MOST, NONE, WAITING, FollowedLog, kept_log, work_out
from phkg.graph.changes_file import packed, unpacked
from phkg.records.git import read_log
from phkg.records.knowledge import find_knowledge

BASE = "https://example.org/ekland/"


class Repository:
    """A copy of Ekland in git, below another folder."""

    def __init__(self, home: Path) -> None:
        self.top = home / "land"
        self.root = Path(shutil.copytree(TOWN, self.top / "town"))
        self.minute = 0
        self.git("init", "--quiet", "--initial-branch", "main")

    def git(self, *arguments: str, author: str = "Anna Ek") -> str:
        when = f"2021-03-01T10:{self.minute:02}:00+01:00"
        people = {
            f"GIT_{role}_{what}": value
            for role in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", author), ("EMAIL", "secret@example.org"), ("DATE", when))
        }
        environment = {**os.environ, **people, "GIT_CONFIG_GLOBAL": os.devnull}
        return subprocess.run(["git", "-C", str(self.top), *arguments], env=environment, capture_output=True, text=True, check=True).stdout.strip()

    def commit(self, message: str, author: str = "Anna Ek") -> str:
        self.minute += 1
        self.git("add", "--all")
        self.git("commit", "--quiet", "-m", message, author=author)
        return self.git("rev-parse", "HEAD")

    def rename(self, place: str, name: str) -> None:
        file = self.root / f"registry/regions/{place}.ttl"
        text, found = re.subn('prefLabel "[^"]*"@sv', f'prefLabel "{name}"@sv', file.read_text(encoding="utf-8"))
        assert found == 1
        file.write_text(text, encoding="utf-8")


@pytest.fixture
def land(tmp_path: Path) -> Repository:
    land = Repository(tmp_path)
    land.commit("All of it")
    return land


def log_of(land: Repository, cache: Path):
    knowledge = find_knowledge(land.root)
    work_out(knowledge, cache)
    return kept_log(knowledge, cache)


def told(log) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(one.commit.summary, [(change.sort, change.subject.removeprefix(BASE)) for change in one.compared.changes.records]) for one in log.entries]


def test_each_commit_is_told_by_what_it_means_the_newest_first(land: Repository, tmp_path: Path) -> None:
    land.rename("osby", "Ösby landsting")
    named = land.commit("Another name", author="Bo Ås")
    (land.root / "registry/regions/osby.ttl").write_text("# Seen.\n" + (land.root / "registry/regions/osby.ttl").read_text(encoding="utf-8"), encoding="utf-8")
    land.commit("Only a comment")
    (land.top / "README").write_text("Elsewhere", encoding="utf-8")
    land.commit("Not about records")
    log = log_of(land, tmp_path / "cache")
    assert (log.state, log.cut, log.shallow, log.tip) == ("ready", False, False, land.git("rev-parse", "HEAD"))
    assert [one.commit.summary for one in log.entries] == ["Another name", "All of it"]
    newest, first = log.entries
    assert (newest.commit.name, newest.commit.authors, newest.commit.when) == (named, ("Bo Ås",), "2021-03-01T10:02:00+01:00")
    assert told(log)[0] == ("Another name", [("changed", "regions/osby")])
    assert {change.sort for change in first.compared.changes.records} == {"new"}
    assert first.compared.follows.standings and first.compared.follows.on.isoformat() == "2021-03-01"


def test_a_merge_is_one_change_by_those_who_wrote_it(land: Repository, tmp_path: Path) -> None:
    land.git("checkout", "--quiet", "-b", "topic")
    land.rename("osby", "Ösby landsting")
    land.commit("Half", author="Bo Ås")
    land.rename("boda", "Boda landsting")
    land.commit("The other half", author="Cia Al")
    land.git("checkout", "--quiet", "main")
    land.minute += 1
    land.git("merge", "--quiet", "--no-ff", "-m", "Two names", "topic", author="Dan Gran")
    log = log_of(land, tmp_path / "cache")
    assert told(log)[0] == ("Two names", [("changed", "regions/boda"), ("changed", "regions/osby")])
    assert log.entries[0].commit.authors == ("Bo Ås", "Cia Al")
    assert len(log.entries) == 2


def test_what_is_kept_is_not_worked_out_again(land: Repository, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    log = log_of(land, cache)
    (kept,) = cache.iterdir()
    stamp = kept.stat().st_mtime_ns
    land.rename("osby", "Ösby landsting")
    land.commit("Another name")
    assert len(log_of(land, cache).entries) == 2
    assert kept.stat().st_mtime_ns == stamp and len(list(cache.iterdir())) == 2
    assert log_of(land, cache).entries[1] == log.entries[0]


def test_a_kept_comparison_that_is_broken_is_said_and_not_shown(land: Repository, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    log_of(land, cache)
    (kept,) = cache.iterdir()
    kept.write_bytes(b"half of it")
    (entry,) = kept_log(find_knowledge(land.root), cache).entries
    assert entry.compared is None and entry.fault


def test_a_commit_that_cannot_be_read_does_not_hide_the_others(land: Repository, tmp_path: Path) -> None:
    file = land.root / "registry/regions/osby.ttl"
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole + "<half", encoding="utf-8")
    land.commit("Broken")
    file.write_text(whole, encoding="utf-8")
    land.commit("Mended")
    log = log_of(land, tmp_path / "cache")
    assert [(one.commit.summary, one.compared is None) for one in log.entries] == [("Mended", True), ("Broken", True), ("All of it", False)]
    assert "registry/regions/osby.ttl" in log.entries[0].fault


def test_a_copy_cut_short_says_so_and_does_not_take_its_oldest_commit_for_the_first(land: Repository, tmp_path: Path) -> None:
    for name in ("Ett", "Två", "Tre"):
        land.rename("osby", name)
        land.commit(name)
    shallow = Repository.__new__(Repository)
    shallow.top, shallow.root = tmp_path / "copy", tmp_path / "copy" / "town"
    subprocess.run(["git", "clone", "--quiet", "--depth", "3", f"file://{land.top}", str(shallow.top)], check=True)
    log = log_of(shallow, tmp_path / "cache")
    assert log.shallow and [one.commit.summary for one in log.entries] == ["Tre", "Två"]


def test_only_so_many_commits_are_looked_back_on(land: Repository) -> None:
    for number in range(4):
        land.rename("osby", str(number))
        land.commit(str(number))
    log = read_log(land.top, ["town/registry"], 3)
    assert (len(log.commits), log.cut, log.commits[0].summary) == (3, True, "3")
    whole = read_log(land.top, ["town/registry"], 5)
    assert (len(whole.commits), whole.cut, whole.commits[-1].base) == (5, False, "")
    assert MOST >= 50


def test_co_authors_are_named_as_the_mailmap_says_alone_and_in_merges(land: Repository) -> None:
    (land.top / ".mailmap").write_text("Cleo Ask <cleo@example.org> C <c@example.org>\n", encoding="utf-8")
    land.rename("osby", "Ett")
    land.commit("One\n\nCo-authored-by: C <c@example.org>\nco-authored-by: Bo Ås\nCo-authored-by: <d@example.org>", author="Bo Ås")
    land.git("checkout", "--quiet", "-b", "topic")
    land.rename("osby", "Två")
    land.commit("Two\n\nCo-Authored-By: C <c@example.org>")
    land.git("checkout", "--quiet", "main")
    land.git("merge", "--quiet", "--no-ff", "-m", "Topic\n\nCo-authored-by: Nobody <n@example.org>", "topic", author="Merger")
    log = read_log(land.top, ["town/registry"], 9)
    assert [one.authors for one in log.commits] == [("Anna Ek", "Cleo Ask"), ("Bo Ås", "Cleo Ask"), ("Anna Ek",)]


def test_packing_and_unpacking_gives_the_same(land: Repository, tmp_path: Path) -> None:
    file = land.root / "registry/methods/fraga.ttl"
    file.rename(land.root / "registry/methods/undra.ttl")
    moved = land.root / "registry/methods/undra.ttl"
    moved.write_text(moved.read_text(encoding="utf-8").replace("method:fraga", "method:undra"), encoding="utf-8")
    land.commit("Under another name")
    for entry in log_of(land, tmp_path / "cache").entries:
        assert unpacked(packed(entry.compared)) == entry.compared
    assert entry.compared.changes.records[0].after and isinstance(next(iter(entry.compared.changes.records[0].after))[0], NamedNode)


def test_the_log_is_followed_by_a_process_of_its_own(land: Repository, tmp_path: Path) -> None:
    followed = FollowedLog(find_knowledge(land.root), lambda: tmp_path / "cache")
    assert followed.get() == WAITING and followed.wanted.is_set()
    assert followed.look() and len(followed.get().entries) == 1
    assert not followed.look()
    land.rename("osby", "Ösby landsting")
    land.commit("Another name")
    assert followed.look() and len(followed.get().entries) == 2
    followed.stop()
    land.rename("osby", "Ösby")
    land.commit("A third name")
    assert not followed.look() and len(followed.get().entries) == 2


def test_outside_of_git_there_is_no_history(tmp_path: Path) -> None:
    followed = FollowedLog(find_knowledge(Path(shutil.copytree(TOWN, tmp_path / "town"))), lambda: tmp_path / "cache")
    assert followed.look() and followed.get() == NONE
