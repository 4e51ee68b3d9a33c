"""Small pieces of Markdown: tables whose cells hold any text, code, anchors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

WRITTEN = "<!-- Written by `phkg docs`; change what it is written from, not this page. -->"
"""Stands in every page that the program writes."""


def page(title: str, intro: str, *parts: str) -> str:
    """A whole page: title, the word on who wrote it, an introduction, the parts."""
    return "\n\n".join([f"# {title}", WRITTEN, intro.strip(), *(part.strip("\n") for part in parts if part.strip())]) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; a cell's line breaks and pipes are kept from breaking it. Empty when there are no rows."""
    lines = ["| " + " | ".join(cell(value) for value in row) + " |" for row in rows]
    if not lines:
        return ""
    return "\n".join(["| " + " | ".join(head) + " |", "|" + " --- |" * len(head), *lines])


def cell(text: str) -> str:
    """Text that can stand in a cell."""
    return " ".join(text.replace("|", "\\|").split())


def code(text: str) -> str:
    """Text as code, with as many backticks as it needs; empty for none."""
    if not text:
        return ""
    if "`" in text:
        return f"`` {text} ``"
    return f"`{text}`"


def prose(text: str) -> str:
    """Text of the data as Markdown: what would be read as a tag or as emphasis is shown as it stands."""
    for sign in ("\\", "<", "*", "_", "[", "{"):
        text = text.replace(sign, {"<": "&lt;"}.get(sign, "\\" + sign))
    return text


def anchor(name: str) -> str:
    """A place within a page that a link can point at."""
    return f'<a id="{name}"></a>'
