"""Records put into a Turtle file, in the place of what it says of the same subjects; everything else stays, comments too.

In a large file that has the canonical form only the new records are read closely and written: the others are moved as they stand. That gives the
same bytes as writing the whole file anew would, and where it may not, the whole file is written.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph

from phkg.turtle.document import Document, Record
from phkg.turtle.excerpt import SMALL, statement_ends
from phkg.turtle.format import format_turtle
from phkg.turtle.order import address_order, in_brackets, prefix_order
from phkg.turtle.reader import read

MOST_TRIED = 5
"""So many records are written to see whether they need a prefix."""
_FULL_STOP = re.compile(r"(?:\s|#[^\r\n]*)*\.")
_PREFIX_LINE = re.compile(r"\n?@prefix ([\w-]*): <([^<>\s]*)> \.")
_SUBJECT = re.compile(r"(?:#[^\n]*\n+)*(?:<([^<>\s\\]*)>|([\w-]*):([\w./-]*))(?=\s)")


def with_records(there: bytes, sent: Document, iris: Collection[str], languages: Sequence[str]) -> bytes:
    """The file with what `sent` says of `iris` instead of what it says of them itself, in canonical form. Raises TurtleSyntaxError when it has faults."""
    quickly = with_records_moved(there, sent, iris, languages) if len(there) > SMALL else None
    return quickly or format_turtle(f"{_without(read(there), iris)}\n\n{_only(sent, iris)}".encode(), languages)


@dataclass(frozen=True)
class _Canonical:
    """A file in canonical form, taken apart: its prefixes, and its records with the comments above them, by IRI in the order of the file."""

    prefixes: Mapping[str, str]
    records: Mapping[str, str]


def with_records_moved(there: bytes, sent: Document, iris: Collection[str], languages: Sequence[str]) -> bytes | None:
    """The same for a file that has the canonical form, with its other records as they stand; None where that may not be the same."""
    old = _taken_apart(there)
    if old is None or sent.comments:
        return None
    text = there.decode()
    extra = {name: space for name, space in sent.prefixes.items() if old.prefixes.get(name) != space}
    if any(name in old.prefixes or f"<{space}" in text or any(space.startswith(one) for one in old.prefixes.values()) for name, space in extra.items()):
        return None  # By the new prefixes the other records could be written in another way.
    new = _taken_apart(format_turtle(f"{_header(old.prefixes)}\n{_only(sent, iris)}".encode(), languages))
    kept = {iri: record for iri, record in old.records.items() if iri not in iris}
    if new is None or not kept:
        return None
    gone = "".join(record for iri, record in old.records.items() if iri in iris)
    prefixes = {**old.prefixes, **new.prefixes}
    for name in [name for name in old.prefixes if name not in new.prefixes and f"{name}:" in gone]:
        needed = _is_needed(name, old.prefixes, kept.values())
        if needed is None:
            return None
        if not needed:
            del prefixes[name]
    together = {**kept, **new.records}
    records = "\n\n".join(together[iri] for iri in sorted(together, key=address_order))
    return f"{_header(prefixes)}\n{records}\n".encode()


def _taken_apart(data: bytes) -> _Canonical | None:
    """A file in its parts; None for one that cannot have the canonical form, or has comments of its own."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    ends = statement_ends(text)
    if not ends or text[ends[-1] :] != "\n":
        return None
    prefixes, records = {}, {}
    for start, end in zip([0, *ends], ends, strict=False):
        piece = text[start:end]
        if not records and (line := _PREFIX_LINE.fullmatch(piece)):
            prefixes[line[1]] = line[2]
            continue
        subject = _SUBJECT.match(piece, 2) if piece.startswith("\n\n") else None
        if subject is None or (subject[1] is None and subject[2] not in prefixes):
            return None
        iri = subject[1] if subject[1] is not None else prefixes[subject[2]] + subject[3]
        if iri in records:
            return None
        records[iri] = piece[2:]
    listed = list(records)
    in_order = listed == sorted(listed, key=address_order) and list(prefixes) == sorted(prefixes, key=prefix_order)
    return _Canonical(prefixes, records) if prefixes and records and in_order else None


def _is_needed(name: str, prefixes: Mapping[str, str], records: Collection[str]) -> bool | None:
    """Whether one of some records is written with a prefix; None when that is not soon clear."""
    for tried, record in enumerate(record for record in records if f"{name}:" in record):
        if tried == MOST_TRIED:
            return None
        if f"@prefix {name}: ".encode() in format_turtle(f"{_header(prefixes)}\n{record}\n".encode()).partition(b"\n\n")[0] + b"\n":
            return True
    return False


def _header(prefixes: Mapping[str, str]) -> str:
    return "".join(f"@prefix {name}: {in_brackets(prefixes[name])} .\n" for name in sorted(prefixes, key=prefix_order))


def _pieces(document: Document) -> list[tuple[str | None, str]]:
    """The text in pieces, one for each statement with what stands before it: the IRI of a record, None for anything else."""
    found: list[tuple[str | None, str]] = []
    at = 0
    for item in document.items:
        stop = None if isinstance(item, Record) else _FULL_STOP.match(document.text, item.end)
        end = item.end + 1 if isinstance(item, Record) else stop.end() if stop else item.end
        term = item.subject.term if isinstance(item, Record) else None
        found.append((term.value if isinstance(term, pyoxigraph.NamedNode) else None, document.text[at:end]))
        at = end
    return [*found, (None, document.text[at:])]


def _without(document: Document, iris: Collection[str]) -> str:
    return "".join(text for iri, text in _pieces(document) if iri not in iris)


def _only(document: Document, iris: Collection[str]) -> str:
    """The records of some IRIs, and all that is no record: directives and what stands between."""
    return "".join(text for iri, text in _pieces(document) if iri is None or iri in iris)
