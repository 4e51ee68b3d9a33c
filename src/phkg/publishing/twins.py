"""A view as JSON: one rule for all views, and the schema of what it gives, both read off the same dataclasses.

The rule: a dataclass becomes an object with the names and the order of its fields; a tuple an array; an empty text null, for
nothing is known there (the value of a Text stays as it is). Dates stand as their source gives them, in ISO 8601: `2021`,
`2021-09` or `2021-09-14`.
"""

from __future__ import annotations

import json
import types
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from phkg.publishing.provenance import Entry, Provenance
from phkg.publishing.site import Published
from phkg.views.objections import ObjectionLine
from phkg.views.records import Head
from phkg.views.statements import StatementLine

DATES = ("since", "until", "planned_start", "word_date", "date", "first_since", "latest_word")
"""Fields that hold a date, as precise as the source."""
PARTIAL_DATE = r"^\d{4}(-\d{2}(-\d{2})?)?$"
NEVER_EMPTY = ("value", "iri", "property", "inverse_of", "anchor", "name", "slug", "namespace", "address")
"""Fields whose text is always there."""
WHOLE = frozenset((Head, StatementLine, ObjectionLine))
"""Parts of views that show a record or a statement whole."""


def plain(value: Any) -> Any:
    """A view, or a part of one, as dictionaries, lists, texts, numbers and truth values."""
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    return {name: plain(one) for name, one in _object(value).items()} if is_dataclass(value) else value


def document(published: Published, code: str, page_address: str, page: Any, provenance: Provenance) -> bytes:
    """The JSON twin of a page: which view it is, in which language, of which day and data version, and the view itself.

    What is known about the records that it shows (who entered them and when) stands apart from what they say.
    """
    whole = {
        "view": type(page).__name__,
        "language": code,
        "day": published.site.date,
        "known": published.snapshot.manifest.get("known_on"),
        "snapshot": published.version,
        "page_address": page_address,
        "page": page,
    }
    shown: dict[str, None] = {}

    def object_of(value: Any) -> dict[str, Any]:
        # The writer comes by everything that the page shows, so nobody else has to look for its records.
        if type(value) in WHOLE:
            shown[value.iri] = None
        return _object(value)

    written = json.JSONEncoder(ensure_ascii=False, check_circular=False, default=object_of).encode
    lines = [f" {_json(name)}: {written(value)}" for name, value in whole.items()]
    lines.append(f' "records": {_json([_record(entry) for entry in provenance.of_all(shown).values()])}')
    return "{{\n{}\n}}\n".format(",\n".join(lines)).encode()


def _object(value: Any) -> dict[str, Any]:
    """One dataclass as a dictionary, its values as they are but for an empty text where nothing is known."""
    names, texts = _fields(type(value))
    held = vars(value)
    found = {name: held[name] for name in names}
    for name in texts:
        if held[name] == "":
            found[name] = None
    return found


_json = json.JSONEncoder(ensure_ascii=False).encode


@lru_cache(None)
def _fields(kind: type) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the fields of a dataclass, and of those in which an empty text means that nothing is known."""
    hints = get_type_hints(kind)
    names = tuple(one.name for one in fields(kind))
    return names, tuple(name for name in names if name not in NEVER_EMPTY and _may_be_text(hints[name]))


def _may_be_text(hint: Any) -> bool:
    return hint in (str, Any) or (get_origin(hint) in (Union, types.UnionType) and any(_may_be_text(one) for one in get_args(hint)))


def _record(entry: Entry) -> dict[str, Any]:
    entered, changed = ({"when": one.when, "author": one.author, "commit": one.commit} for one in (entry.entered, entry.changed))
    return {"iri": entry.iri, "entered": entered, "changed": changed, "commits": len(entry.changes)}


class Schemas:
    """JSON Schemas of views, gathered under their names for `components` of a description."""

    def __init__(self) -> None:
        self.found: dict[str, dict[str, Any]] = {}

    def document(self, view: type) -> dict[str, Any]:
        """The schema of the JSON twin of a view."""
        properties = {
            "view": {"const": view.__name__},
            "language": {"type": "string", "description": "The language of labels (BCP 47)."},
            "day": {"type": "string", "format": "date", "description": "The day on which the standings hold."},
            "known": {"type": ["string", "null"], "format": "date", "description": "The day by whose records; null: by those of today."},
            "snapshot": {"type": "string", "description": "The data version; the same version gives the same answer."},
            "page_address": {"type": "string", "description": "The page that shows the same."},
            "page": self.of(view),
            "records": {"type": "array", "items": self._entry(), "description": "What is known of how they came into the registry."},
        }
        return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}

    def of(self, kind: Any) -> dict[str, Any]:
        """The schema of what `plain` makes of a value of this type."""
        if is_dataclass(kind) and isinstance(kind, type):
            return self._reference(kind)
        origin, inner = get_origin(kind), get_args(kind)
        if origin in (Union, types.UnionType):
            return {"anyOf": [self.of(one) for one in inner]}
        if origin is tuple and inner[-1] is Ellipsis:
            return {"type": "array", "items": self.of(inner[0])}
        if origin is tuple:
            return {"type": "array", "prefixItems": [self.of(one) for one in inner], "items": False, "minItems": len(inner)}
        return {"type": {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}[kind]}

    def _entry(self) -> dict[str, Any]:
        commit = {
            "type": "object",
            "properties": {
                "when": {"type": "string", "format": "date-time"},
                "author": {"type": "string"},
                "commit": {"type": "string", "pattern": "^[0-9a-f]{40,64}$"},
            },
            "required": ["when", "author", "commit"],
        }
        properties = {"iri": {"type": "string"}, "entered": commit, "changed": commit, "commits": {"type": "integer", "minimum": 1}}
        self.found["RecordEntry"] = {
            "type": "object",
            "description": "Who entered a record or a statement, and who changed last what it says; from git.",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        }
        return {"$ref": "#/components/schemas/RecordEntry"}

    def _reference(self, kind: type) -> dict[str, Any]:
        name = kind.__name__
        if name not in self.found:
            self.found[name] = {}
            hints = get_type_hints(kind)
            properties = {one.name: self._field(one.name, hints[one.name]) for one in fields(kind)}
            self.found[name] = {
                "type": "object",
                "description": " ".join((kind.__doc__ or "").split()),
                "properties": properties,
                "required": list(properties),
                "additionalProperties": False,
            }
        return {"$ref": f"#/components/schemas/{name}"}

    def _field(self, name: str, kind: Any) -> dict[str, Any]:
        if kind is str and name in DATES:
            return {"type": ["string", "null"], "pattern": PARTIAL_DATE, "description": "ISO 8601, as precise as the source."}
        if kind is str and name not in NEVER_EMPTY:
            return {"type": ["string", "null"]}
        return self.of(kind)
