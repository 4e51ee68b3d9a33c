"""The counts of records in the documentation are those of the registry, counted here in another way."""

from __future__ import annotations

import re
import tomllib
from collections import Counter

from .markdown import ROOT

TYPED = re.compile(r"^\S+ a ([^;.]+?)(?: ;| \.)", re.MULTILINE)
"""In the canonical form a record begins at the margin and says first what it is."""


def counted() -> dict[str, Counter[str]]:
    """Folder → class → number, read from the text of the files."""
    found: dict[str, Counter[str]] = {}
    for path in (ROOT / "registry").rglob("*.ttl"):
        folder = path.parent.name if path.parent.name != "registry" else path.name
        for classes in TYPED.findall(path.read_text(encoding="utf-8")):
            found.setdefault(folder, Counter()).update(name.strip() for name in classes.split(","))
    return found


def test_the_counts_are_those_of_the_files() -> None:
    written = tomllib.loads((ROOT / "docs" / "reference" / "records.toml").read_text(encoding="utf-8"))
    assert written == {folder: dict(classes) for folder, classes in counted().items()}, "make docs counts anew"


def test_every_count_is_on_the_page() -> None:
    page = (ROOT / "docs" / "reference" / "records.md").read_text(encoding="utf-8")
    rows = (
        f"| `{folder if folder.endswith('.ttl') else folder + '/'}` | `{name}` | {number} |"
        for folder, classes in counted().items()
        for name, number in classes.items()
    )
    assert [row for row in rows if row not in page] == []


def test_every_row_of_a_table_became_a_record_or_is_accounted_for() -> None:
    data = tomllib.loads((ROOT / "docs" / "reference" / "collected-facts.toml").read_text(encoding="utf-8"))
    statements = [table for table in data["table"] if "`ph:ImplementationStatement`" in table["records"]]
    assert len(statements) == 4
    for table in statements:
        assert table["rows"] == table["records"]["`ph:ImplementationStatement`"] + table["not_taken"], table["name"]
