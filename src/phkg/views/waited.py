"""How long the inhabitants of each region have waited for one method, as years between bounds, in the usual order of the regions."""

from __future__ import annotations

from dataclasses import dataclass

from phkg.analysis.waiting import YEAR
from phkg.views.comparison import axis
from phkg.views.reader import Link, Reader, Text
from phkg.views.waits import MethodAccess


@dataclass(frozen=True)
class RegionWaited:
    """A region's wait for a method: years that each inhabitant surely and at most waited, and person-years (None: size unknown).

    All are None where the method does not apply to the region.
    """

    place: Link
    short_name: Text
    years_low: float | None
    years_high: float | None
    people_low: float | None
    people_high: float | None


@dataclass(frozen=True)
class Waited:
    """Every region's wait since the clock started; `axis` are the marks of the years, the last one its end. `sure` regions have one
    length, `open` ones a span, since somebody has said too little."""

    regions: tuple[RegionWaited, ...]
    axis: tuple[float, ...]
    sure: int
    open: int


def waited(reader: Reader, one: MethodAccess) -> Waited | None:
    """The waits for one method by region; None where no clock has started."""
    if one.wait is None:
        return None
    found = {wait.region: wait for wait in one.wait.person_years.regions}
    lines = []
    for region in reader.site.regions:
        wait = found.get(region.value)
        years = (None, None) if wait is None else (round(wait.days_low / YEAR, 2), round(wait.days_high / YEAR, 2))
        people = (None, None) if wait is None else (_rounded(wait.person_years_low), _rounded(wait.person_years_high))
        lines.append(RegionWaited(reader.link(region), reader.short_name(region), *years, *people))
    most = max((line.years_high or 0.0 for line in lines), default=0.0)
    sure = sum(line.years_low is not None and line.years_low == line.years_high for line in lines)
    return Waited(tuple(lines), axis(most), sure, len(found) - sure)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
