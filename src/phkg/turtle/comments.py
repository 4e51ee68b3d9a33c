"""Which part of a file each comment belongs to, so that it goes with that part when parts are put in order."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from phkg.turtle.document import Directive, Document, Node, Pair
from phkg.turtle.tokens import line_and_column

_LINE_END = re.compile(r"\r\n|\n|\r")


class Note(NamedTuple):
    """A comment with its ``#``; ``gap`` says that an empty line follows it."""

    text: str
    gap: bool


@dataclass
class Notes:
    """The comments of a file, each by the place (first character) of what it belongs to.

    ``before``: lines of their own above a directive, record, predicate, object or member. ``after``: at the end of its line, for ``[ … ]``
    and ``( … )`` the line of the opening bracket. ``inside`` and ``closing``: by the place of a closing bracket or full stop, the last
    lines within and the comment at the end of the bracket's line. ``head`` and ``tail`` belong to the file.
    """

    head: list[Note] = field(default_factory=list)
    tail: list[Note] = field(default_factory=list)
    before: dict[int, list[Note]] = field(default_factory=dict)
    after: dict[int, Note] = field(default_factory=dict)
    inside: dict[int, list[Note]] = field(default_factory=dict)
    closing: dict[int, Note] = field(default_factory=dict)

    def hand_over(self, giver: int, taker: int) -> None:
        """Puts the comments above and beside one part above another, because the first will not be written by itself."""
        given = self.before.pop(giver, [])
        if giver in self.after:
            given = [*given, self.after.pop(giver)]
        if given:
            self.before[taker] = [*given, *self.before.get(taker, [])]


def attach(document: Document) -> Notes:
    """The comments of a document without faults, each at what it belongs to."""
    notes = Notes()
    text, lines = document.text, document.lines
    events = list(_events(document))
    places = [place for place, _ in events]
    for number, comment in enumerate(document.comments):
        later = document.comments[number + 1].start if number + 1 < len(document.comments) else len(text)
        space = text[comment.end : later]
        space = space[: len(space) - len(space.lstrip(" \t\r\n"))]
        note = Note(text[comment.start : comment.end].rstrip(), len(_LINE_END.findall(space)) > 1)
        following = bisect_left(places, comment.start)
        line = line_and_column(lines, comment.start)[0]
        if text[lines[line - 1] : comment.start].strip(" \t") and _beside(notes, events[max(0, following - 2) : following], note):
            continue
        _above(notes, events, following, note)
    _take_head(document, notes)
    return notes


def _beside(notes: Notes, earlier: list[tuple[int, str]], note: Note) -> bool:
    """Attaches a comment at the end of a line; False if that place is taken or there is none before it."""
    if not earlier:
        return False
    place, kind = earlier[-2] if earlier[-1][1] == "stop" else earlier[-1]
    taken = notes.closing if kind == "close" else notes.after
    if place in taken:
        return False
    taken[place] = note
    return True


def _above(notes: Notes, events: list[tuple[int, str]], following: int, note: Note) -> None:
    if following == len(events):
        notes.tail.append(note)
        return
    place, kind = events[following]
    (notes.before if kind == "unit" else notes.inside).setdefault(place, []).append(note)


def _take_head(document: Document, notes: Notes) -> None:
    """Comments above the first directive are the file's; above a first record those that an empty line parts from it."""
    if not document.items:
        return
    first = document.items[0]
    place = first.start if isinstance(first, Directive) else first.subject.start
    above = notes.before.pop(place, [])
    own = len(above)
    if not isinstance(first, Directive):
        while own and not above[own - 1].gap:
            own -= 1
    notes.head = above[:own]
    if above[own:]:
        notes.before[place] = above[own:]


def _events(document: Document) -> Iterator[tuple[int, str]]:
    """Where parts begin (unit), brackets close (close) and records stop (stop), in the order of the file."""
    for item in document.items:
        if isinstance(item, Directive):
            yield item.start, "unit"
        else:
            yield from _node_events(item.subject)
            yield from _pair_events(item.pairs)
            yield item.end, "stop"


def _pair_events(pairs: list[Pair]) -> Iterator[tuple[int, str]]:
    for pair in pairs:
        yield pair.predicate.start, "unit"
        for node in pair.objects:
            yield from _node_events(node)


def _node_events(node: Node) -> Iterator[tuple[int, str]]:
    yield node.start, "unit"
    if node.pairs:
        yield from _pair_events(node.pairs)
        yield node.end - 1, "close"
    elif node.members:
        for member in node.members:
            yield from _node_events(member)
        yield node.end - 1, "close"
