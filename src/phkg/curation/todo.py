"""What curators can do now: the rows of the named queries that are tasks, each with the record, its place, its file and who reviews that."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from pyoxigraph import Literal, NamedNode, Store

from phkg.curation.comma_separated import write_csv
from phkg.curation.filing import CannotFile, file_of
from phkg.curation.report import MARKUP, UNSEEN
from phkg.curation.reviewers import Belonging, Reviewers
from phkg.curation.words import word
from phkg.records.queries import NamedQuery
from phkg.views.reader import Reader
from phkg.vocabulary import ph

FORMS = ("text", "markdown", "csv", "json")
MOST = 20
"""Things to do of one task that text and Markdown show, unless all are asked for."""
SET = re.compile(r"VALUES (\?\w+) \{ ([\w.]+) \}")
LABELS = re.compile(r"\?\w+Label\b")
LANGUAGE = 'VALUES ?language {{ "{}" }}'
COLUMNS = ("task", "query", "record", "name", "place", "told", "file", "reviewers")
STATEMENT = "statement"
"""The column that names the record to work on, where there is one; else it is the first."""
REGION = "region"
"""The column that names a place where the record itself names none."""


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


def tasks(queries: Iterable[NamedQuery], store: Store, reader: Reader, reviewers: Reviewers, belongs: Belonging) -> tuple[Task, ...]:
    """Every task, in the order of the queries' names, with its items in the order of the query, each once."""
    found = []
    for query in queries:
        if query.task:
            items = dict.fromkeys(item for row in _rows(query, store, reader) for item in _items(row, reader, reviewers, belongs))
            found.append(Task(query.name, _said(query.task, reader), _why(query, reader), tuple(items)))
    return tuple(found)


def chosen(found: Sequence[Task], names: Sequence[str] = (), place: str = "", reviewer: str = "") -> tuple[Task, ...]:
    """Only the tasks of some queries (all without names), with the items about a place (its slug) that a person or team reviews; none without items."""
    picked = (
        Task(task.query, task.title, task.why, tuple(one for one in task.items if place in ("", one.place_slug) and (not reviewer or reviewer in one.reviewers)))
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
    def plain(text: str) -> str:
        seen = UNSEEN.sub(" ", text)
        return MARKUP.sub(r"\\\1", seen) if marked else seen

    title = f"{plain(task.title)} ({len(task.items)})"
    lines = [f"## {title}", "", plain(task.why), ""] if marked else [title, f"  {plain(task.why)}"]
    for one in task.items[:most]:
        about = ", ".join(plain(part) for part in (one.name, one.place, one.told) if part)
        where = f"`{one.file}`" if marked and one.file else one.file
        lines.append(f"{'- [ ]' if marked else '  -'} {about}{f' – {where}' if where else ''}")
    if most is not None and len(task.items) > most:
        lines.append(f"{'- ' if marked else '  '}… {word('further', language, count=len(task.items) - most)}")
    return "\n".join([*lines, ""])


def _rows(query: NamedQuery, store: Store, reader: Reader) -> Iterable[dict[str, NamedNode | Literal]]:
    """The rows; a query without names of things in it is asked once for each language, else in the reader's."""
    usual = LANGUAGE.format("sv")
    languages = (reader.language,) if LABELS.search(query.text) else reader.site.languages
    for language in languages if usual in query.text else languages[:1]:
        solutions = store.query(query.text.replace(usual, LANGUAGE.format(language)))
        names = [variable.value for variable in solutions.variables]
        for row in solutions:
            told = {name: value for name, value in zip(names, row, strict=True) if value is not None}
            yield told | ({"language": Literal(language)} if len(languages) > 1 and usual in query.text else {})


def _items(row: dict[str, NamedNode | Literal], reader: Reader, reviewers: Reviewers, belongs: Belonging) -> Iterable[Item]:
    record = row.get(STATEMENT) or next(iter(row.values()))
    if not isinstance(record, NamedNode):
        return
    method = reader.graph.object(record, ph.method)
    place = reader.graph.object(record, ph.place) or row.get(REGION)
    name = reader.label(method if isinstance(method, NamedNode) else record).value
    known = {name, *((reader.label(place).value,) if isinstance(place, NamedNode) else ())}
    told = [value.value for value in row.values() if isinstance(value, Literal) and value.value not in known]
    try:
        file = file_of(record.value.split("#")[0], reader.site.base)
    except CannotFile:
        file = ""
    slug = place.value.rstrip("/").rsplit("/", 1)[-1] if isinstance(place, NamedNode) else ""
    who = reviewers.of(file, *belongs.of_file.get(file, ((), ()))).reviewers if file else ()
    yield Item(record.value, name, reader.label(place).value if isinstance(place, NamedNode) else "", slug, ", ".join(dict.fromkeys(told)), file, who)


def _why(query: NamedQuery, reader: Reader) -> str:
    """What the query says of itself, with the values that are set in it in the place of its variables."""
    told = _said(query.description, reader)
    for name, value in SET.findall(query.text):
        told = told.replace(name, value)
    return told


def _said(texts: dict[str, str], reader: Reader) -> str:
    return texts.get(reader.language) or next(iter(texts.values()), "")
