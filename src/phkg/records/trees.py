"""All files of a registry as one state, named by content: as a commit holds them and as they lie in the folders.

Both are named as git names content, so that what two states have alike is known without reading either.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from phkg.records.git import REGULAR, GitFault, contents, git
from phkg.records.knowledge import Knowledge, own_root

ROOMS = ("core", "ontology", "shapes", "registry")
"""The rooms that decide what a check finds."""
LINK = "120000"


@dataclass(frozen=True)
class State:
    """What each file of a registry holds, by `<room>/<path>`: the name that git gives such content, `->` before it for a symbolic link."""

    files: Mapping[str, str]

    def differing(self, other: State) -> frozenset[str]:
        """The names of files that only one of the two has, or that differ."""
        return frozenset(name for name in self.files.keys() | other.files.keys() if self.files.get(name) != other.files.get(name))


@dataclass(frozen=True)
class Past:
    """A commit as a state of a registry. `inside` are the rooms that lie in the repository, with their paths from its top."""

    top: Path
    commit: str
    inside: Mapping[str, str]
    state: State
    knowledge: Knowledge

    def contents(self, names: Iterable[str]) -> dict[str, bytes]:
        """What some files held; what the commit does not have, or has elsewhere, is left out. Raises GitFault."""
        wanted = {name: self.state.files[name].removeprefix("->") for name in names if name in self.state.files and self._room(name)}
        found = contents(self.top, wanted.values())
        return {name: found[blob] for name, blob in wanted.items()}

    def write(self, target: Path) -> Knowledge:
        """Writes the commit's files below an empty folder; the rooms as they were. Raises GitFault, OSError.

        A room that lies outside of the repository, or that the commit did not have, is where a registry without it finds it.
        """
        inside = [name for name in self.state.files if self._room(name)]
        for name, data in self.contents(inside).items():
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if self.state.files[name].startswith("->"):
                os.symlink(os.fsdecode(data), path)
            else:
                path.write_bytes(data)
        rooms = {room: target / room for room in self.inside}
        rooms["registry"].mkdir(parents=True, exist_ok=True)
        for room in ("ontology", "shapes"):
            if room in rooms and not rooms[room].is_dir():
                rooms[room] = own_root() / room
        if self.knowledge.core == self.knowledge.ontology and "ontology" in rooms:
            rooms["core"] = rooms["ontology"]
        return replace(self.knowledge, **rooms)

    def _room(self, name: str) -> bool:
        return name.split("/", 1)[0] in self.inside


def present(knowledge: Knowledge, algorithm: str = "sha1") -> State:
    """The files as they lie. Raises OSError when one cannot be read."""
    files: dict[str, str] = {}
    for room, folder in _rooms(knowledge).items():
        files |= {f"{room}/{name}": identity for name, identity in _lying(folder, algorithm)}
    return State(files)


def past(knowledge: Knowledge, top: Path, commit: str) -> Past:
    """A commit of the repository whose top is given. Raises GitFault, OSError."""
    rooms = _rooms(knowledge)
    root = top.resolve()
    inside = {room: folder.resolve().relative_to(root).as_posix() for room, folder in rooms.items() if folder.resolve().is_relative_to(root)}
    files: dict[str, str] = {}
    for room, folder in rooms.items():
        if room not in inside:
            files |= {f"{room}/{name}": identity for name, identity in _lying(folder, algorithm_of(commit))}
    for path, identity in _listed(top, commit, sorted(folder for folder in inside.values() if folder != ".")):
        for room, folder in inside.items():
            name = path if folder == "." else path.removeprefix(f"{folder}/")
            if (folder == "." or name != path) and not any(step.startswith(".") for step in name.split("/")):
                files[f"{room}/{name}"] = identity
    return Past(top, commit, inside, State(files), knowledge)


def algorithm_of(commit: str) -> str:
    """The hash by which a repository names content, from the name of one of its commits."""
    return "sha256" if len(commit) == 64 else "sha1"


def _rooms(knowledge: Knowledge) -> dict[str, Path]:
    """The folders that are rooms of their own; the core vocabulary is often the registry's."""
    found: dict[str, Path] = {room: getattr(knowledge, room) for room in ROOMS}
    if knowledge.core == knowledge.ontology:
        del found["core"]
    return found


def _listed(top: Path, commit: str, folders: list[str]) -> Iterator[tuple[str, str]]:
    """The files and links of a commit below some folders (none: all), with what they hold."""
    for line in git(top, "ls-tree", "-r", "-z", "--full-tree", commit, "--", *folders).split(b"\0")[:-1]:
        about, encoded = line.split(b"\t", 1)
        mode, _, blob = about.decode().split()
        path = os.fsdecode(encoded)
        if PurePosixPath(path).is_absolute() or ".." in path.split("/"):
            raise GitFault(f"{path!r} in {commit[:12]} is no path of a file.")
        if mode in REGULAR:
            yield path, blob
        elif mode == LINK:
            yield path, f"->{blob}"


def _lying(folder: Path, algorithm: str) -> Iterator[tuple[str, str]]:
    """The files and links below a folder by their paths in it; hidden ones and what else there is are left out."""

    def hashed(data: bytes) -> str:
        return hashlib.new(algorithm, b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()

    waiting = [(folder, "")]
    while waiting:
        current, before = waiting.pop()
        with os.scandir(current) as found:
            for item in found:
                name = before + item.name
                if item.name.startswith("."):
                    continue
                if item.is_symlink():
                    yield name, "->" + hashed(os.fsencode(os.readlink(item.path)))
                elif item.is_dir():
                    waiting.append((Path(item.path), name + "/"))
                elif item.is_file():
                    yield name, hashed(Path(item.path).read_bytes())
