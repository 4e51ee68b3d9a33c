"""What may follow the question mark of an address: one description, by which requests are checked and the API is described."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from starlette.datastructures import QueryParams

from phkg.publishing.problems import Problem, say, unknown_parameter

MOST_ENTRIES = 500
"""Entries of a list that can be asked for at once."""
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
STEPS = re.compile(rf"{SLUG.pattern}(/{SLUG.pattern})*", re.ASCII)
NUMBER = re.compile(r"[1-9]\d{0,5}", re.ASCII)
WHOLE = re.compile(r"\d{1,15}", re.ASCII)
DECIMAL = re.compile(r"\d{1,15}(\.\d{1,40})?([eE][+-]?\d{1,3})?", re.ASCII)


@dataclass(frozen=True)
class Parameter:
    """A parameter of an address. `allowed` are the values of a choice; an example is a value that works.

    `least` and `most` bound a `whole` or a `decimal` number; either may be left empty, as a form does.
    """

    name: str
    form: Literal["day", "number", "slug", "path", "text", "choice", "whole", "decimal"]
    description: str
    example: str
    allowed: tuple[str, ...] = ()
    least: float = 0
    most: float = 0

    def schema(self) -> dict[str, object]:
        """Which values are taken, as JSON Schema."""
        if self.form == "day":
            return {"type": "string", "format": "date"}
        if self.form == "number":
            return {"type": "integer", "minimum": 1, "maximum": MOST_ENTRIES}
        if self.form == "slug":
            return {"type": "string", "pattern": f"^{SLUG.pattern}$"}
        if self.form == "path":
            return {"type": "string", "pattern": f"^{STEPS.pattern}$"}
        if self.form == "choice":
            return {"type": "string", "enum": ["", *self.allowed]}
        if self.form in ("whole", "decimal"):
            return {"type": "integer" if self.form == "whole" else "number", "minimum": self.least, "maximum": self.most}
        return {"type": "string"}

    def check(self, value: str) -> None:
        """Raises Problem, with what is allowed, for a value that is not taken. A day is checked where it is read."""
        if self.form == "choice" and value and value not in self.allowed:
            raise Problem(400, "unknown-value", say("unknown-choice", name=self.name, value=value), self.name, self.allowed)
        if self.form == "number" and not (NUMBER.fullmatch(value) and int(value) <= MOST_ENTRIES):
            detail = say("whole", name=self.name, least=1, most=MOST_ENTRIES)
            raise Problem(400, "unknown-value", detail, self.name, ("1", str(MOST_ENTRIES)))
        if self.form in ("whole", "decimal") and value:
            form = WHOLE if self.form == "whole" else DECIMAL
            if not form.fullmatch(value) or not self.least <= float(value) <= self.most:
                detail = say(self.form, name=self.name, least=f"{self.least:g}", most=f"{self.most:g}")
                raise Problem(400, "unknown-value", detail, self.name, (f"{self.least:g}", f"{self.most:g}"))
        if self.form == "slug" and not SLUG.fullmatch(value):
            raise Problem(400, "unknown-value", say("slug", name=self.name), self.name)
        if self.form == "path" and not STEPS.fullmatch(value):
            raise Problem(400, "unknown-value", say("path", name=self.name), self.name)


def check(asked: QueryParams, allowed: Iterable[Parameter]) -> None:
    """Raises Problem for a parameter that the address does not take, one given twice, or a value that is not taken."""
    known = {parameter.name: parameter for parameter in allowed}
    for name, value in asked.multi_items():
        if name not in known:
            raise unknown_parameter(name, known)
        if len(asked.getlist(name)) > 1:
            raise Problem(400, "given-twice", say("given-twice", name=name), name)
        known[name].check(value)
