"""`phkg check`: everything that a pull request needs to know, in one run and offline."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from phkg.cli.terminal import Meter, write_report

_FORMATS = ("text", "markdown", "html", "json", "sarif", "github")


@click.command("check")
@click.option("--base", required=True, metavar="REVISION", help="What to compare with, such as origin/main: from where it parted from the present commit.")
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", show_default=True, help="How the report is written.")
@click.option("--also", nargs=2, multiple=True, metavar="FORMAT FILE", help="Write the report to a file in another form as well. Repeatable.")
@click.option("--lang", "language", metavar="LANG", help="Language of the words, such as sv or en.  [default: the registry's first]")
@click.option("--root", type=click.Path(path_type=Path), help="Folder that holds registry/.  [default: the program's own]")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Day for which the standings are worked out.  [default: today]")
@click.option("--all", "whole", is_flag=True, help="Tell everything; without it long lists are cut, with a count.")
@click.option("--cache", type=click.Path(path_type=Path, file_okay=False), help="Folder in which reports on bases are kept.  [default: the user's cache]")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write the report to.  [default: the terminal]")
def command(
    base: str,
    form: str,
    also: tuple[tuple[str, str], ...],
    language: str | None,
    root: Path | None,
    on: datetime | None,
    whole: bool,
    cache: Path | None,
    output: Path | None,
) -> None:
    """Check a change: the files as they lie, compared with where they parted from a revision.

    Told are the findings that the change brings: of syntax, form, rules and links, and identifiers that vanish without being retired. Faults that
    were there before are listed apart and do not block. Then what the change means. Nothing is asked of the network.

    \b
    Ends with
      0  nothing that the change brings blocks it
      1  it brings errors
      2  the check could not be run
    """
    from phkg.curation.check import CannotCheck, check
    from phkg.curation.check_report import check_report
    from phkg.records.knowledge import KnowledgeNotFound, cache_folder, find_knowledge
    from phkg.validation.engines import EngineFailed
    from phkg.validation.run import CannotValidate

    for one, _ in also:
        if one not in _FORMATS:
            raise click.BadParameter(f"{one} is no form of a report; choose one of {', '.join(_FORMATS)}.", param_hint="--also")
    meter = Meter()
    try:
        knowledge = find_knowledge(root)
        with check(knowledge, base, (on or datetime.now()).date(), cache or cache_folder("checks"), meter) as found:
            spoken = language or next(iter(found.report.languages), "en")
            texts = [check_report(found, one, spoken, knowledge, whole) for one in (form, *(one for one, _ in also))]
            passes = found.passes
    except (CannotCheck, CannotValidate, EngineFailed, KnowledgeNotFound, OSError) as error:
        meter.clear()
        click.echo(str(error), err=True)
        sys.exit(2)
    meter.clear()
    write_report(texts[0], output)
    for text, (_, path) in zip(texts[1:], also, strict=True):
        write_report(text, Path(path))
    sys.exit(0 if passes else 1)
