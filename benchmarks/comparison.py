"""What was found beside what the generator expected, as multisets."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from benchmarks.faults import SHAPES, Expected


def read_expected(folder: Path) -> Counter[Expected]:
    """What validation of the registry in `folder` must find."""
    return Counter(Expected(*row) for row in json.loads((folder / "expected.json").read_text(encoding="utf-8")))


def by_rules(expected: Counter[Expected]) -> Counter[tuple[str, ...]]:
    """What of it an engine alone must find, which knows no files and none of the program's own checks: severity, rule, record, property, value."""
    return Counter({row[:5]: count for row, count in expected.items() if row.rule.startswith(SHAPES)})


def found_by_program(report: bytes | str) -> Counter[Expected]:
    """The findings of a report of `phkg validate --format json`."""
    keys = ("severity", "rule", "record", "property", "value", "file")
    return Counter(Expected(*(finding[key] for key in keys)) for finding in json.loads(report)["findings"])


def difference(found: Counter, expected: Counter) -> dict[str, list]:
    """What is missing and what is too much; two empty lists when both agree exactly."""
    return {"missing": sorted((expected - found).elements()), "unexpected": sorted((found - expected).elements())}


def agrees(found: Iterable, expected: Counter) -> bool:
    """True when both are the same multiset."""
    return Counter(found) == expected
