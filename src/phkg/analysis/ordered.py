"""Inequality along an order: slope and relative index, absolute and relative concentration index.

Regions have no order of their own. These measures apply only after a trait has been chosen that orders them (need, income, distance …), and
a result is worth nothing without the name of that trait: so it is asked for and carried along.

Regions from the least to the most of the trait, with population shares p_j and mid-ranks X_j = Σ_{k<j} p_k + p_j/2, regions of equal trait
at one common mid-rank:

    ACI = Σ p_j (2X_j − 1) y_j          RCI = ACI / μ
    SII = b of y = a + b·X, fitted by least squares with weights p_j        RII = (a + b) / a

SII and ACI are in the unit of the values; positive where those with more of the trait have more. The interval is found by drawing every value
anew from a normal distribution with its standard error and taking the quantiles of the results, as England does for the SII. The RCI and RII are not
defined where the mean, or the fitted value at the bottom, is 0 or less.

Sources: Wagstaff, Paci & van Doorslaer 1991, Soc Sci Med 33:545; Mackenbach & Kunst 1997, Soc Sci Med 44:757; WHO, HEAT technical notes (the SII
there is logistic by default; here it is linear); PHEindicatormethods of the UK Health Security Agency for the interval.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from phkg.analysis.basis import Basis, Measure, Nothing, Span, basis

Floats = NDArray[np.float64]
DRAWS = 4000


@dataclass(frozen=True)
class OrderedValue:
    """A region's value or kind of nothing, its trait (None: not known), population, and the value's standard error (None: not known)."""

    region: str
    value: float | Nothing
    trait: float | None
    population: int | None
    error: float | None = None


@dataclass(frozen=True)
class Ordered:
    """The measures along a trait, by name (aci, rci, sii, rii); `trait` says which, `seed` and `draws` how the intervals were drawn."""

    trait: str
    measures: dict[str, Measure]
    basis: Basis
    seed: int
    draws: int


def midranks(trait: Floats, population: Floats) -> Floats:
    """The share (0–1) of the population with less of the trait, and half of those with as much."""
    share = population / population.sum()
    less = (trait[None, :] < trait[:, None]) @ share
    alike = (trait[None, :] == trait[:, None]) @ share
    return less + alike / 2


def along(values: Floats, ranks: Floats, population: Floats) -> dict[str, Floats]:
    """The four measures over the last axis of `values`, with mid-ranks and populations of the same last axis; nan where not defined."""
    p = population / population.sum()
    mean = (p * values).sum(axis=-1)
    aci = (p * (2 * ranks - 1) * values).sum(axis=-1)
    centred = ranks - (p * ranks).sum()
    spread = (p * centred * centred).sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        sii = (p * centred * values).sum(axis=-1) / spread if spread > 1e-15 else np.full(np.shape(mean), np.nan)
        bottom = mean - sii * (p * ranks).sum()
        return {
            "aci": aci,
            "rci": np.where(mean > 0, aci / mean, np.nan),
            "sii": sii,
            "rii": np.where(bottom > 0, (bottom + sii) / bottom, np.nan),
        }


def ordered(rows: Sequence[OrderedValue], trait: str, seed: int, draws: int = DRAWS, level: float = 0.95) -> Ordered:
    """The measures along the named trait. Regions without value, trait or population are left out and counted.

    Intervals are given where every region that is counted in has a standard error. A measure is not defined (`why`) for fewer than
    three regions or a trait that all share (`few`), or where it would divide by zero (`zero`). Raises ValueError when the trait has no name.
    """
    if not trait.strip():
        raise ValueError("A measure along an order needs the name of the trait that orders the regions.")
    used = sorted((row for row in rows if _gap(row) is None), key=lambda row: row.region)
    rests = basis(((_gap(row), row.population) for row in rows), no_is_an_answer=False)
    names = ("aci", "rci", "sii", "rii")
    if len(used) < 3 or len({row.trait for row in used}) < 2:
        return Ordered(trait, {name: Measure(name, None, rests, why="few") for name in names}, rests, seed, draws)
    values, traits, people = (np.array([getattr(row, name) for row in used], float) for name in ("value", "trait", "population"))
    ranks = midranks(traits, people)
    found = along(values, ranks, people)
    ends: dict[str, tuple[float, float]] = {}
    if all(row.error is not None for row in used):
        errors = np.array([row.error for row in used], float)
        drawn = along(np.random.default_rng(seed).normal(values, errors, (draws, len(used))), ranks, people)
        tail = (1 - level) / 2
        for name, results in drawn.items():
            if not np.isnan(results).any():
                low, high = np.quantile(results, [tail, 1 - tail])
                ends[name] = (float(low), float(high))
    made = {}
    for name in names:
        value = float(found[name])
        if math.isnan(value):
            made[name] = Measure(name, None, rests, why="zero")
        elif name in ends:
            made[name] = Measure(name, value, rests, *ends[name], Span.CONFIDENCE, "drawn from standard errors", level)
        else:
            made[name] = Measure(name, value, rests)
    return Ordered(trait, made, rests, seed, draws)


def _gap(row: OrderedValue) -> Nothing | None:
    if isinstance(row.value, Nothing):
        return row.value
    return Nothing.NO_STATEMENT if row.trait is None or not row.population else None
