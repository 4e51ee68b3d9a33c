"""The two sides of a comparison as a person names them: a revision of git, a folder, a file, or the address of a dump."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from pyoxigraph import BlankNode, Quad, RdfFormat, Triple, parse

import phkg
from phkg.graph.compared import Graphs, graphs_of
from phkg.graph.facts import TYPE
from phkg.graph.inputs import CompileFault, InputFile, Problem, read_inputs
from phkg.graph.revisions import Revisions
from phkg.records.git import GitFault, commit_of, merge_base, top_of
from phkg.records.knowledge import Knowledge, KnowledgeNotFound, find_knowledge
from phkg.vocabulary import ph

DUMPS = {".nt": RdfFormat.N_TRIPLES, ".nq": RdfFormat.N_QUADS, ".trig": RdfFormat.TRIG}
LARGEST = 512 * 1024 * 1024
"""Bytes of a dump, unpacked, beyond which it is not read."""
SECONDS = 60
"""How long a server may take to begin with its answer, and between its pieces."""
DERIVED = frozenset({ph.Standing, ph.Coverage})

Progress = Callable[[str], None]


class CannotCompare(Exception):
    """A side cannot be had; the text says which, why, and what would be right."""


@dataclass(frozen=True)
class Side:
    """One state of a registry and its name for people: its files, or (of a dump) its triples alone."""

    name: str
    files: Sequence[InputFile] | None
    triples: Sequence[Triple] = ()


def sides(base: str, head: str | None, knowledge: Knowledge, progress: Progress) -> tuple[Side, Side]:
    """Both sides. `A...B` alone means: from where B parted from A to B. Without `head`: the files as they lie.

    A file stands in a registry: in that of the other side where that is none, else in the one that lies there. Raises
    CannotCompare.
    """
    reader = _Sides(knowledge, progress)
    try:
        if head is None and "..." in base and not Path(base).exists():
            one, _, other = base.partition("...")
            top, commits = reader.commits(one or "HEAD", other or "HEAD")
            parted = merge_base(top, *commits)
            return reader.revision(parted, f"{parted[:12]} ({one or 'HEAD'})"), reader.revision(commits[1], other or "HEAD")
        names = [base, head]
        if names[0] and _is_file(base) and head is None:
            raise CannotCompare(f"{base} is one file; name another to compare it with, or a revision before it.")
        found = [None if name and _is_file(name) else reader.side(name) for name in names]
        ground = next((side for side in found if side), None) or reader.side(None)
        first, second = (side or reader.file(str(name), ground) for side, name in zip(found, names, strict=True))
        return first, second
    except (GitFault, KnowledgeNotFound) as fault:
        raise CannotCompare(str(fault)) from None
    except CompileFault as fault:
        raise CannotCompare("\n".join(map(str, fault.problems))) from None


def graphs(base: Side, head: Side) -> Graphs:
    """The graphs of both sides. Raises CannotCompare with every file that cannot be read."""
    try:
        if base.files is not None and head.files is not None:
            return graphs_of(base.files, head.files)
        one, other = (_triples(side) for side in (base, head))
    except CompileFault as fault:
        raise CannotCompare("\n".join(map(str, fault.problems))) from None
    common = one & other
    return Graphs(list(one - common), list(other - common), list(common))


class _Sides:
    """Reads sides; the repository is opened once."""

    def __init__(self, knowledge: Knowledge, progress: Progress) -> None:
        self._knowledge = knowledge
        self._progress = progress
        self._revisions: Revisions | None = None

    def side(self, name: str | None) -> Side:
        """A revision, a folder, a dump, or (None) the files as they lie."""
        if name is None:
            self._progress("reading the files")
            return Side(str(self._knowledge.registry.parent), read_inputs(self._knowledge))
        if name.startswith(("http://", "https://")):
            self._progress(f"fetching {name}")
            return Side(name, None, _dump(name, _fetched(name)))
        path = Path(name)
        if path.is_dir():
            self._progress(f"reading {name}")
            return Side(name, read_inputs(find_knowledge(path)))
        if path.is_file():
            self._progress(f"reading {name}")
            return Side(name, None, _dump(name, _read(path)))
        top, (commit,) = self.commits(name)
        return self.revision(commit, name)

    def commits(self, *names: str) -> tuple[Path, list[str]]:
        """The commits that revisions mean, and the top of their repository."""
        top = top_of(self._knowledge.registry)
        if top is None:
            raise CannotCompare(
                f"{names[0]} is no file or folder, and {self._knowledge.registry} lies in no git repository "
                "(or git is not installed). Name two folders that hold registry/, or two files."
            )
        found = []
        for name in names:
            commit = commit_of(top, name)
            if commit is None:
                raise CannotCompare(f"{name} is no revision of {top}, and no file or folder either. git log --oneline lists revisions.")
            found.append(commit)
        return top, found

    def revision(self, commit: str, name: str) -> Side:
        """A commit."""
        self._progress(f"reading {name}")
        self._revisions = self._revisions or Revisions(self._knowledge)
        files = self._revisions.files(commit)
        if not any(file.name.startswith("registry/") for file in files):
            raise CannotCompare(f"{name} holds no records: there is no registry/ in it.")
        return Side(name, files)

    def file(self, name: str, ground: Side) -> Side:
        """A Turtle file put into a registry in the place that its records name."""
        if ground.files is None:
            raise CannotCompare(f"{name} is a file of records and {ground.name} a whole dump; compare files with files or revisions.")
        data = _read(Path(name))
        base = _record_namespace(ground.files)
        try:
            subjects = sorted({quad.subject.value for quad in parse(data, format=RdfFormat.TURTLE)})
        except SyntaxError as error:
            raise CannotCompare(f"{name}:{error.lineno}:{error.offset}: {error.msg}") from None
        owned = [subject for subject in subjects if subject.startswith(base)]
        if not owned:
            raise CannotCompare(f"{name} holds no record whose IRI begins with {base}.")
        steps = owned[0][len(base) :].split("/")[:2]
        place = f"{'ontology' if steps[0] == 'concepts' else 'registry'}/{'/'.join(steps)}.ttl"
        others = [file for file in ground.files if file.name != place]
        return Side(name, sorted([*others, InputFile(place, data)], key=lambda file: (file.name, file.data)))


def _is_file(name: str) -> bool:
    """Whether a side is a file of records, and no dump."""
    return Path(name).is_file() and not name.removesuffix(".gz").endswith(tuple(DUMPS))


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise CannotCompare(f"{path} is larger than {LARGEST // 1024 // 1024} MiB; such a file is not read.")
        return path.read_bytes()
    except OSError as error:
        raise CannotCompare(f"{path}: {error.strerror}") from None


def _fetched(address: str) -> bytes:
    """What lies at an address that the user has named."""
    request = Request(address, headers={"Accept": "application/n-quads, application/n-triples", "User-Agent": f"phkg/{phkg.__version__}"})
    try:
        with urlopen(request, timeout=SECONDS) as answer:
            data = answer.read(LARGEST + 1)
    except (URLError, OSError, ValueError) as error:
        why = error if isinstance(error, HTTPError) else getattr(error, "reason", error)
        raise CannotCompare(f"{address} cannot be fetched: {why}.") from None
    if len(data) > LARGEST:
        raise CannotCompare(f"{address} gives more than {LARGEST // 1024 // 1024} MiB; so much is not read.")
    return data


def _dump(name: str, data: bytes) -> list[Triple]:
    """The triples of a dump without what is derived: that is worked out anew, for one day on both sides."""
    plain = name.split("?")[0].removesuffix(".gz")
    form = next((form for ending, form in DUMPS.items() if plain.endswith(ending)), None)
    if form is None:
        raise CannotCompare(f"{name} is no dump: its name should end with {', '.join(DUMPS)}, packed with .gz or not.")
    try:
        if data[:2] == b"\x1f\x8b":
            with gzip.GzipFile(fileobj=BytesIO(data)) as packed:
                data = packed.read(LARGEST + 1)
            if len(data) > LARGEST:
                raise CannotCompare(f"{name} unpacks to more than {LARGEST // 1024 // 1024} MiB; so much is not read.")
        triples = [quad.triple for quad in parse(data, format=form)]
    except (SyntaxError, OSError, EOFError) as error:
        raise CannotCompare(f"{name} cannot be read: {error}") from None
    if any(isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode) for triple in triples):
        raise CannotCompare(f"{name} holds nodes without a name; the dumps of a registry have none.")
    derived = {triple.subject for triple in triples if triple.predicate == TYPE and triple.object in DERIVED}
    return [triple for triple in triples if triple.subject not in derived and triple.predicate not in ph.DATE_BOUNDS]


def _triples(side: Side) -> set[Quad | Triple]:
    if side.files is None:
        return set(side.triples)
    return {quad.triple for quad in graphs_of(side.files, side.files).common}


def _record_namespace(files: Sequence[InputFile]) -> str:
    """What the IRIs of the records of a registry begin with."""
    for file in files:
        if file.name == "registry/registry.ttl":
            for quad in graphs_of([file], [file]).common:
                if quad.predicate == ph.recordNamespace:
                    return quad.object.value
    raise CompileFault([Problem("registry/registry.ttl", 1, 1, "The registry does not say what its records' IRIs begin with.")])
