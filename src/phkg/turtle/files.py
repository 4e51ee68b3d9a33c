"""What the formatter makes of one file, for commands that write or check files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from phkg.turtle.faults import SyntaxFault, TurtleSyntaxError
from phkg.turtle.format import format_turtle


@dataclass(frozen=True, slots=True)
class Formatted:
    """The canonical bytes of a file and whether they differ from what was given; with faults the bytes are those given."""

    data: bytes
    changed: bool
    faults: tuple[SyntaxFault, ...] = ()


def formatted(data: bytes, languages: Sequence[str] = ()) -> Formatted:
    """One file's bytes in canonical form; a file with faults of syntax is left as it is and its faults are told."""
    try:
        canonical = format_turtle(data, languages)
    except TurtleSyntaxError as error:
        return Formatted(data, False, error.faults)
    return Formatted(canonical, canonical != data)
