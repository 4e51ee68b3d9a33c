"""Which commits changed which files of the registry: read from git in one pass, kept apart from the facts about the things.

Where there is no git (a wheel, an unpacked archive) there is no history, and nothing else changes.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from phkg.records.knowledge import Knowledge

SECONDS = 60
"""How long git may take before it is as if there were none."""
COMMIT_MARK = "\x1e"
FIELD_MARK = "\x1f"
NAME_MARK = "\x1d"
SHORT = 12


@dataclass(frozen=True)
class Change:
    """One commit: its whole hash, the author's name (never an address), when (ISO 8601 with offset), and who reviewed it by its own words.

    `reviewers` are the names of its `Reviewed-by` trailers; none means that git does not know of a review.
    """

    commit: str
    author: str
    when: str
    reviewers: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        """The beginning of the hash, enough to find the commit."""
        return self.commit[:SHORT]


@dataclass(frozen=True)
class Version:
    """A file as a commit left it; `blob` is the hash under which git keeps its bytes."""

    change: Change
    blob: str


@dataclass(frozen=True)
class History:
    """The versions of each file, oldest first, by `<room>/<path>`; `gone` are files that were there once and are no more.

    `top` is the folder of the git that it was read from (None: there is none), `tip` its newest commit.
    """

    top: Path | None = None
    tip: str = ""
    versions: dict[str, tuple[Version, ...]] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()


def file_of(base: str, iri: str) -> str:
    """The file that holds a record: its path is the beginning of the record's IRI.

    `concepts/…` lie in the room `ontology`, everything else in `registry`.
    """
    steps = iri[len(base) :].split("#")[0].split("/")
    room = "ontology" if steps[0] == "concepts" else "registry"
    return f"{room}/{'/'.join(steps[:2])}.ttl"


def read_history(knowledge: Knowledge, until: str = "HEAD") -> History:
    """The history of all files up to a commit, in one pass of `git log`; an empty one where git has none or is missing."""
    try:
        top, tip = git(knowledge.registry, "rev-parse", "--show-toplevel", until).split("\n")[:2]
        inside = folders_in(Path(top), knowledge)
        reviewed = "%(trailers:key=Reviewed-by,valueonly,unfold,separator=%x1d)"
        form = f"--format={COMMIT_MARK}%H{FIELD_MARK}%aN{FIELD_MARK}%aI{FIELD_MARK}{reviewed}"
        log = git(Path(top), "-c", "core.quotePath=false", "log", "--reverse", "--raw", "--no-abbrev", "-M", form, tip, "--", *inside)
    except (OSError, ValueError, subprocess.SubprocessError):
        return History()
    return _follow(log, inside, Path(top), tip)


def folders_in(top: Path, knowledge: Knowledge) -> dict[str, str]:
    """The folders of records and concepts as paths within a git, each with the room it is."""
    folders = {"registry": knowledge.registry, "ontology": knowledge.ontology}
    inside = {room: folder.resolve() for room, folder in folders.items() if folder.resolve().is_relative_to(top.resolve())}
    return {f"{folder.relative_to(top.resolve()).as_posix()}/": room for room, folder in inside.items()}


def git(folder: Path, *arguments: str) -> str:
    """What git prints. Raises OSError or SubprocessError when it is missing, fails or takes too long."""
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=True, timeout=SECONDS).stdout


def blobs(top: Path, names: list[str]) -> dict[str, bytes]:
    """The bytes of blobs by their hash; one that git does not have is left out. Raises as `git` does."""
    command = ["git", "-C", str(top), "cat-file", "--batch", "--buffer"]
    asked = "".join(f"{name}\n" for name in names).encode()
    told = subprocess.run(command, input=asked, capture_output=True, check=True, timeout=SECONDS).stdout
    found: dict[str, bytes] = {}
    place = 0
    while place < len(told):
        end = told.index(b"\n", place)
        name, *rest = told[place:end].split()
        place = end + 1
        if len(rest) == 2:
            size = int(rest[1])
            found[name.decode()] = told[place : place + size]
            place += size + 1
    return found


def _follow(log: str, inside: dict[str, str], top: Path, tip: str) -> History:
    versions: dict[str, tuple[Version, ...]] = {}
    gone: set[str] = set()
    for entry in log.split(COMMIT_MARK)[1:]:
        head, *lines = entry.strip("\n").split("\n")
        commit, author, when, reviewed = head.split(FIELD_MARK)
        # A trailer ends with an address, which is nobody's business here.
        names = (name.partition("<")[0].strip() for name in reviewed.split(NAME_MARK))
        change = Change(commit, author, when, tuple(name for name in names if name))
        for line in filter(None, lines):
            what, *paths = line.split("\t")
            *_, blob, status = what.split(" ")
            names = [_name(path, inside) for path in paths]
            name = names[-1]
            before = versions.get(names[0], ())
            if status[0] in "DR":
                versions.pop(names[0], None)
                gone.add(names[0])
            if status[0] != "D":
                gone.discard(name)
                versions[name] = (*(before if status[0] != "A" else ()), Version(change, blob))
    return History(top, tip, versions, frozenset(gone))


def _name(path: str, inside: dict[str, str]) -> str:
    for prefix, room in inside.items():
        if path.startswith(prefix):
            return f"{room}/{path[len(prefix) :]}"
    return path
