"""What sharing models are worked out of: people, catchments, coverage and results by region, as the snapshot holds them, and what a reader gave.

Regions are known by their county code, or by the end of their IRI where some have none; ties in rounding go by it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeVar

from pyoxigraph import Literal, NamedNode

from phkg.analysis.dates import Bounds
from phkg.analysis.sharing import Range, Result, known, smoothed
from phkg.graph.bounds import term_bounds
from phkg.views.indicator import DATA_SET
from phkg.views.reader import Reader, slug
from phkg.views.site import Kind
from phkg.views.standings import Standings
from phkg.vocabulary import ph

Found = TypeVar("Found")
LINE = re.compile(r"^\s*(?P<who>.*?\S)[\s:;=]+(?P<figure>\d+(?:[.,]\d+)?)\s*$")
LINES_AT_MOST, LINE_AT_MOST = 400, 200


class Unreadable(ValueError):
    """A line of figures that cannot be read; `line` is the line, or the figure that is out of range."""

    def __init__(self, line: str) -> None:
        """`line` as the reader wrote it."""
        super().__init__(line)
        self.line = line


@dataclass(frozen=True)
class Access:
    """The methods that count (at least one region gives all access to them), and by region code how many it gives, surely lacks and is not known to give."""

    methods: tuple[NamedNode, ...]
    lacking: Mapping[str, tuple[NamedNode, ...]]
    unknown: Mapping[str, int]

    def covered(self, code: str) -> Range | None:
        """The share of the methods that a region surely, and perhaps, gives access to; None where no method counts."""
        everything = len(self.methods)
        if not everything:
            return None
        lacking, unknown = len(self.lacking[code]), self.unknown[code]
        return Range(Fraction(everything - lacking - unknown, everything), Fraction(everything - lacking, everything))


class Inputs:
    """All inputs of one snapshot; `area` narrows the methods that gaps are counted in."""

    def __init__(
        self, reader: Reader, table: Standings, methods: Kind | None, area: str = "", figures: Mapping[str, Mapping[str, Range]] | None = None
    ) -> None:
        """`figures` by region, by the name of their setting."""
        self._reader, self._table, self._methods, self._area = reader, table, methods, area
        self.figures = dict(figures or {})
        codes = {region: reader.graph.text(region, ph.countyCode) or "" for region in reader.site.regions}
        if len(set(codes.values())) < len(codes) or not all(codes.values()):
            codes = {region: slug(region) for region in codes}
        self.codes = codes
        self._kept: dict[tuple[str, NamedNode, int], Any] = {}
        self.regions = {code: region for region, code in codes.items()}

    @cached_property
    def people(self) -> dict[str, int]:
        """The population of the common date, by region code; regions without a number are left out."""
        graph, registry = self._reader.graph, self._reader.site.registry
        indicator, on = graph.object(registry, ph.populationIndicator), graph.object(registry, ph.populationDate)
        if not isinstance(indicator, NamedNode) or on is None:
            return {}
        date = term_bounds(registry.value, on)
        found: dict[str, tuple[Bounds, int]] = {}
        for one in graph.subjects(DATA_SET, indicator):
            place, value, period = graph.object(one, ph.place), graph.text(one, ph.value), graph.object(one, ph.period)
            span = term_bounds(one.value, period) if period is not None else None
            if place in self.codes and value and span and date.earliest <= span.earliest <= span.latest <= date.latest:
                code = self.codes[place]  # type: ignore[index]
                found[code] = max(found.get(code, (span, 0)), (span, int(float(value))))
        return {code: number for code, (_, number) in sorted(found.items())}

    @cached_property
    def catchments(self) -> dict[str, Fraction]:
        """How many turn to each hub: the people of a region divided equally between its wider places, and there between the hubs; a hub is a region with university healthcare."""
        graph = self._reader.graph
        wider = {code: [one for one in graph.objects(region, ph.within) if isinstance(one, NamedNode)] for region, code in self.codes.items()}
        hubs = [code for region, code in sorted(self.codes.items(), key=lambda pair: pair[1]) if graph.is_true(region, ph.hasUniversityHealthcare)]
        found = dict.fromkeys(hubs, Fraction(0))
        for code, people in self.people.items():
            for place in wider[code]:
                near = [hub for hub in hubs if place in wider[hub]]
                for hub in near:
                    found[hub] += Fraction(people, len(wider[code]) * len(near))
        return found

    @cached_property
    def access(self) -> Access:
        """Which regions give all access to which methods, among those to which some region does."""
        return self._reader.pieces.get(("access that sums follow", self._area), self._access)

    def _access(self) -> Access:
        methods = [one for one in self._counted() if self._table.access(one, self._reader.site.regions)]
        lacking: dict[str, list[NamedNode]] = {code: [] for code in self.codes.values()}
        unknown = dict.fromkeys(self.codes.values(), 0)
        for method in methods:
            for region, code in self.codes.items():
                holds = self._table.of(method, region)
                if holds is None or (holds.gives_access and holds.part):
                    unknown[code] += 1
                elif not holds.gives_access:
                    lacking[code].append(method)
        # Those that most regions give come first: the widest spread is the longest wait of those who have it not.
        order = {method: -self._table.access(method, self._reader.site.regions) for method in methods}
        return Access(tuple(methods), {code: tuple(sorted(some, key=lambda one: (order[one], one.value))) for code, some in lacking.items()}, unknown)

    @cached_property
    def covered(self) -> dict[str, Range]:
        """The share of the methods that count which each region gives access to."""
        return {code: value for code in self.people if (value := self.access.covered(code)) is not None}

    def results(self, indicator: NamedNode, years: int) -> tuple[dict[str, Result], Fraction]:
        """The latest results of regions in an indicator, the last `years` of them together, and the common result: the nation's own, else that of all who report."""
        return self._once(("results", indicator, years), self._results)

    def values(self, indicator: NamedNode, years: int) -> dict[str, Range]:
        """The mean of the last `years` values of an indicator, by region."""
        return self._once(("values", indicator, years), self._values)

    def _once(self, what: tuple[str, NamedNode, int], read: Callable[[NamedNode, int], Found]) -> Found:
        if what not in self._kept:
            self._kept[what] = read(what[1], what[2])
        return self._kept[what]

    def _results(self, indicator: NamedNode, years: int) -> tuple[dict[str, Result], Fraction]:
        found, nation = {}, self._series(indicator)
        for code, rows in nation.items():
            last = [(wanted, cases) for wanted, cases, _ in rows[-years:] if wanted is not None and cases is not None]
            if last and code in self.people:
                found[code] = Result(known(sum(wanted for wanted, _ in last)), int(sum(cases for _, cases in last)))
        own = [(wanted, cases) for wanted, cases, _ in nation.get("", []) if wanted is not None and cases]
        if own:
            return found, own[-1][0] / own[-1][1]
        cases = sum(result.cases for result in found.values())
        return found, sum((result.wanted.low for result in found.values()), Fraction(0)) / cases if cases else Fraction(0)

    def _values(self, indicator: NamedNode, years: int) -> dict[str, Range]:
        series = {code: [known(value) for _, _, value in rows if value is not None] for code, rows in self._series(indicator).items()}
        return {code: smoothed(values, years) for code, values in series.items() if values and code in self.people}

    def _counted(self) -> Iterable[NamedNode]:
        if self._methods is None:
            return
        graph = self._reader.graph
        for method in self._reader.site.records(self._methods):
            areas = {slug(one) for one in graph.objects(method, ph.clinicalArea) if isinstance(one, NamedNode)}
            if not self._area or self._area in areas:
                yield method

    def _series(self, indicator: NamedNode) -> dict[str, list[tuple[Fraction | None, Fraction | None, Fraction | None]]]:
        """Numerator, denominator and value of every period, the oldest first, by region code; the nation under no code."""
        graph = self._reader.graph
        nation = graph.object(self._reader.site.registry, ph.nation)
        dated: dict[str, list[tuple[str, tuple[Fraction | None, Fraction | None, Fraction | None]]]] = {}
        for one in graph.subjects(DATA_SET, indicator):
            place, period = graph.object(one, ph.place), graph.object(one, ph.period)
            code = "" if place == nation else self.codes.get(place, None)  # type: ignore[arg-type]
            if code is None or not isinstance(period, Literal):
                continue
            row = tuple(_number(graph.object(one, name)) for name in (ph.numerator, ph.denominator, ph.value))
            dated.setdefault(code, []).append((term_bounds(one.value, period).latest.isoformat(), row))  # type: ignore[arg-type]
        return {code: [row for _, row in sorted(rows, key=lambda pair: pair[0])] for code, rows in dated.items()}


def read_figures(reader: Reader, codes: Mapping[NamedNode, str], text: str, least: Fraction, most: Fraction) -> dict[str, Range]:
    """Figures by region from lines such as “Gotland 1,05”: a region's name, short name, code or the end of its address, then a number.

    Raises Unreadable for a line that is not so, a region that is unknown or given twice, and a figure that is not from `least` to `most` (0: no limit).
    """
    names: dict[str, str] = {}
    for region, code in codes.items():
        for name in (code, slug(region), reader.label(region).value, reader.short_name(region).value):
            names[name.casefold()] = code
    found: dict[str, Range] = {}
    lines = [line for line in re.split(r"[\r\n]+", text) if line.strip()]
    for line in lines[:LINES_AT_MOST]:
        read = LINE.match(line) if len(line) <= LINE_AT_MOST else None
        code = names.get(read["who"].casefold()) if read else None
        if read is None or code is None or code in found:
            raise Unreadable(line.strip()[:80])
        value = Fraction(read["figure"].replace(",", "."))
        if value < least or (most and value > most):
            raise Unreadable(line.strip()[:80])
        found[code] = known(value)
    return found


def _number(term: object) -> Fraction | None:
    return Fraction(term.value) if isinstance(term, Literal) else None
