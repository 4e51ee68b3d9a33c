"""Author and reviewer are not the same person: whether somebody else has seen every change of the records that came onto the main line.

Looked at is every commit between two that touched the records, the vocabulary or the shapes, and how it came onto the main line: by itself
(pushed, squashed, rebased) or by a merge. It is reviewed when somebody who is not among its authors (`Co-authored-by` included)

- merged it, or committed it onto the main line, or
- is named in a `Reviewed-by` trailer of it or of the merge that brought it.

What was changed by hand in a merge (where it differs from what git makes of its parents) is written by whoever merged. A bot or a forge's
own address reviews nothing. Git is as honest as those who write it: this tells who was forgotten, and stops no liar.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from phkg.curation.people import Who, mapped, plain, whoever
from phkg.curation.words import word
from phkg.records.git import commit_of, git, top_of
from phkg.records.knowledge import Knowledge
from phkg.validation.reports.as_github import annotation

SHORT = 12
"""Signs of a commit's name that are shown."""

_FIELD, _ENTRY, _PART = "\x1f", "\x1e", "\x1d"
_CO_AUTHORS, _REVIEWERS = (f"%(trailers:key={key},valueonly,unfold,separator=%x1d)" for key in ("Co-authored-by", "Reviewed-by"))
_FORM = "%x1f".join(("%H", "%P", "%aN", "%aE", "%cN", "%cE", _CO_AUTHORS, _REVIEWERS, "%s")) + "%x1e"


class CannotTell(Exception):
    """Who reviewed cannot be told; the text says why and what would be right."""


@dataclass(frozen=True)
class Entered:
    """A commit: those who wrote it, who committed it, and the persons that its `Reviewed-by` trailers name."""

    name: str
    parents: tuple[str, ...]
    authors: tuple[Who, ...]
    committer: Who
    named: tuple[Who, ...]
    summary: str


@dataclass(frozen=True)
class Review:
    """A commit that touched the records, the commit of the main line that brought it (itself, where nothing else did), and those who are not
    among its authors and have seen it."""

    commit: Entered
    by: Entered
    reviewers: tuple[Who, ...]


def reviews(knowledge: Knowledge, base: str, head: str) -> list[Review]:
    """Every change of the records that came onto the main line after `base` up to `head`, newest first. Raises CannotTell and GitFault."""
    top = top_of(knowledge.registry)
    if top is None:
        raise CannotTell(f"{knowledge.registry} lies in no git repository (or git is not installed).")
    names = {}
    for revision in (base, head):
        found = commit_of(top, revision)
        if found is None:
            raise CannotTell(f"{revision} is no revision of {top}. git log --oneline lists revisions; git fetch --unshallow brings older ones.")
        names[revision] = found
    found = [_seen(commit, by) for commit, by in _entered(top, names[base], names[head], _paths(knowledge, top))]
    known = mapped(top, [who for review in found for one in (review.commit, review.by) for who in (*one.authors, *one.named)])
    return [_seen(_named(review.commit, known), _named(review.by, known)) for review in found]


def _paths(knowledge: Knowledge, top: Path) -> list[str]:
    rooms = (knowledge.registry, knowledge.ontology, knowledge.shapes)
    inside = [room.resolve().relative_to(top.resolve()).as_posix() for room in rooms if room.resolve().is_relative_to(top.resolve())]
    return [f":(top,literal){path}" for path in dict.fromkeys(inside)]


def _entered(top: Path, base: str, head: str, paths: Sequence[str]) -> Iterator[tuple[Entered, Entered]]:
    """Every commit that touched the paths, with the commit of the main line that brought it."""
    shallow = git(top, "rev-parse", "--is-shallow-repository").strip() == b"true"
    if shallow and any(not one.parents for one in _log(top, f"{base}..{head}")):
        raise CannotTell("The repository lacks older commits, so it cannot be told what came in by which merge; git fetch --unshallow brings them.")
    alone = {one.name for one in _log(top, "--first-parent", "--no-merges", f"{base}..{head}", "--", *paths)}
    for line in _log(top, "--first-parent", f"{base}..{head}"):
        if line.name in alone:
            yield line, line
        if len(line.parents) < 2:
            continue
        brought = ("--full-history", line.name, f"^{line.parents[0]}", f"^{base}")
        if _by_hand(top, line, paths):
            yield line, line
        yield from ((one, line) for one in _log(top, "--no-merges", *brought, "--", *paths))
        yield from ((one, line) for one in _log(top, "--merges", *brought) if one.name != line.name and _by_hand(top, one, paths))


def _by_hand(top: Path, merge: Entered, paths: Sequence[str]) -> bool:
    """Whether a merge holds what git would not have made of its parents; of more than two, git cannot say, so it counts as if."""
    if len(merge.parents) > 2:
        return True
    return bool(git(top, "show", "--remerge-diff", "--format=", "--name-only", merge.name, "--", *paths).strip())


def _log(top: Path, *arguments: str) -> list[Entered]:
    listed = git(top, "log", f"--format={_FORM}", *arguments).decode("utf-8", "replace")
    found = []
    for entry in listed.split(_ENTRY)[:-1]:
        name, parents, author, address, committer, committers, others, named, summary = entry.strip("\n").split(_FIELD, 8)
        authors = (whoever(f"{author} <{address}>"), *_people(others))
        found.append(Entered(name, tuple(parents.split()), authors, whoever(f"{committer} <{committers}>"), _people(named), summary))
    return found


def _people(trailers: str) -> tuple[Who, ...]:
    return tuple(whoever(one) for one in trailers.split(_PART) if one.strip())


def _named(commit: Entered, known: dict[Who, Who]) -> Entered:
    authors, named = (tuple(known.get(one, one) for one in people) for people in (commit.authors, commit.named))
    return replace(commit, authors=authors, named=named)


def _seen(commit: Entered, by: Entered) -> Review:
    """Whoever merged has its author's name; whoever put a commit onto the main line by other means is its committer."""
    candidates = dict.fromkeys((*commit.named, *by.named, by.authors[0] if commit.name != by.name else by.committer))
    return Review(commit, by, tuple(one for one in candidates if one.is_person and not one.is_among(commit.authors)))


def told(found: Sequence[Review], form: str, language: str) -> str:
    """What nobody but its author has read, in words; `form` is `text` or `github` (an annotation for each)."""
    missing = [one for one in found if not one.reviewers]
    outcome = "some-not-reviewed" if missing else "all-reviewed" if found else "none-to-review"
    count = word(outcome, language, missing=len(missing), count=len(found))
    if form == "github":
        return "".join(annotation("error", {}, _words(one, language, "\n")) + "\n" for one in missing) + f"{count}\n"
    right = [word("review-right", language)] if missing else []
    return "\n".join([*(_words(one, language, "\n  ") for one in missing), *right, count]) + "\n"


def _words(review: Review, language: str, between: str) -> str:
    commit, by = review.commit, review.by
    said = [word("not-reviewed", language, commit=commit.name[:SHORT], summary=plain(commit.summary), authors=", ".join(_shown(commit.authors)))]
    through = by.committer if commit.name == by.name else by.authors[0]
    if commit.name != by.name:
        said.append(word("came-with", language, commit=by.name[:SHORT], who=through.name))
    unread = dict.fromkeys(one.name for one in (*commit.named, *by.named, through) if not one.is_person)
    return between.join([*said, *(word("no-reader", language, who=name) for name in unread)])


def _shown(people: Sequence[Who]) -> list[str]:
    return list(dict.fromkeys(one.name for one in people))
