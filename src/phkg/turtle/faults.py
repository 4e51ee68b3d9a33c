"""Faults of syntax as data: a stable code and a place; the sentences for people are in ``messages``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SyntaxFault:
    """One fault in a Turtle file.

    ``code`` is a key of ``messages.SENTENCES``; lines and columns count from 1, columns in characters, the end column is the first
    after the fault. ``detail`` is what stands there, ``expected`` what would be right where that can be said in Turtle itself, else "".
    """

    code: str
    line: int
    column: int
    end_line: int
    end_column: int
    detail: str = ""
    expected: str = ""


class TurtleSyntaxError(ValueError):
    """The file cannot be used as it is; ``faults`` says everything that is wrong with it, in the order of the file."""

    def __init__(self, faults: tuple[SyntaxFault, ...]) -> None:
        super().__init__(", ".join(f"{fault.line}:{fault.column} {fault.code}" for fault in faults))
        self.faults = faults
