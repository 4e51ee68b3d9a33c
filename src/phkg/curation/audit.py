"""A line for each attempt to submit: who, when, what came of it. Never a token, never what was sent."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True)
class Attempt:
    """An attempt. `client` is an address (in IPv6 a network), `token` the name of one that was good, `code` what was answered, `id` that of a
    submission that was taken, `size` in bytes."""

    client: str
    token: str
    status: int
    code: str
    id: str
    media_type: str
    size: int
    seconds: float


class Audit:
    """A file that lines are only ever added to."""

    def __init__(self, path: Path, complain: Callable[[str], None]) -> None:
        self._path = path
        self._complain = complain
        self._told = False

    def add(self, attempt: Attempt) -> None:
        """Write one line. Where that fails the operator is told, once: what was taken is in git, too."""
        told = {"when": datetime.now(UTC).isoformat(timespec="milliseconds"), **asdict(attempt)}
        line = json.dumps(told, ensure_ascii=True).encode() + b"\n"
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # Several processes write here; a line that is written at once stays whole.
            file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                if os.write(file, line) < len(line):
                    raise OSError("the disk is full")
                with suppress(OSError):
                    os.fsync(file)
            finally:
                os.close(file)
            self._told = False
        except OSError as error:
            if not self._told:
                self._told = True
                self._complain(f"Attempts to submit are not written down: {self._path}: {error.strerror or error}")
