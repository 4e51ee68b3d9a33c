"""The words of a SPARQL query, with their places in its text."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""(?P<space>\s+|\#[^\n]*)
    |(?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    |(?P<string>\"{3}(?:[^"\\]|\\.|\"(?!\"\"))*\"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<var>[?$]\w+)
    |(?P<blank>_:[\w.-]*\w)
    |(?P<name>(?:[^\W\d_][\w.-]*)?:(?:[\w:%](?:[\w.:%-]*[\w:%-])?)?)
    |(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    |(?P<word>[^\W\d_]\w*)
    |(?P<lang>@[a-zA-Z-]+)
    |(?P<sign>&&|\|\||!=|<=|>=|\^\^|[{}()\[\].;,*+?/|^!=<>-])""",
    re.VERBOSE | re.DOTALL,
)


class UnknownSign(Exception):
    """The query has a sign that SPARQL does not know, or that this reader does not; says which."""


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a query. `kind` is iri, string, var, blank, name, number, word, lang or sign; `text` has words in capitals and variables with
    a question mark; `start` and `end` are its place in the query."""

    kind: str
    text: str
    start: int
    end: int


def tokens(query: str) -> list[Token]:
    """The words of `query`, white space and comments left out. Raises UnknownSign."""
    found, at = [], 0
    while at < len(query):
        match = _TOKEN.match(query, at)
        if match is None:
            raise UnknownSign(f"unknown sign {query[at]!r}")
        kind, text = match.lastgroup or "", match.group()
        if kind != "space":
            found.append(Token(kind, text.upper() if kind == "word" else "?" + text[1:] if kind == "var" else text, at, match.end()))
        at = match.end()
    return found
