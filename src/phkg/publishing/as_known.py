"""What the registry said on an earlier day (transaction time): the records as git held them then, on the pages of today.

The newest commit of a day counts, by the clock of UTC, on the line of commits that this registry is on (its first parents): what was
still on a branch was not yet said. What held on a day is another question (`as_of`); both can be asked together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from subprocess import SubprocessError
from threading import Lock

from phkg.graph.compile import compile_in_memory
from phkg.graph.inputs import CompileFault, InputFile, read_inputs
from phkg.publishing.as_of import Pictures, calendar_day
from phkg.publishing.history import History, blobs, folders_in, git
from phkg.publishing.linked import KNOWN
from phkg.publishing.problems import Problem, say
from phkg.publishing.site import Published, publish
from phkg.records.knowledge import Knowledge

NAME = "as-known"

Commit = tuple[date, str]
"""The day of a commit and its hash."""


class Past:
    """Pictures of what the registry said, one made at a time, the last few kept."""

    def __init__(self, knowledge: Knowledge, history_of: Callable[[Published], History]) -> None:
        self._knowledge = knowledge
        self._history_of = history_of
        self._pictures = Pictures(self._made)
        self._touch = Lock()
        self._commits: tuple[str, tuple[Commit, ...]] = ("", ())

    def of(self, current: Published, text: str) -> Published:
        """What the registry said on the day that a reader asks for; its pages link to pages of the same day.

        Raises Problem: 400 for what is no day that can be asked for, 404 where the registry said nothing yet or git does not
        know, 503 when too many wait.
        """
        commits = self._commits_of(self._history_of(current))
        if not commits:
            raise Problem(404, "no-history", say("no-history"), NAME)
        first, today = min(day for day, _ in commits), date.fromisoformat(current.site.date)
        day = calendar_day(text)
        if day is None or day > max(today, first):
            detail = say("day", name=NAME, first=first.isoformat(), last=today.isoformat())
            raise Problem(400, "unknown-value", detail, NAME, (first.isoformat(), today.isoformat()))
        commit = _said(commits, day)
        if commit is None:
            detail = say("not-there-yet", day=day.isoformat(), first=first.isoformat())
            raise Problem(404, "not-known-then", detail, NAME, (first.isoformat(), today.isoformat()))
        return self._pictures.of(current, day, commit)

    def _made(self, current: Published, day: date) -> Published:
        history = self._history_of(current)
        commit = _said(self._commits_of(history), day)
        assert commit is not None and history.top is not None
        try:
            files = files_at(self._knowledge, history.top, commit)
            told = {KNOWN: commit, "known_on": day.isoformat()}
            made = publish(compile_in_memory(files, day, current.snapshot.path, told), current.queries, f"?{NAME}={day.isoformat()}")
        except (CompileFault, LookupError):
            made = None
        if made is None or not current.readers.keys() <= made.readers.keys():
            raise Problem(404, "not-readable", say("not-readable", day=day.isoformat(), commit=commit), NAME)
        return made

    def _commits_of(self, history: History) -> tuple[Commit, ...]:
        with self._touch:
            if self._commits[0] != history.tip:
                self._commits = history.tip, _commits(self._knowledge, history)
            return self._commits[1]


def files_at(knowledge: Knowledge, top: Path, commit: str) -> list[InputFile]:
    """The Turtle files as they were at a commit; rooms that are not in this git, and the core vocabulary of another, as they are now.

    Raises OSError or SubprocessError when git fails.
    """
    inside = folders_in(top, knowledge)
    listed = git(top, "-c", "core.quotePath=false", "ls-tree", "-r", "--full-tree", commit, "--", *inside).splitlines()
    names: dict[str, str] = {}
    for line in listed:
        (_, kind, blob), path = line.split("\t")[0].split(" "), line.split("\t")[1]
        prefix = next((prefix for prefix in inside if path.startswith(prefix)), None)
        hidden = any(step.startswith(".") for step in path.split("/"))
        if kind == "blob" and prefix and path.endswith(".ttl") and not hidden:
            names[f"{inside[prefix]}/{path[len(prefix) :]}"] = blob
    kept = blobs(top, sorted(set(names.values())))
    files = [InputFile(name, kept[blob]) for name, blob in names.items() if blob in kept]
    core = {f"ontology/{path.name}" for path in knowledge.core.glob("*.ttl")} if knowledge.core != knowledge.ontology else set()
    rooms = set(inside.values())
    files += [file for file in read_inputs(knowledge) if file.name in core or file.name.split("/")[0] not in rooms]
    return sorted(files, key=lambda file: (file.name, file.data))


def _commits(knowledge: Knowledge, history: History) -> tuple[Commit, ...]:
    """The commits that changed files of the registry, newest first."""
    if history.top is None:
        return ()
    try:
        log = git(history.top, "log", "--first-parent", "-m", "--format=%cI %H", history.tip, "--", *folders_in(history.top, knowledge))
    except (OSError, SubprocessError):
        return ()
    return tuple((datetime.fromisoformat(when).astimezone(UTC).date(), commit) for when, commit in map(str.split, log.splitlines()))


def _said(commits: Iterable[Commit], day: date) -> str | None:
    return next((commit for when, commit in commits if when <= day), None)
