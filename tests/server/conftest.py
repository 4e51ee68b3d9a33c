"""The server over the program's own registry, started once for the tests of the page of queries."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from served import Served

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """`phkg serve` on the real registry."""
    with Served(ROOT, tmp_path_factory.mktemp("cache")) as served:
        yield served
