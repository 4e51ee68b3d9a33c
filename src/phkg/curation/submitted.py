"""What was sent in, read as records: which files they belong to, and what these files would be with them.

Record by record: what is sent takes the place of the record with the same identifier, or is added; what is not sent stays.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import pyoxigraph as ox

from phkg.records.files import BYTE_ORDER_MARK
from phkg.turtle.document import Document
from phkg.turtle.excerpt import read_about
from phkg.turtle.faults import TurtleSyntaxError
from phkg.turtle.format import write_turtle
from phkg.turtle.locate import locate
from phkg.turtle.reader import read
from phkg.turtle.replace import with_records
from phkg.validation.details import has_vast_year, place, syntax_findings
from phkg.validation.findings import Finding
from phkg.validation.words import own_finding
from phkg.vocabulary import ph
from phkg.vocabulary.namespaces import PREFIXES

TURTLE, JSON_LD = "text/turtle", "application/ld+json"
SENT = "sent"
"""The name that what was sent has in findings: their lines are counted in it."""
MOST_BYTES = 1024 * 1024
"""Bytes of one submission; the largest file of a region has a tenth of that."""
MOST_TRIPLES = 20_000
MOST_FILES = 50
MOST_IN_IRI = 400
"""Characters of an identifier; its second step is the name of a file."""
_STEP = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)


@dataclass(frozen=True)
class Change:
    """What a submission does to one record: its IRI, and whether it is new."""

    record: str
    is_new: bool


@dataclass(frozen=True)
class Submitted:
    """What was sent, as far as it can be read. `text` is it as Turtle, in which `findings` have their lines; with findings that block, `files` is empty.

    `files` are whole files by their paths from the registry's root, `new_files` those that there were not before, `sources` the IRIs of the
    sources that the changed records name.
    """

    text: str
    findings: tuple[Finding, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    new_files: frozenset[str] = frozenset()
    changes: tuple[Change, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ground:
    """The registry that a submission is meant for: what its records' IRIs begin with, its languages, the folders there are below `registry/`,
    the terms that JSON-LD of this registry uses (`context`), and how a file is read (None: there is none)."""

    base: str
    languages: tuple[str, ...]
    folders: frozenset[str]
    context: Callable[[], Mapping[str, object]]
    file: Callable[[str], bytes | None]


def read_submission(data: bytes, media_type: str, ground: Ground) -> Submitted:
    """The files that would be, and what forbids it as far as it shows without the rules. Never raises for what the data hold."""
    data = data.removeprefix(BYTE_ORDER_MARK)
    if not data.strip():
        return Submitted("", (own_finding("nothing-sent", SENT),))
    if media_type == JSON_LD:
        try:
            data = _from_json_ld(data, ground)
        except (ValueError, RecursionError, SyntaxError) as error:
            return Submitted("", (own_finding("json-ld", SENT, values={"detail": str(error)[:200]}),))
    document = read(data)
    if not document.errors and any(_is_added(one.triple, ground.base) for one in document.triples):
        kept = (one.triple for one in document.triples if not _is_added(one.triple, ground.base))
        document = read(write_turtle(kept, PREFIXES | document.prefixes, ground.languages))
    if document.errors:
        findings = [
            own_finding("not-utf-8", SENT, values={"detail": one.detail}, line=one.line, column=one.column) for one in document.errors if one.code == "not-utf8"
        ]
        return Submitted(document.text, (*findings, *syntax_findings(SENT, document)))
    if len(document.triples) > MOST_TRIPLES:
        return Submitted("", (own_finding("too-many", SENT, values={"found": len(document.triples), "most": MOST_TRIPLES}),))
    homes, findings = _homes(document, ground)
    for one in document.triples:
        if has_vast_year(one.object.term):
            at = place(document, document.position(one.object))
            findings.append(own_finding("vast-year", SENT, values={"value": one.object.term.value[:60]}, record=one.subject.term.value, **at))
    if not homes and not findings:
        findings = [own_finding("nothing-sent", SENT)]
    if len(homes) > MOST_FILES:
        findings.append(own_finding("too-many", SENT, values={"found": len(homes), "most": MOST_FILES}))
    if findings:
        return Submitted(document.text, tuple(findings))
    return _merged(document, homes, ground)


def _from_json_ld(data: bytes, ground: Ground) -> bytes:
    """JSON-LD as Turtle. A context that is named by an address is this registry's own: nothing is fetched."""
    told = json.loads(data)
    for one in told if isinstance(told, list) else [told]:
        if isinstance(one, dict) and isinstance(one.get("@context"), str):
            one["@context"] = ground.context()
    quads = list(ox.parse(json.dumps(told).encode(), format=ox.RdfFormat.JSON_LD))
    if any(not isinstance(quad.graph_name, ox.DefaultGraph) for quad in quads):
        raise ValueError("Named graphs (@graph with an @id) have no place in the registry.")
    return write_turtle((quad.triple for quad in quads), PREFIXES, ground.languages)


def _is_added(triple: ox.Triple, base: str) -> bool:
    """Whether the program says this of a record by itself, wherever it is served: its history, and the bounds of its dates."""
    subject = triple.subject.value
    return triple.predicate in ph.DATE_BOUNDS or (subject.startswith(base) and (subject.endswith("#record") or "registry#commit-" in subject))


def home_of(iri: str, base: str) -> str | None:
    """The file in which a record, or a part of one, lies; None for an IRI that can be in no file of records."""
    steps = iri.removeprefix(base).split("/") if base and iri.startswith(base) else []
    if len(steps) < 2 or len(iri) > MOST_IN_IRI or not all(_STEP.fullmatch(step) for step in steps[:2]):
        return None
    return f"registry/{steps[0]}/{steps[1]}.ttl"


def _homes(document: Document, ground: Ground) -> tuple[dict[str, set[str]], list[Finding]]:
    """The subjects of what was sent by their files, and a finding for each that has none."""
    homes: dict[str, set[str]] = {}
    findings = []
    for subject, statements in document.by_subject.items():
        at = place(document, document.position(statements[0].subject))
        if isinstance(subject, ox.BlankNode):
            findings.append(own_finding("blank-node", SENT, values={"suggestion": f"<{ground.base}…/1>"}, **at))
            continue
        home = home_of(subject.value, ground.base)
        if home is None or home.split("/")[1] not in ground.folders:
            values = {"iri": f"<{subject.value}>", "expected": f"<{ground.base}…/…>", "folders": ", ".join(sorted(ground.folders))}
            findings.append(own_finding("no-record", SENT, values=values, record=subject.value, **at))
        else:
            homes.setdefault(home, set()).add(subject.value)
    return homes, findings


def _merged(document: Document, homes: Mapping[str, set[str]], ground: Ground) -> Submitted:
    files, new_files, changes = {}, set(), []
    sources: dict[str, None] = {}
    for name, subjects in sorted(homes.items()):
        before = ground.file(name)
        old = read_about(before or b"", subjects)
        changed = [iri for iri in sorted(subjects) if _said(document, iri) != _said(old, iri)]
        if not changed:
            continue
        if before is None:
            new_files.add(name)
        changes += [Change(iri, ox.NamedNode(iri) not in old.by_subject) for iri in changed]
        for iri in changed:
            sources |= {one.object.term.value: None for one in document.by_subject[ox.NamedNode(iri)] if one.predicate.term == ph.statedBy}
        try:
            files[name] = with_records(before or b"", document, frozenset(changed), ground.languages)
        except TurtleSyntaxError as error:
            # What lies at the head is at fault: it was not read wholly, and must be mended there first.
            fault = error.faults[0]
            return Submitted(document.text, (own_finding("syntax", name, values={"detail": fault.code}, line=fault.line),))
    return Submitted(document.text, (), files, frozenset(new_files), tuple(changes), tuple(sources))


def _said(document: Document, iri: str) -> set[tuple[object, object]]:
    return {(one.predicate.term, one.object.term) for one in document.by_subject.get(ox.NamedNode(iri), ())}


def in_what_was_sent(finding: Finding, document: Document) -> Finding:
    """The finding with its place in what was sent, where that speaks of its record."""
    record = ox.NamedNode(finding.record) if finding.record else None
    if record is None or record not in document.by_subject:
        return finding
    predicate = ox.NamedNode(finding.property) if finding.property and ":" in finding.property and not set("<>()^|/ ") & {finding.property[0]} else None
    position = locate(document, record, predicate, _term(finding.value))
    return replace(finding, file=SENT, **place(document, position))


def _term(written: str) -> ox.NamedNode | ox.Literal | None:
    if not written:
        return None
    try:
        (quad,) = ox.parse(f"<x:s> <x:p> {written} .".encode(), format=ox.RdfFormat.N_TRIPLES)
    except (SyntaxError, ValueError):
        return None
    return quad.object if not isinstance(quad.object, ox.BlankNode) else None
