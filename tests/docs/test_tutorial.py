"""What the tutorial shows is what the check says."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from phkg.records.knowledge import find_knowledge
from phkg.validation.run import validate

from .markdown import ROOT

TUTORIAL = (ROOT / "docs" / "tutorial" / "first-change.md").read_text(encoding="utf-8")
STATEMENT = next(block for block in re.findall(r"```turtle\n(.*?)```", TUTORIAL, re.DOTALL) if "state:rutine" in block)
SHOWN = re.compile(r"^registry/\S+:(\d+):\d+: error: (.*)\n(?:.*\n)*?  \[(\S+)\]$", re.MULTILINE)


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory):
    """The registry with the tutorial's statement in it, as a reader has it after step 3."""
    registry = tmp_path_factory.mktemp("practice") / "registry"
    shutil.copytree(ROOT / "registry", registry)
    return replace(find_knowledge(), registry=registry)


def errors(knowledge, file: Path) -> set[tuple[str, str]]:
    report = validate(knowledge, paths=(file,))
    return {(finding.message["en"], finding.rule) for finding in report.findings if finding.severity == "violation"}


def test_the_errors_shown_are_those_that_come_and_the_repair_mends_them(practice) -> None:
    file = practice.registry / "implementations" / "gotland.ttl"
    before = file.read_text(encoding="utf-8")
    file.write_text(before + STATEMENT, encoding="utf-8")
    assert errors(practice, file) == {(message, rule) for _, message, rule in SHOWN.findall(TUTORIAL)}
    mended = STATEMENT.replace("state:rutine", "state:routine").replace("gYearMonth ;\n", "gYearMonth ;\n    ph:confidence confidence:stated ;\n")
    file.write_text(before + mended, encoding="utf-8")
    assert errors(practice, file) == set()
