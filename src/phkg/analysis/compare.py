"""Two regions compared: the difference and the ratio of their rates, each with its interval.

With values a and b, and intervals (l_a, u_a), (l_b, u_b) of each alone (Wilson for shares, Byar for rates):

    difference   a − b, from a − b − √((a − l_a)² + (u_b − b)²) to a − b + √((u_a − a)² + (b − l_b)²)
                 Newcombe 1998, Stat Med 17:873, method 10; for rates by the same construction (Zou & Donner 2008, Stat Med 27:1693)
    ratio        a/b, exp(ln(a/b) ∓ z √v); v = 1/x_a − 1/n_a + 1/x_b − 1/n_b for shares (Katz et al. 1978, Biometrics 34:469),
                 1/x_a + 1/x_b for rates. Not defined where either has no case.

A pair that was picked because it lies furthest apart is no fair sample of pairs: its interval is too narrow. Look at the chance band of the
extremal quotient instead (`phkg.analysis.chance`).
"""

from __future__ import annotations

import math

from phkg.analysis.basis import Measure, Nothing, Span
from phkg.analysis.rates import Kind, RegionCount, counts_basis, interval, quantile


def difference(one: RegionCount, other: RegionCount, kind: Kind, level: float = 0.95) -> Measure:
    """The rate of `one` less that of `other`; not defined (`why` is `gap`) where either has no number."""
    known = _known(one, other)
    if known is None:
        return Measure("difference", None, counts_basis((one, other)), why="gap")
    (x, n), (y, m) = known
    a, b = x / n, y / m
    (low_a, high_a), (low_b, high_b) = interval(x, n, kind, level), interval(y, m, kind, level)
    return Measure(
        "difference", a - b, counts_basis((one, other)), a - b - math.hypot(a - low_a, high_b - b), a - b + math.hypot(high_a - a, b - low_b),
        Span.CONFIDENCE, "Newcombe" if kind is Kind.SHARE else "Zou–Donner", level,
    )  # fmt: skip


def ratio(one: RegionCount, other: RegionCount, kind: Kind, level: float = 0.95) -> Measure:
    """The rate of `one` divided by that of `other`; not defined where either has no number (`gap`) or no case (`zero`)."""
    known = _known(one, other)
    if known is None:
        return Measure("ratio", None, counts_basis((one, other)), why="gap")
    (x, n), (y, m) = known
    if not x or not y:
        return Measure("ratio", None, counts_basis((one, other)), why="zero")
    variance = 1 / x + 1 / y - (1 / n + 1 / m if kind is Kind.SHARE else 0)
    value, factor = (x / n) / (y / m), math.exp(quantile(level) * math.sqrt(max(variance, 0.0)))
    return Measure("ratio", value, counts_basis((one, other)), value / factor, value * factor, Span.CONFIDENCE, "logarithm", level)


def _known(one: RegionCount, other: RegionCount) -> tuple[tuple[int, float], tuple[int, float]] | None:
    if isinstance(one.events, Nothing) or isinstance(other.events, Nothing) or not one.of or not other.of:
        return None
    return (one.events, one.of), (other.events, other.of)
