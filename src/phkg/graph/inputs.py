"""What goes into a snapshot: the files of the vocabulary and the registry, their name together, and their triples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import blake2b
from pathlib import Path

from pyoxigraph import BlankNode, Quad, RdfFormat, parse

import phkg
from phkg.graph.snapshot import HASH_BYTES
from phkg.records.files import FileProblem, entries, read_entry
from phkg.records.knowledge import Knowledge
from phkg.validation.findings import in_language
from phkg.validation.words import own_finding

ROOMS = ("ontology", "registry")
PROGRAM_ROOMS = ("analysis", "graph", "vocabulary")


@dataclass(frozen=True)
class Problem:
    """What keeps a file from being compiled, and where (line and column from 1)."""

    name: str
    line: int
    column: int
    text: str

    def __str__(self) -> str:
        return f"{self.name}:{self.line}:{self.column}: {self.text}"


class CompileFault(Exception):
    """The files cannot become a snapshot; `problems` says where and why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class InputFile:
    """A file as it was read: its name relative to the root, and its bytes."""

    name: str
    data: bytes


def read_inputs(knowledge: Knowledge) -> list[InputFile]:
    """Every Turtle file, in the order of names; what is no Turtle is none of a snapshot's business.

    Raises CompileFault with all files that cannot be read.
    """
    files: list[InputFile] = []
    problems: list[Problem] = []
    for entry in entries(knowledge, ROOMS):
        data = entry if isinstance(entry, FileProblem) else read_entry(entry)
        if isinstance(data, FileProblem):
            if data.code == "not-turtle":
                continue
            said = own_finding(data.code, data.name, values={"name": data.name, "detail": data.detail})
            problems.append(Problem(data.name, data.line, data.column, in_language(said.message, "en")))
        else:
            files.append(InputFile(entry.name, data))
    if problems:
        raise CompileFault(problems)
    return sorted(files, key=lambda file: (file.name, file.data))


def input_name(files: Sequence[InputFile], on: date) -> str:
    """The name of the snapshot that these files make on a day: a hash over their names and contents, the program and the day."""
    state = blake2b(digest_size=HASH_BYTES)
    for part in (phkg.__version__, program_digest(), on.isoformat()):
        state.update(f"{part}\n".encode())
    for file in files:
        state.update(f"{file.name}\n{len(file.data)}\n".encode())
        state.update(file.data)
    return state.hexdigest()


def program_digest() -> str:
    """The hash of the modules that decide what a snapshot holds, so that a changed rule never finds an old snapshot."""
    return rooms_digest(PROGRAM_ROOMS)


@cache
def rooms_digest(rooms: Sequence[str], pattern: str = "*.py") -> str:
    """The hash of the files of some rooms of the program."""
    package = Path(phkg.__file__).parent
    state = blake2b(digest_size=HASH_BYTES)
    for room in rooms:
        for path in sorted((package / room).glob(pattern)):
            state.update(f"{room}/{path.name}\n".encode() + path.read_bytes())
    return state.hexdigest()


def parse_inputs(files: Sequence[InputFile]) -> list[Quad]:
    """The triples of all files, literals as written. Raises CompileFault with every file that is no Turtle or has a node without name."""
    triples: list[Quad] = []
    problems: list[Problem] = []
    for file in files:
        try:
            found = list(parse(file.data, format=RdfFormat.TURTLE))
        except SyntaxError as error:
            problems.append(Problem(file.name, error.lineno or 1, error.offset or 1, error.msg))
            continue
        if any(type(triple.subject) is BlankNode or type(triple.object) is BlankNode for triple in found):
            problems.append(Problem(file.name, 1, 1, "A node without a name ([] or _:x); give every record an IRI, so that it can be cited."))
        triples += found
    if problems:
        raise CompileFault(problems)
    return triples


def file_of(files: Sequence[InputFile], subject: str) -> str:
    """The name of the first file that says anything about a subject; the registry's own file when none does."""
    for file in files:
        if any(triple.subject.value == subject for triple in parse(file.data, format=RdfFormat.TURTLE)):
            return file.name
    return "registry/registry.ttl"
