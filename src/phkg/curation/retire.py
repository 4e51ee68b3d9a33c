"""Retiring a record: it stays for those who have cited it, and says what replaces it, or why nothing does, and since when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from phkg.graph.facts import REPLACED, RETIRED, TYPE
from phkg.records.files import FileEntry, entries, read_entry
from phkg.records.knowledge import Knowledge
from phkg.records.languages import languages_of
from phkg.turtle.files import formatted
from phkg.vocabulary import ph
from phkg.vocabulary.namespaces import DCTERMS, PH, XSD

_PREFIXES = {"ph": PH, "xsd": XSD, "dcterms": DCTERMS}


class CannotRetire(Exception):
    """The record cannot be retired so; the text says why and what would be right."""


@dataclass(frozen=True)
class Retirement:
    """A file as it is to be written, and the records in it that are retired."""

    path: Path
    name: str
    data: bytes
    records: tuple[str, ...]


def retirement(knowledge: Knowledge, what: str, on: date, successor: str = "", reasons: Mapping[str, str] | None = None) -> Retirement:
    """What retiring `what` (an IRI, or a file: all records in it) writes, in canonical form; nothing is written.

    Either a `successor` (the IRI of a record that is there) or `reasons` by language. Raises CannotRetire.
    """
    said = dict(reasons or {})
    if bool(successor) == bool(said):
        raise CannotRetire("Say either what replaces the record (--replaced-by) or why nothing does (--reason, once for each language).")
    languages = languages_of(knowledge)
    if said and (missing := [language for language in languages if not said.get(language, "").strip()]):
        raise CannotRetire(f"The reason is missing in {', '.join(missing)}; give --reason once for each language, such as --reason sv=….")
    if unknown := [language for language in said if languages and language not in languages]:
        raise CannotRetire(f"{', '.join(unknown)} is no language of the registry; it has {', '.join(languages)}.")
    listed = [item for item in entries(knowledge) if isinstance(item, FileEntry)]
    entry, records = _records(listed, what)
    if successor:
        if successor in records:
            raise CannotRetire(f"<{successor}> cannot replace itself.")
        if not any(NamedNode(successor) in _classed(item) for item in listed):
            raise CannotRetire(f"There is no record <{successor}>; write it first, then retire the old one.")
        if len(records) > 1:
            raise CannotRetire(f"{what} holds {len(records)} records; retire one at a time when another replaces it.")
    data = read_entry(entry)
    if not isinstance(data, bytes):
        raise CannotRetire(f"{entry.name} cannot be read; phkg validate says why.")
    said_of = b"".join(_said(record, on, successor, said) for record in records)
    result = formatted(_with(data, said_of), languages)
    if result.faults:
        raise CannotRetire(f"{entry.name} has faults of syntax; phkg validate shows them.")
    return Retirement(entry.path, entry.name, result.data, records)


def _records(listed: Sequence[FileEntry], what: str) -> tuple[FileEntry, tuple[str, ...]]:
    """The file that holds what is to be retired, and the records."""
    path = Path(what).resolve()
    for item in listed:
        if item.path.resolve() == path or item.name == what:
            found = {subject.value: retired for subject, retired in _classed(item).items()}
            if not found:
                raise CannotRetire(f"{what} holds no record that could be retired.")
            if not (left := tuple(sorted(subject for subject, retired in found.items() if not retired))):
                raise CannotRetire(f"Everything in {what} is retired already.")
            return item, left
    try:
        subject = NamedNode(what.strip("<>"))
    except ValueError:
        raise CannotRetire(f"{what} is neither a file of the registry nor an IRI.") from None
    for item in listed:
        found = _classed(item)
        if subject in found:
            if found[subject]:
                raise CannotRetire(f"<{subject.value}> is retired already, in {item.name}.")
            return item, (subject.value,)
    raise CannotRetire(f"There is no record {what}. Name an IRI as it stands in the registry, or a file in it.")


def _classed(entry: FileEntry) -> dict[NamedNode, bool]:
    """The subjects of a file that have a class, each with whether it is retired; none when the file cannot be read."""
    data = read_entry(entry)
    found: dict[NamedNode, bool] = {}
    retired = set()
    if isinstance(data, bytes):
        try:
            for quad in parse(data, format=RdfFormat.TURTLE):
                if quad.predicate == TYPE and isinstance(quad.subject, NamedNode):
                    found[quad.subject] = False
                elif quad.predicate in RETIRED:
                    retired.add(quad.subject)
        except SyntaxError as error:
            raise CannotRetire(f"{entry.name}:{error.lineno}: {error.msg}") from None
    return {subject: subject in retired for subject in found}


def _said(record: str, on: date, successor: str, reasons: Mapping[str, str]) -> bytes:
    """What is said of a retired record, as Turtle."""
    subject = NamedNode(record)
    values = [NamedNode(successor)] if successor else [Literal(text.strip(), language=language) for language, text in reasons.items()]
    triples = [Triple(subject, REPLACED if successor else ph.retirementReason, value) for value in values]
    return f'{subject} ph:retiredOn "{on.isoformat()}"^^xsd:date .\n'.encode() + serialize(triples, format=RdfFormat.N_TRIPLES)


def _with(data: bytes, said: bytes) -> bytes:
    """A file with triples added at its end, and the prefixes that shorten them at its beginning; the formatter puts both in their places."""
    heads = (f"@prefix {prefix}: <{space}> .\n".encode() for prefix, space in _PREFIXES.items() if f"@prefix {prefix}:".encode() not in data)
    return b"".join(heads) + data + b"\n" + said
