"""Every measure of equal access over many regions, methods and years of made-up data."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction

import numpy as np

from phkg.analysis.adoption import Period, adoption, by_period, first_region, reached
from phkg.analysis.allocation import Basis, Limit, Model, Part, Sharing
from phkg.analysis.allocation_ranges import Weight, sensitivity
from phkg.analysis.basis import Nothing
from phkg.analysis.chance import chance, variation_of
from phkg.analysis.coverage import Access, RegionAccess, RegionStep, at_or_above, coverage, who_lacks
from phkg.analysis.dates import Bounds
from phkg.analysis.ordered import along, midranks
from phkg.analysis.rates import FUNNEL_LEVELS, Kind, byar, funnel_of_counts, wilson
from phkg.analysis.regularity import regularity
from phkg.analysis.sharing import Equal, Factor, Gap, PerHead, Range, known
from phkg.analysis.spread import measures
from phkg.analysis.timeline import Timeline
from phkg.analysis.waiting import person_years, time_to_adoption, waited_shares

SEED = 6
FIRST, YEARS = date(2006, 1, 1), 20
ON = date(2025, 12, 31)
ALLOCATING = "one allocation with sensitivity to every weight, 21 regions"
VOLUMES = (100, 300, 1000, 3000, 10_000)
"""National cases a year for which the chance band is drawn; it depends on nothing else."""


def measuring(regions: int, methods: int, runs: int) -> dict:
    """Seconds for each family of measures, the best of `runs`, and for all together."""
    histories = _histories(regions, methods)
    sizes, cases = _counts(regions, methods)
    families: dict[str, Callable[[], object]] = {
        "coverage, who lacks it, steps": lambda: _coverages(histories),
        "adoption by year, first region, median": lambda: [_adoption(rows) for rows in histories],
        "time to adoption and person-years": lambda: [_waiting(rows) for rows in histories],
        "regularity": lambda: _regularity(histories),
        "intervals and funnel": lambda: _intervals(cases, sizes),
        "measures of spread": lambda: measures(cases / sizes, sizes, more_is_better=True, reference=0),
        "measures along an order": lambda: along(cases / sizes, midranks(sizes, sizes), sizes),
        "variation beyond chance": lambda: variation_of(cases, sizes / sizes.sum() * cases.sum(axis=-1, keepdims=True)),
        "chance bands": lambda: [chance(sizes, total, Kind.RATE, SEED, more_is_better=True) for total in VOLUMES],
    }
    # The made-up data live for the whole run: going through them again and again would be counted as work of the measures.
    gc.collect()
    gc.freeze()
    rows = []
    for name, work in families.items():
        timed = [_timed(work) for _ in range(runs)]
        wall, cpu = min(timed, key=lambda pair: pair[1])
        rows.append({"measures": name, "wall_s": round(wall, 3), "cpu_s": round(cpu, 3)})
    total = {key: round(sum(row[key] for row in rows), 3) for key in ("wall_s", "cpu_s")}
    rows.append({"measures": "all", **total})
    rows.append({"measures": ALLOCATING, **_allocating(runs)})
    return {"regions": regions, "methods": methods, "years": YEARS, "runs": runs, "rows": rows}


def _allocating(runs: int) -> dict[str, float]:
    """One sharing with sensitivity to every weight, as a reader asks for it: 21 regions, every component, limits and pace."""
    source = random.Random(SEED)
    people = {f"{number:02}": round(source.lognormvariate(12.5, 0.8)) for number in range(21)}
    whole = sum(people.values())
    start = {code: Fraction(heads, whole) for code, heads in people.items()}
    covered = {code: Range(Fraction(source.randint(0, 9), 26), Fraction(source.randint(9, 26), 26)) for code in people}
    need = {code: known(Fraction(source.randint(90, 110), 100)) for code in people}

    def sharing(values: Mapping[str, Fraction]) -> Sharing:
        heads = PerHead((Factor("need", need, Fraction(7, 10), Fraction(14, 10), values["need"]),))
        parts = (Part("base", Equal(), values["base"]), Part("gap", Gap(covered, values["target"]), values["gap"]), Part("heads", heads))
        limits = (Limit("floor", True, values["floor"]), Limit("ceiling", False, 5 * values["ceiling"]), Limit("held", True, values["held"], Basis.START))
        return Sharing(Model(parts, values["centre"], limits, values["pace"], start), people, 100_000_000)

    now = {name: Fraction(1, 10) for name in ("base", "gap", "centre", "pace")} | {
        name: Fraction(8, 10) for name in ("need", "target", "floor", "ceiling", "held")
    }
    weights = [Weight(name, value, value / 2, value * Fraction(11, 10)) for name, value in now.items()]

    def asked() -> None:
        sharing(now).allocate()
        sensitivity(weights, lambda name, value: sharing({**now, name: value}).exact())

    timed = [_timed(asked) for _ in range(runs)]
    wall, cpu = min(timed, key=lambda pair: pair[1])
    return {"wall_s": round(wall, 3), "cpu_s": round(cpu, 3)}


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def _histories(regions: int, methods: int) -> list[list[Timeline]]:
    """Timelines as registries have them: some silent, some with a vague start, a few discontinued."""
    source = random.Random(SEED)
    people = [round(source.lognormvariate(12, 1)) for _ in range(regions)]
    days = (ON - FIRST).days
    found = []
    for _ in range(methods):
        rows = []
        for number, population in enumerate(people):
            kind, start = source.random(), FIRST + timedelta(source.randrange(days))
            changes: tuple[tuple[date, Access | Nothing], ...] = ((start, Access.WITH),)
            before = Nothing.NOT_YET
            if kind < 0.2:
                changes, before = (), Nothing.NO_STATEMENT
            elif kind < 0.4:
                changes = ((start.replace(month=1, day=1), Nothing.NO_STATEMENT), (start.replace(month=12, day=31), Access.WITH))
            elif kind < 0.5:
                changes = ((start, Access.PART),)
            elif kind < 0.55:
                changes = ((start, Access.WITH), (start + timedelta(900), Access.WITHOUT))
            elif kind < 0.6:
                changes, before = (), Nothing.DECIDED_AGAINST
            rows.append(Timeline(f"r{number}", population, changes, before))
        found.append(rows)
    return found


def _counts(regions: int, methods: int) -> tuple[np.ndarray, np.ndarray]:
    """Populations, and cases by method, year and region."""
    source = np.random.default_rng(SEED)
    sizes = np.round(source.lognormal(12, 1, regions))
    rates = source.lognormal(-8, 1, (methods, 1, 1)) * source.gamma(25, 1 / 25, (methods, 1, regions))
    return sizes, source.poisson(rates * sizes, (methods, YEARS, regions)).astype(float)


def _coverages(histories: list[list[Timeline]]) -> None:
    for rows in histories:
        now = [RegionAccess(row.region, row.at(ON), row.population) for row in rows]
        coverage(now)
        who_lacks(now)
        steps = [RegionStep(row.region, row.access if isinstance(row.access, Nothing) else 4, row.population) for row in now]
        at_or_above(steps, (2, 3, 4, 5))


def _adoption(rows: list[Timeline]) -> None:
    curve = adoption(rows, ON)
    by_period(curve, Period.YEAR, FIRST)
    first_region(rows, ON)
    for share in (Fraction(1, 10), Fraction(1, 2), Fraction(9, 10)):
        reached(curve, share)


def _waiting(rows: list[Timeline]) -> None:
    since = Bounds(FIRST, FIRST)
    time_to_adoption(rows, since, ON).late.quantile(0.5)
    person_years(rows, since, ON)


def _regularity(histories: list[list[Timeline]]) -> None:
    regularity([waited_shares(rows, Bounds(FIRST, FIRST), ON) for rows in histories], SEED, draws=199)


def _intervals(cases: np.ndarray, sizes: np.ndarray) -> None:
    byar(cases)
    wilson(cases, sizes)
    expected = sizes / sizes.sum() * cases[:, -1].sum(axis=-1, keepdims=True)
    for level in FUNNEL_LEVELS:
        byar(cases, level)
        funnel_of_counts(expected, level)
