"""What exactly is wrong in a file that the fast pass marked, with the place of each fault."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from phkg.turtle.document import Document, Node, Position, Statement
from phkg.turtle.locate import snippet
from phkg.turtle.messages import sentence
from phkg.turtle.tokens import line_and_column

from .findings import Finding
from .scan import UNSEEN, VAST_YEAR, FileFacts
from .words import languages as word_languages
from .words import own_finding, rule

_ANY_URI = "http://www.w3.org/2001/XMLSchema#anyURI"
_NOT_IN_ADDRESS = re.compile(r'[\x00-\x20<>{}|\\^`"]')
_MOST_UNSEEN = 20
_SLUG = "[a-z0-9]+(?:-[a-z0-9]+)*"
_PART = re.compile(_SLUG)
_PARTS = re.compile(f"{_SLUG}(?:/{_SLUG})*")


@dataclass(frozen=True)
class Registry:
    """What the checks of a single file must know of the whole: the records' `base` IRI (empty when unknown), the core `vocabulary` namespace and its
    `terms` as IRIs, the `languages` of the registry in its order, and in which files each of the twice-described identifiers (`twice`) stands."""

    base: str
    vocabulary: str
    terms: frozenset[str]
    languages: tuple[str, ...]
    twice: dict[str, tuple[str, ...]]


def own_namespace(name: str, base: str) -> str | None:
    """What every IRI described in the file `name` begins with, or None where no rule says (the core vocabulary, a file from elsewhere)."""
    for room in ("registry/", "ontology/concepts/"):
        if name.startswith(room) and base:
            return base + name.removeprefix("registry/").removeprefix("ontology/").removesuffix(".ttl")
    return None


def belongs(iri: str, namespace: str) -> bool:
    """True when `iri` is `namespace` or lies below it."""
    return iri == namespace or iri.startswith(namespace + "/")


def file_name_findings(name: str) -> Iterator[Finding]:
    """A finding for each part of a record file's path that is not a slug."""
    if not name.startswith(("registry/", "ontology/concepts/")):
        return
    for part in name.removesuffix(".ttl").split("/")[1:]:
        if not _PART.fullmatch(part):
            yield own_finding("file-name", name, values={"part": part, "suggestion": slug(part)})


def slug(text: str) -> str:
    """`text` as a slug: small letters a–z, digits, single hyphens."""
    plain = text.lower().translate(str.maketrans("åäöéèüø", "aaoeeuo"))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "x"


def suspects(facts: FileFacts, registry: Registry) -> set[str] | None:
    """The IRIs in the file that one of the program's own checks has something to say of; None where the whole file must be looked at."""
    namespace = own_namespace(facts.name, registry.base)
    foreign = registry.languages and namespace is not None and facts.languages.difference(registry.languages)
    if facts.unseen or facts.long_text or facts.vast_year or facts.document is not None or facts.blank or facts.texts_alike or facts.bad_address or foreign:
        return None
    found = {term for iri in facts.terms if (term := iri[1:-1].decode()) not in registry.terms}
    if namespace is not None or registry.twice:
        subjects = (iri[1:-1].decode() for iri in facts.subjects)
        found.update(
            iri for iri in subjects if iri in registry.twice or (namespace is not None and (not belongs(iri, namespace) or not _has_form(iri, registry.base)))
        )
    return found


def _unseen_findings(name: str, document: Document) -> Iterator[Finding]:
    """A finding for the first sign in each line that is not seen, wherever it stands: in a text, an identifier, or beside them."""
    seen: set[int] = set()
    for match in UNSEEN.finditer(document.text):
        line, column = line_and_column(document.lines, match.start())
        if line not in seen and len(seen) < _MOST_UNSEEN:
            seen.add(line)
            values = {"sign": f"U+{ord(match.group()):04X}"}
            yield own_finding("unseen-sign", name, values=values, **place(document, Position(line, column, column + 1)))


def syntax_findings(name: str, document: Document) -> Iterator[Finding]:
    """A finding for each fault of syntax in a document, but for bytes that are no UTF-8: those are a fault of the file as such."""
    for fault in document.errors:
        if fault.code == "not-utf8":
            continue  # said already, of the file as such
        values = {"detail": {language: sentence(fault, language) for language in word_languages()}}
        end = fault.end_column if fault.end_line == fault.line else fault.column + 1
        yield own_finding("syntax", name, values=values, **place(document, Position(fault.line, fault.column, end)))


def file_findings(name: str, document: Document, registry: Registry) -> Iterator[Finding]:
    """Every finding of the program's own checks in one file."""
    yield from syntax_findings(name, document)
    yield from _unseen_findings(name, document)
    namespace = own_namespace(name, registry.base)
    seen: set[ox.NamedNode] = set()
    texts: dict[tuple, str] = {}
    for statement in document.triples:
        subject, predicate, value = statement.subject, statement.predicate, statement.object
        if subject.term not in seen:
            seen.add(subject.term)
            yield from _subject_findings(name, document, subject, namespace, registry)
        if isinstance(value.term, ox.BlankNode) and value.term not in seen:
            seen.add(value.term)
            yield from _subject_findings(name, document, value, namespace, registry)
        for node in (predicate, value):
            if isinstance(node.term, ox.NamedNode) and node.term.value.startswith(registry.vocabulary) and node.term.value not in registry.terms:
                yield _unknown_term(name, document, node, subject, registry)
        for node in (subject, predicate, value):
            # What was written plainly is found in the text itself.
            if (found := UNSEEN.search(getattr(node.term, "value", ""))) and not UNSEEN.search(document.text[node.start : node.end]):
                yield own_finding("unseen-sign", name, values={"sign": f"U+{ord(found.group()):04X}"}, record=_record(subject), **_at(document, node))
        if isinstance(value.term, ox.Literal):
            yield from _literal_findings(name, document, statement, registry, texts)


def place(document: Document, position: Position) -> dict[str, object]:
    """The fields of a Finding that say where: line, columns, and the line itself with carets under the part meant."""
    line, column, end_column = position
    start = document.lines[line - 1] if line <= len(document.lines) else len(document.text)
    end = document.lines[line] if line < len(document.lines) else len(document.text)
    shown = snippet(document.text[start:end].encode(), Position(1, column, end_column))
    return {"line": line, "column": column, "end_column": end_column, "snippet": shown}


def _at(document: Document, node: Node) -> dict[str, object]:
    return place(document, document.position(node))


def has_vast_year(term: object) -> bool:
    """Whether a term is a date of a year that no engine has numbers for."""
    return isinstance(term, ox.Literal) and VAST_YEAR.match(str(term).encode()) is not None


def _record(node: Node) -> str:
    return node.term.value if isinstance(node.term, ox.NamedNode) else ""


def _subject_findings(name: str, document: Document, subject: Node, namespace: str | None, registry: Registry) -> Iterator[Finding]:
    if isinstance(subject.term, ox.BlankNode):
        below = namespace or registry.vocabulary
        yield own_finding("blank-node", name, values={"suggestion": f"<{below}/1>"}, **_at(document, subject))
        return
    iri = subject.term.value
    misplaced = namespace is not None and not belongs(iri, namespace)
    if misplaced:
        values = {"iri": f"<{iri}>", "expected": f"<{namespace}>", "file": _home(iri, registry.base)}
        yield own_finding("wrong-place", name, values=values, record=iri, **_at(document, subject))
    elif namespace is not None and not _has_form(iri, registry.base):
        yield own_finding("identifier-form", name, values={"iri": f"<{iri}>"}, record=iri, **_at(document, subject))
    elif others := [other for other in registry.twice.get(iri, ()) if other != name]:
        yield own_finding("identifier-twice", name, values={"iri": f"<{iri}>", "other": ", ".join(others)}, record=iri, **_at(document, subject))


def _has_form(iri: str, base: str) -> bool:
    """Whether the steps of a record's identifier are slugs, so that none looks like another."""
    return not base or not iri.startswith(base) or _PARTS.fullmatch(iri, len(base)) is not None


def _home(iri: str, base: str) -> str:
    """The file in which `iri` would lie: the first two steps below the base, or what may be said of an IRI elsewhere."""
    if not base or not iri.startswith(base):
        return "registry/…"
    steps = iri.removeprefix(base).split("/")
    return ("ontology/" if steps[0] == "concepts" else "registry/") + "/".join(steps[:2]) + ".ttl"


def _unknown_term(name: str, document: Document, node: Node, subject: Node, registry: Registry) -> Finding:
    local = node.term.value.removeprefix(registry.vocabulary)
    known = sorted(term.removeprefix(registry.vocabulary) for term in registry.terms)
    near = difflib.get_close_matches(local, known, n=1, cutoff=0.6)
    shown = document.text[node.start : node.end]
    prefix = shown.partition(":")[0] + ":" if ":" in shown and not shown.startswith("<") else ""
    suggestion = (prefix or registry.vocabulary) + near[0] if near else ""
    return own_finding(
        "unknown-term",
        name,
        values={"term": shown, "suggestion": suggestion},
        hint="hint" if near else "hint_none",
        record=_record(subject),
        value=str(node.term),
        **_at(document, node),
    )


def _literal_findings(name: str, document: Document, statement: Statement, registry: Registry, texts: dict[tuple, str]) -> Iterator[Finding]:
    value, predicate = statement.object.term, statement.predicate.term.value

    def said() -> dict[str, object]:
        return {"record": _record(statement.subject), "property": predicate, "value": str(value), **_at(document, statement.object)}

    if len(value.value) > rule("long-text")["most_characters"]:
        values = {"found": len(value.value), "most": rule("long-text")["most_characters"]}
        yield own_finding("long-text", name, values=values, **said() | {"value": ""})
    if value.language:
        # The core vocabulary is shared by every registry and keeps its own languages.
        judged = registry.languages and own_namespace(name, registry.base) is not None
        if judged and value.language not in registry.languages and predicate not in rule("unknown-language")["free"]:
            values = {"tag": value.language, "languages": ", ".join("@" + tag for tag in registry.languages)}
            yield own_finding("unknown-language", name, values=values, **said())
        first = texts.setdefault((statement.subject.term, predicate, value.value), value.language)
        if first != value.language and len(value.value.split()) >= rule("same-text")["fewest_words"]:
            yield own_finding("same-text", name, values={"languages": f"@{first}, @{value.language}"}, **said())
    elif has_vast_year(value):
        yield own_finding("vast-year", name, values={"value": value.value[:60]}, **said())
    elif value.datatype.value == _ANY_URI and (found := _NOT_IN_ADDRESS.search(value.value)):
        yield own_finding("bad-address", name, values={"value": value.value, "sign": found.group()}, **said())
