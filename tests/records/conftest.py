"""A folder with a registry of one record, for a test to spoil."""

from pathlib import Path

import pytest

from phkg.records.knowledge import Knowledge, find_knowledge

REGISTRY = """@prefix ph: <https://w3id.org/phkg/ontology#> .

<https://example.org/isle/registry> a ph:Registry ;
    ph:languages "nb en" .
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder that holds registry/."""
    root = tmp_path / "isle"
    (root / "registry" / "methods").mkdir(parents=True)
    (root / "registry" / "registry.ttl").write_text(REGISTRY, encoding="utf-8")
    return root


@pytest.fixture
def knowledge(root: Path) -> Knowledge:
    """The rooms of that registry."""
    return find_knowledge(root)
