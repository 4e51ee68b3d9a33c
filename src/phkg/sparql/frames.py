"""What the server and its worker processes say to each other: one framed question, one framed answer.

A frame is two lengths (unsigned, 32 bits, network order), a head in JSON and a body of bytes.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from functools import lru_cache
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
    """The frame of a question with its caps; the query is the body."""
    told = {name: value for name, value in vars(question).items() if name != "query"}
    return _pack(_written(tuple((told | {"seconds": seconds, "answer": answer, "rows": rows}).items())), question.query.encode())


def pack_answer(answer: Answer, body: bytes, grown: int) -> bytes:
    """The frame of an answer; `grown` as in Answer."""
    return _pack(_written(tuple((vars(answer) | {"grown": grown}).items())), body)


def unpack_question(head: bytes, query: bytes) -> Question:
    """The question in a frame."""
    return Question(query.decode(), **_read(head))


def unpack_answer(head: bytes) -> Answer:
    """The answer in a frame's head."""
    return Answer(**_read(head))


def _pack(head: bytes, body: bytes) -> bytes:
    return LENGTHS.pack(len(head), len(body)) + head + body


# Nearly all questions, and nearly all answers, have the same heads; to write and read one takes as long as to look up a triple.
@lru_cache(64)
def _written(head: tuple[tuple[str, Any], ...]) -> bytes:
    return json.dumps(dict(head)).encode()


@lru_cache(64)
def _read(head: bytes) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(head)
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
