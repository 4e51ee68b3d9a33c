"""How large a table may be that is read, and what is said of a file that is none."""

from __future__ import annotations

from phkg.curation.words import word

MOST_BYTES = 10 * 1024 * 1024
"""The largest file that is opened, in bytes."""
MOST_UNPACKED = 100 * 1024 * 1024
"""How much all parts of a workbook may hold together when they are unpacked, in bytes."""
MOST_PARTS = 1000
MOST_ROWS = 20_000
MOST_COLUMNS = 300


class CannotRead(Exception):
    """A file that is no table this program takes; `code` names the sentence in words.toml, `given` fills it in."""

    def __init__(self, code: str, **given: object) -> None:
        super().__init__(code)
        self.code = code
        self.given = given

    def sentence(self, language: str) -> str:
        """What is wrong, in a language."""
        return word(self.code, language, **self.given)
