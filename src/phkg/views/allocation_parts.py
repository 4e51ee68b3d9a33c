"""The lines of a page that shares a sum: what each table of it shows."""

from __future__ import annotations

from dataclasses import dataclass

from phkg.views.reader import Concept, Link, Text
from phkg.views.source_lines import SourceLine


@dataclass(frozen=True)
class ModelChoice:
    """A model that can be chosen."""

    model: Link
    slug: str
    description: Text | None
    chosen: bool


@dataclass(frozen=True)
class WeightLine:
    """A weight as the form shows it, its numbers as they are written in an address; `value` is empty where it must be given."""

    name: str
    label: Text
    kind: Concept | None
    value: str
    default: str
    least: str
    most: str
    note: Text | None
    sources: tuple[SourceLine, ...]


@dataclass(frozen=True)
class FigureLine:
    """Figures by region that the reader gives, one region a line, since the registry has none."""

    name: str
    label: Text
    text: str
    least: str
    most: str


@dataclass(frozen=True)
class Trouble:
    """Why a model has no amounts. `kind` is missing (`names` must be given), unreadable (`line`), infeasible (the limits allow sums from `least` to `most`;
    `names` are regions whose floor lies above their ceiling) or whole (the parts come to more than the sum)."""

    kind: str
    names: tuple[str, ...]
    least: int | None
    most: int | None
    line: str


@dataclass(frozen=True)
class RegionLine:
    """What a region has in the last year, in kronor; `share` of the whole sum (0–1).

    `against_per_head` is the difference from sharing the whole sum per head, `level` (0–4) how the amount per head compares with the mean. `low` and `high` are what
    unknown inputs allow, the chance pair the middle 95 of 100. `distance` is that from the target. `steps` add up to the amount.
    """

    place: Link
    short_name: Text
    population: int
    amount: int
    per_head: float | None
    share: float
    against_per_head: int
    level: int
    low: int
    high: int
    chance_low: int | None
    chance_high: int | None
    years: tuple[int, ...]
    distance: float | None
    steps: tuple[int, ...]


@dataclass(frozen=True)
class StepLine:
    """A step of the waterfall: `key` names those that every model has, `label` is the component's name for the others."""

    key: str
    label: Text | None


@dataclass(frozen=True)
class AmountLine:
    """A region's amounts with a weight at its least and its most; None where there are none."""

    region: Text
    at_least: int | None
    at_most: int | None


@dataclass(frozen=True)
class SensitivityLine:
    """What one weight can do on its own: how many kronor change hands at its least and at its most, and which region moves furthest."""

    weight: Text
    name: str
    least: str
    most: str
    moved_at_least: int | None
    moved_at_most: int | None
    most_moved: Text | None
    change: int
    amounts: tuple[AmountLine, ...]


@dataclass(frozen=True)
class WishedLine:
    """The values of one weight at which the region has the wished amount; without any, `lowest` and `highest` are what it can have."""

    weight: Text
    name: str
    now: str
    values: tuple[str, ...]
    lowest: int | None
    highest: int | None


@dataclass(frozen=True)
class ClosedGap:
    """A gap that the money closes, and in which year."""

    method: Link
    year: int


@dataclass(frozen=True)
class EffectLine:
    """What a region's money would close at the assumed cost, and person-years without access without and with it, each from lowest to highest."""

    place: Link
    short_name: Text
    gaps: int
    unknown: int
    closed: tuple[ClosedGap, ...]
    unspent: int
    before_low: int
    before_high: int
    after_low: int
    after_high: int
