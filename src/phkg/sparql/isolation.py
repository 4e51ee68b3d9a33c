"""A stranger's query made fit to be sent to a store elsewhere, in which there may be more than the published snapshot.

The wall is the protocol's `default-graph-uri`; this is the second one, for stores that take the protocol lightly. The query is written
anew from its terminals, so that every engine reads the same terminals as we do: no comment, no escape sequence, nothing that one
engine takes for an IRI and another for an operator. `GRAPH` becomes a group without solutions, since the data set has no named
graphs. IRIs of schemes by which some engines call functions (`bif:`, `sql:`, `java:`) are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from phkg.sparql.problems import Problem, say
from phkg.sparql.tokens import Token, tokens

SCHEMES = frozenset({"bif", "sql", "virtrdf", "java", "javascript", "jar", "file"})
"""Schemes of IRIs that some engines take as a name of a function, a class or a file of theirs."""
SCHEME = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]*):")
ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
REST = re.compile(r"(?:\s|#[^\r\n]*)*")
ILLEGAL_IN_IRI = re.compile(r"[\x00-\x20<>\"{}|^`\\]")
GLUED = re.compile(r"(?:^|[.-])(?:GRAPH|FROM)(?:[.-]|$)")
MUST_ESCAPE = {'"': '\\"', "'": "\\'", "\\": "\\\\", "\n": "\\n", "\r": "\\r"}


@dataclass(frozen=True)
class Isolated:
    """The query as it may be sent; `names_graphs` says that it names a data set of its own (FROM), of which there is nothing here."""

    text: str
    names_graphs: bool


def isolate(query: str, base_iri: str) -> Isolated:
    """A query made fit, relative IRIs resolved against `base_iri` by whoever runs it. Raises Problem for one that may not be sent.

    To be called with what has been found to be a SPARQL 1.1 query.
    """
    found = list(tokens(query))
    end = found[-1].start + len(found[-1].text) if found else 0
    if not found or REST.fullmatch(query, end) is None:
        raise Problem(400, "unclear", say("unclear"))
    names_graphs = any(token.kind == "word" and token.text.upper() == "FROM" for token in found)
    parts = [f"BASE <{base_iri}> "]
    last: Token | None = None
    for token in _without_graphs(found):
        if last is not None and not _belong_together(last, token):
            parts.append(" ")
        parts.append(_plain(token))
        last = token
    return Isolated("".join(parts), names_graphs)


def _without_graphs(found: list[Token]) -> Iterator[Token]:
    at = 0
    while at < len(found):
        token = found[at]
        word = token.text.upper()
        if token.kind == "word" and word == "GRAPH" and at + 2 < len(found) and found[at + 2].text == "{":
            name = found[at + 1]
            none = f"{{ VALUES {name.text} {{ }}" if name.kind == "variable" else "{ FILTER ( false )"
            yield Token("group", none, token.start)
            at += 3
            continue
        if token.kind == "word" and word not in ("GRAPH", "FROM") and GLUED.search(word):
            raise Problem(400, "unclear", say("unclear-word", given=token.text[:100]))
        yield token
        at += 1


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
