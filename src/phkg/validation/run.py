"""The whole way: files as written, the program's own checks, the engine, findings with places."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import pyoxigraph as ox

from phkg.records.files import FileEntry, FileProblem, entries
from phkg.records.knowledge import Knowledge
from phkg.turtle.document import Document
from phkg.turtle.excerpt import read_about
from phkg.turtle.reader import read
from phkg.vocabulary import ph
from phkg.vocabulary.namespaces import DCTERMS, PH, RDFS, SKOS

from .data_graph import DataGraph, data_graph
from .details import Registry, belongs, file_findings, file_name_findings, own_namespace, suspects
from .engines import engine_for
from .explain import explain
from .findings import Finding, Report
from .reading import Progress, of_problem, read_all
from .results import VIOLATION, EngineResult
from .scan import FileFacts
from .shapes_graph import ShapesGraph, read_shapes
from .words import own_finding

_LABELS = tuple(ox.NamedNode(iri) for iri in (SKOS + "prefLabel", RDFS + "label", DCTERMS + "title"))
_LABEL_WORDS = (b"prefLabel", b"label", b"title")
_REGISTRY_FILE = "registry/registry.ttl"


class CannotValidate(Exception):
    """The check could not be run at all; the text says why."""


def load_shapes(knowledge: Knowledge) -> ShapesGraph:
    """The shapes of a registry. Raises CannotValidate when there are none or one cannot be read."""
    paths = sorted(knowledge.shapes.rglob("*.ttl"))
    if not paths:
        raise CannotValidate(f"There are no shapes in {knowledge.shapes}.")
    try:
        return read_shapes(path.read_bytes() for path in paths)
    except (SyntaxError, OSError) as error:
        raise CannotValidate(f"The shapes cannot be read: {error}") from error


@dataclass(frozen=True)
class Checked:
    """What checking has found, and the graph that it was found in; `described` tells in which file each subject stands, by IRI."""

    report: Report
    graph: DataGraph
    described: Mapping[str, str]


def validate(
    knowledge: Knowledge,
    shapes: ShapesGraph | None = None,
    engine: str = "auto",
    paths: Sequence[Path] = (),
    progress: Progress = lambda doing, done, whole: None,
    gravest_only: bool = False,
    drafts: Mapping[str, Path] = MappingProxyType({}),
) -> Report:
    """Checks the whole registry; with `paths`, reports only what is found in those files or folders (a file from elsewhere is read in addition);
    with `gravest_only`, only what blocks, so that no time goes into finding and placing the rest. `drafts` are files, by their names from the root
    (`registry/methods/x.ttl`), that are read in the place of those of the registry or besides them.

    Raises CannotValidate when the check cannot be run, EngineFailed when the engine is missing or refuses the shapes.
    """
    with checking(knowledge, shapes, engine, paths, progress, gravest_only, drafts) as checked:
        return checked.report


@contextmanager
def checking(
    knowledge: Knowledge,
    shapes: ShapesGraph | None = None,
    engine: str = "auto",
    paths: Sequence[Path] = (),
    progress: Progress = lambda doing, done, whole: None,
    gravest_only: bool = False,
    drafts: Mapping[str, Path] = MappingProxyType({}),
) -> Iterator[Checked]:
    """As `validate`, with the graph as long as the context lasts, for what else is to be asked of it."""
    with data_graph() as graph:
        yield _checked(knowledge, shapes, engine, paths, progress, gravest_only, drafts, graph)


def _checked(
    knowledge: Knowledge,
    shapes: ShapesGraph | None,
    engine: str,
    paths: Sequence[Path],
    progress: Progress,
    gravest_only: bool,
    drafts: Mapping[str, Path],
    graph: DataGraph,
) -> Checked:
    start = time.perf_counter()
    shapes = shapes or load_shapes(knowledge)
    run_engine = engine_for(engine, shapes, gravest_only)
    listed = list(entries(knowledge))
    files = {item.name: item for item in listed if isinstance(item, FileEntry)}
    files.update({name: FileEntry(path, name, name.partition("/")[0]) for name, path in drafts.items()})
    findings = [of_problem(item) for item in listed if isinstance(item, FileProblem)]
    wanted = _wanted(knowledge, paths, files, {item.name for item in listed})
    for name in files:
        findings += file_name_findings(name)

    reading = read_all(files, graph, progress)
    facts, unread = reading.facts, reading.unread
    findings += reading.findings
    registry = _registry(knowledge, facts, files, findings)
    progress("checks", 0, 1)
    broken = unread | {fact.name for fact in facts if fact.document is not None}
    unchecked = any(name.startswith("ontology/") and not name.startswith("ontology/concepts/") for name in broken)
    progress("rules", 0, 1)
    results = [] if unchecked else _sound(run_engine(graph), facts, broken, registry.base)
    used_in = _files_that_use(graph.path, results, facts)
    described = _described_in(facts)

    at_fault = {fact.name: fact.document for fact in facts if fact.document is not None}

    def file_of(iri: str) -> str | None:
        return described.get(iri) or used_in.get(iri)

    progress("places", 0, 1)
    if gravest_only:
        results = [result for result in results if result.severity == VIOLATION]
    if wanted:
        results = [result for result in results if file_of(result.focus[1:-1]) in wanted]
    at_issue: dict[str, set[str]] = {}
    for result in results:
        at_issue.setdefault(file_of(result.focus[1:-1]) or "", set()).add(result.focus[1:-1])

    @cache
    def document_of(name: str) -> Document:
        if name in at_fault:
            return at_fault[name]
        data = files[name].path.read_bytes()
        return read(data) if name in unclear else read_about(data, at_issue[name])

    own = {fact.name: suspects(fact, registry) for fact in facts if not wanted or fact.name in wanted}
    unclear = {name for name, found in own.items() if found is None}
    for name, found in own.items():
        at_issue.setdefault(name, set()).update(found or ())
    for name, found in own.items():
        if found is None or found:
            findings += file_findings(name, document_of(name), registry)
    findings += explain(results, shapes, file_of, document_of, _labels(described, files))
    if gravest_only:
        findings = [finding for finding in findings if finding.severity == "violation"]
    kept = {finding.order(): finding for finding in findings if not wanted or finding.file in wanted}
    report = Report(
        findings=tuple(kept[key] for key in sorted(kept)),
        files=len(files),
        triples=sum(fact.triples for fact in facts),
        unread=tuple(sorted(broken)),
        unchecked=unchecked,
        languages=registry.languages,
        seconds=time.perf_counter() - start,
    )
    return Checked(report, graph, described)


def _wanted(knowledge: Knowledge, paths: Sequence[Path], files: dict[str, FileEntry], names: set[str]) -> frozenset[str]:
    """The names of the files that `paths` mean; a file from elsewhere is added to `files` under the path it was given with."""
    wanted: set[str] = set()
    if not paths:
        return frozenset()
    by_path = {entry.path.resolve(): name for name, entry in files.items()}
    rooms = {knowledge.registry.resolve(): "registry/", knowledge.ontology.resolve(): "ontology/"}
    for path in paths:
        real = path.resolve()
        inside = {name for found, name in by_path.items() if found == real or real in found.parents}
        for room, prefix in rooms.items():
            if real == room or room in real.parents or real in room.parents:
                below = "" if real == room or real in room.parents else real.relative_to(room).as_posix()
                inside |= {name for name in names if name == prefix + below or name.startswith((prefix + below).rstrip("/") + "/")}
        if not inside:
            if not real.is_file():
                raise CannotValidate(f"There is no file {path}.")
            files[str(path)] = FileEntry(real, str(path), "registry")
            inside = {str(path)}
        wanted |= inside
    return frozenset(wanted)


def _registry(knowledge: Knowledge, facts: Iterable[FileFacts], files: Mapping[str, FileEntry], findings: list[Finding]) -> Registry:
    """What the checks of single files must know of the whole; adds a finding when the registry's own record does not say it."""
    base, languages = "", ()
    if _REGISTRY_FILE in files:
        for statement in read(files[_REGISTRY_FILE].path.read_bytes()).triples:
            if statement.predicate.term == ph.recordNamespace:
                base = statement.object.term.value
            elif statement.predicate.term == ph.languages:
                languages = tuple(statement.object.term.value.split())
    if not base:
        findings.append(own_finding("no-registry-record", _REGISTRY_FILE))
    terms: set[str] = set()
    places: dict[bytes, list[str]] = {}
    seen: dict[bytes, str] = {}
    for fact in facts:
        in_vocabulary = fact.name.startswith("ontology/")
        if in_vocabulary:
            terms |= {iri[1:-1].decode() for iri in fact.subjects if iri.startswith(b"<" + PH.encode())}
        # The vocabulary's terms may be added to in a second file (translations, alignments); a record stands in one.
        for iri in fact.typed if in_vocabulary else fact.subjects:
            first = seen.setdefault(iri, fact.name)
            if first != fact.name and iri.startswith(b"<"):
                places.setdefault(iri, [first]).append(fact.name)
    twice = {iri[1:-1].decode(): tuple(names) for iri, names in places.items()}
    return Registry(base=base, vocabulary=PH, terms=frozenset(terms), languages=languages, twice=twice)


def _sound(results: list[EngineResult], facts: list[FileFacts], broken: set[str], base: str) -> list[EngineResult]:
    """`results` less those that only say that a file could not be read: about a record with a fault in it, or a value that stands in such a file."""
    if not broken:
        return results
    incomplete = {iri.decode() for fact in facts for iri in fact.incomplete}
    known = {iri.decode() for fact in facts for iri in fact.subjects} - incomplete
    lost = tuple(namespace for name in broken if (namespace := own_namespace(name, base)) is not None)

    def is_lost(value: str) -> bool:
        return value in incomplete or (value.startswith("<") and value not in known and any(belongs(value[1:-1], space) for space in lost))

    return [result for result in results if result.focus not in incomplete and not is_lost(result.value) and not is_lost(result.focus)]


def _described_in(facts: Iterable[FileFacts]) -> dict[str, str]:
    found: dict[str, str] = {}
    for fact in facts:
        for iri in fact.subjects:
            found.setdefault(iri[1:-1].decode(), fact.name)
    return found


def _files_that_use(graph: Path, results: list[EngineResult], facts: list[FileFacts]) -> dict[str, str]:
    """Where each focus that no file describes is first used."""
    subjects = {iri for fact in facts for iri in fact.subjects}
    missing = {result.focus.encode() for result in results if result.focus.startswith("<")} - subjects
    if not missing:
        return {}
    users: dict[bytes, bytes] = {}
    with graph.open("rb") as stream:
        for line in stream:
            subject, _, value = line[:-3].split(b" ", 2)
            if value in missing:
                users.setdefault(value, subject)
    return {focus[1:-1].decode(): fact.name for focus, subject in users.items() for fact in facts if subject in fact.subjects}


def _triples(data: bytes) -> list[ox.Triple]:
    try:
        return [quad.triple for quad in ox.parse(data, format=ox.RdfFormat.TURTLE)]
    except SyntaxError:
        return [statement.triple for statement in read(data).triples]


def _labels(described: Mapping[str, str], files: Mapping[str, FileEntry]) -> Callable[[str], dict[str, str]]:
    """Looks up labels; a file is read the first time one of its records is asked for."""

    @cache
    def of_file(name: str) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        data = files[name].path.read_bytes()
        if not any(word in data for word in _LABEL_WORDS):
            return found  # the large files of statements hold no labels
        for subject, predicate, value in _triples(data):
            if predicate in _LABELS and isinstance(value, ox.Literal):
                found.setdefault(subject.value, {}).setdefault(value.language or "", value.value)
        return found

    def label(iri: str) -> dict[str, str]:
        name = described.get(iri)
        return of_file(name).get(iri, {}) if name else {}

    return label
