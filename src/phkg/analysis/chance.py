"""Variation between regions beyond chance, and the band in which chance alone would leave each measure.

With O_j cases where E_j were expected (the regions' sizes times the common rate), over J regions:

    scv     systematic component of variation  100/J · (Σ (O_j − E_j)²/E_j² − Σ 1/E_j)
            what is left of the variation between regions when that of chance is taken away; near zero, or below, when there is none
    eq      extremal quotient, highest rate / lowest; not defined when a region has no case
    eq-95   the 95th percentile of the rates / the 5th
    cv      100 · standard deviation of the rates / their mean, unweighted, not corrected for chance
    chi2    Σ (O_j − E_j)²/E_j, a test against J − 1 and no size

Sources: McPherson, Wennberg, Hovind & Clifford 1982, N Engl J Med 307:1310 (SCV; there without the factor 100); Diehr et al. 1990, Health Serv
Res 24:741 (what chance does to each of them); Ibáñez et al. 2009, BMC Health Serv Res 9:60.

**The band.** If every region had the same true rate, its cases would be Poisson around E_j (events in a population) or binomial (shares of n_j). The cases
are drawn anew many times with a seed, the measure is worked out each time, and the band is from the 2.5th to the 97.5th percentile. A measure
within its band is what equal access looks like at that volume. The draws are those of NumPy's PCG64, the same on every machine for
one version of NumPy.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from phkg.analysis.basis import Measure, Nothing, Span
from phkg.analysis.rates import Kind, RegionCount, counts_basis
from phkg.analysis.spread import RegionValue, measures, spread

Floats = NDArray[np.float64]
DRAWS = 2000


@dataclass(frozen=True)
class Band:
    """Where chance leaves a measure: the middle (median), the ends, and the share of draws in which it was not defined or infinite."""

    low: float
    middle: float
    high: float
    undefined: float


@dataclass(frozen=True)
class Variation:
    """The measures over regions that have cases and size, by name, each with its chance band, and how the band was drawn.

    `p` is the share of draws that lie at least as far out as the chi-square seen, with the one seen counted in.
    """

    measures: dict[str, Measure]
    bands: dict[str, Band]
    p: float | None
    kind: Kind
    seed: int
    draws: int


def variation_of(cases: Floats, expected: Floats) -> dict[str, Floats]:
    """The five measures over the last axis, where every region has a number; nan where not defined. Expected cases are above 0."""
    ratio = cases / expected
    off = cases - expected
    count = expected.shape[-1]
    lowest, highest = ratio.min(axis=-1), ratio.max(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = np.quantile(ratio, [0.05, 0.95], axis=-1)
        found = {
            "scv": 100 / count * ((off * off / expected**2).sum(axis=-1) - (1 / expected).sum(axis=-1)),
            "eq": np.where(lowest > 0, highest / lowest, np.nan),
            "eq-95": np.where(ends[0] > 0, ends[1] / ends[0], np.nan),
            "cv": 100 * ratio.std(axis=-1, ddof=1) / ratio.mean(axis=-1) if count > 1 else np.full(lowest.shape, np.nan),
            "chi2": (off * off / expected).sum(axis=-1),
        }
    return {name: np.asarray(value, float) for name, value in found.items()}


def chance(
    sizes: Floats,
    total: float,
    kind: Kind,
    seed: int,
    draws: int = DRAWS,
    level: float = 0.95,
    more_is_better: bool | None = None,
    per: float = 1.0,
) -> dict[str, Band]:
    """The band of every measure, those of `phkg.analysis.spread` included, for regions of these sizes with one common rate.

    `total` is the number of cases in all; values are cases per size times `per`. Raises ValueError for a share above one.
    """
    drawn = _drawn(sizes, total, kind, np.random.default_rng(seed), draws)
    expected = _expected(sizes, drawn)
    found = variation_of(drawn, expected) | measures(drawn / sizes * per, sizes, more_is_better)
    return {name: _band(values, level) for name, values in found.items()}


def variation(rows: Sequence[RegionCount], kind: Kind, seed: int, draws: int = DRAWS, level: float = 0.95) -> Variation:
    """The measures of variation over the regions that have cases and a size, each beside its chance band.

    Not defined (`why`): with fewer than two regions (`few`); without any case, or where it would divide by zero (`zero`).
    """
    rests = counts_basis(rows)
    used = sorted((row for row in rows if not isinstance(row.events, Nothing) and row.of), key=lambda row: row.region)
    cases = np.array([row.events for row in used], float)
    sizes = np.array([row.of for row in used], float)
    total = float(cases.sum())
    names = ("scv", "eq", "eq-95", "cv", "chi2")
    if len(used) < 2 or not total:
        why = "few" if len(used) < 2 else "zero"
        return Variation({name: Measure(name, None, rests, why=why) for name in names}, {}, None, kind, seed, draws)
    found = variation_of(cases, sizes * total / sizes.sum())
    drawn = _drawn(sizes, total, kind, np.random.default_rng(seed), draws)
    simulated = variation_of(drawn, _expected(sizes, drawn))
    bands = {name: _band(values, level) for name, values in simulated.items()}
    beyond = int(np.count_nonzero(simulated["chi2"] >= found["chi2"] * (1 - 1e-12)))
    made = {}
    for name in names:
        value = float(found[name])
        measure = Measure(name, None, rests, why="zero") if math.isnan(value) else Measure(name, value, rests)
        made[name] = _beside(measure, bands[name], _method(kind, draws, seed), level)
    return Variation(made, bands, (beyond + 1) / (draws + 1), kind, seed, draws)


def spread_of_counts(
    rows: Sequence[RegionCount],
    kind: Kind,
    seed: int,
    per: float = 1.0,
    more_is_better: bool | None = None,
    draws: int = DRAWS,
    level: float = 0.95,
) -> dict[str, Measure]:
    """The measures of `phkg.analysis.spread` of the regions' rates times `per`, weighted by their size, each beside its chance band.

    Regions without count or size are left out and counted; the reasons why a measure is not defined are those of `spread`.
    """
    values = [
        RegionValue(row.region, row.events if isinstance(row.events, Nothing) else row.events / row.of * per if row.of else Nothing.NO_STATEMENT,
                    None if row.of is None else round(row.of))
        for row in rows
    ]  # fmt: skip
    found = spread(values, more_is_better)
    used = sorted((row for row in rows if not isinstance(row.events, Nothing) and row.of), key=lambda row: row.region)
    total = sum(row.events for row in used if not isinstance(row.events, Nothing))
    if len(used) < 2 or not total:
        return found
    bands = chance(np.array([row.of for row in used], float), total, kind, seed, draws, level, more_is_better, per)
    return {name: _beside(measure, bands[name], _method(kind, draws, seed), level) for name, measure in found.items()}


def _beside(measure: Measure, band: Band, method: str, level: float) -> Measure:
    low, high = (end if math.isfinite(end) else None for end in (band.low, band.high))
    return replace(measure, low=low, high=high, span=Span.CHANCE, method=method, level=level)


def _method(kind: Kind, draws: int, seed: int) -> str:
    return f"{'binomial' if kind is Kind.SHARE else 'Poisson'}, {draws} draws, seed {seed}"


def _drawn(sizes: Floats, total: float, kind: Kind, source: np.random.Generator, draws: int) -> Floats:
    rate = total / sizes.sum()
    if kind is Kind.RATE:
        return source.poisson(sizes * rate, (draws, len(sizes))).astype(float)
    if rate > 1:
        raise ValueError(f"{total:g} cases among {sizes.sum():g} are more than all; a share is at most 1.")
    return source.binomial(sizes.astype(int), rate, (draws, len(sizes))).astype(float)


def _expected(sizes: Floats, drawn: Floats) -> Floats:
    """The expected cases of each draw by its own total, as they are worked out from what is seen; a draw without a case expects a trace."""
    totals = np.maximum(drawn.sum(axis=-1, keepdims=True), 1e-9)
    return sizes / sizes.sum() * totals


def _band(values: Floats, level: float) -> Band:
    """The band; draws in which the measure is not defined count as beyond every number, as a ratio to nothing is."""
    undefined = float(np.mean(np.isnan(values)))
    full = np.sort(np.where(np.isnan(values), np.inf, values))
    ends = [float(full[round(share * (len(full) - 1))]) for share in ((1 - level) / 2, 0.5, (1 + level) / 2)]
    return Band(ends[0], ends[1], ends[2], undefined)
