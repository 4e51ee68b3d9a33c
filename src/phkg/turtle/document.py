"""A Turtle file as read: its triples with the place of every part, its records as a tree, its comments and its faults."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import pyoxigraph

from phkg.turtle.faults import SyntaxFault
from phkg.turtle.tokens import Comment, line_and_column, line_starts

Term = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal


class Position(NamedTuple):
    """A place in a file: line and column from 1, columns in characters; ``end_column`` is the first after the part on that line."""

    line: int
    column: int
    end_column: int


class Node:
    """A term where it stands: the first and last-plus-one character, and the inner parts of ``[ … ]`` or ``( … )``.

    ``term`` is None where a fault (such as an undefined prefix) left nothing to mean.
    """

    __slots__ = ("end", "members", "pairs", "start", "term")

    def __init__(
        self,
        term: Term | None,
        start: int,
        end: int,
        pairs: list[Pair] | None = None,
        members: list[Node] | None = None,
    ) -> None:
        self.term = term
        self.start = start
        self.end = end
        self.pairs = pairs
        self.members = members


class Pair(NamedTuple):
    """A predicate with the objects written after it."""

    predicate: Node
    objects: list[Node]


class Record(NamedTuple):
    """A subject with all that is said of it up to the full stop; ``end`` is where the full stop begins."""

    subject: Node
    pairs: list[Pair]
    end: int


class Directive(NamedTuple):
    """A declaration of a prefix (``name`` without colon) or, with ``name`` None, of the base."""

    name: str | None
    iri: str
    start: int
    end: int


class Statement(NamedTuple):
    """One triple with the place of its three parts."""

    subject: Node
    predicate: Node
    object: Node

    @property
    def triple(self) -> pyoxigraph.Triple:
        """The triple without places, its literal exactly as written."""
        return pyoxigraph.Triple(self.subject.term, self.predicate.term, self.object.term)


@dataclass(frozen=True)
class Document:
    """What ``reader.read`` gives: text, triples in the order of the file, records and directives, comments, faults, prefixes.

    ``prefixes`` holds the last meaning of each prefix. With faults present, ``triples`` holds what could still be read.
    """

    text: str
    triples: Sequence[Statement]
    items: Sequence[Record | Directive]
    comments: Sequence[Comment]
    errors: tuple[SyntaxFault, ...]
    prefixes: dict[str, str]

    @cached_property
    def lines(self) -> list[int]:
        """Where each line begins, in characters from 0."""
        return line_starts(self.text)

    @cached_property
    def by_subject(self) -> dict[Term, list[Statement]]:
        """The triples of each subject, in the order of the file."""
        found: dict[Term, list[Statement]] = {}
        for statement in self.triples:
            found.setdefault(statement.subject.term, []).append(statement)
        return found

    def position(self, node: Node) -> Position:
        """Where a part stands; of a part over several lines, the piece on its first line."""
        line, column = line_and_column(self.lines, node.start)
        end = node.end
        if line < len(self.lines) and end > self.lines[line]:
            end = self.lines[line - 1] + len(self.text[self.lines[line - 1] : self.lines[line]].rstrip("\r\n"))
        return Position(line, column, max(column + 1, end - self.lines[line - 1] + 1))
