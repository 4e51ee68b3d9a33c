"""A stranger's query made fit to be sent to a store elsewhere, in which there may be more than the published snapshot.

The wall is the protocol's `default-graph-uri`; this is the second one, for stores that take the protocol lightly. The query is written
anew from its terminals, so that every engine reads the same terminals as we do: no comment, no escape sequence, nothing that one
engine takes for an IRI and another for an operator, no prefix whose name may be read as a keyword. `GRAPH` names the one named graph that there is by the name it has in the store,
and is a group without solutions where there is none. IRIs of schemes by which some engines call functions (`bif:`, `sql:`, `java:`) are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

from phkg.sparql.problems import Problem, say
from phkg.sparql.tokens import Token, tokens

SCHEMES = frozenset({"bif", "sql", "virtrdf", "java", "javascript", "jar", "file"})
"""Schemes of IRIs that some engines take as a name of a function, a class or a file of theirs."""
SCHEME = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]*):")
ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
REST = re.compile(r"(?:\s|#[^\r\n]*)*")
ILLEGAL_IN_IRI = re.compile(r"[\x00-\x20<>\"{}|^`\\]")
GLUED = re.compile(r"GRAPH|FROM")
MUST_ESCAPE = {'"': '\\"', "'": "\\'", "\\": "\\\\", "\n": "\\n", "\r": "\\r"}


@dataclass(frozen=True)
class Named:
    """A named graph: the name that readers know and the one that it has in the store."""

    shown: str
    stored: str


@dataclass(frozen=True)
class Isolated:
    """The query as it may be sent, without the data set that it names itself (FROM): the IRIs of its default and its named graphs, None without one."""

    text: str
    default_graphs: tuple[str, ...] | None
    named_graphs: tuple[str, ...] | None


def isolate(query: str, base_iri: str, graph: Named | None = None) -> Isolated:
    """A query made fit, relative IRIs resolved against `base_iri` by whoever runs it; `graph` is the only named graph that it may see.

    Raises Problem for one that may not be sent.

    To be called with what has been found to be a SPARQL 1.1 query.
    """
    found = list(tokens(query))
    end = found[-1].start + len(found[-1].text) if found else 0
    if not found or REST.fullmatch(query, end) is None:
        raise Problem(400, "unclear", say("unclear"))
    found, default, named = _cut_dataset(found, base_iri)
    parts = [f"BASE <{base_iri}> "]
    last: Token | None = None
    for token in _with_one_graph(_renamed(found), graph):
        if last is not None and not _belong_together(last, token):
            parts.append(" ")
        parts.append(_plain(token))
        last = token
    given = bool(default or named)
    return Isolated("".join(parts), default if given else None, named if given else None)


def _cut_dataset(found: list[Token], base_iri: str) -> tuple[list[Token], tuple[str, ...], tuple[str, ...]]:
    """The terminals of a query without its dataset clauses (SPARQL 1.1 Query, section 13.2), and the IRIs in these: of default and of named graphs."""
    left: list[Token] = []
    default: list[str] = []
    named: list[str] = []
    base, prefixes, at = base_iri, {}, 0
    while at < len(found):
        word = found[at].text.upper() if found[at].kind == "word" else ""
        if word == "FROM":
            graphs, at = (named, at + 2) if found[at + 1].text.upper() == "NAMED" else (default, at + 1)
            graphs.append(_resolved(found[at], base, prefixes))
        else:
            left.append(found[at])
            if word == "BASE":
                base = urljoin(base, _plain(found[at + 1])[1:-1])
            elif word == "PREFIX":
                prefixes[found[at + 1].text] = urljoin(base, _plain(found[at + 2])[1:-1])
        at += 1
    return left, tuple(default), tuple(named)


def _resolved(name: Token, base: str, prefixes: Mapping[str, str]) -> str:
    if name.kind == "iri":
        return urljoin(base, _plain(name)[1:-1])
    prefix, _, local = name.text.partition(":")
    if f"{prefix}:" not in prefixes:
        raise _unclear(name)
    return prefixes[f"{prefix}:"] + ESCAPE.sub(lambda escape: escape[3] or escape[0], local)


def _renamed(found: list[Token]) -> list[Token]:
    """The terminals with prefixes that begin as no keyword does: an engine may read `GRAPHx:g` as `GRAPH x:g`."""
    names = {"_": "_"}
    renamed = []
    for before, token in zip([None, *found], found, strict=False):
        if token.kind == "prefixed":
            prefix, _, local = token.text.partition(":")
            if before is not None and before.text.upper() == "PREFIX":
                names.setdefault(prefix, f"n{len(names)}")
            elif prefix not in names:
                raise _unclear(token)
            token = Token(token.kind, f"{names[prefix]}:{local}", token.start)
        elif token.kind == "word" and token.text.upper() not in ("GRAPH", "FROM") and GLUED.search(token.text.upper()):
            raise _unclear(token)
        renamed.append(token)
    return renamed


def _unclear(token: Token) -> Problem:
    return Problem(400, "unclear", say("unclear-word", given=token.text[:100]))


def _with_one_graph(found: list[Token], graph: Named | None) -> Iterator[Token]:
    at = 0
    closes: list[str] = []
    while at < len(found):
        token = found[at]
        word = token.text.upper()
        if token.kind == "word" and word == "GRAPH" and at + 2 < len(found) and found[at + 2].text == "{":
            # Nothing may stand beside a SELECT in its group, so this one gets a group of its own.
            inner = at + 3 < len(found) and found[at + 3].kind == "word" and found[at + 3].text.upper() == "SELECT"
            yield Token("group", _opened(found[at + 1], graph) + (" {" if inner else ""), token.start)
            closes.append("} }" if inner else "}")
            at += 3
            continue
        if token.text == "{":
            closes.append("}")
        elif token.text == "}" and closes:
            token = Token("group", closes.pop(), token.start)
        yield token
        at += 1


def _opened(name: Token, graph: Named | None) -> str:
    """The beginning of the group that `GRAPH name {` begins."""
    if graph is None:
        return f"{{ VALUES {name.text} {{ }}" if name.kind == "variable" else "{ FILTER ( false )"
    if name.kind == "variable":
        return f"GRAPH <{graph.stored}> {{ VALUES {name.text} {{ <{graph.shown}> }}"
    return f"GRAPH <{graph.stored}> {{ FILTER ( {_plain(name)} = <{graph.shown}> )"


def _belong_together(one: Token, other: Token) -> bool:
    """Whether two terminals stand so close that a space between them would make others of them (`&&`, `^^`, `-1`)."""
    return one.kind == "other" and other.kind in ("other", "number") and one.start + len(one.text) == other.start


def _plain(token: Token) -> str:
    if token.kind in ("string", "long"):
        return ESCAPE.sub(_in_text, token.text)
    if token.kind != "iri":
        return token.text
    text = f"<{ESCAPE.sub(_in_iri, token.text[1:-1])}>"
    scheme = SCHEME.match(text)
    if scheme and scheme[1].lower() in SCHEMES:
        raise Problem(400, "scheme", say("scheme", scheme=scheme[1][:30]))
    return text


def _in_text(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2]
    return escape[0] if code is None else MUST_ESCAPE.get(_character(code), _character(code))


def _in_iri(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2]
    character = "\\" if code is None else _character(code)
    if ILLEGAL_IN_IRI.match(character):
        raise Problem(400, "unclear", say("unclear-iri"))
    return character


def _character(code: str) -> str:
    number = int(code, 16)
    if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF:
        raise Problem(400, "unclear", say("unclear-character", code=code))
    return chr(number)
