"""Reading git: which files a commit holds, and what is in them. Nothing is ever written, checked out or fetched."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

SECONDS = 120
"""How long one call of git may take before it counts as failed."""
REGULAR = ("100644", "100755")
"""The modes of plain files; links and other repositories within are no records."""


class GitFault(Exception):
    """Git is not there, or could not do what was asked; the text says which and why."""


@dataclass(frozen=True)
class TreeFile:
    """A file of a commit: its path from the top of the repository, and the name of its content."""

    path: str
    blob: str


def git(folder: Path, *arguments: str, given: bytes = b"") -> bytes:
    """What git answers in a folder. Raises GitFault with git's own last line."""
    # Messages in English and without a pager's or an editor's wishes, whatever the user's settings are.
    environment = {**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], input=given, capture_output=True, timeout=SECONDS, env=environment)
    except FileNotFoundError:
        raise GitFault("git is not installed here; compare folders or files instead.") from None
    except subprocess.TimeoutExpired:
        raise GitFault(f"git {arguments[0]} took more than {SECONDS} seconds in {folder}.") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise GitFault(said[-1] if said else f"git {arguments[0]} failed in {folder}.")
    return done.stdout


def top_of(folder: Path) -> Path | None:
    """The top of the repository that a folder lies in, or None when it lies in none (or there is no git)."""
    try:
        return Path(os.fsdecode(git(folder, "rev-parse", "--show-toplevel").rstrip(b"\n")))
    except GitFault:
        return None


def commit_of(top: Path, revision: str) -> str | None:
    """The whole name of the commit that a revision means, or None when it means none."""
    try:
        return git(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}").decode().strip()
    except GitFault:
        return None


def merge_base(top: Path, one: str, other: str) -> str:
    """The commit from which two commits have parted. Raises GitFault when they have nothing in common."""
    try:
        return git(top, "merge-base", one, other).decode().strip()
    except GitFault:
        raise GitFault(f"{one[:12]} and {other[:12]} have no commit in common.") from None


def tree_files(top: Path, commit: str, folders: Sequence[str]) -> list[TreeFile]:
    """The plain files of a commit below some folders (paths from the top), in git's order. Raises GitFault."""
    listed = git(top, "ls-tree", "-r", "-z", "--full-tree", commit, "--", *folders)
    found = []
    for line in listed.split(b"\0")[:-1]:
        about, path = line.split(b"\t", 1)
        mode, _, blob = about.decode().split()
        if mode in REGULAR:
            found.append(TreeFile(path.decode("utf-8", "surrogateescape"), blob))
    return found


def contents(top: Path, blobs: Iterable[str]) -> dict[str, bytes]:
    """The content of each blob, all in one call. Raises GitFault when one is not there."""
    wanted = list(dict.fromkeys(blobs))
    answer = git(top, "cat-file", "--batch", given="".join(f"{blob}\n" for blob in wanted).encode()) if wanted else b""
    found, at = {}, 0
    for blob in wanted:
        end = answer.index(b"\n", at)
        words = answer[at:end].split()
        if len(words) != 3:
            raise GitFault(f"The repository lacks the content {blob[:12]}; fetch the whole of it.")
        size = int(words[2])
        found[blob] = answer[end + 1 : end + 1 + size]
        at = end + 1 + size + 1
    return found


FIELD, ENTRY, PART = "\x1f", "\x1e", "\x1d"
_WRITERS = f"%aN{PART}%(trailers:key=Co-authored-by,valueonly,unfold,separator=%x1d)"
_ADDRESSED = re.compile(r"[^<>]+<[^<>]+>\Z")


@dataclass(frozen=True)
class Commit:
    """A commit of the main line that touched some folders: who wrote it, co-authors too (of a merge: who wrote what it brought),
    when it came in (ISO 8601 with offset), and its first line. `base` is the commit before it; empty for the very first.
    """

    name: str
    base: str
    authors: tuple[str, ...]
    when: str
    summary: str


@dataclass(frozen=True)
class CommitLog:
    """The last commits, newest first. `cut`: there are older ones that were not read. `shallow`: the repository lacks older ones."""

    tip: str
    commits: tuple[Commit, ...]
    cut: bool
    shallow: bool


def tip_of(top: Path) -> str:
    """The commit that is checked out; empty when there is none yet."""
    return commit_of(top, "HEAD") or ""


def read_log(top: Path, folders: Sequence[str], most: int) -> CommitLog:
    """The last commits that touched some folders (paths from the top), along the main line: a merge is one. Raises GitFault."""
    tip = tip_of(top)
    if not tip:
        return CommitLog("", (), cut=False, shallow=False)
    form = FIELD.join(("%H", "%P", "%cI", _WRITERS, "%s")) + ENTRY
    paths = [f":(top,literal){folder}" for folder in folders]
    listed = git(top, "log", "--first-parent", f"--max-count={most + 1}", f"--format={form}", tip, "--", *paths)
    shallow = git(top, "rev-parse", "--is-shallow-repository").strip() == b"true"
    commits, begins = [], False
    for entry in listed.decode("utf-8", "replace").split(ENTRY)[:-1]:
        name, parents, when, written, summary = entry.strip("\n").split(FIELD)
        base, *others = parents.split() or [""]
        if shallow and not base:
            begins = True  # What it changed is not known: what was before it is not here.
            continue
        authors = _names(top, [written]) if not others else _authors(top, base, name, paths) or _names(top, [written])
        commits.append(Commit(name, base, authors, when, summary))
    return CommitLog(tip, tuple(commits[:most]), cut=len(commits) > most, shallow=shallow and (begins or len(commits) <= most))


def _authors(top: Path, base: str, name: str, paths: Sequence[str]) -> tuple[str, ...]:
    listed = git(top, "log", "--no-merges", f"--format={_WRITERS}{ENTRY}", f"{base}..{name}", "--", *paths)
    return tuple(sorted(_names(top, listed.decode("utf-8", "replace").split(ENTRY))))


def _names(top: Path, written: Iterable[str]) -> tuple[str, ...]:
    """The names in what `_WRITERS` gives, each once. Git maps authors by `.mailmap` itself, but not the co-authors of messages; those without a name are left out."""
    listed = [[part.strip() for part in one.split(PART)] for one in written]
    asked = list(dict.fromkeys(part for one in listed for part in one[1:] if _ADDRESSED.match(part)))
    told = git(top, "check-mailmap", "--stdin", given="\n".join((*asked, "")).encode()).decode("utf-8", "replace").splitlines() if asked else []
    mapped = dict(zip(asked, told, strict=True))
    names = (name for author, *others in listed for name in (author, *(mapped.get(one, one).partition("<")[0].strip() for one in others)))
    return tuple(dict.fromkeys(filter(None, names)))
