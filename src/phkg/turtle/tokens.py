"""The tokens of Turtle 1.1 (grammar: https://www.w3.org/TR/turtle/#sec-grammar), with their place in the text.

The tokeniser never fails: what is no token of Turtle becomes a token of kind ``bad``, so that the reader can say what is wrong with it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import cache
from io import StringIO
from itertools import accumulate
from typing import NamedTuple

_BASE = (
    r"A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_CHARACTERS = _BASE + r"_0-9\-\u00B7\u0300-\u036F\u203F-\u2040"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_PREFIX = rf"[{_BASE}][{_CHARACTERS}]*+(?:\.++[{_CHARACTERS}]++)*+"
_LOCAL = rf"(?:[{_BASE}_0-9:]|{_ESCAPED})(?:[{_CHARACTERS}:]++|{_ESCAPED}|\.++(?=[{_CHARACTERS}:]|{_ESCAPED}))*+"
STRINGS = (
    r'"""(?:[^"\\]++|\\.|"(?!""))*+"""',
    r"'''(?:[^'\\]++|\\.|'(?!''))*+'''",
    r'"(?!"")(?:[^"\\\r\n]++|\\[^\r\n])*+"',
    r"'(?!'')(?:[^'\\\r\n]++|\\[^\r\n])*+'",
)
_NUMBER = r"[+-]?(?:[0-9]++(?:\.[0-9]*+[eE][+-]?[0-9]++|\.[0-9]++|[eE][+-]?[0-9]++)?|\.[0-9]++(?:[eE][+-]?[0-9]++)?)"
_KINDS = (
    ("name", rf"(?:{_PREFIX})?:(?:{_LOCAL})?"),
    ("string", "|".join(STRINGS)),
    ("language", r"@[A-Za-z]++(?:-[A-Za-z0-9]++)*+"),
    ("number", _NUMBER),
    ("mark", r"[.;,\[\]()]|\^\^"),
    ("iri", r"<[^<>\r\n]*+>"),
    ("comment", r"#[^\r\n]*+"),
    ("blank", rf"_:[{_BASE}_0-9][{_CHARACTERS}]*+(?:\.++[{_CHARACTERS}]++)*+"),
    ("word", _PREFIX),  # all that a prefix could be, or a long word with dots would be looked at again from each dot
    ("end", r"\Z"),
    ("bad", r'"""|' + r"'''|[\"'][^\r\n]*+|<[^\s<>]*+|."),
)
_LINE_END = re.compile(r"\r\n|\n|\r")
_PLAIN_LOCAL = re.compile(rf"[{_BASE}_0-9][{_CHARACTERS}]*+(?:\.++[{_CHARACTERS}]++)*+")


@cache
def _token() -> re.Pattern[str]:
    # A server that never reads Turtle itself need not wait while this is compiled.
    return re.compile(r"[ \t\r\n]*+(?:" + "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KINDS) + ")", re.DOTALL)


class Tokens(NamedTuple):
    """The tokens in order, as three lists of equal length (a tuple a token would cost twice the time).

    A mark such as ``;`` is its own kind. A token is the text from its start up to, not with, its end.
    """

    kinds: list[str]
    starts: list[int]
    ends: list[int]


class Comment(NamedTuple):
    """One comment from its ``#`` to the end of its line."""

    start: int
    end: int


def tokenise(text: str, spans: Iterable[tuple[int, int]] | None = None) -> tuple[Tokens, list[Comment]]:
    """All tokens of the text (or of its ``spans``, from and up to), the last of kind ``end``, and apart from them the comments."""
    kinds: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    comments: list[Comment] = []
    for begin, stop in [(0, len(text))] if spans is None else spans:
        for match in _token().finditer(text, begin, stop):
            kind = match.lastgroup or "end"
            start, end = match.span(kind)
            if kind == "comment":
                comments.append(Comment(start, end))
                continue
            if kind == "end":
                break
            kinds.append(text[start:end] if kind == "mark" else kind)
            starts.append(start)
            ends.append(end)
    kinds.append("end")
    starts.append(len(text))
    ends.append(len(text))
    return Tokens(kinds, starts, ends), comments


def line_starts(text: str) -> list[int]:
    """Where each line begins, counted in characters from 0; a line ends with LF, CRLF or CR."""
    if "\r" not in text:  # the usual case, five times as fast
        starts = [0, *accumulate(map(len, StringIO(text, newline="\n")))]
        return starts if text.endswith("\n") or not text else starts[:-1]
    return [0, *(match.end() for match in _LINE_END.finditer(text))]


def line_and_column(starts: list[int], offset: int) -> tuple[int, int]:
    """Line and column, both from 1 and the column in characters, of a place in the text whose lines begin at ``starts``."""
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1


def is_plain_local(name: str) -> bool:
    """Whether a local name can stand after a prefix with no escape and no sign that readers stumble over."""
    return _PLAIN_LOCAL.fullmatch(name) is not None
