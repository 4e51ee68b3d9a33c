"""Issue forms for people without git, and their answers: a form is the headings of a table, an answered issue is one row of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from phkg.curation.exporting import rows_through
from phkg.curation.fields import Field, Forms, Kind
from phkg.curation.table_help import help_of
from phkg.curation.table_limits import CannotRead
from phkg.curation.tables import IDENTIFIER, Cell, Column, Sheet, column_of, kind_of_heads, table_of
from phkg.curation.words import word

MOST_SIGNS = 200_000
"""The longest issue that is read, in characters; GitHub takes 65,536."""
HEADING = re.compile(r"^### +(.+?) *$", re.MULTILINE)
EMPTY = frozenset({"_No response_", "None", ""})
"""How a forge writes that a question was not answered."""
FOLDER = ".github/ISSUE_TEMPLATE"
WRITTEN_BY = "# Written by `phkg docs` from shapes/ and ontology/; change those, not this file."


def issue_forms(kinds: Iterable[Kind], forms: Forms, languages: Sequence[str]) -> dict[str, str]:
    """The issue forms of some kinds in each language: path from the root of the repository → text in YAML."""
    written = {f"{FOLDER}/{kind.name}.{language}.yml": _form(kind, forms, language) for kind in kinds for language in languages}
    return written | {f"{FOLDER}/config.yml": f"{WRITTEN_BY}\nblank_issues_enabled: true\n"}


def _form(kind: Kind, forms: Forms, language: str) -> str:
    through = rows_through(kind, forms)
    instead = {pointing.name for pointing, _ in through}
    table = table_of(kind, language, through)
    name = kind.label(language)
    lines = [
        WRITTEN_BY,
        f"name: {_quoted(word('issue-name', language, kind=name))}",
        f"description: {_quoted(kind.description.get(language) or name)}",
        f"title: {_quoted(name + ': ')}",
        "body:",
        *_element("markdown", "", [f"value: {_quoted(word('issue-begins', language))}"]),
    ]
    for head, column in zip(table.heads, table.columns, strict=True):
        if column.field is not None:
            lines += _question(head, column, language, required=_demanded(column, column.field, instead))
    return "\n".join(lines) + "\n"


def _demanded(column: Column, one: Field, instead: set[str]) -> bool:
    """Whether the form itself insists; of a text in several languages, and of a record or its own fields, one is enough."""
    return one.need == "required" and not column.through and one.name not in instead and len(one.keys) == 1


def _question(head: str, column: Column, language: str, required: bool) -> list[str]:
    one = column.field
    assert one is not None  # The identifier is not asked for.
    options: list[str] = []
    if one.value == "choice":
        options = [choice.label(language) for choice in one.choices]
    elif one.value == "boolean":
        options = [word("yes", language), word("no", language)]
    sort = "dropdown" if options else "textarea" if one.value == "text" or one.many else "input"
    attributes = [f"label: {_quoted(head)}"]
    if said := help_of(column, language).replace(word("several-lines", language), "" if options else word("one-a-line", language)).strip():
        attributes.append(f"description: {_quoted(said)}")
    if options:
        attributes += [f"multiple: {str(one.many).lower()}", "options:", *(f"  - {_quoted(option)}" for option in options)]
    identifier = re.sub(r"[^A-Za-z0-9]+", "-", "-".join(part for part in (column.through, column.key) if part))
    return _element(sort, identifier, attributes, required)


def _element(sort: str, identifier: str, attributes: Sequence[str], required: bool = False) -> list[str]:
    lines = [f"  - type: {sort}"]
    if identifier:
        lines.append(f"    id: {identifier}")
    lines += ["    attributes:", *(f"      {line}" for line in attributes)]
    return [*lines, *(["    validations:", "      required: true"] if required else [])]


def _quoted(text: str) -> str:
    """A text as YAML takes it, whatever it holds: JSON is a part of YAML."""
    return json.dumps(text, ensure_ascii=False)


def read_issue(body: str, forms: Forms, kind: Kind | None = None) -> tuple[Kind, Sheet]:
    """The kind of record and the one row that the body of an issue means. Raises CannotRead when it is no answered form.

    A heading that somebody wrote within an answer is a heading too: it is then one too many, and told as such.
    """
    if len(body) > MOST_SIGNS:
        raise CannotRead("issue-too-long", most=MOST_SIGNS)
    body = body.replace("\r\n", "\n")
    found = list(HEADING.finditer(body))
    if not found:
        raise CannotRead("no-answers")
    ends = [one.start() for one in found[1:]] + [len(body)]
    answers = [(one[1], body[one.end() : end].strip()) for one, end in zip(found, ends, strict=True)]
    known = kind or kind_of_heads([head for head, _ in answers], forms)
    if known is None:
        raise CannotRead("no-answers")
    heads = tuple(Cell(head, head) for head, _ in answers)
    cells = {}
    for number, (head, answer) in enumerate(answers, 1):
        column = column_of(head, known, forms)
        if answer not in EMPTY and not (column and column.key == IDENTIFIER):
            cells[number] = Cell(_several(answer, column), head)
    return known, Sheet(known.name, heads, ((2, cells),) if cells else ())


def _several(answer: str, column: Column | None) -> str:
    """An answer of a list in which several can be chosen, which the forge joins by commas, as lines of a cell."""
    one = column.field if column else None
    if one is None or one.value != "choice" or not one.many:
        return answer
    rest, found = answer, []
    labels = sorted({label for choice in one.choices for label in choice.labels.values()}, key=len, reverse=True)
    while rest:
        label = next((label for label in labels if rest == label or rest.startswith(label + ", ")), None)
        if label is None:
            return answer  # Not what the list offered: told as it stands.
        found.append(label)
        rest = rest[len(label) :].removeprefix(", ")
    return "\n".join(found)
