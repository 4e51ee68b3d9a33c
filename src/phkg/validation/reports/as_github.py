"""The report as workflow commands, which GitHub shows beside the lines of a pull request."""

from __future__ import annotations

from collections.abc import Mapping

from ..findings import Finding, Report, in_language

_COMMANDS = {"violation": "error", "warning": "warning", "info": "notice"}


def render(report: Report, language: str) -> str:
    """One command a finding, in the order of the findings, the gravest first (GitHub shows only the first ten of a kind)."""
    ordered = sorted(report.findings, key=lambda finding: list(_COMMANDS).index(finding.severity))
    return "".join(_command(finding, language) + "\n" for finding in ordered)


def annotation(command: str, properties: Mapping[str, str], text: str) -> str:
    """One workflow command: `error`, `warning` or `notice`, what it is beside (may be nothing), and its text."""
    stated = ",".join(f"{key}={_escape(value).replace(':', '%3A').replace(',', '%2C')}" for key, value in properties.items())
    return f"::{command}{' ' if stated else ''}{stated}::{_escape(text)}"


def _command(finding: Finding, language: str) -> str:
    text = in_language(finding.message, language)
    hint = in_language(finding.hint, language)
    properties = {
        "file": finding.file,
        "line": str(finding.line),
        "endLine": str(finding.line),
        "col": str(finding.column),
        "endColumn": str(finding.end_column),
        "title": in_language(finding.record_label, language) or finding.rule,
    }
    return annotation(_COMMANDS[finding.severity], properties, text + (f"\n{hint}" if hint else ""))


def _escape(text: str) -> str:
    """`text` as GitHub's own toolkit escapes the data of a command, without signs that are not seen or turn the direction: the log is read in terminals, too."""
    seen = "".join(sign if sign.isprintable() or sign in "\r\n" else " " for sign in text)
    return seen.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
