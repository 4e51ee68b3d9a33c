"""Everything that a pull request needs to know, in one run: what a change is to blame for, and what it means.

A change is to blame for exactly the findings of the whole registry after it that were not there before it (`validation.blame`). Before it the
registry is judged by the shapes and the vocabulary that it had then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from multiprocessing import get_context
from pathlib import Path

from pyoxigraph import Quad

from phkg.curation.base_report import Judged, judge, kept
from phkg.curation.identifiers import described, form_findings, identifier_findings
from phkg.graph.compared import Compared, Graphs
from phkg.graph.inputs import CompileFault, InputFile, parse_inputs
from phkg.graph.narrowed import common
from phkg.graph.snapshot import Snapshot
from phkg.records.git import GitFault, commit_of, merge_base, tip_of, top_of
from phkg.records.knowledge import Knowledge
from phkg.records.languages import languages_of
from phkg.records.trees import Past, State, algorithm_of, past, present
from phkg.validation.blame import Blame, blame
from phkg.validation.findings import Report
from phkg.validation.run import Checked, checking
from phkg.views.site import Site, read_site

CHANGED_ROOMS = ("core", "ontology", "registry")
"""Rooms whose files make the graph."""


class CannotCheck(Exception):
    """There is nothing to compare with; the text says why and what would be right."""


@dataclass(frozen=True)
class Check:
    """What a change of a registry does.

    `base` is the name of what it is compared with, `report` is the whole report after the change, `blame` parts its findings, `touched` are the
    files that differ. `compared` is the change in meaning, told in the words of `site`; where it cannot be told, `untold` says why.
    `base_fault` says why the base could not be judged, so that every finding counts as new. `folders` are the rooms that lie in the
    repository, with their paths from its top.
    """

    base: str
    report: Report
    blame: Blame
    touched: tuple[str, ...]
    compared: Compared | None
    site: Site | None
    untold: str = ""
    base_fault: str = ""
    folders: Mapping[str, str] = field(default_factory=dict)

    def from_top(self, name: str) -> str:
        """The path of a file from the top of the repository."""
        room, _, path = name.partition("/")
        folder = self.folders.get(room, room)
        return path if folder == "." else f"{folder}/{path}"

    @property
    def passes(self) -> bool:
        """Whether nothing that the change is to blame for blocks."""
        return not self.report.unchecked and not any(finding.severity == "violation" for finding in self.blame.new)


Progress = Callable[..., None]


@contextmanager
def check(knowledge: Knowledge, base: str, on: date, cache: Path | None, progress: Progress = lambda *_: None) -> Iterator[Check]:
    """The files as they lie, compared with where they parted from a revision; what follows is worked out for a day.

    The check may be read while the context lasts. `cache` is the folder in which reports on bases are kept. Raises CannotCheck, CannotValidate
    and EngineFailed when the files themselves cannot be checked, OSError.
    """
    try:
        before, name = _base(knowledge, base)
        now = present(knowledge, algorithm_of(before.commit))
        touched = before.state.differing(now)
        with _judging(before, cache) as judging, checking(knowledge, progress=progress) as checked:
            progress("the base")
            judged = judging.result()
            progress("the change")
            yield _compared(knowledge, before, now, touched, judged, checked, name, on)
    except GitFault as fault:
        raise CannotCheck(str(fault)) from None


def _base(knowledge: Knowledge, base: str) -> tuple[Past, str]:
    top = top_of(knowledge.registry)
    if top is None:
        raise CannotCheck(f"{knowledge.registry} lies in no git repository (or git is not installed), so there is no base to compare with.")
    commit = commit_of(top, base)
    if commit is None:
        raise CannotCheck(f"{base} is no revision of {top}. git log --oneline lists revisions; git fetch brings those of others.")
    tip = tip_of(top)
    parted = merge_base(top, commit, tip) if tip else commit
    return past(knowledge, top, parted), base if parted == commit else f"{parted[:12]} ({base})"


@contextmanager
def _judging(before: Past, cache: Path | None) -> Iterator[Future[Judged]]:
    """The report on the base, on its way while the files are checked: it takes as long as they do when it is not kept."""
    found = kept(before, cache)
    if found is not None:
        ready: Future[Judged] = Future()
        ready.set_result(found)
        yield ready
        return
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as elsewhere:
        yield elsewhere.submit(judge, before, cache)


def _compared(knowledge: Knowledge, before: Past, now: State, touched: frozenset[str], judged: Judged, checked: Checked, name: str, on: date) -> Check:
    turtle = [one for one in touched if one.endswith(".ttl") and one.split("/")[0] in (*CHANGED_ROOMS, "shapes")]
    old = {_shown(one): data for one, data in before.contents(turtle).items() if not before.state.files[one].startswith("->")}
    new = {_shown(one): data for one in turtle if one in now.files and (data := _lying(knowledge, one)) is not None}
    languages = languages_of(knowledge)
    compared, site, untold = _meaning(old, new, checked, on)
    moved = compared.changes.moved if compared else {}
    records = {one: data for one, data in old.items() if not one.startswith("shapes/")}
    found = (
        *checked.report.findings,
        *form_findings(new, languages),
        *identifier_findings(described(records), checked.graph.store, checked.report.unread, moved),
    )
    names = frozenset(map(_shown, touched))
    parted = blame((*judged.findings, *form_findings(old, languages)), found, names)
    return Check(name, checked.report, parted, tuple(sorted(names)), compared, site, untold, judged.fault, before.inside)


def _meaning(old: dict[str, bytes], new: dict[str, bytes], checked: Checked, on: date) -> tuple[Compared | None, Site | None, str]:
    try:
        was, is_now = (_triples(files) for files in (old, new))
        graphs = Graphs(was, is_now, common(checked.graph.path, checked.graph.store, was, is_now))
        compared = graphs.compare(on)
        return compared, read_site(Snapshot("", Path(), {"date": on.isoformat()}, checked.graph.store)), ""
    except CompileFault as fault:
        return None, None, "\n".join(map(str, fault.problems))
    except LookupError as fault:
        return None, None, str(fault)


def _triples(files: dict[str, bytes]) -> list[Quad]:
    return parse_inputs([InputFile(name, data) for name, data in sorted(files.items()) if not name.startswith("shapes/")])


def _shown(name: str) -> str:
    """A file's name as findings have it: the core vocabulary is part of the room `ontology`."""
    return "ontology/" + name.removeprefix("core/") if name.startswith("core/") else name


def _lying(knowledge: Knowledge, name: str) -> bytes | None:
    room, path = name.split("/", 1)
    try:
        return (getattr(knowledge, room) / path).read_bytes()
    except OSError:
        return None
