"""The report for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterable

import click

from ..findings import Finding, Report, in_language
from ..results import term
from ..words import report_words

_COLOURS = {"violation": "red", "warning": "yellow", "info": "cyan"}


def render(report: Report, language: str, colour: bool) -> str:
    """Every finding with its place, the line, what it is about and how to mend it; a summary last."""
    parts = [_finding(finding, language) for finding in report.findings]
    if report.unread:
        parts.append(report_words("unread", language).format(names=", ".join(report.unread)))
    if report.unchecked:
        parts.append(report_words("unchecked", language))
    parts.append(_summary(report, language))
    text = "\n\n".join(parts) + "\n"
    return text if colour else click.unstyle(text)


def render_findings(findings: Iterable[Finding], language: str) -> str:
    """Findings alone, without a summary and without colour."""
    return click.unstyle("\n\n".join(_finding(finding, language) for finding in findings))


def _finding(finding: Finding, language: str) -> str:
    severity = click.style(report_words(finding.severity, language), fg=_COLOURS[finding.severity], bold=True)
    place = click.style(f"{_printable(finding.file)}:{finding.line}:{finding.column}", bold=True)
    lines = [f"{place}: {severity}: {_printable(in_language(finding.message, language))}"]
    if finding.snippet.strip(" ^\n"):
        lines += ["    " + _printable(line) for line in finding.snippet.split("\n")]
    about = (
        ("record", _named(finding.record_label, finding.record, language)),
        ("property", _named(finding.property_label, finding.property, language)),
        ("value", term(finding.value).value if finding.value else ""),
        ("repair", in_language(finding.hint, language)),
        ("right", finding.example),
    )
    lines += [f"  {report_words(key, language)}: {_printable(text)}" for key, text in about if text]
    return "\n".join([*lines, click.style(f"  [{finding.rule}]", dim=True)])


def _named(label, iri: str, language: str) -> str:
    name = in_language(label, language)
    return f"{name} <{iri}>" if name else f"<{iri}>" if iri else ""


def _printable(text: str) -> str:
    """`text` on one line, without characters that could steer a terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _summary(report: Report, language: str) -> str:
    # Swedish, like most languages, parts thousands by a space; the narrow no-break one keeps the number whole.
    values = {"files": f"{report.files:,}", "triples": f"{report.triples:,}"}
    values = {key: value.replace(",", "\u202f") for key, value in values.items()}
    decimal = f"{report.seconds:.1f}" if language == "en" else f"{report.seconds:.1f}".replace(".", ",")
    if not report.findings and not report.unchecked:
        return report_words("conforms", language).format(**values, seconds=decimal)
    counts = {key + "s": report.count(key) for key in ("violation", "warning", "info")}
    return report_words("counts", language).format(**values, **counts, seconds=decimal)
