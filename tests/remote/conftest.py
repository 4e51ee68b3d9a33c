"""A real store for a file of tests, and snapshots to publish to it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from stores import Oxigraph

from phkg.graph.compile import compile_snapshot
from phkg.graph.remote.store import Store
from phkg.graph.snapshot import Snapshot
from phkg.records.knowledge import find_knowledge

INSULO = Path(__file__).resolve().parents[1] / "elsewhere" / "insulo"


@pytest.fixture
def oxigraph(tmp_path: Path) -> Iterator[Oxigraph]:
    """An empty store."""
    server = Oxigraph(tmp_path)
    yield server
    server.close()


@pytest.fixture
def store(oxigraph: Oxigraph) -> Iterator[Store]:
    """The same, to be asked."""
    store = Store(oxigraph.addresses)
    yield store
    store.close()


@pytest.fixture(scope="session")
def days(tmp_path_factory: pytest.TempPathFactory) -> list[Snapshot]:
    """Four snapshots of a small registry, of four days."""
    into = tmp_path_factory.mktemp("days")
    return [compile_snapshot(find_knowledge(INSULO), date(2032, 1, day), into) for day in (1, 2, 3, 4)]
