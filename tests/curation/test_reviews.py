"""Author and reviewer are not the same person: real repositories of git, with every way in which a change comes onto the main line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .repository import Repository

ANNA, BO, CLEO = ("Anna Ek", "anna@example.org"), ("Bo Lind", "bo@example.org"), ("Cleo Ask", "cleo@example.org")
HUB = ("Hub", "noreply@hub.example")
QUEUE = ("merge-queue[bot]", "118344674+merge-queue[bot]@users.noreply.github.com")
SERVER = ("phkg serve", "server@submissions.invalid")
FILES = ("registry/sources/a.ttl", "registry/sources/b.ttl", "ontology/c.ttl", "shapes/d.ttl")


class Forge:
    """A repository in which people change files, merge, squash and push."""

    def __init__(self, folder: Path) -> None:
        self.repository = Repository(folder)
        self.root = self.repository.root
        self.base = self.git("rev-parse", "HEAD")
        self.number = 0

    def git(self, *arguments: str, author: tuple[str, str] = ANNA, committer: tuple[str, str] | None = None) -> str:
        people = zip(("AUTHOR", "COMMITTER"), (author, committer or author), strict=True)
        names = {f"GIT_{role}_{part}": value for role, who in people for part, value in zip(("NAME", "EMAIL"), who, strict=True)}
        given = {**os.environ, **names, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_EDITOR": "true"}
        done = subprocess.run(["git", "-C", str(self.root), *arguments], capture_output=True, text=True, env=given)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def change(self, author: tuple[str, str] = ANNA, message: str = "A fact", file: str = FILES[0], committer: tuple[str, str] | None = None) -> str:
        self.number += 1
        path = self.root / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"# {self.number}\n", encoding="utf-8")
        self.git("add", "--all")
        self.git("commit", "--quiet", "-m", message, author=author, committer=committer)
        return self.git("rev-parse", "HEAD")

    def branch(self) -> None:
        self.git("switch", "--quiet", "--create", f"branch-{self.number}")

    def merge(self, who: tuple[str, str], message: str = "Merge", committer: tuple[str, str] | None = None) -> str:
        branch = self.git("branch", "--show-current")
        self.git("switch", "--quiet", "main")
        self.git("merge", "--quiet", "--no-ff", "-m", message, branch, author=who, committer=committer)
        return self.git("rev-parse", "HEAD")

    def reviewed(self, *arguments: str, base: str = "") -> subprocess.CompletedProcess:
        command = [sys.executable, "-m", "phkg", "reviewed", "--root", str(self.root), "--base", base or self.base, "--lang", "en", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull})
        assert "Traceback" not in done.stderr
        return done

    def missing(self) -> list[str]:
        """The commits of which it is said that nobody else has read them."""
        done = self.reviewed()
        assert done.returncode in (0, 1), done.stderr
        found = [line.split()[0] for line in done.stdout.splitlines() if "nobody else has read" in line]
        assert done.returncode == (1 if found else 0)
        return found


@pytest.fixture
def forge(tmp_path: Path) -> Forge:
    return Forge(tmp_path)


def test_whoever_merges_has_read_it_unless_it_is_the_author(forge: Forge) -> None:
    forge.branch()
    forge.change(ANNA)
    forge.merge(BO)
    assert forge.missing() == []
    forge.branch()
    own = forge.change(ANNA, "Own word")
    merge = forge.merge(ANNA)
    assert forge.missing() == [own[:12]]
    said = forge.reviewed().stdout
    assert f"{own[:12]} “Own word” by Anna Ek: nobody else has read the change" in said
    assert f"It came in with {merge[:12]}, made by Anna Ek." in said and "“Reviewed-by: Name <address>”" in said
    assert said.endswith("1 of 2 changes have been read by nobody but their author.\n")


def test_each_commit_of_a_branch_needs_somebody_else(forge: Forge) -> None:
    """Two who worked together and one of whom merges: her own part has been read by nobody who is named."""
    forge.branch()
    forge.change(ANNA)
    own = forge.change(BO, file=FILES[1])
    forge.merge(BO)
    assert forge.missing() == [own[:12]]


def test_a_trailer_of_the_merge_or_of_the_commit_names_who_has_read_it(forge: Forge) -> None:
    forge.branch()
    forge.change(ANNA)
    forge.change(BO, file=FILES[1])
    forge.merge(BO, "Merge\n\nReviewed-by: Anna Ek <anna@example.org>")
    forge.change(ANNA, "Squashed (#7)\n\nReviewed-by: Bo Lind <bo@example.org>", committer=HUB)
    forge.change(ANNA, "Squashed (#8)\n\nreviewed-by: Bo Lind", committer=HUB)
    assert forge.missing() == []
    own = forge.change(ANNA, "Squashed (#9)\n\nReviewed-by: ANNA EK <Anna@Example.ORG>", committer=HUB)
    assert forge.missing() == [own[:12]]


def test_a_co_author_is_an_author(forge: Forge) -> None:
    together = forge.change(ANNA, "Squashed\n\nCo-authored-by: Bo Lind <bo@example.org>\nReviewed-by: Bo Lind <bo@example.org>", committer=HUB)
    forge.change(ANNA, "Squashed\n\nCo-authored-by: Bo Lind <bo@example.org>\nReviewed-by: Cleo Ask <cleo@example.org>", committer=HUB)
    assert forge.missing() == [together[:12]]


@pytest.mark.parametrize("machine", [HUB, QUEUE, SERVER])
def test_a_program_reviews_nothing(forge: Forge, machine: tuple[str, str]) -> None:
    forge.branch()
    merged = forge.change(ANNA)
    forge.merge(machine)
    alone = forge.change(ANNA, committer=machine)
    named = forge.change(ANNA, f"A\n\nReviewed-by: {machine[0]} <{machine[1]}>")
    assert set(forge.missing()) == {merged[:12], alone[:12], named[:12]}
    assert f"{machine[0]} is a program or an address without a person" in forge.reviewed().stdout


def test_what_a_program_has_written_is_read_by_whoever_merges_it(forge: Forge) -> None:
    forge.branch()
    forge.change(("Kuracistoj", "suda-1@submissions.invalid"), committer=SERVER)
    forge.merge(BO, committer=HUB)
    assert forge.missing() == []


@pytest.mark.parametrize(
    "other",
    [
        ("anna ek", "anna@elsewhere.example"),
        ("A. Ek", "ANNA@example.org"),
        ("Anna  Ek", "1234+anna@users.noreply.github.com"),
    ],
)
def test_one_person_under_two_names_or_addresses_is_one(forge: Forge, other: tuple[str, str]) -> None:
    forge.branch()
    own = forge.change(ANNA)
    forge.merge(other)
    assert forge.missing() == [own[:12]]


def test_an_address_hidden_by_a_forge_is_a_person(forge: Forge) -> None:
    forge.branch()
    forge.change(("bo", "7+bo@users.noreply.github.com"))
    forge.merge(("cleo", "8+cleo@users.noreply.github.com"))
    assert forge.missing() == []
    forge.branch()
    own = forge.change(("bo", "bo@users.noreply.github.com"))
    forge.merge(("Bo Lind", "7+bo@users.noreply.github.com"))
    assert forge.missing() == [own[:12]]


def test_mailmap_says_who_is_one_and_who_are_two(forge: Forge) -> None:
    forge.branch()
    own = forge.change(("aek", "aek@home.example"))
    forge.merge(ANNA)
    named = forge.change(ANNA, "A\n\nReviewed-by: aek <aek@home.example>", committer=HUB)
    forge.branch()
    forge.change(("Kim Berg", "kim@north.example"))
    namesake = forge.merge(("Kim Berg", "kim@south.example"))
    assert len(forge.missing()) == 1 and namesake[:12] not in forge.missing()
    (forge.root / ".mailmap").write_text("Anna Ek <anna@example.org> <aek@home.example>\nKim Berg (south) <kim@south.example>\n", encoding="utf-8")
    assert set(forge.missing()) == {own[:12], named[:12]}


def test_what_is_written_by_hand_in_a_merge_has_the_merger_for_author(forge: Forge) -> None:
    forge.branch()
    forge.change(ANNA)
    forge.git("switch", "--quiet", "main")
    forge.git("merge", "--quiet", "--no-ff", "--no-commit", "branch-0", author=BO)
    (forge.root / FILES[0]).write_text("# by hand\n", encoding="utf-8")
    forge.git("add", "--all")
    forge.git("commit", "--quiet", "-m", "Merge with more in it", author=BO)
    assert forge.missing() == [forge.git("rev-parse", "HEAD")[:12]]
    forge.git("commit", "--quiet", "--amend", "-m", "Merge\n\nReviewed-by: Anna Ek <anna@example.org>", author=BO)
    assert forge.missing() == []


def test_two_merges_into_one_file_are_no_work_by_hand(forge: Forge) -> None:
    lines = [f"# {number}" for number in range(40)]
    (forge.root / FILES[0]).write_text("\n".join(lines), encoding="utf-8")
    forge.git("add", "--all")
    forge.git("commit", "--quiet", "-m", "Lines\n\nReviewed-by: Cleo Ask <cleo@example.org>")
    start = forge.git("rev-parse", "main")
    for place in (2, 8):
        forge.git("switch", "--quiet", "--create", f"line-{place}", start)
        (forge.root / FILES[0]).write_text("\n".join("# new" if number == place else line for number, line in enumerate(lines)), encoding="utf-8")
        forge.git("commit", "--quiet", "--all", "-m", f"Line {place}")
        forge.merge(BO)
    assert (forge.root / FILES[0]).read_text().count("# new") == 2
    assert forge.missing() == []


def test_what_comes_straight_onto_the_main_line_needs_a_reader_too(forge: Forge) -> None:
    pushed = forge.change(ANNA)
    applied = forge.change(ANNA, committer=BO)
    forge.change(BO, "The program", file="README.md")
    assert forge.missing() == [pushed[:12]] and applied[:12] not in forge.missing()


def test_a_merge_the_wrong_way_round_hides_nothing(forge: Forge) -> None:
    """Anna pulls the main line into her own and pushes that: the first parent is hers."""
    forge.branch()
    forge.change(BO, file=FILES[1])
    forge.merge(CLEO)
    forge.git("switch", "--quiet", "--create", "hers", forge.base)
    own = forge.change(ANNA)
    forge.git("merge", "--quiet", "--no-ff", "-m", "Merge main", "main")
    forge.git("branch", "--force", "main", "hers")
    forge.git("switch", "--quiet", "main")
    assert own[:12] in forge.missing()


def test_only_what_came_after_the_base_and_touched_the_records_counts(forge: Forge) -> None:
    forge.change(ANNA)
    later = forge.git("rev-parse", "HEAD")
    forge.change(ANNA, "The program", file="README.md")
    done = forge.reviewed(base=later)
    assert (done.returncode, done.stdout) == (0, "Nothing in the records, the vocabulary or the rules has changed.\n")
    for file in FILES[2:]:
        forge.change(ANNA, file=file)
    assert len(forge.missing()) == 3


def test_it_is_told_in_swedish_and_to_github(forge: Forge) -> None:
    forge.change(("Anna\x1b[31m Ek", "anna@example.org"), "100 %: a, b")
    swedish = forge.reviewed("--lang", "sv").stdout
    assert "ingen annan har läst ändringen" in swedish and "\x1b" not in swedish
    line = forge.reviewed("--format", "github").stdout.splitlines()[0]
    assert line.startswith("::error::") and "100 %25: a, b" in line


def test_what_cannot_be_told_is_said(forge: Forge, tmp_path: Path) -> None:
    unknown = forge.reviewed(base="0" * 40)
    assert unknown.returncode == 2 and "is no revision of" in unknown.stderr
    for _ in range(3):
        forge.change(ANNA, "A\n\nReviewed-by: Bo Lind <bo@example.org>")
    shallow = tmp_path / "shallow"
    forge.git("clone", "--quiet", "--depth", "2", f"file://{forge.root}", str(shallow))
    forge.root = shallow
    assert forge.reviewed(base=forge.git("rev-parse", "HEAD~1")).returncode == 0
    forge.git("fetch", "--quiet", "--depth", "1", "origin", forge.base)
    cut = forge.reviewed()
    assert cut.returncode == 2 and "git fetch --unshallow" in cut.stderr
