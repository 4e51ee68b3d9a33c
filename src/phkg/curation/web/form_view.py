"""A form as a page shows it: its fields with their values, what can be chosen, how each is written, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from phkg.curation.fields import Choice, Field, Kind
from phkg.curation.filled import Values
from phkg.curation.known import Known
from phkg.curation.values import Fault
from phkg.validation.findings import Finding, in_language

MOST_LISTED = 600
"""Records that a field suggests; of more, a name or identifier has to be typed."""
FIRST_EMPTY = 1
LONG = ("text",)


@dataclass(frozen=True)
class Input:
    """One thing to fill in: the key under which it is sent, its place on the page, the language of its text (empty: none) and its values as typed."""

    key: str
    id: str
    language: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class ShownField:
    """A field: how it is filled in (select, suggest, text, date, number, address, boolean, string), what there is to choose from (value and label), its words,
    and what is wrong with it."""

    name: str
    label: str
    control: str
    need: str
    many: bool
    inputs: tuple[Input, ...]
    choices: tuple[tuple[str, str], ...]
    options: str
    description: str
    help: str
    examples: tuple[str, ...]
    wrong: tuple[str, ...]


@dataclass(frozen=True)
class ShownGroup:
    """Fields under a heading; the heading is empty for those that belong to none."""

    label: str
    fields: tuple[ShownField, ...]


@dataclass(frozen=True)
class FormView:
    """A form for a record of a kind: a new one, or one that there is (`record`, the end of its IRI, with its name).

    `parts` are the kinds of its parts with their addresses; `options` lists what several fields suggest, by a name; `causes` are all faults of fields, each with
    the place of its field.
    """

    kind: str
    label: str
    description: str
    record: str
    record_label: str
    groups: tuple[ShownGroup, ...]
    options: Mapping[str, tuple[str, ...]]
    causes: tuple[tuple[str, str], ...]


def form_view(
    kind: Kind,
    values: Values,
    known: Known,
    language: str,
    faults: Iterable[Fault] = (),
    findings: Iterable[Finding] = (),
    record: str = "",
    empty: int = FIRST_EMPTY,
) -> FormView:
    """The form of a kind with values filled in; `empty` is how many empty places follow where several values may stand."""
    wrong: dict[str, list[str]] = {}
    for fault in faults:
        wrong.setdefault(fault.key.partition("@")[0], []).append(fault.sentence(language))
    by_property = {one.iri: one.name for one in kind.fields}
    for finding in findings:
        if finding.property in by_property:
            said = " ".join(filter(None, (in_language(finding.message, language), in_language(finding.hint, language))))
            wrong.setdefault(by_property[finding.property], []).append(said)
    options: dict[str, tuple[str, ...]] = {}
    groups, causes = [], []
    for group, fields in kind.grouped():
        shown = tuple(_field(one, values, known, language, wrong.get(one.name, []), options, empty) for one in fields)
        causes += [(one.inputs[0].id, text) for one in shown for text in one.wrong]
        groups.append(ShownGroup(group.labels.get(language) or next(iter(group.labels.values()), ""), shown))
    name = known.label(known.base + record, language) if record else ""
    return FormView(kind.name, kind.label(language), kind.description.get(language, ""), record, name, tuple(groups), options, tuple(causes))


def _field(one: Field, values: Values, known: Known, language: str, wrong: Sequence[str], options: dict[str, tuple[str, ...]], empty: int) -> ShownField:
    control = {"choice": "select", "record": "suggest", "integer": "number", "decimal": "string"}.get(one.value, one.value)
    choices: tuple[tuple[str, str], ...] = ()
    listed = ""
    if control == "select":
        choices = tuple((choice.name, choice.label(language)) for choice in known.choices(one))
    elif control == "suggest":
        found = known.choices(one)
        if len(found) <= MOST_LISTED:
            listed = "options-" + "-".join(iri.rpartition("/")[2].rpartition("#")[2].lower() for iri in one.classes)
            options[listed] = tuple(_written(choice, language) for choice in found)
    inputs = []
    for key in one.keys:
        given = [text for text in values.get(key, ()) if text.strip()]
        blank = empty if one.many and control != "boolean" else 0 if given else 1
        inputs.append(Input(key, f"f-{key.replace('@', '-')}", key.partition("@")[2], (*given, *[""] * blank)))
    return ShownField(
        name=one.name,
        label=one.label(language),
        control=control,
        need=one.need,
        many=one.many,
        inputs=tuple(inputs),
        choices=choices,
        options=listed,
        description=one.description.get(language, ""),
        help=one.help.get(language, ""),
        examples=one.examples[:2] if control in ("string", "address", "date", "number") else (),
        wrong=tuple(wrong),
    )


def _written(choice: Choice, language: str) -> str:
    label = choice.label(language)
    return f"{label} ({choice.name})" if label != choice.name else label


def values_of(kind: Kind, record: str, known: Known, language: str) -> dict[str, list[str]]:
    """What a form has to be filled in with to say what a record says; `record` is its IRI."""
    found: dict[str, list[str]] = {}
    for one in kind.fields:
        named = {choice.iri: choice for choice in known.choices(one)} if one.value in ("choice", "record") else {}
        for term in known.objects(record, one.iri):
            if isinstance(term, NamedNode):
                choice = named.get(term.value)
                text = term.value if choice is None else choice.name if one.value == "choice" else _written(choice, language)
                found.setdefault(one.name, []).append(text)
            elif isinstance(term, Literal):
                found.setdefault(f"{one.name}@{term.language}" if one.value == "text" and term.language else one.name, []).append(term.value)
    return found
