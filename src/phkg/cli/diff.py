"""`phkg diff`: what changed between two states of the registry, in meaning."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from phkg.cli.terminal import Meter, write_report

_FORMATS = ("text", "markdown", "html", "json")


@click.command("diff")
@click.argument("base")
@click.argument("head", required=False)
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", show_default=True, help="How the report is written.")
@click.option("--lang", "language", metavar="LANG", help="Language of the words, such as sv or en.  [default: the registry's first]")
@click.option("--root", type=click.Path(path_type=Path), help="Folder that holds registry/.  [default: the program's own]")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Day for which the standings are worked out.  [default: today]")
@click.option("--all", "whole", is_flag=True, help="Tell every record; without it long lists are cut, with a count.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write the report to.  [default: the terminal]")
def command(base: str, head: str | None, form: str, language: str | None, root: Path | None, on: datetime | None, whole: bool, output: Path | None) -> None:
    """Say what changed from BASE to HEAD in the words of the data, and what follows: standings, coverage, contradictions.

    Each side is a revision of git, a folder that holds registry/, a file of records, or a dump of a registry (a file or an
    address that ends with .nt, .nq or .trig, packed with .gz or not). Without HEAD: the files as they lie. A...B means: from where B
    parted from A to B. Order and formatting are no change.

    \b
    Ends with
      0  nothing has changed
      1  something has changed
      2  they could not be compared
    """
    from phkg.curation.report import report, site_of
    from phkg.curation.sides import CannotCompare, graphs, sides
    from phkg.records.knowledge import KnowledgeNotFound, find_knowledge

    meter = Meter()
    day = (on or datetime.now()).date()
    try:
        knowledge = find_knowledge(root)
        first, second = sides(base, head, knowledge, meter)
        meter("comparing")
        both = graphs(first, second)
        compared = both.compare(day)
        site = site_of(both)
        spoken = language or site.languages[0]
        if spoken not in site.languages:
            raise CannotCompare(f"The registry has no language {spoken}; it has {', '.join(site.languages)}.")
        text = report(compared, site, first, second, form, spoken, knowledge, whole)
    except (CannotCompare, KnowledgeNotFound, LookupError) as error:
        meter.clear()
        click.echo(str(error), err=True)
        sys.exit(2)
    meter.clear()
    write_report(text, output)
    sys.exit(1 if compared.changes.records else 0)
