"""How many have which state."""

from __future__ import annotations

from dataclasses import dataclass

from phkg.views.reader import Concept


@dataclass(frozen=True)
class StateCount:
    """In how many regions (or questions) a state holds, and in how many of these for a part only; `state` is None for silence."""

    state: Concept | None
    regions: int
    for_a_part: int = 0


def fullest_first(concept: Concept) -> tuple[int, int]:
    """A key that puts the fullest state first and those without a fill last."""
    return (-1 if concept.fill is None else concept.fill, concept.rank)
