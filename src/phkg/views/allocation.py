"""Sharing a sum of money by one or more models beside each other: amounts, how they come about, how sure they are, and what would change them.

A worked example and no decision: the sum, the years and every weight are the reader's, and what the registry does not have is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from pyoxigraph import NamedNode

from phkg.analysis.allocation import Allocation, Sharing
from phkg.analysis.allocation_ranges import Amount, Sensitivity, Shares, are_exact, from_chance, from_unknown, sensitivity, wished
from phkg.analysis.closing import Effect, effect
from phkg.analysis.kronor import Infeasible
from phkg.analysis.sharing import Performance
from phkg.views.allocation_inputs import Inputs, Unreadable, read_figures
from phkg.views.allocation_model import Missing, ModelRecord, Setting
from phkg.views.allocation_parts import (
    AmountLine,
    ClosedGap,
    EffectLine,
    FigureLine,
    ModelChoice,
    RegionLine,
    SensitivityLine,
    StepLine,
    Trouble,
    WeightLine,
    WishedLine,
)
from phkg.views.choices import Choice, concepts_of
from phkg.views.inputs import Input, LastChange, record_inputs, statement_inputs
from phkg.views.reader import Link, Reader, Text, slug
from phkg.views.site import DESCRIPTION, Kind
from phkg.views.source_lines import SourceLine, sources
from phkg.views.standings import Standings
from phkg.vocabulary import ph

CHOSEN = ("a", "b", "c")
"""The parameters by which models are chosen."""
YEARS, MOST_YEARS = 5, 10
"""Years of the period where the reader names none, and at most."""
SEED = 35
"""Begins the numbers by which chance is tried, so that the same question has the same answer."""
LEVELS = (Fraction(8, 10), Fraction(95, 100), Fraction(105, 100), Fraction(120, 100))
"""Where the steps of the map part: amount per head over the mean per head."""


@dataclass(frozen=True)
class ModelResult:
    """What one model does with the sum. With a `trouble` there are no amounts.

    `final_year` is the year of the amounts, the last of the period; `exact_range`: the range of the unknown is met at both ends. `steps` are those of the
    waterfall, and each line's steps are in their order.
    """

    model: Link
    slug: str
    description: Text | None
    notes: tuple[Text, ...]
    sources: tuple[SourceLine, ...]
    weights: tuple[WeightLine, ...]
    figures: tuple[FigureLine, ...]
    trouble: Trouble | None
    final_year: int
    lines: tuple[RegionLine, ...]
    centre: int
    receiver: Link | None
    left: int
    exact_range: bool
    has_range: bool
    has_chance: bool
    steps: tuple[StepLine, ...]
    sensitivity: tuple[SensitivityLine, ...]
    wished: tuple[WishedLine, ...]
    effects: tuple[EffectLine, ...]


@dataclass(frozen=True)
class AllocationPage:
    """Models beside each other for one sum a year; `budget` None: no sum has been named, and nothing is worked out.

    `fixed` and `per_head_cost` are the reader's assumptions of cost, as they are written in an address. `population_date` and `population_sources` are what per head rests on; `methods_counted` and `answers_unknown` what gaps rest on: how many methods, and how
    many answers (a method in a region) nobody knows. `inputs` are the files that it all rests on, `last_change` what last moved them.
    """

    models: tuple[ModelChoice, ...]
    choices: tuple[tuple[Choice, ...], ...]
    budget: int | None
    years: int
    areas: tuple[Choice, ...]
    regions: tuple[Choice, ...]
    amount: int | None
    fixed: str
    per_head_cost: str
    results: tuple[ModelResult, ...]
    population: int
    population_date: str
    population_sources: tuple[SourceLine, ...]
    regions_without_population: tuple[Text, ...]
    methods_counted: int
    answers_unknown: int
    inputs: tuple[Input, ...]
    last_change: LastChange | None


def allocation_page(
    reader: Reader,
    methods: Kind | None,
    table: Standings,
    records: tuple[ModelRecord, ...],
    asked: Mapping[str, str],
    last_change: LastChange | None = None,
) -> AllocationPage:
    """The page for parameters that have been checked: models by their slugs, numbers written with a decimal point."""
    by_slug = {one.slug: one for one in records}
    chosen = [by_slug[name] for name in dict.fromkeys(asked[one] for one in CHOSEN if asked.get(one))]
    inputs = Inputs(reader, table, methods, asked.get("area", ""))
    budget = int(asked["budget"]) if asked.get("budget") else None
    years = int(asked.get("years") or YEARS)
    numbers = {name: number(asked[name]) for one in records for name in one.weights if asked.get(name)}
    wish = (asked.get("region", ""), int(asked["amount"])) if asked.get("region") and asked.get("amount") else None
    fixed, per_head = (number(asked[name]) if asked.get(name) else None for name in ("fixed", "per-head"))
    question = _Question(
        reader, inputs, {one.iri: one for one in records}, numbers, asked, budget, years, wish, (fixed or Fraction(0), per_head or Fraction(0))
    )
    graph, registry = reader.graph, reader.site.registry
    indicator = graph.object(registry, ph.populationIndicator)
    return AllocationPage(
        models=tuple(ModelChoice(reader.link(one.iri), one.slug, reader.text(one.iri, DESCRIPTION), one in chosen) for one in records),
        choices=tuple(tuple(Choice(one.slug, reader.label(one.iri), asked.get(name) == one.slug) for one in records) for name in CHOSEN),
        budget=budget,
        years=years,
        areas=tuple(Choice(slug(iri), reader.label(iri), slug(iri) == asked.get("area")) for iri in concepts_of(reader, ph.ClinicalArea)),
        regions=tuple(Choice(slug(one), reader.short_name(one), slug(one) == asked.get("region")) for one in reader.site.regions),
        amount=int(asked["amount"]) if asked.get("amount") else None,
        fixed=decimal(fixed),
        per_head_cost=decimal(per_head),
        results=tuple(question.result(one) for one in chosen),
        population=sum(inputs.people.values()),
        population_date=graph.text(registry, ph.populationDate) or "",
        population_sources=sources(reader, indicator) if isinstance(indicator, NamedNode) else (),
        regions_without_population=tuple(reader.short_name(one) for one in reader.site.regions if inputs.codes[one] not in inputs.people),
        methods_counted=len(inputs.access.methods),
        answers_unknown=sum(inputs.access.unknown.values()),
        inputs=(
            *record_inputs(reader, [*([indicator] if isinstance(indicator, NamedNode) else []), *(one.iri for one in chosen)]),
            *statement_inputs(reader, table),
        ),
        last_change=last_change,
    )


@dataclass
class _Question:
    """What is asked of every model alike."""

    reader: Reader
    inputs: Inputs
    models: Mapping[NamedNode, ModelRecord]
    numbers: Mapping[str, Fraction]
    asked: Mapping[str, str]
    budget: int | None
    years: int
    wish: tuple[str, int] | None
    cost: tuple[Fraction, Fraction]

    def result(self, record: ModelRecord) -> ModelResult:
        """What one model does."""
        trouble: Trouble | None = None
        try:
            self._read_figures(record)
            if self.budget is None or not self.inputs.people:
                raise Missing(("budget",))
            setting = Setting(record, self.models, self.numbers, self.inputs, self.budget)
            return self._worked_out(record, setting)
        except Missing as missing:
            trouble = Trouble("missing", missing.names, None, None, "")
        except Unreadable as error:
            trouble = Trouble("unreadable", (), None, None, error.line)
        except Infeasible as error:
            names = tuple(self._name(code).value for code in error.codes)
            trouble = Trouble("infeasible", names, -(-error.least.numerator // error.least.denominator), None if error.most is None else int(error.most), "")
        except ValueError:
            trouble = Trouble("whole", (), None, None, "")
        return self._made(record, trouble)

    def _worked_out(self, record: ModelRecord, setting: Setting) -> ModelResult:
        sharing, last = setting.sharing, self.years
        by_year = [sharing.allocate(year) for year in range(1, last + 1)]
        final = by_year[-1]
        fair = {code: sharing.total * Fraction(heads, sum(sharing.people.values())) for code, heads in sharing.people.items()}
        ranges = from_unknown(sharing, last)
        counts = any(isinstance(part.by, Performance) for part in sharing.model.parts)
        by_chance = from_chance(sharing, SEED, last, draws=99) if counts else {}
        falls = sharing.waterfall(last)
        lines = []
        for region, code in self.inputs.codes.items():
            if code in sharing.people:
                steps = tuple(step.by_region[code] for step in falls)
                lines.append(self._line(region, code, sharing, by_year, fair[code], ranges[code], by_chance.get(code), steps))
        shares = setting.shares(last)
        tried = sensitivity(setting.weights, shares)
        return self._made(
            record,
            None,
            lines=tuple(lines),
            centre=final.centre,
            left=final.left,
            exact_range=are_exact(sharing.model),
            has_range=sharing.unknown(),
            has_chance=counts,
            steps=tuple(StepLine(step.name, record_label(record, step.name)) for step in falls),
            sensitivity=tuple(self._sensitive(record, one, final) for one in tried),
            wished=tuple(self._wished(record, setting, shares)) if self.wish else (),
            effects=tuple(self._effects(by_year)) if any(self.cost) else (),
        )

    def _made(self, record: ModelRecord, trouble: Trouble | None, **found: object) -> ModelResult:
        reader, graph = self.reader, self.reader.graph
        receiver = next((one.receiver for one in record.components if one.receiver), None)
        plain: dict[str, object] = {
            "lines": (), "centre": 0, "left": 0, "exact_range": True, "has_range": False, "has_chance": False, "steps": (), "sensitivity": (), "wished": (), "effects": (),
        }  # fmt: skip
        return ModelResult(
            model=reader.link(record.iri),
            slug=record.slug,
            description=reader.text(record.iri, DESCRIPTION),
            notes=reader.texts(record.iri, ph.note),
            sources=sources(reader, record.iri),
            weights=tuple(
                WeightLine(
                    name,
                    one.label,
                    one.kind,
                    decimal(self.numbers.get(name, one.default)),
                    decimal(one.default),
                    decimal(one.least),
                    decimal(one.most),
                    one.note,
                    sources(reader, one.iri),
                )
                for name, one in record.weights.items()
            ),
            figures=tuple(
                FigureLine(one.figures, one.label, self.asked.get(one.figures, ""), decimal(one.least), decimal(one.most))
                for one in record.components
                if one.figures
            ),
            trouble=trouble,
            final_year=self.years,
            receiver=reader.link(receiver) if receiver and graph.object(receiver, ph.statedBy) is not None else None,
            **{**plain, **found},  # type: ignore[arg-type]
        )

    def _read_figures(self, record: ModelRecord) -> None:
        for one in record.components:
            text = self.asked.get(one.figures, "") if one.figures else ""
            if text.strip():
                self.inputs.figures[one.figures] = read_figures(self.reader, self.inputs.codes, text, one.least, one.most)

    def _line(
        self,
        region: NamedNode,
        code: str,
        sharing: Sharing,
        by_year: list[Allocation],
        fair: Fraction,
        unknown: Amount,
        chance: Amount | None,
        steps: tuple[Fraction, ...],
    ) -> RegionLine:
        final, heads = by_year[-1], sharing.people[code]
        amount = final.amounts[code]
        ratio = amount / fair if fair else Fraction(0)
        distance = final.distance(code)
        return RegionLine(
            place=self.reader.link(region),
            short_name=self.reader.short_name(region),
            population=heads,
            amount=amount,
            per_head=round(amount / heads, 2) if heads else None,
            share=round(amount / sharing.total, 6) if sharing.total else 0.0,
            against_per_head=amount - round(fair),
            level=sum(ratio >= edge for edge in LEVELS),
            low=unknown.low,
            high=unknown.high,
            chance_low=chance.low if chance else None,
            chance_high=chance.high if chance else None,
            years=tuple(one.amounts[code] for one in by_year),
            distance=None if distance is None else round(float(distance), 6),
            steps=_rounded(steps),
        )

    def _sensitive(self, record: ModelRecord, found: Sensitivity, final: Allocation) -> SensitivityLine:
        ends = [None if end is None else {code: int(end[code] - final.exact[code]) for code in final.exact} for end in (found.at_least, found.at_most)]
        moved = [None if end is None else sum(abs(change) for change in end.values()) // 2 for end in ends]
        changes = [(change, code) for end in ends if end is not None for code, change in end.items()]
        change, code = max(changes, key=lambda pair: (abs(pair[0]), pair[1]), default=(0, ""))
        return SensitivityLine(
            weight=record.weights[found.weight.name].label,
            name=found.weight.name,
            least=decimal(found.weight.least),
            most=decimal(found.weight.most),
            moved_at_least=moved[0],
            moved_at_most=moved[1],
            most_moved=self._name(code) if change else None,
            change=change,
            amounts=tuple(
                AmountLine(self._name(code), *(None if end is None else int(end[code]) for end in (found.at_least, found.at_most))) for code in final.exact
            ),
        )

    def _wished(self, record: ModelRecord, setting: Setting, shares: Shares) -> list[WishedLine]:
        region, amount = self.wish or ("", 0)
        code = next((code for iri, code in self.inputs.codes.items() if slug(iri) == region), "")
        if code not in self.inputs.people:
            return []
        lines = []
        for weight in setting.weights:
            found = wished(weight, code, amount, shares)
            ends = [None if end is None else int(end) for end in (found.lowest, found.highest)]
            lines.append(
                WishedLine(record.weights[weight.name].label, weight.name, decimal(weight.value), tuple(decimal(value, 4) for value in found.values), *ends)
            )
        return lines

    def _effects(self, by_year: list[Allocation]) -> list[EffectLine]:
        access, people = self.inputs.access, self.inputs.people
        lines = []
        for region, code in self.inputs.codes.items():
            if code in people:
                gaps = [one.value for one in access.lacking[code]]
                money = [one.amounts[code] for one in by_year]
                lines.append(self._effect(region, effect(code, people[code], gaps, access.unknown[code], money, *self.cost)))
        return lines

    def _effect(self, region: NamedNode, found: Effect) -> EffectLine:
        return EffectLine(
            place=self.reader.link(region),
            short_name=self.reader.short_name(region),
            gaps=found.gaps,
            unknown=found.unknown,
            closed=tuple(ClosedGap(self.reader.link(NamedNode(one.method)), one.year) for one in found.closed),
            unspent=found.unspent,
            before_low=found.before[0],
            before_high=found.before[1],
            after_low=found.after[0],
            after_high=found.after[1],
        )

    def _name(self, code: str) -> Text:
        region = self.inputs.regions.get(code)
        return self.reader.short_name(region) if region else Text(code)


def record_label(record: ModelRecord, name: str) -> Text | None:
    """What a step of a waterfall is called where it is a component of the model; the others have words of their own."""
    return next((one.label for one in record.components if one.label.value == name), None)


def number(text: str) -> Fraction:
    """A number with a decimal point, to the twelfth decimal: more would only make the work slow."""
    return round(Fraction(text), 12)


def decimal(value: Fraction | None, digits: int = 6) -> str:
    """A number as it is written in an address: with a decimal point, no needless noughts; empty for None."""
    if value is None:
        return ""
    text = f"{float(value):.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _rounded(steps: tuple[Fraction, ...]) -> tuple[int, ...]:
    """Steps in whole kronor that still add up: each is the difference of two rounded sums."""
    done, before, found = Fraction(0), 0, []
    for step in steps:
        done += step
        now = round(done)
        found.append(now - before)
        before = now
    return tuple(found)
