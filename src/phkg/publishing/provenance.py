"""Who entered a record or a statement, when and in which commit: facts about the record, kept apart from the facts about the thing.

A file holds a record with its parts, or all statements of one place. So the versions of the file are read, and a commit changed a
thing when the triples about it, or about a part of it, are others than in the version before. A commit that only changed the
layout, a comment or the neighbour changed nothing. This is what `git blame` would tell of lines, told of facts.
"""

from __future__ import annotations

import logging
import subprocess
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from phkg.publishing.history import Change, History, Version, blobs, file_of
from phkg.vocabulary.namespaces import DC, DCTERMS, FOAF, PROV, RDF, XSD

AT_ONCE = 500
"""Files whose versions are in memory at once."""
AHEAD = 50
"""Files of which git is asked at once, where a page is about one of them."""
MOST_AHEAD = 6 * AHEAD
"""Files whose versions wait for a page: a page reads of the files of several folders."""
HISTORY = "history"
RECORD = "#record"
"""What is put behind an IRI to name the record of the thing: a document with facts of its own."""

TYPE = NamedNode(RDF + "type")
DATE_TIME = NamedNode(XSD + "dateTime")


@dataclass(frozen=True)
class Entry:
    """What is known about the record of a thing: its changes, oldest first, never none."""

    iri: str
    changes: tuple[Change, ...]

    @property
    def entered(self) -> Change:
        """The commit that brought it in."""
        return self.changes[0]

    @property
    def changed(self) -> Change:
        """The last commit that changed what is said."""
        return self.changes[-1]


class Provenance:
    """The changes of every thing in the registry, file by file as they are asked for. `base` begins the IRIs of records."""

    def __init__(self, base: str, history: History, note: Callable[[str], None] = lambda name: None) -> None:
        """`note` is told which files' history is read, by `history <file>`, and when the whole history is, by `history`."""
        self.history = history
        self._note = note
        self._base = base
        self._known: dict[str, dict[str, tuple[Change, ...]]] = {}
        self._ahead: dict[str, dict[str, bytes]] = {}

    def of(self, iri: str) -> Entry | None:
        """What is known about the record of a thing, its parts among it; None where git knows nothing of it."""
        name = file_of(self._base, iri)
        self._note(f"{HISTORY} {name}")
        if name not in self._known and name in self.history.versions:
            self._read_one(name)
        changes = self._known.get(name, {}).get(iri.split("#")[0])
        return Entry(iri, changes) if changes else None

    def of_all(self, iris: Iterable[str]) -> dict[str, Entry]:
        """The same of many things at once, for which git is asked once; those that it knows nothing of are left out."""
        files = {iri: file_of(self._base, iri) for iri in iris}
        for name in set(files.values()):
            self._note(f"{HISTORY} {name}")
        self._read({name for name in files.values() if name in self.history.versions} - self._known.keys())
        changes = ((iri, self._known.get(name, {}).get(iri.split("#")[0])) for iri, name in files.items())
        return {iri: Entry(iri, found) for iri, found in changes if found}

    @property
    def commits(self) -> tuple[Change, ...]:
        """Every commit that changed a file that is there now, by time."""
        self._note(HISTORY)
        return self._commits

    @cached_property
    def _commits(self) -> tuple[Change, ...]:
        found = {version.change for versions in self.history.versions.values() for version in versions}
        return tuple(sorted(found, key=lambda change: (datetime.fromisoformat(change.when), change.commit)))

    @cached_property
    def _order(self) -> list[str]:
        return sorted(self.history.versions)

    def _read(self, names: set[str]) -> None:
        ordered = sorted(names)
        for begin in range(0, len(ordered), AT_ONCE):
            self._read_some(ordered[begin : begin + AT_ONCE])

    def _read_some(self, names: list[str]) -> None:
        kept = self._fetched(names)
        if kept is not None:
            for name in names:
                self._known[name] = _changes(self.history.versions[name], kept, self._base)

    def _read_one(self, name: str) -> None:
        """Read the history of one file; git is asked for those of its neighbours at the same time, since to ask costs more than what it gives."""
        kept = self._ahead.pop(name, None)
        if kept is None:
            place = bisect_left(self._order, name)
            names = [one for one in self._order[place : place + AHEAD] if one not in self._known and one not in self._ahead]
            found = self._fetched(names)
            if found is None:
                return
            read = {one: {version.blob: found[version.blob] for version in self.history.versions[one] if version.blob in found} for one in names}
            kept = read.pop(name)
            self._ahead |= read
            for one in list(self._ahead)[:-MOST_AHEAD]:
                self._ahead.pop(one, None)
        self._known[name] = _changes(self.history.versions[name], kept, self._base)

    def _fetched(self, names: list[str]) -> dict[str, bytes] | None:
        """The bytes of all versions of some files; None where git does not give them."""
        wanted = [version.blob for name in names for version in self.history.versions[name]]
        if not wanted or self.history.top is None:
            return None
        try:
            return blobs(self.history.top, wanted)
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            logging.getLogger(__name__).warning("git does not give the versions of files: %s", error)
            return None


def record_triples(thing: NamedNode, entry: Entry, home: str) -> list[Triple]:
    """The facts about a record as RDF: of `<thing>#record`, a document about the thing. `home` begins the IRIs of commits."""
    document = NamedNode(f"{thing.value.split('#')[0]}{RECORD}")
    triples = [
        Triple(document, TYPE, NamedNode(FOAF + "Document")),
        Triple(document, TYPE, NamedNode(PROV + "Entity")),
        Triple(document, NamedNode(FOAF + "primaryTopic"), thing),
        Triple(document, NamedNode(DCTERMS + "created"), _at(entry.entered)),
        Triple(document, NamedNode(DCTERMS + "modified"), _at(entry.changed)),
    ]
    for author in dict.fromkeys(change.author for change in entry.changes):
        triples.append(Triple(document, NamedNode(DC + "contributor"), Literal(author)))
    for change in entry.changes:
        triples.append(Triple(document, NamedNode(PROV + "wasGeneratedBy"), commit_iri(home, change)))
    return triples


def commit_triples(changes: Iterable[Change], home: str) -> list[Triple]:
    """Commits as RDF: activities with a time, an author and the hash by which git knows them."""
    triples = []
    for change in changes:
        commit = commit_iri(home, change)
        triples += [
            Triple(commit, TYPE, NamedNode(PROV + "Activity")),
            Triple(commit, NamedNode(PROV + "endedAtTime"), _at(change)),
            Triple(commit, NamedNode(DC + "creator"), Literal(change.author)),
            Triple(commit, NamedNode(DCTERMS + "identifier"), Literal(change.commit)),
        ]
    return triples


def commit_iri(home: str, change: Change) -> NamedNode:
    """The IRI of a commit: a part of the registry, since one commit changes many records."""
    return NamedNode(f"{home}#commit-{change.short}")


def _changes(versions: Iterable[Version], kept: Mapping[str, bytes], base: str) -> dict[str, tuple[Change, ...]]:
    """The commits that changed each thing in a file, oldest first; a thing that went and came again begins anew."""
    found: dict[str, list[Change]] = {}
    before: dict[str, int] = {}
    for version in versions:
        now = _sums(kept.get(version.blob, b""), base)
        if now is None:
            continue
        for thing, sum_ in now.items():
            if before.get(thing) != sum_:
                found.setdefault(thing, []).append(version.change)
        for thing in before.keys() - now.keys():
            found.pop(thing, None)
        before = now
    return {thing: tuple(changes) for thing, changes in found.items()}


def _at(change: Change) -> Literal:
    return Literal(change.when, datatype=DATE_TIME)


def _sums(data: bytes, base: str) -> dict[str, int] | None:
    """A sum over the triples of each thing with its parts; None for a version that is no Turtle."""
    own: dict[object, int] = defaultdict(int)
    try:
        for quad in set(parse(data, format=RdfFormat.TURTLE)):
            own[quad.subject] ^= hash(quad)
    except SyntaxError:
        return None
    sums: dict[str, int] = defaultdict(int)
    for subject, sum_ in own.items():
        thing = getattr(subject, "value", "")
        # A part counts for itself and for everything that it is a part of, up to the record.
        while thing.startswith(base) and len(thing) > len(base):
            sums[thing] ^= sum_
            thing = thing.rpartition("/")[0]
    return sums
