"""The counts of records, as data and as a page, and what became of the facts that the first records were made from."""

from __future__ import annotations

import tomllib
from collections import Counter
from typing import Any

from phkg.publishing.reference.markdown import code, page, table
from phkg.publishing.reference.sources import Written, compact

HEAD = "# Written by `phkg docs`: how many records of each class lie in each folder of registry/.\n"


def records_data(written: Written) -> str:
    """The counts as TOML: one table a folder, one key a class."""
    parts = [HEAD]
    for folder, classes in sorted(_counts(written).items()):
        lines = [f'"{name}" = {number}' for name, number in sorted(classes.items())]
        parts.append("\n".join([f'["{folder or "registry.ttl"}"]', *lines]) + "\n")
    return "\n".join(parts)


def records_page(written: Written, collected: str) -> str:
    """The counts as a page; `collected` is the text of `collected-facts.toml`."""
    counts = _counts(written)
    rows = [
        (code(f"{folder}/" if folder else "registry.ttl"), code(name), str(number))
        for folder, classes in sorted(counts.items())
        for name, number in sorted(classes.items())
    ]
    intro = """
How many records there are now. The same numbers as data are in [records.toml](records.toml); a test holds them against the files.
A sub-record, such as one intended use of a method, lies in the file of the record it belongs to.
"""
    return page("Records", intro, table(("folder", "class", "records"), rows), _collected(collected))


def _collected(text: str) -> str:
    """What became of each table of the collected facts."""
    data: dict[str, Any] = tomllib.loads(text)
    rows = []
    for item in data["table"]:
        became = ", ".join(f"{number} {name}" for name, number in item["records"].items())
        rows.append((code(item["name"]) if item["name"].endswith(".csv") else item["name"], str(item["rows"]), became, str(item["not_taken"])))
    total = sum(item["rows"] for item in data["table"])
    head = ("table", "rows", "became", "not taken as a record of its own")
    return f"## {data['title']}\n\n{data['intro'].strip()}\n\n{table(head, rows)}\n\n{total:,} rows in all. {data['outro'].strip()}"


def _counts(written: Written) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for folder, name in written.records:
        found.setdefault(folder, Counter())[compact(name)] += 1
    return found
