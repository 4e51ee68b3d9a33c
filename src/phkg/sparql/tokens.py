"""The terminals of SPARQL 1.1 (and 1.2), section 19.8 of the recommendation, read without building a tree.

Two places where the engine's grammar is wider than "longest match" are followed, because what runs is what the engine reads:
keywords need no space after them (`SERVICE<…>`, `true.SERVICE`), and `<` after an operand in an expression is an operator even
where an IRI could be read. Time is linear in the length of the text. Text that is no SPARQL ends the reading where it fails;
the engine says what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

TERMINAL = re.compile(
    r"""
      (?P<space>\s++)
    | (?P<comment>\#[^\r\n]*+)
    | (?P<iri><[^<>"{}|^`\\\x00-\x20]*+(?:\\u[0-9A-Fa-f]{4}[^<>"{}|^`\\\x00-\x20]*+|\\U[0-9A-Fa-f]{8}[^<>"{}|^`\\\x00-\x20]*+)*+>)
    | (?P<long>\"{3}(?:[^"\\]|\\.|"(?!""))*+\"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*+'{3})
    | (?P<string>"(?!"")(?:[^"\\\r\n]|\\.)*+"|'(?!'')(?:[^'\\\r\n]|\\.)*+')
    | (?P<variable>[?$][\w\u00b7\u0300-\u036f\u203f\u2040]++)
    | (?P<language>@[A-Za-z0-9-]++)
    | (?P<number>[0-9]++(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+|\.[0-9]++(?:[eE][+-]?[0-9]++)?+)
    | (?P<prefixed>(?:[^\W\d][\w.\u00b7\u0300-\u036f\u203f\u2040-]*+)?+:
        (?:[\w.:\u00b7\u0300-\u036f\u203f\u2040-]|%[0-9A-Fa-f]{2}|\\.)*+)
    | (?P<quoted><<|>>)
    | (?P<open>[({\[])
    | (?P<close>[)}\]])
    | (?P<other>[<>=!&|*/+^?$.,;~-])
    """,
    re.VERBOSE | re.DOTALL,
)
WORD = re.compile(r"[^\W\d][\w.\u00b7\u0300-\u036f\u203f\u2040-]*+")
OPERANDS = {"iri", "long", "string", "variable", "language", "number", "prefixed", "close"}
OPENS_EXPRESSIONS = {"SELECT", "BY", "HAVING", "FILTER"}
NO_EXPRESSION_AFTER = {"VALUES", "A"}
PATTERN_AFTER = {"WHERE", "FROM"}


@dataclass(frozen=True)
class Token:
    """A terminal: its kind (a group of TERMINAL, or `word`), its text and where it begins (from 0)."""

    kind: str
    text: str
    start: int


class _Context:
    """Whether the place after the last token is inside an expression, where `<` after an operand compares."""

    def __init__(self) -> None:
        self.open: list[tuple[bool, str]] = []
        self.expression = False
        self.head = ""
        self.last: Token | None = None

    def compares(self) -> bool:
        """Whether a `<` at this place is an operator."""
        return self.expression and self.last is not None and (self.last.kind in OPERANDS or self.last.text.lower() in {"true", "false"})

    def take(self, token: Token) -> None:
        """Go past a token."""
        if token.kind == "open":
            inside = token.text == "(" and self._opens_expression()
            self.open.append((self.expression, self.head))
            self.expression, self.head = inside, self.head if inside else ""
        elif token.kind == "close" and self.open:
            self.expression, self.head = self.open.pop()
            if self.head == "FILTER":
                self.head = ""
        elif token.kind == "word":
            word = token.text.upper()
            if word in OPENS_EXPRESSIONS:
                self.head = word
            elif word in PATTERN_AFTER:
                self.head = ""
        self.last = token

    def _opens_expression(self) -> bool:
        if self.last is None or self.last.kind == "quoted":
            return False
        if self.last.kind == "word":
            return self.last.text.upper() not in NO_EXPRESSION_AFTER
        return self.expression or bool(self.head)


def tokens(query: str) -> Iterator[Token]:
    """The terminals of a query in order, without white space and comments."""
    context = _Context()
    at = 0
    while at < len(query):
        token = _next(query, at, context)
        if token is None:
            return
        at = token.start + len(token.text)
        if token.kind not in ("space", "comment"):
            context.take(token)
            yield token


def _next(query: str, at: int, context: _Context) -> Token | None:
    if query[at] == "<" and context.compares():
        return Token("other", "<", at)
    # A name is read once, with or without the colon that makes it a prefix: so no name is read twice.
    word = WORD.match(query, at)
    if word and not query.startswith(":", word.end()):
        return Token("word", word[0], at)
    found = TERMINAL.match(query, at)
    return Token(str(found.lastgroup), found[0], at) if found else None
