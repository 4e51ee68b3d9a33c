"""How the store is made to join records that agree in several properties: by a table of all of them, not pair by pair.

pyoxigraph joins triple by triple, with a look-up for each solution so far. Where two records must agree in method, place and source, it goes
through every pair that agrees in the first, which grows with the square. A sub-select it joins by a table over all variables that the two
sides share. `A . B` and `A . { SELECT * WHERE { B } }` have the same solutions, since B is only triples and keeps all its variables.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .query_text import Token, tokens

_SHARED = 2
"""Variables in common from which on a table is used; with one, a look-up finds just the right ones."""

_END = (".", "{", "}")
_WORDS = ("A", "TRUE", "FALSE")
"""Words that stand in triples; any other begins something else."""


@dataclass(frozen=True)
class _Triples:
    """The triples about one subject, up to a full stop or a keyword: the subject, all variables, and the place in the query; `after` is the
    place behind the full stop."""

    subject: str
    variables: frozenset[str]
    start: int
    end: int
    after: int


def with_tables(query: str) -> str:
    """`query` with each group of triples about a second record as a sub-select, where it shares several variables with the others.

    For queries that run with $this left free (see `eligibility`). Raises UnknownSign for what is not SPARQL.
    """
    words = tokens(query)
    first = next((at for at, word in enumerate(words) if word.text == "{"), len(words))
    said = list(_said(words[first + 1 :]))
    replaced: dict[_Triples, str] = {}
    for subject in {triples.subject for triples in said if triples.subject.startswith("?")} - {"?this"}:
        about = [triples for triples in said if triples.subject == subject]
        inner = frozenset().union(*(triples.variables for triples in about))
        outer = frozenset().union(*(triples.variables for triples in said if triples.subject != subject))
        if "?this" not in inner and subject not in outer and len(inner & outer) >= _SHARED:
            text = " . ".join(query[triples.start : triples.end] for triples in about)
            replaced |= {about[0]: f"{{ SELECT * WHERE {{ {text} }} }}"} | dict.fromkeys(about[1:], "")
    for triples in sorted(replaced, key=lambda triples: triples.start, reverse=True):
        query = query[: triples.start] + replaced[triples] + query[triples.after :]
    return query


def _said(words: list[Token]) -> Iterator[_Triples]:
    """The triples of a group up to the first part that is not triples or a filter: from there on the order of the parts matters."""
    at = 0
    while at < len(words):
        if words[at].text == "FILTER":
            at = _after_filter(words, at)
        elif words[at].text == ".":
            at += 1
        elif words[at].kind == "word" or words[at].text in ("{", "}"):
            return
        else:
            end = at
            while words[end].text not in _END and (words[end].kind != "word" or words[end].text in _WORDS):
                if words[end].kind == "blank" or words[end].text == "[":
                    return  # a name without an IRI holds for one group only
                end += 1
            variables = frozenset(word.text for word in words[at:end] if word.kind == "var")
            stop = end + (words[end].text == ".")
            yield _Triples(words[at].text, variables, words[at].start, words[end - 1].end, words[stop - 1].end)
            at = stop


def _after_filter(words: list[Token], at: int) -> int:
    """The place after a filter: its first pair of brackets of either kind."""
    while words[at].text not in ("(", "{"):
        at += 1
    depth = 0
    while True:
        depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(words[at].text, 0)
        at += 1
        if not depth:
            return at
