"""Who entered a record, when and in which commit: facts about the record, read from git and kept apart from the facts about the thing.

Git knows files, and a file holds a record with its parts (or all statements of one place): the history of a record is that
of its file. Where there is no git (a wheel, an unpacked archive) there is no history, and nothing else changes.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from phkg.records.knowledge import Knowledge
from phkg.vocabulary.namespaces import DC, DCTERMS, FOAF, PROV, RDF, XSD

SECONDS = 60
"""How long git may take before it is as if there were none."""
COMMIT_MARK = "\x1e"
FIELD_MARK = "\x1f"
SHORT = 12


@dataclass(frozen=True)
class Change:
    """One commit that touched a file: its whole hash, the author's name (never an address), and when (ISO 8601 with offset)."""

    commit: str
    author: str
    when: str

    @property
    def short(self) -> str:
        """The beginning of the hash, enough to find the commit."""
        return self.commit[:SHORT]


@dataclass(frozen=True)
class History:
    """The changes of each file, oldest first, by `<room>/<path>`; `gone` are files that were there once and are no more."""

    tip: str = ""
    changes: dict[str, tuple[Change, ...]] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()

    def of(self, base: str, iri: str) -> tuple[Change, ...]:
        """The changes of the file that holds a record, oldest first; empty when nothing is known."""
        return self.changes.get(file_of(base, iri), ())


def file_of(base: str, iri: str) -> str:
    """The file that holds a record: its path is the beginning of the record's IRI.

    `concepts/…` lie in the room `ontology`, everything else in `registry`.
    """
    steps = iri[len(base) :].split("#")[0].split("/")
    room = "ontology" if steps[0] == "concepts" else "registry"
    return f"{room}/{'/'.join(steps[:2])}.ttl"


def read_history(knowledge: Knowledge) -> History:
    """The history of all records in one pass of `git log`; an empty one where git has none or is missing."""
    try:
        top, tip = _git(knowledge.registry, "rev-parse", "--show-toplevel", "HEAD").split()
        folders = {"registry": knowledge.registry, "ontology": knowledge.ontology}
        inside = {
            f"{folder.resolve().relative_to(Path(top).resolve()).as_posix()}/": room
            for room, folder in folders.items()
            if folder.resolve().is_relative_to(Path(top).resolve())
        }
        form = f"--format={COMMIT_MARK}%H{FIELD_MARK}%aN{FIELD_MARK}%aI"
        log = _git(Path(top), "-c", "core.quotePath=false", "log", "--reverse", "--name-status", "-M", form, "--", *inside)
    except (OSError, ValueError, subprocess.SubprocessError):
        return History()
    return _follow(log, inside, tip)


def record_triples(record: NamedNode, changes: tuple[Change, ...]) -> list[Triple]:
    """The facts about a record as RDF: of `<record>#record`, a document about the thing, and of the commits that made it."""
    if not changes:
        return []
    document = NamedNode(f"{record.value.split('#')[0]}#record")

    def at(change: Change) -> Literal:
        return Literal(change.when, datatype=NamedNode(XSD + "dateTime"))

    triples = [
        Triple(document, NamedNode(RDF + "type"), NamedNode(FOAF + "Document")),
        Triple(document, NamedNode(RDF + "type"), NamedNode(PROV + "Entity")),
        Triple(document, NamedNode(FOAF + "primaryTopic"), record),
        Triple(document, NamedNode(DCTERMS + "created"), at(changes[0])),
        Triple(document, NamedNode(DCTERMS + "modified"), at(changes[-1])),
    ]
    for author in dict.fromkeys(change.author for change in changes):
        triples.append(Triple(document, NamedNode(DC + "contributor"), Literal(author)))
    for change in changes:
        commit = NamedNode(f"{record.value.split('#')[0]}#commit-{change.short}")
        triples += [
            Triple(document, NamedNode(PROV + "wasGeneratedBy"), commit),
            Triple(commit, NamedNode(RDF + "type"), NamedNode(PROV + "Activity")),
            Triple(commit, NamedNode(PROV + "endedAtTime"), at(change)),
            Triple(commit, NamedNode(DC + "creator"), Literal(change.author)),
            Triple(commit, NamedNode(DCTERMS + "identifier"), Literal(change.commit)),
        ]
    return triples


def _follow(log: str, inside: dict[str, str], tip: str) -> History:
    changes: dict[str, tuple[Change, ...]] = {}
    gone: set[str] = set()
    for entry in log.split(COMMIT_MARK)[1:]:
        head, *lines = entry.strip("\n").split("\n")
        change = Change(*head.split(FIELD_MARK))
        for line in filter(None, lines):
            status, *paths = line.split("\t")
            names = [_name(path, inside) for path in paths]
            name = names[-1]
            before = changes.get(names[0], ())
            if status[0] in "DR":
                changes.pop(names[0], None)
                gone.add(names[0])
            if status[0] != "D":
                gone.discard(name)
                changes[name] = (*(before if status[0] != "A" else ()), change)
    return History(tip, changes, frozenset(gone))


def _name(path: str, inside: dict[str, str]) -> str:
    for prefix, room in inside.items():
        if path.startswith(prefix):
            return f"{room}/{path[len(prefix) :]}"
    return path


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=True, timeout=SECONDS).stdout
