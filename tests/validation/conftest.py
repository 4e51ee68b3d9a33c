"""A small registry of its own for the tests of validation: two methods, two regions, a source, four statements."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from phkg.records.knowledge import Knowledge
from phkg.validation.findings import Report
from phkg.validation.run import validate

FIXTURE = Path(__file__).parent / "fixture"


def rooms(root: Path) -> Knowledge:
    """The rooms of a copy of the fixture; its vocabulary is its own, so that the tests do not change with the real one."""
    return Knowledge(core=root / "core", ontology=root / "ontology", shapes=root / "shapes", registry=root / "registry", web=root)


class Workshop:
    """A copy of the fixture that a test may damage."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, name: str) -> Path:
        """A file of the copy."""
        return self.root / name

    def write(self, name: str, data: str | bytes) -> Path:
        """Writes a file, making its folder."""
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    def replace(self, name: str, old: str, new: str) -> None:
        """Changes every `old` in a file to `new`; the file must have it."""
        text = self.path(name).read_text()
        assert old in text
        self.path(name).write_text(text.replace(old, new))

    def check(self, *paths: Path, engine: str = "auto") -> Report:
        """The report on the copy."""
        return validate(rooms(self.root), engine=engine, paths=paths)


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    shutil.copytree(FIXTURE, tmp_path / "copy")
    return Workshop(tmp_path / "copy")
