"""Which figures of pages can be had as pictures of their own, and how large they are: SVG that needs no page, style sheet or font."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from phkg.views.access import AccessPage
from phkg.views.indicator import IndicatorPage
from phkg.views.method import MethodPage
from phkg.views.organisation import OrganisationPage

LEGEND = 360
"""Room beside a map for its legend; lengths are in CSS pixels."""
CURVE = (820, 370)
LINE, LINES_WIDE = 28, 760
MEMBER, NETWORK_WIDE = 26, 1040
FUNNEL = (820, 540)
DOT, DOTS_WIDE, DOTS_FRAME = 26, 820, 48
"""A line of a dot plot, the width of the picture, and what its axis takes."""
WIDENED = 780 / 660
"""How many times as large as its own numbers a chart is drawn."""


@dataclass(frozen=True)
class Figure:
    """A figure of a kind of page. `size` gives the width and height of what is drawn, None where a page has no such figure."""

    view: str
    size: Callable[[Any, Mapping[str, Any]], tuple[int, int] | None]


def _map(page: MethodPage, drawing: Mapping[str, Any]) -> tuple[int, int] | None:
    return (drawing["view_box"][2] + LEGEND, drawing["view_box"][3]) if drawing else None


def _spread(page: MethodPage, drawing: Mapping[str, Any]) -> tuple[int, int] | None:
    return CURVE if page.adoption else None


def _timeline(page: MethodPage, drawing: Mapping[str, Any]) -> tuple[int, int] | None:
    return (LINES_WIDE, LINE * len(page.events)) if page.events else None


def _network(page: OrganisationPage, drawing: Mapping[str, Any]) -> tuple[int, int] | None:
    most = max(len({one.other.iri for one in side}) for side in (page.member_of, page.members))
    return (NETWORK_WIDE, MEMBER * most + 20) if most else None


def _compared(page: IndicatorPage, drawing: Mapping[str, Any]) -> tuple[int, int] | None:
    if page.comparison is None or page.comparison.form == "too-few":
        return None
    return FUNNEL if page.comparison.form == "funnel" else _dots(len(page.comparison.points))


def _dots(lines: int) -> tuple[int, int]:
    return DOTS_WIDE, round((lines * DOT + DOTS_FRAME) * WIDENED) + 30


def _waiting(page: MethodPage, drawing: Mapping[str, Any]) -> tuple[int, int] | None:
    return _dots(len(page.waited.regions)) if page.waited else None


def _regions(page: AccessPage, drawing: Mapping[str, Any]) -> tuple[int, int] | None:
    return _dots(len(page.by_region)) if page.by_region else None


FIGURES = {
    "map": Figure("method", _map),
    "spread": Figure("method", _spread),
    "timeline": Figure("method", _timeline),
    "waiting": Figure("method", _waiting),
    "compared": Figure("indicator", _compared),
    "regions": Figure("access", _regions),
    "network": Figure("organisation", _network),
}
"""The figures by the last step of their address, which is also the name of their template."""
MAIN = "map"
"""The figure that is the twin of its page, at the page's own address with another ending."""
