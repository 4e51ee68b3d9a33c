"""What curators can do now, for the command line: each thing to do with its file and who reviews that; as text, for an issue, as a table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from phkg.curation.comma_separated import write_csv
from phkg.curation.filing import CannotFile, file_of
from phkg.curation.reviewers import Belonging, Reviewers
from phkg.curation.words import word
from phkg.records.queries import NamedQuery
from phkg.views import todo
from phkg.views.plain_text import as_markdown, as_text
from phkg.views.reader import Reader

FORMS = ("text", "markdown", "csv", "json")
MOST = 20
"""Things to do of one task that text and Markdown show, unless all are asked for."""
COLUMNS = ("task", "query", "record", "name", "place", "told", "file", "reviewers")


@dataclass(frozen=True)
class Item:
    """One thing to do: the IRI of the record, its name, the place it is about (name and slug, or empty), what the query tells of it, its file."""

    record: str
    name: str
    place: str
    place_slug: str
    told: str
    file: str
    reviewers: tuple[str, ...]


@dataclass(frozen=True)
class Task:
    """What is to be done with each of its items; `query` is the name of the query that found them."""

    query: str
    title: str
    why: str
    items: tuple[Item, ...]


def tasks(queries: Iterable[NamedQuery], reader: Reader, reviewers: Reviewers, belongs: Belonging) -> tuple[Task, ...]:
    """Every task, in the order of the queries' names, with its items in the order of the query."""
    return tuple(
        Task(task.query, task.title, task.why, tuple(_item(one, reader, reviewers, belongs) for one in task.items)) for task in todo.tasks(queries, reader)
    )


def chosen(found: Sequence[Task], names: Sequence[str] = (), place: str = "", reviewer: str = "") -> tuple[Task, ...]:
    """Only the tasks of some queries (all without names), with the items about a place (its slug) that a person or team reviews; none without items."""
    picked = (
        Task(
            task.query, task.title, task.why, tuple(one for one in task.items if place in ("", one.place_slug) and (not reviewer or reviewer in one.reviewers))
        )
        for task in found
        if not names or task.query in names
    )
    return tuple(task for task in picked if task.items)


def written(found: Sequence[Task], form: str, language: str, whole: bool = False) -> str:
    """The tasks in one form: text, Markdown for an issue with a box for each item, CSV, JSON; the last two are always whole."""
    if form == "json":
        return json.dumps([asdict(task) for task in found], ensure_ascii=False, indent=1) + "\n"
    if form == "csv":
        rows = ([t.title, t.query, one.record, one.name, one.place, one.told, one.file, " ".join(one.reviewers)] for t in found for one in t.items)
        return write_csv(COLUMNS, rows).decode()
    if not found:
        return word("nothing-to-do", language) + "\n"
    return "\n".join(_listed(task, form == "markdown", language, None if whole else MOST) for task in found)


def _listed(task: Task, marked: bool, language: str, most: int | None) -> str:
    plain = as_markdown if marked else as_text
    title = f"{plain(task.title)} ({len(task.items)})"
    lines = [f"## {title}", "", plain(task.why), ""] if marked else [title, f"  {plain(task.why)}"]
    for one in task.items[:most]:
        about = ", ".join(plain(part) for part in (one.name, one.place, one.told) if part)
        where = f"`{one.file}`" if marked and one.file else one.file
        lines.append(f"{'- [ ]' if marked else '  -'} {about}{f' – {where}' if where else ''}")
    if most is not None and len(task.items) > most:
        lines.append(f"{'- ' if marked else '  '}… {word('further', language, count=len(task.items) - most)}")
    return "\n".join([*lines, ""])


def _item(one: todo.Todo, reader: Reader, reviewers: Reviewers, belongs: Belonging) -> Item:
    try:
        file = file_of(one.record.iri.split("#")[0], reader.site.base)
    except CannotFile:
        file = ""
    who = reviewers.of(file, *belongs.of_file.get(file, ((), ()))).reviewers if file else ()
    return Item(one.record.iri, one.about.label.value, one.place.label.value if one.place else "", todo.slug_of(one.place), one.told, file, who)
