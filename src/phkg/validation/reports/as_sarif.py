"""The report as SARIF 2.1.0, which code scanning services and editors read."""

from __future__ import annotations

import hashlib
import json
from urllib.parse import quote

import phkg

from ..findings import Finding, Report, in_language
from ..words import report_words

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"violation": "error", "warning": "warning", "info": "note"}


def render(report: Report, language: str) -> str:
    """One run with a rule for each rule that has a finding."""
    rules = sorted({finding.rule for finding in report.findings})
    number = {rule: index for index, rule in enumerate(rules)}
    sample = {finding.rule: finding for finding in reversed(report.findings)}
    notices = []
    if report.unread:
        notices.append(report_words("unread", language).format(names=", ".join(report.unread)))
    if report.unchecked:
        notices.append(report_words("unchecked", language))
    run = {
        "tool": {
            "driver": {
                "name": "phkg validate",
                "version": phkg.__version__,
                "language": language,
                "rules": [_rule(rule, sample[rule], language) for rule in rules],
            }
        },
        "language": language,
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not report.unchecked,
                "toolExecutionNotifications": [{"level": "warning", "message": {"text": text}} for text in notices],
            }
        ],
        "results": [_result(finding, number[finding.rule], language) for finding in report.findings],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"


def _rule(rule: str, finding: Finding, language: str) -> dict:
    help_text = "\n".join(text for text in (in_language(finding.hint, language), finding.example) if text)
    described = {
        "id": rule,
        "shortDescription": {"text": in_language(finding.message, language)},
        "defaultConfiguration": {"level": _LEVELS[finding.severity]},
    }
    if help_text:
        described["help"] = {"text": help_text}
    return described


def _result(finding: Finding, rule: int, language: str) -> dict:
    # The line is left out of the fingerprint, so that a finding is the same one when lines are added above it.
    same = "\0".join((finding.rule, finding.file, finding.record, finding.property, finding.value, finding.component))
    result = {
        "ruleId": finding.rule,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": " ".join(text for text in (in_language(finding.message, language), in_language(finding.hint, language)) if text)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(finding.file)},
                    "region": {"startLine": finding.line, "startColumn": finding.column, "endColumn": finding.end_column},
                }
            }
        ],
        "partialFingerprints": {"finding/v1": hashlib.sha256(same.encode()).hexdigest()},
    }
    if finding.record:
        result["locations"][0]["logicalLocations"] = [{"fullyQualifiedName": finding.record}]
    return result
