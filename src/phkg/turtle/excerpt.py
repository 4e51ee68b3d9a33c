"""Reads only those statements of a Turtle file that name some IRIs: in a large file with a few findings the rest need not be understood."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

from phkg.turtle.document import Document
from phkg.turtle.reader import read
from phkg.turtle.tokens import STRINGS

SMALL = 16 * 1024
"""Bytes up to which a file is read whole: finding its statements would take as long as reading them."""

# Up to a full stop with space after it, strings, addresses and comments passed over; two statements with no space between stay together.
_STATEMENT = re.compile(
    rf"""(?:[^"'<#.\\]++|{"|".join(STRINGS)}|<[^<>\r\n]*+>|#[^\r\n]*+|\\.|\.(?![\s#]|\Z))*+(?:\.|\Z)""",
    re.DOTALL,
)
_PREFIX = re.compile(r"@prefix\s+([^\s:]*):\s*<([^<>]*)>")
_OTHER_DIRECTIVE = re.compile(r"(?<![@\w-])(?:prefix|base)\s|@base")


def read_about(data: bytes, iris: Iterable[str]) -> Document:
    """The file as `read` gives it, with at least the statements in which one of `iris` is written; places are those of the whole file.

    For files that are known to have no faults of syntax. Small files, and those with a base or directives in SPARQL's form, are read whole.
    """
    if len(data) <= SMALL:
        return read(data)
    text = data.decode(errors="replace").removeprefix("\ufeff")
    prefixes = set(_PREFIX.findall(text))
    small = text.lower()
    # Counting is much faster than searching, and is enough for nearly every file.
    if (small.count("prefix") > text.count("@prefix") or "base" in small) and _OTHER_DIRECTIVE.search(small):
        return read(data)
    ends = [*statement_ends(text), len(text)]
    wanted: set[int] = set()
    # A name with an escape in it can be any IRI.
    for sign in ("@prefix", "\\", *_ways_to_write(iris, prefixes)):
        place = text.find(sign)
        while place >= 0:
            number = bisect_right(ends, place)
            wanted.add(number)
            place = text.find(sign, ends[number])
    starts = [0, *ends]
    return read(data, [(starts[number], ends[number]) for number in sorted(wanted)])


def statement_ends(text: str) -> list[int]:
    """Where each statement of a text without faults ends, directives among them: right after its full stop."""
    return [match.end() for match in _STATEMENT.finditer(text) if match[0].endswith(".")]


def _ways_to_write(iris: Iterable[str], prefixes: Iterable[tuple[str, str]]) -> set[str]:
    """Every way to write the IRIs without escapes: whole, or with one of the prefixes."""
    found: set[str] = set()
    for iri in iris:
        found.add(f"<{iri}>")
        found.update(f"{prefix}:{iri[len(namespace) :]}" for prefix, namespace in prefixes if iri.startswith(namespace))
    return found
