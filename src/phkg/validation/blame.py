"""What a change is to blame for: the findings of the whole registry after it that were not there before, as multisets.

Lines do not count: a finding stays the same when lines are added above it. What the rules find is told by record, rule, property, value and
gravity (a value that offends against two parts of one rule is one finding, as in the reports); what the program finds of files as such by the
file as well, and where it names no record by its words and the line itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from .findings import Finding


@dataclass(frozen=True)
class Blame:
    """`new` are a change's own, `old` were there before it, `mended` are there no longer; each in the order of places."""

    new: tuple[Finding, ...]
    old: tuple[Finding, ...]
    mended: tuple[Finding, ...]


def same(finding: Finding) -> tuple:
    """What makes two findings of two reports the same one."""
    rule = "" if finding.rule.startswith("_:") else finding.rule
    about = (finding.severity, rule, bool(finding.component), finding.record, finding.property, finding.value)
    if finding.component:
        # A rule without a name has no other mark than its words.
        return (*about, "", () if rule else tuple(sorted(finding.message.items())))
    if finding.record:
        return (*about, finding.file, ())
    return (*about, finding.file, (*sorted(finding.message.items()), finding.snippet.split("\n")[0].strip()))


def blame(base: Iterable[Finding], head: Iterable[Finding], touched: Collection[str] = ()) -> Blame:
    """Parts the findings of two reports. Of several that are the same, those in files not `touched` count as old first."""
    left = Counter(map(same, base_findings := tuple(base)))
    new, old = [], []
    for finding in sorted(head, key=lambda one: (one.file in touched, one.order())):
        key = same(finding)
        (old if left[key] > 0 else new).append(finding)
        left[key] -= 1
    mended = []
    for finding in base_findings:
        key = same(finding)
        if left[key] > 0:
            left[key] -= 1
            mended.append(finding)
    return Blame(*(tuple(sorted(part, key=Finding.order)) for part in (new, old, mended)))
