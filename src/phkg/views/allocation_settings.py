"""What a reader may set of sharing models, by name: checked, and as the page takes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from phkg.views.allocation import CHOSEN, decimal
from phkg.views.allocation_model import VALUES, ModelRecord
from phkg.views.reader import Reader


class WrongSetting(ValueError):
    """A model, weight or figure that is not there, or a number that it cannot be; the text says what would be right."""


def settings(reader: Reader, records: tuple[ModelRecord, ...], models: Iterable[str], chosen: Iterable[str], figures: Mapping[str, str]) -> dict[str, str]:
    """The parameters of the page for models by their slugs, weights as `name=number` and texts of figures by component.

    A weight or a component may be named with its model (`base-and-per-head.base`) or without, where one of the models has it. Raises WrongSetting.
    """
    by_slug = {one.slug: one for one in records}
    picked = tuple(dict.fromkeys(models))
    unknown = [name for name in picked if name not in by_slug]
    if unknown or not 0 < len(picked) <= len(CHOSEN):
        what = f"There is no model {unknown[0]}." if unknown else f"At most {len(CHOSEN)} models stand beside each other."
        raise WrongSetting(f"{what} The models are {', '.join(by_slug) or 'none'}.")
    asked = dict(zip(CHOSEN, picked, strict=False))
    weights = {name: one for model in picked for name, one in by_slug[model].weights.items()}
    for setting in chosen:
        name, _, number = setting.partition("=")
        found = _named(name, weights)
        least, most = weights[found].least, weights[found].most
        try:
            value = Fraction(number.replace(",", "."))
        except (ValueError, ZeroDivisionError):
            raise WrongSetting(f"{name} takes a number from {decimal(least)} to {decimal(most)}, not “{number}”.") from None
        if not least <= value <= most:
            raise WrongSetting(f"{name} is from {decimal(least)} to {decimal(most)}, not {number}.")
        asked[found] = decimal(value, 12)
    given = {one.figures.removeprefix(f"{VALUES}."): one.figures for model in picked for one in by_slug[model].components if one.figures}
    for name, text in figures.items():
        asked[given[_named(name, given)]] = text
    return asked


def _named(name: str, there: Iterable[str]) -> str:
    """The full name of a weight or component that may be named without its model."""
    names = tuple(there)
    found = [one for one in names if one == name or one.split(".", 1)[1] == name]
    if len(found) != 1:
        what = f"{name} is a name in more than one of the models" if found else f"The models have nothing called {name}"
        raise WrongSetting(f"{what}. What can be set: {', '.join(names) or 'nothing'}.")
    return found[0]
