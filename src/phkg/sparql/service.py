"""What this endpoint refuses by the words of a query: SERVICE, because it would make the server call others, and updates.

The wall that holds is another: a worker process can open no connection at all. This is for the sake of a clear answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from phkg.sparql.tokens import Token, tokens

UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"}
DECLARATIONS = {"BASE", "PREFIX", "VERSION"}
CHANGING = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE)\b|\bCONSTRUCT\b.*(?:\[|_:)", re.IGNORECASE | re.DOTALL)
CHANGING_WORDS = ("NOW", "RAND", "UUID", "BNODE", "CONSTRUCT")
KEYWORD = re.compile(r"(?:TRUE|FALSE)?SERVICE(?:SILENT)?", re.IGNORECASE)
KEYWORD_BEFORE_NAME = re.compile(r"(?:^|[.-])(?:TRUE|FALSE)?SERVICE", re.IGNORECASE)
BETWEEN_WORDS = re.compile(r"[.-]")


@dataclass(frozen=True)
class Place:
    """A place in a text, line and column from 1."""

    line: int
    column: int


def find_service(query: str) -> Place | None:
    """Where a query calls another server with SERVICE; None when it does not.

    The word inside a string, an IRI, a comment, a variable, a prefix or a local name is no call.
    """
    if "service" not in query.lower():
        return None
    depth = 0
    declared: set[str] = set()
    before = previous = None
    for token in tokens(query):
        if token.text == "{":
            if depth and previous and previous.kind == "prefixed" and _is_call(previous, before, declared):
                return place_of(query, previous.start)
            depth += 1
        elif token.text == "}":
            depth -= 1
        elif token.kind == "prefixed" and previous and previous.text.upper() == "PREFIX":
            declared.add(token.text)
        elif token.kind == "word" and any(KEYWORD.fullmatch(part) for part in BETWEEN_WORDS.split(token.text)):
            return place_of(query, token.start)
        before, previous = previous, token
    return None


def _is_call(name: Token, before: Token | None, declared: set[str]) -> bool:
    """Whether a prefixed name before `{` is read by the engine as SERVICE and a name, as in `SERVICEex:a {`."""
    prefix = name.text.split(":")[0]
    if not KEYWORD_BEFORE_NAME.search(prefix) or before is None or before.text.upper() == "GRAPH":
        return False
    # As the object of a triple it is a name, if it can be one; where a statement begins, no name stands before `{`.
    return f"{prefix}:" not in declared or before.text in ("{", "}", ".")


def is_update(query: str) -> bool:
    """Whether the text is an update: its first word after BASE, PREFIX and VERSION is one that updates begin with."""
    for token in tokens(query):
        if token.kind == "word" and token.text.upper() not in DECLARATIONS:
            return token.text.upper() in UPDATES
    return False


def may_change(query: str) -> bool:
    """Whether two answers to the query over the same data may differ (time, chance, new blank nodes); in doubt yes."""
    upper = query.upper()
    # The search below takes as long as a tiny query; nearly all queries are decided without it.
    return any(word in upper for word in CHANGING_WORDS) and CHANGING.search(query) is not None


def place_of(query: str, start: int) -> Place:
    """The place of a character of the text, which is counted from 0."""
    return Place(query.count("\n", 0, start) + 1, start - query.rfind("\n", 0, start))
