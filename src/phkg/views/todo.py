"""What there is to do: the rows of the named queries that are tasks, each with the record, its place, and what the query tells of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode

from phkg.graph.bounds import DATE
from phkg.records.queries import NamedQuery
from phkg.views.plain_text import as_markdown
from phkg.views.reader import Link, Reader, Text, sort_key
from phkg.vocabulary import ph

SET = re.compile(r"VALUES (\?\w+) \{ ([\w.]+) \}")
LABELS = re.compile(r"\?\w+Label\b")
LANGUAGE = 'VALUES ?language {{ "{}" }}'
STATEMENT = "statement"
"""The column that names the record to work on, where there is one; else it is the first."""
REGION = "region"
"""The column that names a place where the record itself names none."""
MOST_IN_ISSUE = 100
"""Items of one task in the text of an issue; forges cut longer texts."""


@dataclass(frozen=True)
class Todo:
    """One thing to do: the record, what it is about (a statement's method, else itself), its place, and what the query tells of it.

    `adds` when there is no record yet: the statement of this method in this place is to be made.
    """

    record: Link
    about: Link
    place: Link | None
    told: str
    adds: bool


@dataclass(frozen=True)
class Task:
    """What is to be done with each of its items; `query` is the name of the query that found them, `why` what the query says of itself."""

    query: str
    title: str
    why: str
    items: tuple[Todo, ...]


@dataclass(frozen=True)
class RegionCount:
    """How much there is to do of one region."""

    place: Link
    slug: str
    short_name: Text
    count: int


@dataclass(frozen=True)
class TaskCount:
    """How many things there are to do of one task."""

    query: str
    title: str
    count: int


@dataclass(frozen=True)
class TodoPage:
    """The tasks that were asked for with their items; `task` and `region` (its slug) are empty for all. `count` counts the items.

    `tasks_of_all` and `regions` count what there is to do whatever was asked for; `issue` is the text of an issue, in Markdown.
    """

    tasks: tuple[Task, ...]
    task: str
    region: str
    count: int
    tasks_of_all: tuple[TaskCount, ...]
    regions: tuple[RegionCount, ...]
    issue: str


def tasks(queries: Iterable[NamedQuery], reader: Reader) -> tuple[Task, ...]:
    """Every task with its items, in the order of the queries' names."""
    return tuple(task(query, reader) for query in queries if query.task)


def task(query: NamedQuery, reader: Reader) -> Task:
    """The task that a query finds, with its items each once: by day where the query tells one, then by name.

    Stores differ in how they sort names, which SPARQL 1.1 §15.1 leaves open for texts with a language, so the query's order is not kept.
    """
    items = {item: _day(row) for row in _rows(query, reader) for item in _items(row, reader)}
    ordered = sorted(items, key=lambda item: (items[item], *_names(item)))
    return Task(query.name, _said(query.task, reader), _why(query, reader), tuple(ordered))


def slug_of(place: Link | None) -> str:
    """The end of a place's IRI; empty for none."""
    return place.iri.rstrip("/").rsplit("/", 1)[-1] if place else ""


@dataclass(frozen=True)
class TaskParts:
    """A task in parts, of which a page reads what it shows: its head without items, and by the slug of a region how many items there are and
    which; with an empty slug all."""

    head: Task
    counts: Mapping[str, int]
    items: Mapping[str, tuple[Todo, ...]]


def in_parts(name: str, query: NamedQuery, reader: Reader) -> TaskParts:
    """The task that a query finds, as tables with this name (`Kept.apart`)."""
    found = task(query, reader)
    items: dict[str, list[Todo]] = {}
    for item in found.items:
        for slug in dict.fromkeys(("", slug_of(item.place))):
            items.setdefault(slug, []).append(item)
    counts = {slug: len(some) for slug, some in items.items()}
    table = reader.graph.table
    return TaskParts(replace(found, items=()), table(f"{name} counts", counts), table(name, {slug: tuple(some) for slug, some in items.items()}))


def tasks_of_all(found: Iterable[TaskParts]) -> tuple[TaskCount, ...]:
    """How many things there are to do of each task that has any."""
    return tuple(TaskCount(one.head.query, one.head.title, count) for one in found if (count := one.counts.get("", 0)))


def regions_of_all(reader: Reader, found: Collection[TaskParts]) -> tuple[RegionCount, ...]:
    """How much there is to do of each region of which there is any."""
    places = [reader.link(iri) for iri in reader.site.regions]
    counted = ((place, slug_of(place), sum(one.counts.get(slug_of(place), 0) for one in found)) for place in places)
    return tuple(RegionCount(place, slug, reader.short_name(NamedNode(place.iri)), count) for place, slug, count in counted if count)


def todo_page(reader: Reader, found: Collection[TaskParts], task: str, region: str) -> TodoPage:
    """The page of what there is to do, of one task and in one region where these are given."""
    shown = [replace(one.head, items=one.items.get(region, ())) for one in found if task in ("", one.head.query)]
    left = tuple(one for one in shown if one.items)
    return TodoPage(
        tasks=left,
        task=task,
        region=region,
        count=sum(len(one.items) for one in left),
        tasks_of_all=tasks_of_all(found),
        regions=regions_of_all(reader, found),
        issue="\n".join(_as_issue(one) for one in left),
    )


def _as_issue(task: Task) -> str:
    lines = [f"## {as_markdown(task.title)} ({len(task.items)})", "", as_markdown(task.why), ""]
    for one in task.items[:MOST_IN_ISSUE]:
        about = ", ".join(as_markdown(part) for part in (one.about.label.value, one.place.label.value if one.place else "", one.told) if part)
        lines.append(f"- [ ] {about} (<{one.record.iri}>)")
    if len(task.items) > MOST_IN_ISSUE:
        lines.append("- …")
    return "\n".join([*lines, ""])


def _rows(query: NamedQuery, reader: Reader) -> Iterable[dict[str, NamedNode | Literal]]:
    """The rows; a query without names of things in it is asked once for each language, else in the reader's."""
    usual = LANGUAGE.format("sv")
    languages = (reader.language,) if LABELS.search(query.text) else reader.site.languages
    for language in languages if usual in query.text else languages[:1]:
        for told in reader.graph.solutions(query.text.replace(usual, LANGUAGE.format(language))):
            yield told | ({"language": Literal(language)} if len(languages) > 1 and usual in query.text else {})


def _day(row: dict[str, NamedNode | Literal]) -> str:
    return next((value.value for value in row.values() if isinstance(value, Literal) and value.datatype == DATE), "")


def _names(item: Todo) -> tuple:
    return sort_key(item.about.label.value), sort_key(item.place.label.value if item.place else ""), item.record.iri, item.told


def _items(row: dict[str, NamedNode | Literal], reader: Reader) -> Iterable[Todo]:
    record = row.get(STATEMENT) or next(iter(row.values()))
    if not isinstance(record, NamedNode):
        return
    method = reader.graph.object(record, ph.method)
    place = reader.graph.object(record, ph.place) or row.get(REGION)
    about = reader.link(method if isinstance(method, NamedNode) else record)
    where = reader.link(place) if isinstance(place, NamedNode) else None
    known = {about.label.value, *((where.label.value,) if where else ())}
    told = dict.fromkeys(value.value for value in row.values() if isinstance(value, Literal) and value.value not in known)
    adds = STATEMENT not in row and isinstance(row.get(REGION), NamedNode) and about.iri == record.value
    yield Todo(reader.link(record), about, where, " – ".join(told), adds)


def _why(query: NamedQuery, reader: Reader) -> str:
    """What the query says of itself, with the values that are set in it in the place of its variables."""
    told = _said(query.description, reader)
    for name, value in SET.findall(query.text):
        told = told.replace(name, value)
    return told


def _said(texts: dict[str, str], reader: Reader) -> str:
    return texts.get(reader.language) or next(iter(texts.values()), "")
