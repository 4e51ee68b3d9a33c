"""The files of a registry, and what can be wrong with one before its Turtle is read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from phkg.records.knowledge import Knowledge

SIZE_LIMIT = 10 * 1024 * 1024
"""Largest file that is read, in bytes; a record file is a few kilobytes."""

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class FileEntry:
    """A Turtle file: where it lies, its name relative to the root (`registry/methods/x.ttl`), and its room."""

    path: Path
    name: str
    room: str


@dataclass(frozen=True)
class FileProblem:
    """What is wrong with a file as such.

    `code` is one of directory, link-out, too-large, unreadable, empty, byte-order-mark, not-utf-8, not-turtle,
    file-name; `line` and `column` (from 1) are given where the fault has a place in the file.
    """

    name: str
    code: str
    detail: str = ""
    line: int = 1
    column: int = 1


def entries(knowledge: Knowledge, rooms: Iterable[str] = ("ontology", "registry")) -> Iterator[FileEntry | FileProblem]:
    """Every Turtle file of the rooms, in the order of their names, and a problem for whatever is not one.

    The core vocabulary is always part of the room `ontology`; another registry adds its own concept schemes to it.
    """
    for room in rooms:
        if room == "ontology" and knowledge.core != knowledge.ontology:
            for path in sorted(knowledge.core.glob("*.ttl")):
                yield FileEntry(path, f"ontology/{path.name}", room)
        folder: Path = getattr(knowledge, room)
        yield from _walk(folder, room, folder)


def read_entry(entry: FileEntry) -> bytes | FileProblem:
    """The bytes of a file, or why they cannot be taken as UTF-8 Turtle."""
    try:
        status = entry.path.stat()
        if not stat.S_ISREG(status.st_mode):
            return FileProblem(entry.name, "unreadable", "not a regular file")
        size = status.st_size
        if size > SIZE_LIMIT:
            return FileProblem(entry.name, "too-large", f"{size / 1024 / 1024:.1f} MiB > {SIZE_LIMIT // 1024 // 1024} MiB")
        data = entry.path.read_bytes()
    except OSError as error:
        return FileProblem(entry.name, "unreadable", error.strerror or str(error))
    if not data.strip():
        return FileProblem(entry.name, "empty")
    if data.startswith(BYTE_ORDER_MARK):
        return FileProblem(entry.name, "byte-order-mark")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line_start = before.rfind(b"\n") + 1
        return FileProblem(
            entry.name,
            "not-utf-8",
            f"0x{data[error.start]:02X}",
            line=before.count(b"\n") + 1,
            column=len(before[line_start:].decode("utf-8")) + 1,
        )
    return data


def _walk(folder: Path, inside: str, room_folder: Path) -> Iterator[FileEntry | FileProblem]:
    """What lies in `folder`, whose name from the root is `inside`."""
    room = inside.partition("/")[0]
    for item in sorted(os.scandir(folder), key=lambda found: found.name):
        if item.name.startswith("."):
            continue
        path, name = Path(item.path), f"{inside}/{item.name}"
        if item.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(room_folder)):
            yield FileProblem(name, "link-out", os.readlink(path))
        elif path.is_dir():
            if item.is_symlink():
                continue  # Its files are there already, and it may hold itself.
            if item.name.endswith(".ttl"):
                yield FileProblem(name, "directory")
            else:
                yield from _walk(path, name, room_folder)
        elif item.name.endswith(".ttl"):
            yield FileEntry(path, name, room)
        elif room == "registry":
            yield FileProblem(name, "not-turtle")
