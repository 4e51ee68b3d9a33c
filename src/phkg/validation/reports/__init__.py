"""A report in the formats that people and other programs read; each format is a module, loaded when it is asked for."""

from __future__ import annotations

from importlib import import_module

from ..findings import Report

FORMATS = ("text", "json", "github", "sarif", "junit", "shacl")


def render(report: Report, format: str, language: str, colour: bool = False) -> str:
    """`report` in one of FORMATS, its words in `language` where the format holds one only; `colour` is for text on a terminal.

    Raises ValueError for another format.
    """
    if format not in FORMATS:
        raise ValueError(f"unknown format {format!r}; choose one of {', '.join(FORMATS)}")
    module = import_module(f"{__name__}.as_{format}")
    if format == "text":
        return module.render(report, language, colour)
    return module.render(report, language)
