"""Changing a file of a registry in a test."""

from pathlib import Path


def edit(file: Path, old: str, new: str) -> None:
    """Put one text, which has to be there, in the place of another."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
