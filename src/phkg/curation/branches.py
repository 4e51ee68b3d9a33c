"""Submissions in a repository of git: each a commit on a branch of its own, written whole or not at all.

Nothing can be seen of one until its names are made, in one step at the very end. The working tree, its index and the branch that is
checked out are never written.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from phkg.records.git import SECONDS, GitFault, commit_of, git, top_of, tree_files

BRANCH, KEPT = "refs/heads/submission/", "refs/submissions/"
"""Where a submission's branch is, for people to merge or delete, and the name that only the server makes and that stays."""
ID = re.compile(r"\d{8}-[a-z2-7]{10}", re.ASCII)
NOBODY = "submissions.invalid"
"""The host in the addresses of authors, since git wants one (RFC 2606)."""
FULL = ("No space left on device", "Disk quota exceeded", "File too large", "file size limit")
MOST_LATER = 500
"""Commits after a submission that are looked through for its content, where it was not merged as it is."""
STATES = ("waiting", "merged", "removed")


class DiskFull(GitFault):
    """There is no room to write it."""


@dataclass(frozen=True)
class Kept:
    """A submission as git has it: what became of it (one of STATES), its commit, when it came (ISO 8601), who sent it and with which token,
    what was said of it, and the files it changes (paths from the registry's root)."""

    id: str
    state: str
    commit: str
    when: str
    author: str
    token: str
    subject: str
    said: str
    files: tuple[str, ...]

    @property
    def branch(self) -> str:
        """The name of its branch."""
        return f"submission/{self.id}"


class Repository:
    """A repository with a registry in it."""

    def __init__(self, folder: Path) -> None:
        """`folder` holds `registry/`, or is a bare repository that has it at its top. Raises GitFault when it is no such repository."""
        top = top_of(folder)
        bare = top is None and git(folder, "rev-parse", "--is-bare-repository").strip() == b"true"
        self.folder = top or folder
        self.inside = "" if bare or top is None else folder.resolve().relative_to(top.resolve()).as_posix().removeprefix(".")
        self._before = f"{self.inside}/" if self.inside else ""
        if not tree_files(folder, self.head(), [f"{self._before}registry"]):
            raise GitFault(f"{folder} has no registry/ in its last commit.")

    def head(self) -> str:
        """The last commit of the branch that is checked out. Raises GitFault when there is none yet."""
        found = commit_of(self.folder, "HEAD")
        if found is None:
            raise GitFault(f"{self.folder} has no commit yet.")
        return found

    def file(self, commit: str, name: str) -> bytes | None:
        """The content of a file of a commit, by its path from the registry's root; None when there is none."""
        try:
            return git(self.folder, "cat-file", "blob", f"{commit}:{self._before}{name}")
        except GitFault:
            return None

    def archive(self, commit: str, rooms: Sequence[str]) -> bytes:
        """The rooms (`registry`, `shapes` …) of a commit as a tar, those it has. Raises GitFault."""
        there = [room for room in rooms if tree_files(self.folder, commit, [f"{self._before}{room}"])]
        return git(self.folder, "archive", "--format=tar", f"{commit}:{self.inside}" if self.inside else commit, *there)

    def write(self, id: str, base: str, files: Mapping[str, bytes], author: str, token: str, message: str) -> str:
        """Make a submission of some files (all of each) on top of a commit; returns the name of its commit.

        When this returns it is there and stays; when this raises, or is killed, there is nothing of it. Raises DiskFull or GitFault.
        """
        with TemporaryDirectory(prefix="phkg-") as folder:
            own = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            self._run("read-tree", base, also=own)
            for name, data in files.items():
                blob = self._run("hash-object", "-w", "--stdin", given=data)
                self._run("update-index", "--add", "--cacheinfo", f"100644,{blob},{self._before}{name}", also=own)
            tree = self._run("write-tree", also=own)
        names = {
            "GIT_AUTHOR_NAME": author, "GIT_AUTHOR_EMAIL": f"{token}@{NOBODY}",
            "GIT_COMMITTER_NAME": "phkg serve", "GIT_COMMITTER_EMAIL": f"server@{NOBODY}",
        }  # fmt: skip
        commit = self._run("commit-tree", tree, "-p", base, "-F", "-", given=message.encode(), also=names)
        # Names are made in their order, so that whoever sees the one that stays sees the branch, too.
        steps = f"start\ncreate {BRANCH}{id} {commit}\ncreate {KEPT}{id} {commit}\nprepare\ncommit\n"
        self._run("update-ref", "--stdin", given=steps.encode())
        return commit

    def _run(self, *arguments: str, given: bytes = b"", also: Mapping[str, str] | None = None) -> str:
        """What git answers. What it has written outlasts a power cut."""
        ours = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        environment = {**ours, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", **(also or {})}
        command = ["git", "-C", str(self.folder), "-c", "core.fsync=all", "-c", "core.autocrlf=false", "-c", "i18n.commitEncoding=UTF-8", *arguments]
        try:
            done = subprocess.run(command, input=given, capture_output=True, timeout=SECONDS, env=environment)
        except subprocess.TimeoutExpired:
            raise GitFault(f"git {arguments[0]} took more than {SECONDS} seconds.") from None
        except BrokenPipeError:
            raise GitFault(f"git {arguments[0]} ended before it had read all.") from None
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip()
            # A process beyond its file size limit is ended by a signal and says nothing.
            if done.returncode == -25 or any(text in said for text in FULL):
                raise DiskFull(said or "The file size limit was reached.")
            raise GitFault(said.splitlines()[-1] if said else f"git {arguments[0]} failed.")
        return done.stdout.decode().strip()

    def same(self, base: str, files: Mapping[str, bytes], token: str) -> Kept | None:
        """A submission that waits and says the very same on top of the same commit, sent with the same token."""
        for id, commit, author in self._all():
            if author == f"{token}@{NOBODY}" and commit_of(self.folder, f"{commit}^") == base:
                kept = self.kept(id)
                if kept and kept.state == "waiting" and kept.files == tuple(sorted(files)):
                    if all(self.file(commit, name) == data for name, data in files.items()):
                        return kept
        return None

    def waiting(self, token: str) -> int:
        """How many submissions of a token have a branch."""
        listed = git(self.folder, "for-each-ref", "--format=%(authoremail)", BRANCH).decode("utf-8", "replace")
        return listed.splitlines().count(f"<{token}@{NOBODY}>")

    def _all(self) -> list[tuple[str, str, str]]:
        """Id, commit and address of the author of every submission that has the name that stays."""
        listed = git(self.folder, "for-each-ref", "--format=%(refname) %(objectname) %(authoremail:trim)", KEPT).decode("utf-8", "replace")
        rows = (line.split(" ", 2) for line in listed.splitlines())
        return [(name.removeprefix(KEPT), commit, author) for name, commit, author in rows]

    def kept(self, id: str) -> Kept | None:
        """A submission and what became of it; None when there is none. Raises GitFault."""
        if not ID.fullmatch(id):
            return None
        tip = commit_of(self.folder, BRANCH + id)
        commit = commit_of(self.folder, KEPT + id) or tip
        if commit is None:
            return None
        told = git(self.folder, "log", "-1", "--format=%cI%n%an%n%ae%n%B", commit).decode("utf-8", "replace")
        when, author, address, subject, *said = told.rstrip().split("\n")
        listed = git(self.folder, "diff-tree", "-r", "-z", "--name-only", "--no-commit-id", f"{commit}^", commit)
        paths = [path.decode("utf-8", "replace") for path in listed.split(b"\0")[:-1]]
        state = "merged" if self._is_merged(commit, tip, paths) else "waiting" if tip else "removed"
        files = tuple(sorted(path.removeprefix(self._before) for path in paths))
        return Kept(id, state, commit, when, author, address.removesuffix(f"@{NOBODY}"), subject, "\n".join(said).strip(), files)

    def _is_merged(self, commit: str, tip: str | None, paths: Sequence[str]) -> bool:
        """Whether the head has the commit, or some commit since has had all its files as they are in it (a squashed merge)."""
        head = self.head()
        if any(self._is_before(one, head) for one in (commit, tip) if one):
            return True
        blobs = git(self.folder, "ls-tree", "-z", "--full-tree", commit, "--", *paths)
        later = git(self.folder, "rev-list", f"--max-count={MOST_LATER}", f"{commit}^..{head}", "--", *(f":(top,literal){path}" for path in paths))
        return any(git(self.folder, "ls-tree", "-z", "--full-tree", one, "--", *paths) == blobs for one in later.decode().split())

    def _is_before(self, one: str, other: str) -> bool:
        try:
            git(self.folder, "merge-base", "--is-ancestor", one, other)
        except GitFault:
            return False
        return True
