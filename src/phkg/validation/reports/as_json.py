"""The report as JSON; `report.schema.json` beside this file describes it."""

from __future__ import annotations

import json
from dataclasses import asdict

import phkg

from ..findings import SEVERITIES, Finding, Report


def render(report: Report, language: str) -> str:
    """All findings with their words in every language; `language` only says which one the reader asked for."""
    document = {
        "format": 1,
        "version": phkg.__version__,
        "conforms": report.conforms,
        "language": language,
        "files": report.files,
        "triples": report.triples,
        "unread": list(report.unread),
        "rulesChecked": not report.unchecked,
        "counts": {severity: report.count(severity) for severity in SEVERITIES},
        "findings": [plain(finding) for finding in report.findings],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def plain(finding: Finding) -> dict[str, object]:
    """A finding as it stands in JSON, with its words in every language."""
    return {_camel(key): value for key, value in asdict(finding).items()}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
