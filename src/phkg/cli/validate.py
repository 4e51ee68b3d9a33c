"""`phkg validate`: checks the files of a registry and says what is wrong, where, and what would be right."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from phkg.cli.terminal import Meter, write_report

_FORMATS = ("text", "json", "github", "sarif", "junit", "shacl")
_ENGINES = ("auto", "shacl", "pyshacl")


@click.command("validate")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", show_default=True, help="How the report is written.")
@click.option("--lang", "language", metavar="LANG", help="Language of the words, such as sv or en.  [default: the registry's first]")
@click.option("--root", type=click.Path(path_type=Path), help="Folder that holds registry/.  [default: the program's own]")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write the report to.  [default: the terminal]")
@click.option("--engine", type=click.Choice(_ENGINES), default="auto", show_default=True, help="Which SHACL engine runs the rules.")
def command(paths: tuple[Path, ...], form: str, language: str | None, root: Path | None, output: Path | None, engine: str) -> None:
    """Check the records: syntax, places of files, identifiers, terms, and every rule in shapes/.

    The whole registry is always checked, since a record can break a rule of another. With PATHS only what is found in those files or
    folders is shown; a file from outside the registry is read in addition, as if it lay in it.

    \b
    Ends with
      0  nothing blocks (there may be warnings and notes)
      1  there are errors
      2  the check could not be run
    """
    from phkg.records.knowledge import KnowledgeNotFound, find_knowledge
    from phkg.validation.engines import EngineFailed
    from phkg.validation.reports import render
    from phkg.validation.run import CannotValidate, validate

    meter = Meter()
    try:
        report = validate(find_knowledge(root), engine=engine, paths=paths, progress=meter)
    except (KnowledgeNotFound, CannotValidate, EngineFailed) as error:
        meter.clear()
        click.echo(str(error), err=True)
        sys.exit(2)
    meter.clear()
    spoken = language or next(iter(report.languages), "en")
    text = render(report, form, spoken, colour=output is None and sys.stdout.isatty())
    write_report(text, output)
    sys.exit(0 if report.conforms else 1)
