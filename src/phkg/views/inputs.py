"""What the figures of a page rest on, as records that somebody entered, and the last change of the registry that moved such figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from phkg.views.change_list import ChangeEntry, ChangesPage
from phkg.views.reader import Link, Reader, sort_key
from phkg.views.standings import Standings
from phkg.vocabulary import ph


@dataclass(frozen=True)
class Input:
    """Something that figures rest on: what it is, or whose words it holds, and the IRI of a `record` in its file."""

    what: Link
    record: str


@dataclass(frozen=True)
class LastChange:
    """The latest change that moved what the figures rest on. `state` is ready, waiting (not worked out yet) or none (no history is known).

    `entry` None: none of the changes looked at did; `cut` tells that older ones were not looked at.
    """

    state: str
    entry: ChangeEntry | None
    cut: bool


def statement_inputs(reader: Reader, table: Standings) -> tuple[Input, ...]:
    """The files of statements, each by the place whose words it holds, by name."""
    return reader.pieces.get("statement inputs", lambda: _statement_inputs(reader, table))


def _statement_inputs(reader: Reader, table: Standings) -> tuple[Input, ...]:
    found: dict[str, NamedNode] = {}
    for words in table.statements.values():
        for word in words:
            found.setdefault("/".join(word.value[len(reader.site.base) :].split("/")[:2]), word)
    inputs = [Input(_place(reader, word), word.value) for word in found.values()]
    return tuple(sorted(inputs, key=lambda one: (sort_key(one.what.label.value), one.record)))


def record_inputs(reader: Reader, records: Iterable[NamedNode]) -> tuple[Input, ...]:
    """Records that are inputs themselves."""
    return tuple(Input(reader.link(record), record.value) for record in records)


def last_change(everything: ChangesPage, *about: ChangesPage) -> LastChange:
    """The newest change that moved a standing or a coverage, or one of the records that the lists `about` are about.

    A change of too many records to be told one by one may have, and counts.
    """
    entries = [one for one in everything.entries if _moved(one)] + [one for page in about for one in page.entries]
    order = {one.commit: at for at, one in enumerate(everything.entries)}
    newest = min(entries, key=lambda one: order.get(one.commit, len(order)), default=None)
    return LastChange(everything.state, newest, everything.cut or everything.shallow)


def _moved(entry: ChangeEntry) -> bool:
    if entry.changes is None:
        return entry.count > 0
    return bool(entry.changes.standings or entry.changes.coverages)


def _place(reader: Reader, word: NamedNode) -> Link:
    place = reader.graph.object(word, ph.place)
    return reader.link(place if isinstance(place, NamedNode) else word)
