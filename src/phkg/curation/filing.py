"""New records into files: which file each belongs in, its canonical text, the check of the whole before, and writing all or nothing."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, Triple

from phkg.records.knowledge import Knowledge
from phkg.turtle.format import format_turtle
from phkg.turtle.without import without
from phkg.validation.blame import blame
from phkg.validation.findings import Finding
from phkg.validation.run import validate
from phkg.vocabulary.namespaces import PREFIXES, XSD

DECLARED = re.compile(rb"^@prefix ([a-z0-9-]*): <([^>]*)> \.$", re.MULTILINE)
SHORT = {XSD + name for name in ("integer", "decimal", "boolean")}


class CannotFile(Exception):
    """Records that can be put in no file, or a file that could not be written; the text says which and why."""


@dataclass(frozen=True)
class Drafted:
    """Files as they would be with the new records: name from the root (`registry/methods/x.ttl`) → bytes; and the records' IRIs.

    `takes` tells whether something that was there is gone: then other records may be at fault, too.
    """

    files: Mapping[str, bytes]
    records: tuple[str, ...]
    takes: bool = False


@dataclass(frozen=True)
class Verdict:
    """What the check of the whole registry with the drafts in it says about the new records: what blocks, and what does not."""

    blocking: tuple[Finding, ...]
    remarks: tuple[Finding, ...]


def file_of(iri: str, base: str) -> str:
    """The file that a record or a part of one stands in, by its IRI. Raises CannotFile for an IRI that is none of the registry's."""
    parts = iri.removeprefix(base).split("/")
    if not iri.startswith(base) or len(parts) < 2 or not all(re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", part) for part in parts):
        raise CannotFile(f"{iri} is no identifier of this registry; they begin with {base} and a folder.")
    return f"registry/{parts[0]}/{parts[1]}.ttl"


def prefixes_of(knowledge: Knowledge) -> dict[str, str]:
    """The prefixes that the registry's own files use, name → namespace."""
    found = dict(PREFIXES)
    for path in sorted(knowledge.registry.rglob("*.ttl")):
        with path.open("rb") as file:
            found.update({name.decode(): space.decode() for name, space in DECLARED.findall(file.read(4096))})
    return found


def draft(knowledge: Knowledge, records: Iterable[Iterable[Triple]], base: str, languages: tuple[str, ...], gone: Iterable[Triple] = ()) -> Drafted:
    """The files with the records added and the triples that are `gone` taken out of them, in canonical form.

    Raises CannotFile, or TurtleSyntaxError when a file there has faults.
    """
    removed: dict[str, list[Triple]] = {}
    for triple in gone:
        removed.setdefault(file_of(triple.subject.value, base), []).append(triple)
    added: dict[str, list[str]] = {}
    names: dict[str, None] = {}
    for record in records:
        for triple in record:
            names[triple.subject.value] = None
            line = f"{triple.subject} {triple.predicate} {_written(triple.object)} ."
            added.setdefault(file_of(triple.subject.value, base), []).append(line)
    prefixes = b"".join(f"@prefix {name}: <{space}> .\n".encode() for name, space in prefixes_of(knowledge).items()) if added else b""
    files = {}
    for name in sorted({*added, *removed}):
        lines = added.get(name, [])
        path = knowledge.registry.parent / name
        there = path.read_bytes() if path.is_file() else b""
        if name in removed:
            there = without(there, removed[name], languages)
        files[name] = format_turtle(there + b"\n" + prefixes + "\n".join(lines).encode(), languages)
    names |= {triple.subject.value: None for triples in removed.values() for triple in triples}
    return Drafted(files, tuple(names), bool(removed))


def _written(term) -> str:
    return term.value if isinstance(term, Literal) and term.datatype.value in SHORT else str(term)


def check(knowledge: Knowledge, drafted: Drafted) -> Verdict:
    """Checks the whole registry with the drafts in it and keeps what is about the new records or brought about by them.

    Raises what `phkg.validation.run.validate` raises.
    """
    with tempfile.TemporaryDirectory() as folder:
        paths = {}
        for number, (name, data) in enumerate(drafted.files.items()):
            paths[name] = Path(folder) / f"{number}.ttl"
            paths[name].write_bytes(data)
        report = validate(knowledge, drafts=paths)
    new = set(drafted.records)
    mine = [one for one in report.findings if one.record in new or one.value.strip("<>") in new or (not one.record and one.file in drafted.files)]
    others = [one for one in report.findings if one.severity == "violation" and one not in mine] if drafted.takes else []
    if others:
        mine += [one for one in blame(validate(knowledge).findings, report.findings).new if one in others]
    return Verdict(tuple(one for one in mine if one.severity == "violation"), tuple(one for one in mine if one.severity != "violation"))


def write(root: Path, files: Mapping[str, bytes]) -> None:
    """Write all files below a folder, or none: each is written beside its place first, and what was replaced is put back if one fails.

    Raises CannotFile with the file and the reason.
    """
    beside = {name: (root / name).with_name(f".{Path(name).name}.draft") for name in files}
    before: dict[str, bytes | None] = {}
    name = ""
    try:
        for name, data in files.items():
            beside[name].parent.mkdir(parents=True, exist_ok=True)
            with beside[name].open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        for name in files:
            place = root / name
            there = place.read_bytes() if place.is_file() else None
            os.replace(beside[name], place)
            before[name] = there
    except OSError as error:
        for done, data in before.items():
            _put_back(root / done, data)
        raise CannotFile(f"{name}: {error.strerror or error}. Nothing has been written.") from error
    finally:
        for draft_file in beside.values():
            draft_file.unlink(missing_ok=True)


def _put_back(path: Path, data: bytes | None) -> None:
    if data is None:
        path.unlink(missing_ok=True)
    else:
        path.write_bytes(data)
