"""Sharing models as the registry holds them: components and weights of a record, with what a reader chose, made into a model that can be worked out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property

from pyoxigraph import Literal, NamedNode

from phkg.analysis.allocation import Basis, Limit, Model, Part, Sharing
from phkg.analysis.allocation_ranges import Shares, Weight
from phkg.analysis.exact import Exact
from phkg.analysis.kronor import NOUGHT
from phkg.analysis.sharing import By, Catchment, Equal, Factor, Gap, Matching, Performance, PerHead, Range
from phkg.views.allocation_inputs import Inputs
from phkg.views.reader import Concept, Reader, Text, slug
from phkg.views.site import TYPE, Kind
from phkg.vocabulary import ph

VALUES = "values"
"""Begins the name of a setting that gives a component its figures by region: `values.MODEL.COMPONENT`."""
LIMITS = {ph.Floor: True, ph.HoldHarmless: True, ph.Ceiling: False}
OWN_FIGURES = (ph.Factor, ph.MatchingShare)
"""Kinds of component whose figures a reader may give."""


class Missing(Exception):
    """The model cannot be worked out, since these settings (by name) have neither a default nor a value from the reader."""

    def __init__(self, names: tuple[str, ...]) -> None:
        """The names as in the address."""
        super().__init__(", ".join(names))
        self.names = names


@dataclass(frozen=True)
class WeightRecord:
    """A weight: its IRI, its name in the address, what it is called, what it can be; `default` None: it must be given."""

    iri: NamedNode
    name: str
    label: Text
    kind: Concept | None
    default: Fraction | None
    least: Fraction
    most: Fraction
    note: Text | None


@dataclass(frozen=True)
class ComponentRecord:
    """A component: its class, what it is called, the names of its weights; `figures` is the name under which a reader may give its figures."""

    iri: NamedNode
    class_: NamedNode
    label: Text
    share: str
    level: str
    figures: str
    indicator: NamedNode | None
    weighs: NamedNode | None
    receiver: NamedNode | None
    least: Fraction
    most: Fraction


@dataclass(frozen=True)
class ModelRecord:
    """A model with its components in their order and its weights by name in the address."""

    iri: NamedNode
    slug: str
    components: tuple[ComponentRecord, ...]
    weights: Mapping[str, WeightRecord]
    starts_from: NamedNode | None

    def of(self, class_: NamedNode) -> tuple[ComponentRecord, ...]:
        """The components of a class."""
        return tuple(one for one in self.components if one.class_ == class_)


def models_kind(reader: Reader) -> Kind | None:
    """The kind of record that models are, where the registry has any."""
    return next((kind for kind in reader.site.kinds if kind.iri == ph.AllocationModel and reader.site.records(kind)), None)


def read_models(reader: Reader) -> tuple[ModelRecord, ...]:
    """Every model that has no successor, in the order of their names in addresses."""
    kind = models_kind(reader)
    return tuple(_model(reader, iri) for iri in reader.site.records(kind)) if kind else ()


def _model(reader: Reader, iri: NamedNode) -> ModelRecord:
    graph = reader.graph
    parts = graph.subjects(ph.ofModel, iri)
    names = {part: f"{slug(iri)}.{slug(part)}" for part in parts if graph.object(part, TYPE) == ph.Weight}
    components = [_component(reader, iri, part, names) for part in parts if part not in names]
    components.sort(key=lambda one: (graph.integer(one.iri, ph.rank) or 0, one.iri.value))
    start = graph.object(iri, ph.startsFrom)
    weights = {
        getattr(one, role): _weight(reader, graph.object(one.iri, predicate), getattr(one, role), one, reader.label(predicate))  # type: ignore[arg-type]
        for one in components
        for role, predicate in (("share", ph.shareWeight), ("level", ph.levelWeight))
        if getattr(one, role)
    }
    return ModelRecord(iri, slug(iri), tuple(components), weights, start if isinstance(start, NamedNode) else None)


def _component(reader: Reader, model: NamedNode, iri: NamedNode, names: Mapping[NamedNode, str]) -> ComponentRecord:
    graph = reader.graph
    class_ = graph.object(iri, TYPE)
    indicator, weighs, receiver = (graph.object(iri, one) for one in (ph.indicator, ph.ofComponent, ph.toOrganisation))
    own = class_ in OWN_FIGURES and indicator is None
    named = reader.label(iri).value != slug(iri)
    return ComponentRecord(
        iri=iri,
        class_=class_ if isinstance(class_, NamedNode) else ph.Component,
        label=reader.label(iri) if named or not isinstance(class_, NamedNode) else reader.label(class_),
        share=names.get(graph.object(iri, ph.shareWeight), ""),  # type: ignore[arg-type]
        level=names.get(graph.object(iri, ph.levelWeight), ""),  # type: ignore[arg-type]
        figures=f"{VALUES}.{slug(model)}.{slug(iri)}" if own else "",
        indicator=indicator if isinstance(indicator, NamedNode) else None,
        weighs=weighs if isinstance(weighs, NamedNode) else None,
        receiver=receiver if isinstance(receiver, NamedNode) else None,
        least=_number(graph.object(iri, ph.least)) or Fraction(0),
        most=_number(graph.object(iri, ph.most)) or Fraction(0),
    )


def _weight(reader: Reader, iri: NamedNode, name: str, component: ComponentRecord, role: Text) -> WeightRecord:
    graph = reader.graph
    kind = graph.object(iri, ph.weightKind)
    return WeightRecord(
        iri=iri,
        name=name,
        label=Text(f"{component.label.value}: {role.value}", component.label.language),
        kind=reader.concept(kind) if isinstance(kind, NamedNode) else None,
        default=_number(graph.object(iri, ph.defaultValue)),
        least=_number(graph.object(iri, ph.least)) or Fraction(0),
        most=_number(graph.object(iri, ph.most)) or Fraction(0),
        note=reader.text(iri, ph.note),
    )


def _number(term: object) -> Fraction | None:
    return Fraction(term.value) if isinstance(term, Literal) else None


class Setting:
    """One model with the weights and figures that a reader chose, for one sum."""

    def __init__(self, record: ModelRecord, models: Mapping[NamedNode, ModelRecord], chosen: Mapping[str, Fraction], inputs: Inputs, budget: int) -> None:
        """`chosen` are weights by their name; figures by region stand in `inputs`. Raises Missing for what neither has a default nor was chosen."""
        self.record, self._models, self._inputs, self.budget = record, models, inputs, budget
        self.values = {name: chosen.get(name, one.default) for name, one in record.weights.items()}
        lacking = [name for name, value in self.values.items() if value is None]
        lacking += [one.figures for one in record.components if one.figures and not inputs.figures.get(one.figures)]
        if lacking:
            raise Missing(tuple(lacking))
        self.weights = tuple(
            Weight(name, value, record.weights[name].least, record.weights[name].most) for name, value in self.values.items() if value is not None
        )
        # What the weights do not move is worked out once: the start, and the coverage or results of the regions.
        self._start = self._starts(chosen)
        self._factors = record.of(ph.Factor)
        self._made: dict[tuple[object, ...], By | None] = {}

    @cached_property
    def sharing(self) -> Sharing:
        """The model ready for the sum. Raises ValueError where the shares of the parts come to more than the whole."""
        return Sharing(self._model(self.values), self._inputs.people, self.budget)

    def shares(self, year: int) -> Shares:
        """The exact amounts of a year by one weight, as sensitivity asks for them."""

        @cache
        def of(name: str, value: Fraction) -> Exact:
            return Sharing(self._model({**self.values, name: value}), self._inputs.people, self.budget, self.sharing).exact(year)

        return of

    def _starts(self, chosen: Mapping[str, Fraction]) -> Mapping[str, Fraction] | None:
        start = self._models.get(self.record.starts_from) if self.record.starts_from else None
        if start is None:
            return None
        exact = Setting(start, self._models, chosen, self._inputs, self.budget).sharing.exact()
        whole = sum(exact.values(), Fraction(0))
        return {code: amount / whole for code, amount in exact.items()} if whole else None

    def _model(self, values: Mapping[str, Fraction | None]) -> Model:
        def of(name: str) -> Fraction:
            return values.get(name) or NOUGHT

        record = self.record
        years = next((int(of(one.level)) for one in record.of(ph.Smoothing)), 1)
        parts = tuple(
            Part(one.label.value, by, of(one.share) if one.share else None) for one in record.components if (by := self._kept(one, of, years)) is not None
        )
        limits = tuple(
            Limit(one.label.value, LIMITS[one.class_], of(one.level), Basis.START if one.class_ == ph.HoldHarmless else Basis.PER_HEAD)
            for one in record.components
            if one.class_ in LIMITS
        )
        return Model(
            parts,
            centre=sum((of(one.share) for one in record.of(ph.CentreShare)), NOUGHT),
            limits=limits,
            pace=next((of(one.level) for one in record.of(ph.PaceOfChange)), None),
            start=self._start,
        )

    def _kept(self, one: ComponentRecord, of: Callable[[str], Fraction], years: int) -> By | None:
        """What a component shares by, the same one for the same weights: what it comes to is then worked out once."""
        levels = [one.level, *(factor.level for factor in self._factors if factor.weighs == one.iri)]
        key = (one.iri, years, *(of(level).as_integer_ratio() for level in levels))
        if key not in self._made:
            self._made[key] = self._by(one, of, years)
        return self._made[key]

    def _by(self, one: ComponentRecord, of: Callable[[str], Fraction], years: int) -> By | None:
        inputs = self._inputs
        if one.class_ == ph.EqualShare:
            return Equal()
        if one.class_ == ph.PerHeadShare:
            return PerHead(tuple(self._factor(factor, of, years) for factor in self._factors if factor.weighs == one.iri))
        if one.class_ == ph.CatchmentShare:
            return Catchment(inputs.catchments, of(one.level))
        if one.class_ == ph.GapShare:
            return Gap(inputs.covered, of(one.level))
        if one.class_ == ph.PerformanceShare and one.indicator:
            results, common = inputs.results(one.indicator, years)
            return Performance(results, common, of(one.level))
        if one.class_ == ph.MatchingShare:
            return Matching(self._figures(one, years), of(one.level), one.most)
        return None

    def _factor(self, one: ComponentRecord, of: Callable[[str], Fraction], years: int) -> Factor:
        return Factor(one.label.value, self._figures(one, years), one.least, one.most, of(one.level) if one.level else Fraction(1))

    def _figures(self, one: ComponentRecord, years: int) -> Mapping[str, Range]:
        return self._inputs.values(one.indicator, years) if one.indicator else self._inputs.figures.get(one.figures, {})
