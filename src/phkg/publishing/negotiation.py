"""Which of the offered languages or media types a client likes best (RFC 9110, sections 12.5.1 and 12.5.4)."""

from __future__ import annotations


def weighted(header: str) -> list[tuple[str, float]]:
    """The values of an Accept header with their weights; a weight that cannot be read counts as 0."""
    found = []
    for part in header.split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        weight = 1.0
        for parameter in parameters:
            if parameter.lower().startswith("q="):
                try:
                    weight = min(max(float(parameter[2:]), 0.0), 1.0)
                except ValueError:
                    weight = 0.0
        if name:
            found.append((name.lower(), weight))
    return found


def best_language(header: str, offered: tuple[str, ...]) -> str:
    """The offered language the reader likes best; the first one offered when none is named."""
    best, best_weight = offered[0], 0.0
    for name, weight in weighted(header):
        code = name.split("-", 1)[0]
        if code in offered and weight > best_weight:
            best, best_weight = code, weight
    return best


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
