"""The latest changes of the registry, commit by commit: what each meant, who made it and when."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pyoxigraph import NamedNode

from phkg.graph.change_log import ChangeLog, Recorded
from phkg.views.changes import Beyond, ChangeReader, ChangesView, SortCount, changes_view, counts_of, gone_of, narrowed
from phkg.views.reader import Link, Reader

MOST_TOLD = 100
"""Records of one commit beyond which they are only counted."""
MOST_LINES = 8
"""Lines of each list of one commit."""
SHORT = 12


@dataclass(frozen=True)
class ChangeEntry:
    """One commit: its short name, who made it, when it came in (ISO 8601 with offset) and what its author says of it.

    `count` are the records that changed. `changes` is None where there are too many to tell, or where that is not known (`count` 0).
    """

    commit: str
    authors: tuple[str, ...]
    when: str
    summary: str
    count: int
    counts: tuple[SortCount, ...]
    changes: ChangesView | None


@dataclass(frozen=True)
class ChangesPage:
    """The changes, newest first. `state` is ready, waiting (not worked out yet) or none (there is no history).

    `cut` tells that there are older ones, `shallow` that this copy of the history lacks them. `about`: only those of one record.
    """

    state: str
    about: Link | None
    entries: tuple[ChangeEntry, ...]
    cut: bool
    shallow: bool


def changes_page(reader: Reader, log: ChangeLog, about: NamedNode | None = None, most: int | None = None) -> ChangesPage:
    """The latest changes, at most so many; of the whole registry or those that say something of one record."""
    gone = [pair for one in log.entries if one.compared for pair in gone_of(one.compared.changes)]
    layered = ChangeReader(reader, gone)
    entries: list[ChangeEntry] = []
    for recorded in log.entries:
        if most is not None and len(entries) >= most:
            break
        entry = _entry(layered, recorded, about)
        if entry:
            entries.append(entry)
    return ChangesPage(log.state, reader.link(about) if about else None, tuple(entries), log.cut, log.shallow)


def in_short(entry: ChangeEntry) -> ChangeEntry:
    """A change with no more than its title needs."""
    changes = entry.changes
    if changes is None:
        return entry
    others = len(changes.standings[1:]) + changes.more.standings
    few = replace(
        changes,
        kinds=changes.kinds if entry.count == 1 else (),
        standings=changes.standings[:1],
        coverages=(),
        contradictions=(),
        unsupported=(),
        pages=(),
        more=Beyond(standings=others),
    )
    return replace(entry, changes=few)


def _entry(reader: ChangeReader, recorded: Recorded, about: NamedNode | None) -> ChangeEntry | None:
    """A commit; None where it says nothing of the record asked for."""
    compared = recorded.compared
    if compared and about:
        compared = narrowed(reader, compared, about)
        if not compared.changes.records and not (compared.follows and (compared.follows.standings or compared.follows.coverages)):
            return None
    if compared is None and about:
        return None
    counts = counts_of(reader, compared.changes) if compared else ()
    count = sum(one.count for one in counts)
    commit = recorded.commit
    return ChangeEntry(
        commit=commit.name[:SHORT],
        authors=commit.authors,
        when=commit.when,
        summary=commit.summary,
        count=count,
        counts=counts,
        changes=changes_view(reader, compared, MOST_LINES) if compared and count <= MOST_TOLD else None,
    )
