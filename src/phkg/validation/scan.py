"""The fast pass over every file: its triples as N-Triples, and the few facts that the program's own checks need.

The facts are gathered from the bytes of the N-Triples, one line a triple, since that costs a fraction of looking at terms one by one. They only
say *that* something is wrong in a file; `details` reads such a file again to say what and where.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pyoxigraph as ox

from phkg.turtle.document import Document
from phkg.turtle.reader import read
from phkg.vocabulary.namespaces import RDF

from .words import rule

_TYPE = b"<" + RDF.encode() + b"type>"
_LESS, _GREATER, _QUOTE = b'<>"'
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
"""Signs that are not seen, or that turn the direction of writing, so that a text is not what it looks like."""
_UNSEEN_STARTS = (b"\xe2\x80", b"\xe2\x81", b"\xd8\x9c", b"\xef\xbb", b"\xef\xbf", b"\xc2", b"\x7f", b"\\u00")
VAST_YEAR = re.compile(rb'("-?[0-9]{12,}[^"\\]*")\^\^<http://www\.w3\.org/2001/XMLSchema#(?:date|dateTime|dateTimeStamp|gYear|gYearMonth)>')
"""A date of a year that no engine has numbers for: the engine would end with it, so it is given as mere text, which no rule takes for a date."""
_ESCAPE = b"\\u00"
"""How N-Triples write the signs that steer a device; whoever writes them so in Turtle is looked at closely, too."""
_ADDRESS = b"#anyURI> ."
_NOT_IN_ADDRESS = frozenset(b' <>{}|\\^`"')


@dataclass
class FileFacts:
    """What one file holds. IRIs are bytes in angle brackets, as in N-Triples.

    `subjects` are all subjects, `typed` those with a class, `terms` the core vocabulary's terms it uses, `languages` its language tags,
    `texts_alike` says that two languages have the same text, `bad_address` that an address has a sign it may not have, `unseen` that there may be signs that are not seen, `long_text` that a text is longer than any should be, `vast_year` that a date has a year beyond all numbers. `document` is set
    for a file with faults of syntax; `incomplete` are subjects in the statements at fault.
    """

    name: str
    triples: int = 0
    subjects: set[bytes] = field(default_factory=set)
    typed: set[bytes] = field(default_factory=set)
    terms: set[bytes] = field(default_factory=set)
    languages: set[str] = field(default_factory=set)
    blank: bool = False
    texts_alike: bool = False
    bad_address: bool = False
    unseen: bool = False
    long_text: bool = False
    vast_year: bool = False
    document: Document | None = None
    incomplete: frozenset[bytes] = frozenset()


def scan(name: str, data: bytes, vocabulary: str) -> tuple[FileFacts, bytes]:
    """The facts of a Turtle file and its triples as N-Triples; `vocabulary` is the namespace of the core vocabulary.

    A file with faults gives the triples that could be read, and the document with its faults.
    """
    try:
        ntriples = ox.serialize(ox.parse(data, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True), format=ox.RdfFormat.N_TRIPLES)
    except SyntaxError:
        document = read(data)
        ntriples = ox.serialize((statement.triple for statement in document.triples), format=ox.RdfFormat.N_TRIPLES)
        facts = facts_of(name, data, ntriples, vocabulary)
        facts.document, facts.incomplete = document, _incomplete(document)
    else:
        facts = facts_of(name, data, ntriples, vocabulary)
    if facts.vast_year:
        ntriples = VAST_YEAR.sub(rb"\1", ntriples)
    return facts, ntriples


def facts_of(name: str, data: bytes, ntriples: bytes, vocabulary: str) -> FileFacts:
    """The facts of a file without faults, of which the N-Triples are there already."""
    facts = FileFacts(name)
    facts.unseen = _may_hide(data) or _may_hide(ntriples)
    _gather(facts, ntriples, b"<" + vocabulary.encode())
    return facts


def _may_hide(data: bytes) -> bool:
    """Whether there may be signs that are not seen; looked at closely only where there are others like them."""
    return any(start in data for start in _UNSEEN_STARTS) and (_ESCAPE in data or UNSEEN.search(data.decode(errors="replace")) is not None)


def _gather(facts: FileFacts, ntriples: bytes, vocabulary: bytes) -> None:
    predicates: set[bytes] = set()
    texts: set[bytes] = set()
    fewest_spaces: int = rule("same-text")["fewest_words"] - 1
    longest: int = rule("long-text")["most_characters"]
    subjects, terms, last = facts.subjects, facts.terms, b""
    lines = ntriples.split(b"\n")
    facts.triples = len(lines) - 1
    for line in lines[:-1]:
        subject, predicate, rest = line.split(b" ", 2)
        if subject != last:
            last = subject
            subjects.add(subject)
        predicates.add(predicate)
        first, end = rest[0], rest[-3]
        if len(rest) > longest:
            facts.long_text = True
        if first == _LESS:
            if predicate == _TYPE:
                facts.typed.add(subject)
            if rest.startswith(vocabulary):
                terms.add(rest[:-2])
        elif first != _QUOTE:
            facts.blank = True
        elif end == _GREATER:
            if rest[2:14].isdigit() and VAST_YEAR.match(rest):
                facts.vast_year = True
            if rest.endswith(_ADDRESS):
                address = rest[1 : rest.rindex(b'"')]
                facts.bad_address = facts.bad_address or not _NOT_IN_ADDRESS.isdisjoint(address)
        elif end != _QUOTE:
            text, _, language = rest[:-2].rpartition(b'"@')
            facts.languages.add(language.decode())
            if text.count(b" ") >= fewest_spaces:
                key = subject + predicate + text
                facts.texts_alike = facts.texts_alike or key in texts
                texts.add(key)
    terms.update(predicate for predicate in predicates if predicate.startswith(vocabulary))
    facts.blank = facts.blank or any(subject.startswith(b"_") for subject in subjects)


def _incomplete(document: Document) -> frozenset[bytes]:
    """Subjects of records with a fault in them or behind them, up to the next record: something may be missing there."""
    at_fault = [document.lines[min(fault.line, len(document.lines)) - 1] + fault.column - 1 for fault in document.errors]
    starts = [item.subject.start if hasattr(item, "subject") else item.start for item in document.items]
    found = set()
    for item, start, following in zip(document.items, starts, [*starts, len(document.text) + 1][1:], strict=True):
        if hasattr(item, "subject") and item.subject.term is not None and any(start <= fault < following for fault in at_fault):
            found.add(str(item.subject.term).encode())
    return frozenset(found)
