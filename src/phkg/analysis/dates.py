"""Dates as exact as their source gave them.

A source says `2021`, `2021-09` or `2021-09-01`. Such a date is a span of days, from its first possible day to its last;
two of them are compared only as far as both spans allow: surely before, surely after, or they may overlap.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import NamedTuple

XSD = "http://www.w3.org/2001/XMLSchema#"
_FORMS = {
    "gYear": (re.compile(r"(\d{4})"), "2021"),
    "gYearMonth": (re.compile(r"(\d{4})-(\d{2})"), "2021-09"),
    "date": (re.compile(r"(\d{4})-(\d{2})-(\d{2})"), "2021-09-01"),
}


class DateFault(ValueError):
    """A date that is none; the text says what is wrong and what would be right."""


class Bounds(NamedTuple):
    """The first and the last day that a date can mean."""

    earliest: date
    latest: date


def bounds(lexical: str, datatype: str) -> Bounds:
    """The first and last day that `lexical` can mean, read as `datatype`.

    `datatype` is xsd:gYear, xsd:gYearMonth or xsd:date, as IRI or as the bare name (`gYear`). Years are 0001 to 9999, without
    time zone, as ASCII digits. Raises DateFault for any other datatype, another form, or a day that no calendar has.
    """
    name = datatype.removeprefix(XSD)
    if name not in _FORMS:
        raise DateFault(f"“{lexical}” has the datatype {datatype}; a date is an xsd:gYear, an xsd:gYearMonth or an xsd:date.")
    form, example = _FORMS[name]
    match = form.fullmatch(lexical)
    if match is None or not lexical.isascii():
        raise DateFault(f"“{lexical}” is no xsd:{name}; write it like “{example}”.")
    numbers = [int(part) for part in match.groups()]
    try:
        first = date(*numbers, *(1, 1)[len(numbers) - 1 :])
        if name == "gYear":
            return Bounds(first, first.replace(month=12, day=31))
        if name == "gYearMonth":
            return Bounds(first, first.replace(day=monthrange(first.year, first.month)[1]))
        return Bounds(first, first)
    except ValueError:
        raise DateFault(f"“{lexical}” is in no calendar; write a date that exists, like “{example}”.") from None


def bounds_of(lexical: str) -> Bounds:
    """The first and last day of a date whose precision is told by its form alone. Raises DateFault as `bounds` does."""
    return bounds(lexical, {4: "gYear", 7: "gYearMonth"}.get(len(lexical), "date"))


def surely_before(one: Bounds, other: Bounds) -> bool:
    """Every day that `one` can mean lies before every day that `other` can mean."""
    return one.latest < other.earliest


def surely_after(one: Bounds, other: Bounds) -> bool:
    """Every day that `one` can mean lies after every day that `other` can mean."""
    return surely_before(other, one)


def may_overlap(one: Bounds, other: Bounds) -> bool:
    """Both may mean the same day, so that which came first is not known."""
    return not surely_before(one, other) and not surely_before(other, one)
