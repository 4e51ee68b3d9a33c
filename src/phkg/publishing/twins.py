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
    if not is_dataclass(value):
        return value
    held = vars(value)
    return {name: None if may_be_unknown and held[name] == "" else plain(held[name]) for name, _, may_be_unknown in _fields(type(value))}


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
    writer = _Writer()
    lines = [f" {_json(name)}: {writer.text(value)}" for name, value in whole.items()]
    lines.append(f' "records": {_json([_record(entry) for entry in provenance.of_all(writer.shown).values()])}')
    return "{{\n{}\n}}\n".format(",\n".join(lines)).encode()


class _Writer:
    """Writes views as JSON. What a view shows many times, a state in a thousand cells, is written once; `shown` are the IRIs of the records
    and statements that it shows whole."""

    def __init__(self) -> None:
        self.shown: dict[str, None] = {}
        self._known: dict[int, str] = {}

    def text(self, value: Any) -> str:
        """A view or a part of one, which stays in memory as long as the writer."""
        kind = type(value)
        if kind is str:
            return _quoted(value)
        if kind is tuple:
            return f"[{', '.join([self.text(one) for one in value])}]"
        if kind is bool:
            return "true" if value else "false"
        if kind is int:
            return str(value)
        if value is None or not is_dataclass(kind):
            return _json(value)
        found = self._known.get(id(value))
        if found is None:
            if kind in WHOLE:
                self.shown[value.iri] = None
            held, fields_ = vars(value), []
            for name, begin, may_be_unknown in _fields(kind):
                one = held[name]
                fields_.append(begin + ("null" if one is None or (may_be_unknown and one == "") else self.text(one)))
            found = self._known[id(value)] = f"{{{', '.join(fields_)}}}"
        return found


_json = json.JSONEncoder(ensure_ascii=False).encode
_quoted = json.encoder.encode_basestring


@lru_cache(None)
def _fields(kind: type) -> tuple[tuple[str, str, bool], ...]:
    """The fields of a dataclass: the name, how its value begins in JSON, and whether an empty text means there that nothing is known."""
    hints = get_type_hints(kind)
    return tuple((one.name, f"{_json(one.name)}: ", one.name not in NEVER_EMPTY and _may_be_text(hints[one.name])) for one in fields(kind))


def _may_be_text(hint: Any) -> bool:
    return hint in (str, Any) or (get_origin(hint) in (Union, types.UnionType) and any(_may_be_text(one) for one in get_args(hint)))


def _record(entry: Entry) -> dict[str, Any]:
    entered, changed = (
        {"when": one.when, "author": one.author, "commit": one.commit} for one in (entry.entered, entry.changed)
    )
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
