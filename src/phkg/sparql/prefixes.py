"""The commonest fault of all: a prefix that nobody has declared. The engine's own words for it name neither the prefix nor its place."""

from __future__ import annotations

from phkg.sparql.service import Place, place_of
from phkg.sparql.tokens import tokens


def undeclared_prefix(query: str) -> tuple[str, Place] | None:
    """The first prefix, with its colon, that a query uses without having declared it, and where; None when there is none."""
    declared: set[str] = set()
    previous = ""
    for token in tokens(query):
        if token.kind == "prefixed":
            prefix = token.text[: token.text.index(":") + 1]
            if previous.upper() == "PREFIX":
                declared.add(prefix)
            elif prefix not in declared and prefix != "_:":
                return prefix, place_of(query, token.start)
        previous = token.text
    return None
