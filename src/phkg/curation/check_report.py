"""A check as a report: for people as text, Markdown and HTML, for programs as JSON, SARIF and GitHub's annotations."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

from phkg.curation.check import Check
from phkg.curation.report import PART_SIGNS, SIGNS, day_of, meaning, templates, written
from phkg.publishing.twins import plain
from phkg.records.knowledge import Knowledge
from phkg.validation.findings import SEVERITIES, Finding, Report, in_language
from phkg.validation.reports import as_json, render
from phkg.views.changes import MOST_LINES

FORMS = ("text", "markdown", "html", "json", "sarif", "github")
PARTS = ("new", "old", "mended")
MOST_FINDINGS = 50
"""Findings of a part that are told one by one in a report for people."""
MARK = "<!-- phkg check -->"
"""Begins a Markdown report, so that the comment of an earlier run is found and replaced."""
LONGEST = 60_000
"""Signs of a Markdown report; a comment of GitHub holds 65,536."""


def check_report(check: Check, form: str, language: str, knowledge: Knowledge, whole: bool = False) -> str:
    """The report in one of FORMS and one language; `whole` tells everything, else long lists are cut (JSON and SARIF are always whole)."""
    if form == "json":
        return _json(check, language)
    if form == "sarif":
        return _sarif(check, language)
    if form == "github":
        return render(_placed(check, check.blame.new), "github", language)
    most = 10_000_000 if whole else MOST_FINDINGS
    text = _for_people(check, form, language, knowledge, most, None if whole else MOST_LINES)
    while form == "markdown" and len(text) > LONGEST and most > 1 and not whole:
        most //= 2
        text = _for_people(check, form, language, knowledge, most, most)
    return f"{MARK}\n{text}" if form == "markdown" else text


def _for_people(check: Check, form: str, language: str, knowledge: Knowledge, most: int, most_lines: int | None) -> str:
    environment = templates(knowledge, language, form)
    told = check.compared is not None and check.site is not None
    view = meaning(check.compared, check.site, language, most_lines) if told else None
    shown = {
        "passes": check.passes,
        "errors": sum(finding.severity == "violation" for finding in check.blame.new),
        "new": _lines(check.blame.new, language),
        "old": _lines(check.blame.old, language),
        "mended": _lines(check.blame.mended, language),
        "most": most,
        "fewer": max(most // 5, 1),
        "base": check.base,
        "head": environment.get_template("check_words.html").module.here(),
        "base_fault": check.base_fault,
        "untold": check.untold,
        "view": view,
        "on": day_of(check.compared) if told else "",
    }
    if form == "html":
        return environment.get_template("check.html").render(**shown)
    part = PART_SIGNS[form]
    said = written(environment, "diff.txt", **shown, f=part) if view else ""
    return written(environment, "check.txt", **shown, f=SIGNS[form], low=part, meaning=said)


def _lines(findings: Iterable[Finding], language: str) -> list[dict[str, object]]:
    """What is told of findings, the gravest first."""
    rank = list(SEVERITIES).index
    return [
        {
            "severity": one.severity,
            "file": one.file,
            "line": one.line,
            "message": in_language(one.message, language),
            "hint": in_language(one.hint, language),
            "right": one.example,
            "label": in_language(one.record_label, language) or one.record,
        }
        for one in sorted(findings, key=lambda one: (rank(one.severity), one.order()))
    ]


def _json(check: Check, language: str) -> str:
    told = {
        "format": 1,
        "base": check.base,
        "passes": check.passes,
        "language": language,
        "baseFault": check.base_fault,
        "touched": list(check.touched),
        "counts": {part: {one: sum(finding.severity == one for finding in getattr(check.blame, part)) for one in SEVERITIES} for part in PARTS},
        **{part: [as_json.plain(finding) for finding in getattr(check.blame, part)] for part in PARTS},
        "changes": plain(meaning(check.compared, check.site, language, None)) if check.compared and check.site else None,
        "untold": check.untold,
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _sarif(check: Check, language: str) -> str:
    """Every finding after the change, each with whether it was there before (`baselineState`)."""
    findings = (*check.blame.new, *check.blame.old)
    told = json.loads(render(_placed(check, findings), "sarif", language))
    (run,) = told["runs"]
    run["tool"]["driver"]["name"] = "phkg check"
    for number, result in enumerate(run["results"]):
        result["baselineState"] = "new" if number < len(check.blame.new) else "unchanged"
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _placed(check: Check, findings: Iterable[Finding]) -> Report:
    """A report of some findings whose files are named from the top of the repository, as forges want them."""
    return replace(check.report, findings=tuple(replace(one, file=check.from_top(one.file)) for one in findings))
