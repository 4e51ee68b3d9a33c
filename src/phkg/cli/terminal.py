"""What the commands that report share: progress on a terminal, and a report that goes to it or to a file."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

SECONDS_WITHOUT_WORDS = 1.0
"""How long, in seconds, work may take before it says what it does."""


class Meter:
    """Says on a terminal what is being done, once it has taken more than a second."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._shown = False

    def __call__(self, doing: str, done: int = 0, whole: int = 0) -> None:
        """Say what is being done, and how many of how many where there are several."""
        if time.monotonic() - self._start > SECONDS_WITHOUT_WORDS and sys.stderr.isatty():
            self._shown = True
            count = f" {done}/{whole}" if whole > 1 else ""
            click.echo(f"\r\x1b[K{doing}{count} …", err=True, nl=False)

    def clear(self) -> None:
        """Wipe the line."""
        if self._shown:
            click.echo("\r\x1b[K", err=True, nl=False)


def write_report(text: str, output: Path | None) -> None:
    """Write a report to a file, or to the terminal for None; where that fails, say so and exit with 2."""
    try:
        if output is None:
            click.get_binary_stream("stdout").write(text.encode())
        else:
            output.write_text(text, encoding="utf-8")
    except OSError as error:
        click.echo(f"The report could not be written to {output or 'the terminal'}: {error.strerror}.", err=True)
        sys.exit(2)
