"""How far regions lie apart: the simple and complex measures for groups without an order.

Regions j = 1…J with value y_j, population N_j and share p_j = N_j / ΣN; μ = Σ p_j y_j. The best value is the highest where more is better and
the lowest where less is. u is the unweighted form, in which every region counts as much; w weighs by population.

    difference       max − min                                     ratio            max / min
    bgv              Σ p_j (y_j − μ)²                              bgsd             √bgv
    cov              100 · bgsd / μ                                mdm-u, mdm-w     (1/J) Σ |y_j − μ| , Σ p_j |y_j − μ|
    idis-u, idis-w   100 · mdm / μ                                 mdb-u, mdb-w     the same from the best value
    mdr-u, mdr-w     the same from a named region's value          theil            1000 · Σ p_j (y_j/μ) ln(y_j/μ)
    mld              1000 · Σ p_j ln(μ/y_j)                        par              how much μ would gain if all were as the best
    paf              100 · par / μ

Source: World Health Organization, HEAT technical notes; Schlotheuber & Hosseinpoor 2022, Int J Environ Res Public Health 19:3697. Differences
from there: the Theil index takes 0 · ln 0 as its limit 0 and so is defined where a value is zero; the mean log deviation is not, and no small
number is put in its place. Regions without a value are left out and counted; nothing is guessed for them.

The best, the highest and the lowest of many small regions lie far out by chance alone: read these measures beside their chance band
(`phkg.analysis.chance`). Weighted measures do not change when a region is split in two alike; unweighted ones do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from phkg.analysis.basis import Basis, Measure, Nothing, basis

Floats = NDArray[np.float64]

ABSOLUTE = ("difference", "bgv", "bgsd", "mdm-u", "mdm-w", "mdb-u", "mdb-w", "mdr-u", "mdr-w", "par")
"""In the unit of the values (`bgv`: its square). The others are relative and have none."""


@dataclass(frozen=True)
class RegionValue:
    """A region's value, 0 or more, or its kind of nothing; and its population, None where it is not known."""

    region: str
    value: float | Nothing
    population: int | None


def measures(values: Floats, weights: Floats, more_is_better: bool | None = None, reference: int | None = None) -> dict[str, Floats]:
    """Every measure over the last axis of `values` (nan: no value), with `weights` of the same last axis; nan where it is not defined.

    Leading axes are other methods, years or runs. Measures from the best value need `more_is_better`, those from a reference the place of
    a region on the last axis. Fewer than two values define no measure.
    """
    there = ~np.isnan(values)
    y = np.where(there, values, 0.0)
    w = np.where(there, weights, 0.0)
    count = there.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = w / w.sum(axis=-1, keepdims=True)
        mean = (p * y).sum(axis=-1)
        off = np.where(there, np.abs(y - mean[..., None]), 0.0)
        high = np.where(there, values, -np.inf).max(axis=-1, initial=-np.inf)
        low = np.where(there, values, np.inf).min(axis=-1, initial=np.inf)
        bgv = (p * off * off).sum(axis=-1)
        relative = y / mean[..., None]
        logs = np.log(np.where(relative > 0, relative, 1.0))
        found = {
            "difference": high - low,
            "ratio": np.where(low > 0, high / low, np.nan),
            "bgv": bgv,
            "bgsd": np.sqrt(bgv),
            "cov": 100 * np.sqrt(bgv) / mean,
            "mdm-u": off.sum(axis=-1) / count,
            "mdm-w": (p * off).sum(axis=-1),
            "theil": 1000 * (p * relative * logs).sum(axis=-1),
            "mld": np.where(low > 0, -1000 * (p * logs).sum(axis=-1), np.nan),
        }
        found["idis-u"] = 100 * found["mdm-u"] / mean
        found["idis-w"] = 100 * found["mdm-w"] / mean
        if more_is_better is not None:
            best = high if more_is_better else low
            from_best = np.where(there, np.abs(y - best[..., None]), 0.0)
            found["mdb-u"], found["mdb-w"] = from_best.sum(axis=-1) / count, (p * from_best).sum(axis=-1)
            found["par"] = np.abs(best - mean)
            found["paf"] = 100 * found["par"] / mean
        if reference is not None:
            from_other = np.where(there, np.abs(y - values[..., reference, None]), 0.0)
            found["mdr-u"], found["mdr-w"] = from_other.sum(axis=-1) / count, (p * from_other).sum(axis=-1)
            for name in ("mdr-u", "mdr-w"):
                found[name] = np.where(np.isnan(values[..., reference]), np.nan, found[name])
        weighable = (count >= 2) & (w.sum(axis=-1) > 0)
        return {name: np.where(weighable & np.isfinite(value), value, np.nan) for name, value in found.items()}


def spread(rows: Sequence[RegionValue], more_is_better: bool | None = None, reference: str | None = None) -> dict[str, Measure]:
    """Every measure of one set of regions, each with what it rests on, or the reason why it is not defined.

    Reasons: `few` (fewer than two regions have both value and population), `zero` (the mean, or a value that is divided by, is zero),
    `reference` (the region compared with has no value). Raises ValueError for a negative value and for a reference that is not among the regions.
    """
    for row in rows:
        if not isinstance(row.value, Nothing) and row.value < 0:
            raise ValueError(f"{row.region} has the value {row.value}; these measures are for values of 0 or more.")
    places = {row.region: place for place, row in enumerate(rows)}
    if reference is not None and reference not in places:
        raise ValueError(f"{reference} is not among the regions that are compared.")
    values = np.array([float("nan") if isinstance(row.value, Nothing) or not row.population else row.value for row in rows], float)
    weights = np.array([row.population or 0 for row in rows], float)
    rests = values_basis(rows)
    found = measures(values, weights, more_is_better, None if reference is None else places[reference])
    return {name: _measure(name, float(value), rests, values) for name, value in found.items()}


def values_basis(rows: Sequence[RegionValue]) -> Basis:
    """What a measure over the rows rests on. A value in a region of unknown population cannot be weighed and counts as no statement."""
    gaps = (row.value if isinstance(row.value, Nothing) else None if row.population else Nothing.NO_STATEMENT for row in rows)
    return basis(zip(gaps, (row.population for row in rows), strict=True), no_is_an_answer=False)


def _measure(name: str, value: float, rests: Basis, values: Floats) -> Measure:
    if not np.isnan(value):
        return Measure(name, value, rests)
    there = int((~np.isnan(values)).sum())
    why = "few" if there < 2 else "reference" if name.startswith("mdr") else "zero"
    return Measure(name, None, rests, why=why)
