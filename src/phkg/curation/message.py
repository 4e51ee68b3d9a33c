"""What git says of a submission: who sent it, which records it changes, the sources these name, the findings that do not block."""

from __future__ import annotations

import re
from collections.abc import Sequence

from phkg.curation.submitted import Submitted
from phkg.curation.tokens import Token
from phkg.validation.findings import Finding, in_language

UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""Signs that would steer a terminal, turn the direction of writing or end a line."""
MOST_LINES = 200
LONGEST = 400


def message(id: str, token: Token, sent_as: str, submitted: Submitted, findings: Sequence[Finding], language: str) -> str:
    """The message of the commit; findings in the given language."""
    first, *others = submitted.files
    more = f" and {len(others)} more" if others else ""
    parts = [
        [f"Submission {id}: {first}{more}"],
        [f"Sent in over HTTP as {sent_as} by {clean(token.holder)}, with the token {token.name}."],
        _listed("Records", [f"{'new' if one.is_new else 'changed'}: <{one.record}>" for one in submitted.changes]),
        _listed("Sources that they name", [f"<{source}>" for source in submitted.sources]),
        _listed("Findings that do not block", [_told(finding, language) for finding in findings]) or ["No findings."],
    ]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _listed(head: str, lines: Sequence[str]) -> list[str]:
    if not lines:
        return []
    shown = [f"- {clean(line)}" for line in lines[:MOST_LINES]]
    return [f"{head}:", *shown, *([f"- … {len(lines) - MOST_LINES} more"] if len(lines) > MOST_LINES else [])]


def _told(finding: Finding, language: str) -> str:
    about = f" <{finding.record}>" if finding.record else ""
    return f"{finding.severity}: {in_language(finding.message, language)}{about}"


def clean(text: str) -> str:
    """The text on one line, without signs that are not seen, and not longer than a line may be."""
    plain = UNSEEN.sub(" ", text)
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + "…"
