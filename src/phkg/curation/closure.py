"""Checking a change of a few records against a loaded snapshot: only what it can affect, with the same outcome as checking everything.

Every shape reads its focus nodes along known chains of properties (`validation.reads`). A triple that came or went can only affect the focus nodes
from which such a chain leads to it, in the graph before or after. For those the engine is given every triple that their chains read, and what it finds
after the change less what it finds before is what the change brings. Where that is not sure, everything is checked.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pyoxigraph import Literal, RdfFormat, Store, parse, serialize

from phkg.curation.files_said import FileSaid, KnownFiles, said_in, terms_of
from phkg.curation.triple_sides import Line, Side, SnapshotFile, Work, fan_of, lines_of, walk
from phkg.graph.facts import SUBCLASS
from phkg.graph.snapshot import Snapshot
from phkg.records.files import FileEntry, FileProblem, entries, read_entry
from phkg.records.knowledge import Knowledge
from phkg.turtle.document import Document
from phkg.turtle.excerpt import read_about
from phkg.turtle.reader import read
from phkg.validation.blame import blame
from phkg.validation.details import Registry, belongs, file_findings, file_name_findings, own_namespace, suspects
from phkg.validation.engines import Engine, engine_for, results_of
from phkg.validation.explain import explain
from phkg.validation.findings import Finding
from phkg.validation.patterns import NotSure, Step
from phkg.validation.reads import Target, targets
from phkg.validation.results import EngineResult, term
from phkg.validation.run import load_shapes, validate
from phkg.validation.scan import facts_of
from phkg.validation.shapes_graph import ShapesGraph
from phkg.vocabulary import ph
from phkg.vocabulary.namespaces import DCTERMS, PH, RDFS, SKOS

ROOMS = ("registry", "ontology")
MOST_WORK = 1_000_000
"""Triples that may be read for a change, each as often as it is come upon; by then checking everything takes no longer."""
_LABELS = tuple(f"<{iri}>" for iri in (SKOS + "prefLabel", RDFS + "label", DCTERMS + "title"))
Change = Mapping[str, bytes | None]
"""Files by their names from the root (`registry/methods/x.ttl`) with what they are to hold; None takes one away."""


@dataclass(frozen=True)
class Verdict:
    """What a change brings, in the order of places; `whole` says that everything was checked for it, and `why`."""

    findings: tuple[Finding, ...]
    whole: bool = False
    why: str = ""


@dataclass
class Ground:
    """A snapshot made ready for checking changes against it; its files must be those of `knowledge`. Made by `ground`."""

    knowledge: Knowledge
    shapes: ShapesGraph
    engine: Engine
    targets: tuple[Target, ...]
    unsure: str
    file: SnapshotFile
    store: Store
    registry: Registry
    files: KnownFiles
    misplaced: frozenset[bytes]
    below: dict[str, frozenset[str]]
    hierarchy: tuple[Line, ...]
    _report: list[tuple[Finding, ...]] = field(default_factory=list)

    def whole_report(self) -> tuple[Finding, ...]:
        """The findings of the registry as it is, checked once."""
        if not self._report:
            self._report.append(validate(self.knowledge, self.shapes).findings)
        return self._report[0]


def ground(knowledge: Knowledge, snapshot: Snapshot) -> Ground:
    """Makes a snapshot in memory ready. Raises CannotValidate, EngineFailed, OSError."""
    shapes = load_shapes(knowledge)
    try:
        known, unsure = targets(shapes, fan_of(snapshot.store)), ""
    except NotSure as doubt:
        known, unsure = (), str(doubt)
    store = snapshot.store
    base = languages = ""
    for quad in store.quads_for_pattern(None, ph.recordNamespace, None, None):
        base = quad.object.value
        languages = next((one.object.value for one in store.quads_for_pattern(quad.subject, ph.languages, None, None)), "")
    file = SnapshotFile(snapshot.graph_file())
    terms = frozenset(subject[1:-1] for subject in file.subjects(PH))
    hierarchy = tuple(lines_of(store.quads_for_pattern(None, SUBCLASS, None, None)))
    return Ground(
        knowledge=knowledge,
        shapes=shapes,
        engine=engine_for("auto", shapes),
        targets=known,
        unsure=unsure,
        file=file,
        store=store,
        registry=Registry(base, PH, terms, tuple(languages.split()), {}),
        files=KnownFiles(base, file),
        misplaced=frozenset(_misplaced(knowledge, base)),
        below={one: _below(one, hierarchy) for target in known for one in target.classes},
        hierarchy=hierarchy,
    )


def _misplaced(knowledge: Knowledge, base: str) -> Iterator[bytes]:
    """The subjects that stand in a file that is not the one their identifier names: a snapshot does not know files."""
    for item in entries(knowledge):
        data = read_entry(item) if isinstance(item, FileEntry) else item
        if isinstance(data, FileProblem):
            continue
        space = own_namespace(item.name, base)
        right = None if space is None else (f"<{space}>".encode(), f"<{space}/".encode())
        try:
            lines = serialize(parse(data, format=RdfFormat.TURTLE), format=RdfFormat.N_TRIPLES).split(b"\n")
        except SyntaxError:
            continue  # Such files make no snapshot.
        wrong = (line for line in lines if (not line.startswith(right) if right else line.startswith(f"<{base}".encode())))
        yield from {line.split(b" ", 1)[0] for line in wrong if line}


def check_records(change: Change, on: Ground, most_work: int = MOST_WORK) -> Verdict:
    """What a change brings: the findings that the whole registry would have after it and has not now.

    What needs more than `most_work` triples to be read is checked as a whole. Raises ValueError for a name that is no path of a record file, EngineFailed, OSError.
    """
    for name in change:
        if not name.endswith(".ttl") or any(step in ("", ".", "..") or "\0" in step for step in name.split("/")) or name.split("/")[0] not in ROOMS:
            raise ValueError(f"{name!r} is no path of a file of records.")
    try:
        return Verdict(_closure(change, on, Work(most_work)))
    except NotSure as doubt:
        return Verdict(_whole(change, on), whole=True, why=str(doubt))


def _closure(change: Change, on: Ground, work: Work) -> tuple[Finding, ...]:
    if on.unsure:
        raise NotSure(on.unsure)
    old = {name: _lying(on.knowledge, name) for name in change}
    after = _said(change, on)
    before = {name: on.files.said(name, data) for name, data in old.items()}
    _speaks_for_itself(before, after, on)
    was_said, is_said = (frozenset().union(*(one.lines for one in said.values())) for said in (before, after))
    gone, come = terms_of(was_said - is_said), terms_of(is_said - was_said)
    was, will_be = Side(on.file, on.store, work), Side(on.file, on.store, work, gone, come)
    for line in gone | come:
        if line[1] == str(SUBCLASS):
            raise NotSure("the classes themselves change")
    affected = {focus for side in (was, will_be) for focus in _affected(gone | come, (was, will_be), side, on)}
    found, found_before = (_results(affected, side, on) for side in (will_be, was))
    new = [result for key, result in found.items() if key not in found_before]
    here = {name: data for name, data in change.items() if data is not None}
    own = _own(here, after, on)
    if own:
        own = blame(_own(old, before, on), own).new
    return tuple(sorted({one.order(): one for one in (*own, *_explained(new, here, will_be, on))}.values(), key=Finding.order))


def _said(files: Change, on: Ground) -> dict[str, FileSaid]:
    """What some files of records say."""
    for name in files:
        if not name.startswith("registry/") or name == "registry/registry.ttl":
            raise NotSure(f"{name} says something of all records")
    return {name: said_in(name, data, on.registry.base) for name, data in files.items()}


def _speaks_for_itself(before: Mapping[str, FileSaid], after: Mapping[str, FileSaid], on: Ground) -> None:
    """Raises NotSure when another file says something of the subjects of those that change."""
    for name, said in after.items():
        for subject in said.subjects - before[name].subjects:
            if on.file.about(subject.decode()):
                raise NotSure(f"the snapshot says something of {subject.decode()}, which is new in {name}")
    for said in (*before.values(), *after.values()):
        if not said.subjects.isdisjoint(on.misplaced):
            raise NotSure("something stands in a file of another name")


def _affected(changed: Iterable[Line], sides: tuple[Side, Side], side: Side, on: Ground) -> set[str]:
    """The focus nodes in `side` from which a chain leads to a changed triple, in the graph before or after."""
    found: set[str] = set()
    by_step: dict[tuple[Step, ...], set[str]] = {}
    lines = list(changed)
    for target in on.targets:
        for chain in target.chains:
            if chain not in by_step:
                by_step[chain] = _walked_back(chain, lines, sides)
            found |= {node for node in by_step[chain] if node not in found and _is_target(node, target, side, on)}
    return found


def _walked_back(chain: tuple[Step, ...], lines: list[Line], sides: tuple[Side, Side]) -> set[str]:
    *before, last = chain
    nodes = {line[0] if last.forward else line[2] for line in lines if last.predicate in (None, line[1])}
    if last.many:
        before = [*before, last]
    for step in reversed(before):
        if not nodes:
            break
        nodes = {node for side in sides for node in walk(side, nodes, step.back())[0]}
    return {node for node in nodes if node.startswith("<")}


def _is_target(node: str, target: Target, side: Side, on: Ground) -> bool:
    side.work.spend(1)
    if node in target.nodes:
        return True
    types = side.types(node)
    return (
        any(types & on.below[one] for one in target.classes)
        or any(line[1] in target.subjects_of for line in side.about(node))
        or any(side.step(node, Step(one, forward=False)) for one in target.objects_of)
    )


def _results(affected: Iterable[str], side: Side, on: Ground) -> dict[tuple, EngineResult]:
    """What the engine finds about the affected nodes, given every triple that is read from them."""
    nodes = set(affected)
    lines: set[Line] = set(on.hierarchy)
    for target in on.targets:
        focus = {node for node in nodes if _is_target(node, target, side, on)}
        if not focus:
            continue
        if target.unsure:
            raise NotSure("what a rule reads is not known")
        for chain in target.chains:
            reached: set[str] = focus
            for step in chain:
                reached, over = walk(side, reached, step)
                lines |= over
    text = "".join(f"{subject} {predicate} {value} .\n" for subject, predicate, value in sorted(lines))
    found = (result for result in results_of(on.engine, text.encode()) if result.focus in nodes)
    return {(result.focus, result.path, result.value, result.severity, result.shape): result for result in found}


def _explained(results: list[EngineResult], here: Mapping[str, bytes], side: Side, on: Ground) -> Iterable[Finding]:
    """Findings with words and places; what stands in none of the changed files is placed where its identifier says."""

    @cache
    def file_of(iri: str) -> str:
        for name in here:
            space = own_namespace(name, on.registry.base)
            if space is not None and belongs(iri, space):
                return name
        if f"<{iri}>".encode() in on.misplaced:
            raise NotSure(f"<{iri}> stands in a file of another name")
        users = () if side.about(f"<{iri}>") else sorted(line[0][1:-1] for line in side.step(f"<{iri}>", Step(None, forward=False)))
        found = next((name for one in (iri, *users) if (name := _home(one, on)) is not None), None)
        if found is None:
            raise NotSure(f"<{iri}> stands in a file that its identifier does not name")
        return found

    at_issue: dict[str, set[str]] = {}
    for result in results:
        if result.focus.startswith("<"):
            at_issue.setdefault(file_of(result.focus[1:-1]), set()).add(result.focus[1:-1])

    @cache
    def document_of(name: str) -> Document:
        return read_about(here[name] if name in here else _lying(on.knowledge, name) or b"", at_issue[name])

    def labels(iri: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for line in side.about(f"<{iri}>"):
            value = term(line[2]) if line[1] in _LABELS else None
            if isinstance(value, Literal):
                found.setdefault(value.language or "", value.value)
        return found

    return list(explain(results, on.shapes, file_of, document_of, labels))


def _home(iri: str, on: Ground) -> str | None:
    """The file that an identifier names, when it is there."""
    if not iri.startswith(on.registry.base):
        return None
    steps = iri.removeprefix(on.registry.base).split("/")
    for length in range(len(steps), 0, -1):
        name = f"{'ontology' if steps[0] == 'concepts' else 'registry'}/{'/'.join(steps[:length])}.ttl"
        if _path(on.knowledge, name).is_file():
            return name
    return None


def _own(files: Change, said: Mapping[str, FileSaid], on: Ground) -> list[Finding]:
    """What the program's own checks say of some files."""
    found: list[Finding] = []
    for name, data in files.items():
        if data is None:
            continue
        with tempfile.NamedTemporaryFile() as stream:
            stream.write(data)
            stream.flush()
            if isinstance(read_entry(FileEntry(Path(stream.name), name, "registry")), FileProblem):
                raise NotSure(f"{name} is no file of records")
        found += file_name_findings(name)
        about = suspects(facts_of(name, data, said[name].ntriples, PH), on.registry)
        if about is None or about:
            found += file_findings(name, read(data) if about is None else read_about(data, about), on.registry)
    return found


def _whole(change: Change, on: Ground) -> tuple[Finding, ...]:
    """Everything checked, with the change in a copy of the records."""
    with tempfile.TemporaryDirectory(prefix="phkg-change-") as folder:
        rooms = {}
        for room in ("registry", "ontology", "shapes"):
            rooms[room] = Path(folder) / room
            shutil.copytree(getattr(on.knowledge, room), rooms[room], copy_function=_link)
        for name, data in change.items():
            path = Path(folder) / name
            path.unlink(missing_ok=True)
            if data is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        core = rooms["ontology"] if on.knowledge.core == on.knowledge.ontology else on.knowledge.core
        copied = Knowledge(core=core, web=on.knowledge.web, **rooms)
        return blame(on.whole_report(), validate(copied).findings, change.keys()).new


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)


def _below(iri: str, hierarchy: Iterable[Line]) -> frozenset[str]:
    found, size = {iri}, 0
    while len(found) > size:
        size = len(found)
        found |= {subject for subject, _, value in hierarchy if value in found}
    return frozenset(found)


def _path(knowledge: Knowledge, name: str) -> Path:
    room, path = name.split("/", 1)
    return getattr(knowledge, room) / path


def _lying(knowledge: Knowledge, name: str) -> bytes | None:
    try:
        return _path(knowledge, name).read_bytes()
    except OSError:
        return None
