"""What the checking says to people: findings with words in each language and a place in a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .results import INFO, VIOLATION, WARNING

SEVERITIES = {"violation": VIOLATION, "warning": WARNING, "info": INFO}
"""The three severities, the gravest first, each with its IRI in SHACL; only the first blocks."""

_RANK = {name: rank for rank, name in enumerate(SEVERITIES)}
Words = Mapping[str, str]
"""A text by language tag ("sv", "en")."""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, and where.

    `rule` is the IRI of the shape, or the code of one of the program's own checks. `record` and `property` are IRIs (a compound path is a SPARQL
    path), `value` is a term in N-Triples; each empty where it does not apply. `file` is relative to the root; `line`, `column` and `end_column`
    count from 1, in characters; `end_column` is the first after the token. `component` is the IRI of the SHACL component, empty for a file check.
    """

    severity: str
    rule: str
    message: Words
    file: str
    line: int = 1
    column: int = 1
    end_column: int = 1
    snippet: str = ""
    hint: Words = field(default_factory=dict)
    example: str = ""
    record: str = ""
    record_label: Words = field(default_factory=dict)
    property: str = ""
    property_label: Words = field(default_factory=dict)
    value: str = ""
    component: str = ""

    def order(self) -> tuple:
        """The key by which findings are sorted: by place, then by gravity and rule."""
        place = (self.file, self.line, self.column, self.end_column)
        return (*place, _RANK[self.severity], self.rule, self.record, self.property, self.value, tuple(sorted(self.message.items())))


@dataclass(frozen=True)
class Report:
    """The outcome of checking a registry.

    `files` and `triples` count what was read, `unread` names the files that could not be read wholly, `unchecked` is True when the rules were
    not run since the vocabulary could not be read, `languages` are the registry's in its order, `seconds` is the time it took.
    """

    findings: tuple[Finding, ...]
    files: int
    triples: int
    unread: tuple[str, ...]
    unchecked: bool
    languages: tuple[str, ...]
    seconds: float

    @property
    def conforms(self) -> bool:
        """True when nothing blocks."""
        return not self.unchecked and not any(finding.severity == "violation" for finding in self.findings)

    def count(self, severity: str) -> int:
        """How many findings have `severity`."""
        return sum(finding.severity == severity for finding in self.findings)


def in_language(words: Words, language: str) -> str:
    """The text in `language`, else in English, else in any language it has, else empty."""
    return words.get(language) or words.get("en") or next(iter(words.values()), "")
