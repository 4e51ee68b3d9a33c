"""What a submission would do to the registry at the head of a repository: the files it makes, and the findings that it is to blame for.

Everything here reads what strangers send, so it runs in a process of its own (`judge_process`).
"""

from __future__ import annotations

import io
import os
import shutil
import tarfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol

import pyoxigraph as ox

from phkg.curation.branches import Repository
from phkg.curation.closure import Ground as Loaded
from phkg.curation.closure import check_records, ground
from phkg.curation.from_table import TABLES, Lookups, lookups, turtle_of
from phkg.curation.identifiers import described, identifier_findings
from phkg.curation.submitted import SENT, Ground, Submitted, in_what_was_sent, read_submission
from phkg.graph.compile import compile_snapshot
from phkg.graph.inputs import read_inputs
from phkg.graph.watch import signature
from phkg.publishing.json_ld import context
from phkg.records.knowledge import Knowledge, find_knowledge
from phkg.records.languages import languages_of
from phkg.turtle.document import Document
from phkg.turtle.reader import read
from phkg.validation.findings import Finding
from phkg.views.graph import Graph
from phkg.vocabulary import ph

ROOMS = ("registry", "ontology", "shapes")


@dataclass(frozen=True)
class Judged:
    """What came of a submission: on which commit (or state of a folder) it was judged, what it holds, and all findings that are its own; `conforms` when none blocks."""

    commit: str
    submitted: Submitted
    findings: tuple[Finding, ...] = field(default_factory=tuple)

    @property
    def conforms(self) -> bool:
        """Whether it may come in."""
        return not any(finding.severity == "violation" for finding in self.findings)


class Source(Protocol):
    """Where the registry lies that submissions are meant for."""

    def head(self) -> str:
        """The name of its state now."""
        ...

    def knowledge(self, head: str) -> Knowledge:
        """Its folders in that state."""
        ...

    def file(self, head: str, name: str) -> bytes | None:
        """A file of that state, by its path from the root; None when there is none."""
        ...


class Committed:
    """What was committed last to a repository, in a folder of its own."""

    def __init__(self, folder: Path, room: Path) -> None:
        """`folder` holds the repository, `room` is a folder to work in. Raises GitFault when there is no registry at the head."""
        self._repository = Repository(folder)
        self._room = room

    def head(self) -> str:
        """The last commit."""
        return self._repository.head()

    def knowledge(self, head: str) -> Knowledge:
        """The folders as they were committed."""
        folder = self._room / "head"
        shutil.rmtree(folder, ignore_errors=True)
        with tarfile.open(fileobj=io.BytesIO(self._repository.archive(head, ROOMS))) as packed:
            packed.extractall(folder, filter="data")
        return find_knowledge(folder)

    def file(self, head: str, name: str) -> bytes | None:
        """A file of the commit."""
        return self._repository.file(head, name)


class Lying:
    """A registry as it lies in a folder."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    def head(self) -> str:
        """A name made of all names, sizes and times."""
        return repr(signature(self._knowledge))

    def knowledge(self, head: str) -> Knowledge:
        """The folders themselves."""
        return self._knowledge

    def file(self, head: str, name: str) -> bytes | None:
        """A file as it is now."""
        path = self._knowledge.registry.parent / name
        return path.read_bytes() if path.is_file() else None


class Judge:
    """Judges submissions one after another; the registry that they are meant for is read and checked once for each of its states."""

    def __init__(self, source: Source, room: Path, told: Callable[[bool], None] = lambda reading: None) -> None:
        """`room` is a folder to work in; `told` is called with True before the registry is read, which may take long, and with False afterwards."""
        self._source = source
        self._room = room
        self._told = told
        self._head = ""
        self._knowledge: Knowledge | None = None
        self._loaded: Loaded | None = None
        self._lookups: Lookups | None = None

    def judge(self, data: bytes, media_type: str, update: bool = False) -> Judged:
        """Read and check a submission as if its files lay there; with `update` the rows of a table change records that are there. Raises GitFault, OSError, CannotValidate, EngineFailed."""
        head = self._source.head()
        if head != self._head or self._knowledge is None:
            self._loaded = self._lookups = None
            with self._reading():
                self._knowledge, self._head = self._source.knowledge(head), head
        ground = self._ground(head, self._knowledge)
        told: list[Finding] = []
        if media_type in TABLES:
            data, told = turtle_of(data, media_type, self._tables(self._knowledge), ground.languages, update)
            if not data:
                return Judged(head, Submitted("", tuple(told)), tuple(told))
        submitted = read_submission(data, media_type, ground)
        if submitted.findings:
            return Judged(head, submitted, submitted.findings)
        return Judged(head, submitted, (*self._findings(self._knowledge, submitted), *told))

    @contextmanager
    def _reading(self) -> Iterator[None]:
        self._told(True)
        try:
            yield
        finally:
            self._told(False)

    def _tables(self, knowledge: Knowledge) -> Lookups:
        if self._lookups is None:
            with self._reading():
                self._lookups = lookups(knowledge)
        return self._lookups

    def _ground(self, head: str, knowledge: Knowledge) -> Ground:
        languages = languages_of(knowledge)
        base = ""
        for statement in read((knowledge.registry / "registry.ttl").read_bytes()).triples:
            if statement.predicate.term == ph.recordNamespace:
                base = statement.object.term.value
        folders = frozenset(item.name for item in os.scandir(knowledge.registry) if item.is_dir())
        return Ground(base, languages, folders, lambda: _terms(knowledge), lambda name: self._source.file(head, name))

    def _findings(self, knowledge: Knowledge, submitted: Submitted) -> tuple[Finding, ...]:
        """The findings that the whole registry has with the submission and not without it."""
        if self._loaded is None:
            with self._reading():
                self._loaded = ground(knowledge, compile_snapshot(knowledge, date.today(), self._room / "snapshots"))
        document = read(submitted.text.encode())
        new = (*check_records(submitted.files, self._loaded).findings, *self._identifiers(submitted, document, self._loaded.store))
        placed = [in_what_was_sent(finding, document) if finding.file in submitted.files else finding for finding in new]
        return tuple(sorted(placed, key=lambda finding: (finding.file != SENT, finding.order())))

    def _identifiers(self, submitted: Submitted, document: Document, store: ox.Store) -> Iterator[Finding]:
        """What the submission does to identifiers that there were, as a pull request is told of it."""
        changed = frozenset(one.record for one in submitted.changes if not one.is_new)
        before = {name: data for name in submitted.files if changed and (data := self._source.file(self._head, name))}
        yield from identifier_findings(described(before, changed), _After(store, document, changed), (), {})


class _After:
    """The graph with some records as they were sent, looked up as a store."""

    def __init__(self, store: ox.Store, sent: Document, changed: Collection[str]) -> None:
        self._store = store
        self._said = {ox.NamedNode(iri): [ox.Quad(*one.triple) for one in sent.by_subject[ox.NamedNode(iri)]] for iri in changed}

    def quads_for_pattern(self, subject: ox.NamedNode, predicate: ox.NamedNode, value: None) -> Iterator[ox.Quad]:
        """What is said of a subject with a predicate."""
        if subject in self._said:
            return (quad for quad in self._said[subject] if quad.predicate == predicate)
        return self._store.quads_for_pattern(subject, predicate, value)


def _terms(knowledge: Knowledge) -> Mapping[str, object]:
    """The context of this registry's JSON-LD, by which it can be sent back."""
    store = ox.Store()
    for file in read_inputs(knowledge):
        if file.name.startswith("ontology/"):
            store.load(file.data, format=ox.RdfFormat.TURTLE)
    return context(Graph(store))["@context"]
