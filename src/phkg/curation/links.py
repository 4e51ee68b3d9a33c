"""The addresses of sources, checked one by one and remembered: which there are, what became of each, the report, and what it means for the records."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import get_args

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from phkg.curation.comma_separated import write_csv
from phkg.curation.link_check import Checked, Outcome
from phkg.curation.words import word
from phkg.graph.facts import TYPE
from phkg.records.files import FileEntry, entries, read_entry
from phkg.records.knowledge import Knowledge
from phkg.records.languages import languages_of
from phkg.turtle.files import formatted
from phkg.turtle.reader import read
from phkg.views.plain_text import as_text
from phkg.vocabulary import ph
from phkg.vocabulary.namespaces import DCTERMS, PH, SCHEMA, XSD

ADDRESS = NamedNode(SCHEMA + "url")
TITLE = NamedNode(DCTERMS + "title")
ANY_URI = NamedNode(XSD + "anyURI")
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
COLUMNS = ("outcome", "source", "title", "address", "new", "copy", "status", "why", "checked", "file")
_PREFIXES = {"ph": PH, "xsd": XSD, "schema": SCHEMA}


@dataclass(frozen=True)
class SourceAddress:
    """A source with its address: IRI, title, the file it stands in, whether it has an archived copy, and whether a better one is wanted already."""

    iri: str
    title: str
    address: str
    file: str
    has_copy: bool
    is_weak: bool


@dataclass(frozen=True)
class Found:
    """What became of a source's address on a day (ISO 8601); `copy` is an archived one that was asked for."""

    source: SourceAddress
    checked: Checked
    on: str
    copy: str = ""


class CannotRead(Exception):
    """A file that cannot be read; the text says which and why."""


def sources(knowledge: Knowledge) -> tuple[SourceAddress, ...]:
    """Every source with an address of the web, by IRI. Raises CannotRead."""
    found = []
    for entry in entries(knowledge, ("registry",)):
        data = read_entry(entry) if isinstance(entry, FileEntry) else None
        if not isinstance(entry, FileEntry) or not isinstance(data, bytes):
            continue
        try:
            quads = list(parse(data, format=RdfFormat.TURTLE))
        except SyntaxError as error:
            raise CannotRead(f"{entry.name}:{error.lineno}: {error.msg}") from None
        kinds = {quad.subject for quad in quads if quad.predicate == TYPE and quad.object == ph.Source}
        said = {subject: {quad.predicate: quad.object.value for quad in quads if quad.subject == subject} for subject in kinds}
        for subject, values in said.items():
            if values.get(ADDRESS, "").startswith(("http://", "https://")):
                copy, weak = (predicate in values for predicate in (ph.archivedUrl, ph.needsBetterSource))
                found.append(SourceAddress(subject.value, values.get(TITLE, ""), values[ADDRESS], entry.name, copy, weak))
    return tuple(sorted(found, key=lambda one: one.iri))


class State:
    """What earlier runs have found, a line of JSON each; a run that was stopped has lost nothing but the address it was at."""

    def __init__(self, path: Path) -> None:
        """Reads the file when it is there; lines that cannot be read count as not checked. Raises OSError."""
        self._path = path
        self.found: dict[str, tuple[Checked, str]] = {}
        self.copies: dict[str, str] = {}
        for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
            try:
                told = json.loads(line)
                if "copy" in told:
                    self.copies[told["address"]] = told["copy"]
                elif told["outcome"] in OUTCOMES:
                    checked = Checked(**{name: told[name] for name in ("address", "outcome", "status", "new", "why")})
                    self.found[checked.address] = (checked, date.fromisoformat(told["on"]).isoformat())
            except (ValueError, KeyError, TypeError):
                continue

    def left(self, addresses: Iterable[str], today: date, days: int) -> list[str]:
        """The addresses that were not checked within so many days; what was not reached is tried again on another day."""
        since = (today - timedelta(days=days)).isoformat()

        def is_known(address: str) -> bool:
            checked, on = self.found.get(address, (None, ""))
            return checked is not None and (on == today.isoformat() or (on > since and checked.outcome != "unreachable"))

        return [address for address in dict.fromkeys(addresses) if not is_known(address)]

    def keep(self, checked: Checked, on: date) -> None:
        """Remember one, at once. Raises OSError."""
        self.found[checked.address] = (checked, on.isoformat())
        self._add({**asdict(checked), "on": on.isoformat()})

    def keep_copy(self, address: str, copy: str) -> None:
        """Remember an archived copy, or (empty) that there is none. Raises OSError."""
        self.copies[address] = copy
        self._add({"address": address, "copy": copy})

    def _add(self, told: Mapping[str, object]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(told, ensure_ascii=False) + "\n")


def findings(listed: Sequence[SourceAddress], state: State) -> tuple[Found, ...]:
    """What is known of the sources' addresses: the dead first, then what moved, was not reached or not asked, and what works."""
    order = ("dead", "moved", "unreachable", "not-asked", "works")
    known = (Found(one, *state.found[one.address], state.copies.get(one.address, "")) for one in listed if one.address in state.found)
    return tuple(sorted(known, key=lambda one: (order.index(one.checked.outcome), one.source.iri)))


def written(found: Sequence[Found], form: str, not_checked: int) -> str:
    """The report as `text`, `csv` or `json`; `not_checked` are left for another run."""
    if form == "csv":
        return write_csv(COLUMNS, ([str(value) for value in _row(one).values()] for one in found)).decode()
    if form == "json":
        return json.dumps({"not_checked": not_checked, "addresses": [_row(one) for one in found]}, ensure_ascii=False, indent=1) + "\n"
    lines = []
    for outcome, head in (("dead", "Dead"), ("moved", "Moved for good"), ("unreachable", "Not reached"), ("not-asked", "Not asked")):
        some = [one for one in found if one.checked.outcome == outcome]
        lines += [f"{head} ({len(some)})"] if some else []
        for one in some:
            told = f" → {one.checked.new}" if one.checked.new else f" ({as_text(one.checked.why)})"
            lines.append(f"  {as_text(one.source.title)}: {one.source.address}{told} – {one.source.file}")
            lines += [f"    archived copy: {one.copy}"] if one.copy else []
    works = sum(one.checked.outcome == "works" for one in found)
    return "\n".join([*lines, f"{works} of {len(found)} addresses work{f'; {not_checked} are not checked yet' if not_checked else ''}.", ""])


def proposed(knowledge: Knowledge, found: Sequence[Found]) -> dict[Path, bytes]:
    """The files as they would be; only those that change.

    What has moved has its new address. What is dead is marked as in need of a better source, with a note of the day: so pages and the list of things
    to do show it. Archived copies are recorded.
    """
    by_file: dict[str, list[Found]] = {}
    for one in found:
        if one.checked.outcome == "moved" or (one.checked.outcome == "dead" and not one.source.is_weak) or (one.copy and not one.source.has_copy):
            by_file.setdefault(one.source.file, []).append(one)
    changed = {}
    for name, some in by_file.items():
        path = knowledge.registry.parent / name
        before = path.read_bytes()
        languages = languages_of(knowledge)
        after = formatted(_with(before, some, languages), languages).data
        if after != before:
            changed[path] = after
    return changed


def _with(data: bytes, found: Sequence[Found], languages: Sequence[str]) -> bytes:
    document = read(data)
    new = {NamedNode(one.source.iri): one.checked for one in found if one.checked.outcome == "moved"}
    text = document.text
    for statement in reversed(document.triples):
        moved = new.get(statement.subject.term)
        if moved and statement.predicate.term == ADDRESS and statement.object.term.value == moved.address:
            text = text[: statement.object.start] + str(Literal(moved.new, datatype=ANY_URI)) + text[statement.object.end :]
    said: list[str] = []
    for one in found:
        subject = NamedNode(one.source.iri)
        if one.checked.outcome == "dead" and not one.source.is_weak:
            said.append(f"{subject} {ph.needsBetterSource} true")
            notes = (Literal(word("address-dead", language, day=one.on, why=one.checked.why), language=language) for language in languages)
            said += [f"{subject} {ph.note} {note}" for note in notes]
        if one.copy and not one.source.has_copy:
            said.append(f"{subject} {ph.archivedUrl} {Literal(one.copy, datatype=ANY_URI)}")
    heads = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in _PREFIXES.items() if f"@prefix {prefix}:" not in text)
    return (heads + text + "\n" + "".join(f"{line} .\n" for line in said)).encode()


def _row(one: Found) -> dict[str, object]:
    checked, source = one.checked, one.source
    values = (checked.outcome, source.iri, source.title, source.address, checked.new, one.copy, checked.status, checked.why, one.on, source.file)
    return dict(zip(COLUMNS, values, strict=True))
