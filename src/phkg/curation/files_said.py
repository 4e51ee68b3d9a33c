"""What the files of a change say, as lines of N-Triples: large files are compared as bytes, and only what differs is taken apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import RdfFormat, parse, serialize

from phkg.curation.triple_sides import BOUNDS, DERIVED, Line, SnapshotFile
from phkg.graph.facts import TYPE
from phkg.validation.details import own_namespace
from phkg.validation.patterns import NotSure

MOST_KEPT = 4
"""Files of which is kept what they say."""
_TYPE = str(TYPE).encode()
_BOUNDS = frozenset(one.encode() for one in BOUNDS)
_DERIVED = frozenset(f"{one} .".encode() for one in DERIVED)


@dataclass(frozen=True)
class FileSaid:
    """What one file says: it as N-Triples, the lines of these, and the subjects they speak of."""

    ntriples: bytes = b""
    lines: frozenset[bytes] = frozenset()
    subjects: frozenset[bytes] = frozenset()


def said_in(name: str, data: bytes | None, base: str) -> FileSaid:
    """What a file of records says; nothing where there is none. Raises NotSure when it cannot be understood by itself."""
    if data is None:
        return FileSaid()
    try:
        ntriples = serialize(parse(data, format=RdfFormat.TURTLE), format=RdfFormat.N_TRIPLES)
    except SyntaxError:
        raise NotSure(f"{name} has faults of syntax") from None
    lines = frozenset(ntriples.split(b"\n")) - {b""}
    subjects = frozenset(line.split(b" ", 1)[0] for line in lines)
    if any(one.startswith(b"_:") for one in subjects) or (b" _:" in ntriples and any(line.split(b" ", 2)[2].startswith(b"_:") for line in lines)):
        raise NotSure("a node has no name")
    space = own_namespace(name, base)
    if space is None or not all(one.startswith(_within(space)) for one in subjects):
        raise NotSure(f"something stands in {name} that belongs in a file of another name")
    return FileSaid(ntriples, lines, subjects)


class KnownFiles:
    """What the files of a snapshot say. The last few are kept: the large ones are those that are changed again and again."""

    def __init__(self, base: str, file: SnapshotFile) -> None:
        """`base` is the namespace of the records."""
        self._base = base
        self._file = file
        self._kept: dict[str, tuple[bytes | None, FileSaid]] = {}

    def said(self, name: str, data: bytes | None) -> FileSaid:
        """What a file that holds `data` says. Raises NotSure when the snapshot says something else of its subjects."""
        kept, said = self._kept.get(name, (None, None))
        if said is None or kept != data:
            said = said_in(name, data, self._base)
            self._is_in_snapshot(name, said)
            self._kept[name] = (data, said)
            if len(self._kept) > MOST_KEPT:
                del self._kept[next(iter(self._kept))]
        return said

    def _is_in_snapshot(self, name: str, said: FileSaid) -> None:
        space = own_namespace(name, self._base)
        found = set()
        for line in (line for beginning in _within(space) for line in self._file.lines(beginning)) if space else ():
            subject, predicate, value = line.split(b" ", 2)
            if subject in said.subjects and predicate not in _BOUNDS:
                found.add(line)
                if predicate == _TYPE and value in _DERIVED:
                    raise NotSure(f"{subject.decode()} is something that only the program says")
        if found != said.lines:
            raise NotSure(f"the snapshot says something else than {name}, which is to change")


def terms_of(lines: Iterable[bytes]) -> frozenset[Line]:
    """Lines of N-Triples, each as its three terms."""
    return frozenset(tuple(line[:-2].decode().split(" ", 2)) for line in lines)


def _within(space: str) -> tuple[bytes, bytes]:
    """How the lines begin that speak of a record or a part of it."""
    return f"<{space}>".encode(), f"<{space}/".encode()
