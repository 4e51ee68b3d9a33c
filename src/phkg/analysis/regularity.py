"""Regularity: does the same region come last each time?

For each method every region has waited some share of the time since t0, between a low and a high bound (`phkg.analysis.waiting`).
Over the methods:

    mean wait   of a region: the mean of its shares, bounds where some are not known
    place       in the queue for one method: (r − 1)/(k − 1), with r its rank among the k regions whose wait is known, equal waits
                sharing the mean of their ranks; 0 came first, 1 came last
    last        in how many methods it surely, and perhaps, waited longest (alone or with others)
    W           Kendall's coefficient of concordance over methods for which all waits are known, corrected for equal ranks:
                12 S / (m²(n³ − n) − m Σ(t³ − t)), S = Σ_j (R_j − m(n + 1)/2)²; 0: the order is another each time, 1: always the same

Intervals are found by drawing the methods anew with replacement: they tell how far the result hangs on which methods happen to be looked at.
The p-value is the share of shufflings of the regions within each method that give at least as much agreement, the order seen counted in; agreement is
Σ_j A_j²/m_j with A_j = Σ_i √(12/(k_i + 1)) · (r_ij − (k_i + 1)/2) over the m_j methods in which region j's wait is known. With all waits known it
grows with W; it needs no method to be complete.

Sources: Kendall & Babington Smith 1939, Ann Math Stat 10:275; Siegel 1956, *Nonparametric Statistics*, p. 229; Skillings & Mack 1981,
Technometrics 23:171 (weights); Phipson & Smyth 2010 (counting in the order seen).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DRAWS = 999


@dataclass(frozen=True)
class RegionRegularity:
    """One region over the methods that concern it.

    `mean_low` and `mean_high` are exact bounds of its mean share of waiting (0–1); `low` and `high` the interval over them. `place` is the mean
    place in the queue (0 first, 1 last) with its interval, over the `ranked` methods; None where it is ranked in none. It came last surely in
    `last_low` methods and perhaps in `last_high`.
    """

    region: str
    methods: int
    mean_low: float
    mean_high: float
    low: float
    high: float
    ranked: int
    place: float | None
    place_low: float | None
    place_high: float | None
    last_low: int
    last_high: int


@dataclass(frozen=True)
class Regularity:
    """The regions in the order of their names, and whether the order repeats itself.

    `w` is None where fewer than two methods have all waits known; `complete` tells how many have. `p` is None where nothing can be ranked.
    """

    regions: tuple[RegionRegularity, ...]
    methods: int
    complete: int
    w: float | None
    w_low: float | None
    w_high: float | None
    p: float | None
    seed: int
    draws: int
    level: float


def regularity(waits: Sequence[Mapping[str, tuple[float, float]]], seed: int, draws: int = DRAWS, level: float = 0.95) -> Regularity:
    """The regularity over methods; `waits` is one mapping a method, region → the low and high share (0–1) of the time that it waited.

    A region that a method does not concern is absent from its mapping. Raises ValueError for a share outside 0–1 or a low above its high.
    """
    names = sorted({region for method in waits for region in method})
    for method in waits:
        for region, (least, most) in method.items():
            if not 0 <= least <= most <= 1:
                raise ValueError(f"{region} waited {least} to {most} of the time; a share lies between 0 and 1, the lower one first.")
    if not waits:
        return Regularity((), 0, 0, None, None, None, None, seed, draws, level)
    nowhere = (float("nan"), float("nan"))
    table = np.array([[method.get(name, nowhere) for name in names] for method in waits], float).reshape(len(waits), len(names), 2)
    # Drawn in the order of their contents, so that the order in which methods are given is all one.
    keys = np.nan_to_num(table.reshape(len(waits), -1), nan=-1.0)
    table = table[np.lexsort(keys.T)] if names else table
    low, high = table[..., 0], table[..., 1]
    source = np.random.default_rng(seed)
    known = low == high
    ranks = _ranks(low, known)
    drawn = source.multinomial(len(waits), np.full(len(waits), 1 / len(waits)), draws).astype(float)
    tail = (1 - level) / 2
    counts = known.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        places = np.where(counts[:, None] > 1, (ranks - 1) / (counts[:, None] - 1), np.nan)
    low_means, high_means, place_means = (_means(drawn, table) for table in (low, high, places))
    surely, perhaps = _last(low, high)
    complete = known.all(axis=1) & (counts > 1)
    w, w_ends = _concordance(ranks[complete], drawn[:, complete], tail)
    regions = []
    for number, name in enumerate(names):
        column = places[:, number]
        ranked = ~np.isnan(column)
        ends = _ends(place_means[:, number], tail) if ranked.any() else (None, None)
        regions.append(
            RegionRegularity(
                name, int((~np.isnan(low[:, number])).sum()), float(np.nanmean(low[:, number])), float(np.nanmean(high[:, number])),
                _ends(low_means[:, number], tail)[0], _ends(high_means[:, number], tail)[1],
                int(ranked.sum()), float(column[ranked].mean()) if ranked.any() else None, *ends,
                int(surely[:, number].sum()), int(perhaps[:, number].sum()),
            )
        )  # fmt: skip
    p = _p(ranks, counts, source, draws)
    return Regularity(tuple(regions), len(waits), int(complete.sum()), w, *w_ends, p, seed, draws, level)


def kendalls_w(ranks: Floats) -> float | None:
    """Kendall's W of ranks, one row a method, with the mean rank for equals; None for fewer than two rows or columns, or all equal."""
    return _weighted_w(ranks, np.ones((1, len(ranks))))[0] if len(ranks) > 1 and ranks.shape[1] > 1 else None


def _ranks(waits: Floats, known: NDArray[np.bool_]) -> Floats:
    """The rank of each known wait within its row, from the shortest; equals share the mean of theirs; nan where not known."""
    found = np.full(waits.shape, np.nan)
    for row in range(len(waits)):
        here = known[row]
        values, inverse, count = np.unique(waits[row, here], return_inverse=True, return_counts=True)
        if len(values):
            last = np.cumsum(count)
            found[row, here] = ((last - count + 1 + last) / 2)[inverse]
    return found


def _means(drawn: Floats, table: Floats) -> Floats:
    """The mean of each column under each drawing of the rows; nan where no row with a number was drawn."""
    there = ~np.isnan(table)
    with np.errstate(invalid="ignore", divide="ignore"):
        return (drawn @ np.where(there, table, 0.0)) / (drawn @ there.astype(float))


def _ends(values: Floats, tail: float) -> tuple[float, float]:
    there = values[~np.isnan(values)]
    low, high = np.quantile(there, [tail, 1 - tail])
    return float(low), float(high)


def _last(low: Floats, high: Floats) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which regions surely, and perhaps, waited at least as long as every other, in methods that concern two or more."""
    there = ~np.isnan(low)
    some = there.sum(axis=1, keepdims=True) > 1
    filled = np.where(there, high, -1.0)
    longest = np.sort(filled, axis=1)
    if filled.shape[1] < 2:
        nowhere = np.zeros(low.shape, bool)
        return nowhere, nowhere
    # The longest wait that any other region may have had.
    others = np.where(filled >= longest[:, -1:], longest[:, -2:-1], longest[:, -1:])
    least = np.where(there, low, -1.0).max(axis=1, keepdims=True)
    waited = high > 0
    return there & some & waited & (np.where(there, low, -1.0) >= others), there & some & waited & (filled >= least)


def _concordance(ranks: Floats, drawn: Floats, tail: float) -> tuple[float | None, tuple[float | None, float | None]]:
    w = kendalls_w(ranks)
    if w is None:
        return None, (None, None)
    found = [value for value in _weighted_w(ranks, drawn) if value is not None]
    return w, (_ends(np.array(found), tail) if found else (None, None))


def _weighted_w(ranks: Floats, weights: Floats) -> list[float | None]:
    """W of the rows repeated as often as each row of `weights` says."""
    n = ranks.shape[1]
    ties = np.array([float(sum(count**3 - count for count in np.unique(row, return_counts=True)[1])) for row in ranks])
    times = weights.sum(axis=1)
    sums = weights @ ranks
    s = ((sums - (times * (n + 1) / 2)[:, None]) ** 2).sum(axis=1)
    below = times**2 * (n**3 - n) - times * (weights @ ties)
    return [float(12 * top / bottom) if bottom > 0 and m > 1 else None for top, bottom, m in zip(s, below, times, strict=True)]


def _p(ranks: Floats, counts: NDArray[np.int64], source: np.random.Generator, draws: int) -> float | None:
    useful = counts > 1
    if not useful.any():
        return None
    ranks, counts = ranks[useful], counts[useful]
    known = ~np.isnan(ranks)
    scores = np.sqrt(12 / (counts[:, None] + 1)) * (ranks - (counts[:, None] + 1) / 2)
    times = np.maximum(known.sum(axis=0), 1)
    seen = ((np.where(known, scores, 0.0).sum(axis=0)) ** 2 / times).sum()
    sums = np.zeros((draws, ranks.shape[1]))
    for row, here in zip(scores, known, strict=True):
        sums[:, here] += source.permuted(np.tile(row[here], (draws, 1)), axis=1)
    agreement = (sums**2 / times).sum(axis=1)
    return float((np.count_nonzero(agreement >= seen * (1 - 1e-9)) + 1) / (draws + 1))
