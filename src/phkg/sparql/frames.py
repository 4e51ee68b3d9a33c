"""What the server and its worker processes say to each other: one framed question, one framed answer.

A frame is two lengths (unsigned, 32 bits, network order), a head in JSON and a body of bytes.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import Any

LENGTHS = struct.Struct("!II")


@dataclass(frozen=True)
class Question:
    """One query with its dataset, the media types its answer may have, and its caps (seconds; bytes; rows)."""

    query: str
    base_iri: str
    default_graphs: tuple[str, ...] | None
    named_graphs: tuple[str, ...] | None
    table_type: str | None
    """Media type for the answer to SELECT and ASK; None when the client takes none that there is."""
    graph_type: str | None
    """Media type for the answer to CONSTRUCT and DESCRIBE; None when the client takes none that there is."""
    coding: str | None = None
    """Content coding that the client wants the answer in; None for the bytes as they are."""
    seconds: float = 0.0
    answer: int = 0
    rows: int = 0


@dataclass(frozen=True)
class Answer:
    """What came of a question: a body with its media type, or a fault with its code, message and place (from 1)."""

    media_type: str | None = None
    coding: str | None = None
    """Content coding that the body is in; None for the bytes as they are."""
    code: str | None = None
    message: str | None = None
    line: int | None = None
    column: int | None = None
    grown: int = 0
    """Bytes of memory that the process holds beyond what it began with; 0 where the system does not tell."""


def pack_question(question: Question, seconds: float, answer: int, rows: int) -> bytes:
    """The frame of a question with its caps."""
    return _pack({**vars(question), "seconds": seconds, "answer": answer, "rows": rows}, b"")


def pack_answer(answer: Answer, body: bytes, grown: int) -> bytes:
    """The frame of an answer; `grown` as in Answer."""
    return _pack({**vars(answer), "grown": grown}, body)


def _pack(head: dict[str, Any], body: bytes) -> bytes:
    text = json.dumps(head).encode()
    return LENGTHS.pack(len(text), len(body)) + text + body


def unpack_question(text: bytes) -> Question:
    """The question in a frame's head."""
    values: dict[str, Any] = json.loads(text)
    return Question(**values)


def unpack_answer(text: bytes) -> Answer:
    """The answer in a frame's head."""
    values: dict[str, Any] = json.loads(text)
    return Answer(**values)
