"""A Turtle file without some of its triples; everything else stays, comments too."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from pyoxigraph import Triple

from phkg.turtle.document import Document, Pair, Record
from phkg.turtle.faults import TurtleSyntaxError
from phkg.turtle.format import printed
from phkg.turtle.order import is_single
from phkg.turtle.reader import read


def without(data: bytes, gone: Collection[Triple], languages: tuple[str, ...] = ()) -> bytes:
    """The file in canonical form, less some triples; a comment about one of them goes to what stands next. Raises TurtleSyntaxError."""
    document = read(data)
    if document.errors:
        raise TurtleSyntaxError(document.errors)
    return printed(_left(document, frozenset(gone)), languages)


def _left(document: Document, gone: frozenset[Triple]) -> Document:
    items = []
    for item in document.items:
        if isinstance(item, Record) and is_single(item.subject):
            pairs = [Pair(pair.predicate, [one for one in pair.objects if not _is(item, pair, one, gone)]) for pair in item.pairs]
            item = Record(item.subject, [pair for pair in pairs if pair.objects], item.end)
            if not item.pairs:
                continue
        items.append(item)
    return replace(document, items=items)


def _is(item: Record, pair: Pair, one, gone: frozenset[Triple]) -> bool:
    return is_single(one) and Triple(item.subject.term, pair.predicate.term, one.term) in gone
