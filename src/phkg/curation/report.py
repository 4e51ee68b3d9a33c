"""A comparison as a report: text for the terminal, Markdown for a pull request, a page of HTML, JSON for programs."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment
from pyoxigraph import Quad, Store

from phkg.curation.sides import Side
from phkg.graph.compared import Compared, Graphs
from phkg.graph.snapshot import Snapshot
from phkg.publishing.rendering import load_languages
from phkg.publishing.twins import plain
from phkg.records.knowledge import Knowledge, own_root
from phkg.views.changes import MOST_LINES, ChangeReader, ChangesView, changes_view, gone_of
from phkg.views.plain_text import as_markdown, as_text
from phkg.views.reader import Reader
from phkg.views.site import Site, read_site

FORMS = ("text", "markdown", "html", "json")


@dataclass(frozen=True)
class Signs:
    """How headings, items, items below them and code begin in a form of text."""

    title: str
    head: str
    item: str
    below: str
    code: str
    strong: str = ""


SIGNS = {"text": Signs("", "", "  ", "      ", ""), "markdown": Signs("# ", "## ", "- ", "  - ", "`", "**")}
PART_SIGNS = {"text": SIGNS["text"], "markdown": Signs("## ", "### ", "- ", "  - ", "`", "**")}
"""The same for what is a part of another report."""


def site_of(graphs: Graphs) -> Site:
    """The registry of the later side, as its labels are read. Raises LookupError when it does not describe itself."""
    store = Store()
    store.bulk_extend(Quad(one.subject, one.predicate, one.object) for one in (*graphs.common, *graphs.head))
    return read_site(Snapshot("", Path(), {"date": "0001-01-01"}, store))


def report(compared: Compared, site: Site, base: Side, head: Side, form: str, language: str, knowledge: Knowledge, whole: bool = False) -> str:
    """The report in one form and language; `whole` tells every record, else long lists are cut (JSON is always whole)."""
    view = meaning(compared, site, language, None if whole or form == "json" else MOST_LINES)
    on = day_of(compared)
    if form == "json":
        told = {"base": base.name, "head": head.name, "language": language, "day": on or None, "changes": plain(view)}
        return json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    shown = {"view": view, "base": base.name, "head": head.name, "on": on}
    if form == "html":
        return templates(knowledge, language, form).get_template("diff.html").render(**shown)
    return written(templates(knowledge, language, form), "diff.txt", **shown, f=SIGNS[form])


def meaning(compared: Compared, site: Site, language: str, most: int | None = MOST_LINES) -> ChangesView:
    """The changes as a view for readers of one language; `most` cuts long lists (None: all of it)."""
    return changes_view(ChangeReader(Reader(site, language), gone_of(compared.changes)), compared, most)


def day_of(compared: Compared) -> str:
    """The day for which what follows is worked out; empty where nothing could be."""
    return compared.follows.on.isoformat() if compared.follows else ""


def templates(knowledge: Knowledge, language: str, form: str) -> Environment:
    """The templates of reports in one language, in which the filter `clean` keeps what is only text from being anything else."""
    spoken = load_languages(knowledge.web, own_root() / "web", (language,))[language]
    environment = spoken.templates.overlay(autoescape=form == "html")
    environment.filters = {**spoken.templates.filters, "clean": as_markdown if form == "markdown" else as_text}
    return environment


def written(environment: Environment, template: str, **shown: object) -> str:
    """A report of text or Markdown, without empty lines beyond one."""
    text = environment.get_template(template).render(**shown)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
