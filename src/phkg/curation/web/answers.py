"""What a submission came to, as pages and templates show it and as JSON tells it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import HTTPConnection
from starlette.responses import Response

from phkg.curation.branches import Kept
from phkg.curation.submitted import SENT
from phkg.curation.web.door import Refused, Taken
from phkg.publishing.problems import MEDIA_TYPE, language_for, language_headers, told
from phkg.validation.findings import Finding, in_language
from phkg.validation.reports.as_json import plain

AROUND = 2
"""Lines shown before and after a line that has a finding."""
LONGEST = 300
"""Characters of a line that are shown."""
MOST_SHOWN = 200
"""Findings that a page shows."""


@dataclass(frozen=True)
class ShownFinding:
    """A finding in a reader's language. `line` is 0 where it has no place in what was sent; `record` and `property` are names, or IRIs without one."""

    severity: str
    message: str
    hint: str
    example: str
    line: int
    column: int
    record: str
    property: str
    rule: str
    file: str


@dataclass(frozen=True)
class Line:
    """A line of what was sent, with what is wrong in it; `gap` tells that lines before it are left out."""

    number: int
    text: str
    findings: tuple[ShownFinding, ...]
    gap: bool


@dataclass(frozen=True)
class Shown:
    """All findings of a check: those with a place as lines of what was sent, the others by themselves; `cut` are those not shown."""

    lines: tuple[Line, ...]
    others: tuple[ShownFinding, ...]
    errors: int
    warnings: int
    cut: int


def shown(findings: Sequence[Finding], text: str, language: str) -> Shown:
    """The findings as a page shows them beside what was sent."""
    errors = sum(finding.severity == "violation" for finding in findings)
    ordered = sorted(findings, key=lambda finding: finding.severity != "violation")[:MOST_SHOWN]
    words = [_of(finding, language) for finding in ordered]
    by_line: dict[int, list[ShownFinding]] = {}
    for one in words:
        if one.line:
            by_line.setdefault(one.line, []).append(one)
    written = text.split("\n")
    numbers = sorted({near for line in by_line for near in range(line - AROUND, line + AROUND + 1) if 0 < near <= len(written)})
    lines = tuple(Line(number, _cut(written[number - 1]), tuple(by_line.get(number, ())), number - 1 not in numbers and number > 1) for number in numbers)
    return Shown(lines, tuple(one for one in words if not one.line), errors, len(findings) - errors, len(findings) - len(ordered))


def _of(finding: Finding, language: str) -> ShownFinding:
    here = finding.file == SENT
    return ShownFinding(
        severity=finding.severity,
        message=in_language(finding.message, language),
        hint=in_language(finding.hint, language),
        example=finding.example,
        line=finding.line if here else 0,
        column=finding.column if here else 0,
        record=in_language(finding.record_label, language) or finding.record,
        property=in_language(finding.property_label, language) or finding.property,
        rule=finding.rule,
        file="" if here else finding.file,
    )


def _cut(text: str) -> str:
    text = text.rstrip("\r")
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def refusal(refused: Refused, request: HTTPConnection) -> Response:
    """Why a submission was not taken, for programs (RFC 9457), in the language for the request; findings with their words in every language."""
    language = language_for(request.url.path, request.headers.get("accept-language", ""))
    members: dict[str, object] = {}
    if refused.allowed:
        members["allowed"] = list(refused.allowed)
    if refused.findings:
        members["findings"] = [plain(finding) for finding in refused.findings]
    body = told(refused.status, refused.code, refused.detail, language, members)
    return Response(body, refused.status, {**language_headers(language), **refused.headers}, media_type=MEDIA_TYPE)


def taken(outcome: Taken, address: str) -> Response:
    """That a submission was taken, for programs."""
    state = state_of(outcome.kept, address)
    state["records"] = [{"record": one.record, "new": one.is_new} for one in outcome.judged.submitted.changes]
    state["findings"] = [plain(finding) for finding in outcome.judged.findings]
    return _json(state, 201 if outcome.is_new else 200, {"Location": address})


def status(kept: Kept, address: str) -> Response:
    """What became of a submission, for programs."""
    return _json(state_of(kept, address), 200, {})


def state_of(kept: Kept, address: str) -> dict[str, object]:
    """What became of a submission."""
    return {
        "id": kept.id,
        "address": address,
        "state": kept.state,
        "branch": kept.branch,
        "commit": kept.commit,
        "when": kept.when,
        "author": kept.author,
        "files": list(kept.files),
        "said": kept.said,
    }


def _json(state: Mapping[str, object], status: int, headers: Mapping[str, str]) -> Response:
    body = json.dumps(state, ensure_ascii=False, indent=1).encode() + b"\n"
    return Response(body, status, {"Cache-Control": "no-store", **headers}, media_type="application/json")
