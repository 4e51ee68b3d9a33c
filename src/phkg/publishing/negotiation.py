"""Which of the offered languages or media types a client likes best (RFC 9110, sections 12.4.2, 12.5.1 and 12.5.4)."""

from __future__ import annotations

import re

WEIGHT = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?", re.ASCII)
"""A weight as RFC 9110, section 12.4.2, writes it."""


def weighted(header: str) -> list[tuple[str, float]]:
    """The values of an Accept header with their weights; a weight that cannot be read counts as 0."""
    found = []
    for part in header.split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        weight = 1.0
        for parameter in parameters:
            if parameter.lower().startswith("q="):
                weight = float(parameter[2:]) if WEIGHT.fullmatch(parameter[2:]) else 0.0
        if name:
            found.append((name.lower(), weight))
    return found


def best_language(header: str, offered: tuple[str, ...]) -> str:
    """The offered language the reader likes best, at equal weights the one named first; the first offered when none is.

    `*` stands for the languages that are not named. A reader who wants none of them gets the first that is not refused.
    """
    ranges = weighted(header)
    wishes: dict[str, tuple[float, int]] = {}
    for code in offered:
        named = [(weight, -place) for place, (name, weight) in enumerate(ranges) if _speaks(name, code.lower())]
        rest = [(weight, -place) for place, (name, weight) in enumerate(ranges) if name == "*"]
        if named or rest:
            wishes[code] = max(named or rest)
    liked = [code for code in wishes if wishes[code][0] > 0]
    if liked:
        return max(liked, key=lambda code: wishes[code])
    return next((code for code in offered if code not in wishes), offered[0])


def best_media_type(header: str, offered: tuple[str, ...]) -> str | None:
    """The offered media type the client likes best, by the most specific range; None when it accepts none."""
    if not header.strip():
        return offered[0]
    ranges = weighted(header)
    best, best_weight = None, 0.0
    for media_type in offered:
        matches = [
            (specificity, weight)
            for name, weight in ranges
            for specificity, pattern in enumerate(("*/*", media_type.split("/")[0] + "/*", media_type))
            if name == pattern
        ]
        weight = max(matches)[1] if matches else 0.0
        if weight > best_weight:
            best, best_weight = media_type, weight
    return best


def _speaks(asked: str, code: str) -> bool:
    """Whether a language range and an offered language are the same, or one is a variety of the other (`en-GB`, `en`)."""
    return asked == code or asked.startswith(code + "-") or code.startswith(asked + "-")
