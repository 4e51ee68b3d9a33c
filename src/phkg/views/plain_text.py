"""Texts of the data where no markup is: in a terminal, in a text file, in Markdown."""

from __future__ import annotations

import re

UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Signs that would steer a terminal or turn the direction of writing, and line ends."""
MARKUP = re.compile(r"([\\`*_\[\]<>|#~&])")


def as_text(value: object) -> str:
    """A value as a text in one line, without signs that are not seen."""
    return UNSEEN.sub(" ", str(value))


def as_markdown(value: object) -> str:
    """The same for Markdown, where none of its signs is markup."""
    # A word joiner after @ keeps a label from calling somebody in a comment.
    return MARKUP.sub(r"\\\1", as_text(value)).replace("@", "@\u2060")
