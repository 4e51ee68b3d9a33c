"""The registry of a country that does not exist, copied so that a test may change it."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from phkg.records.knowledge import Knowledge, find_knowledge

DAY = date(2031, 1, 1)


@pytest.fixture
def country(tmp_path: Path) -> Knowledge:
    """The invented country with its own base, regions and states, in a folder of its own."""
    return find_knowledge(shutil.copytree(Path(__file__).parent / "country", tmp_path / "country"))


@pytest.fixture
def into(tmp_path: Path) -> Path:
    """Where snapshots go."""
    return tmp_path / "snapshots"


@pytest.fixture
def day() -> date:
    """The day on which the expectations were worked out by hand."""
    return DAY
