"""`phkg retire`: withdraws a record without breaking the references to it."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click


@click.command("retire")
@click.argument("what")
@click.option("--replaced-by", "successor", metavar="IRI", default="", help="The record that replaces it.")
@click.option("--reason", "reasons", multiple=True, metavar="LANG=TEXT", help="Why nothing replaces it, such as sv=…; once for each language of the registry.")
@click.option("--date", "on", type=click.DateTime(["%Y-%m-%d"]), help="Day on which it is retired.  [default: today]")
@click.option("--root", type=click.Path(path_type=Path), help="Folder that holds registry/.  [default: the program's own]")
def command(what: str, successor: str, reasons: tuple[str, ...], on: datetime | None, root: Path | None) -> None:
    """Retire a record, named by its IRI or by its file (then all records in it), and write the file in canonical form.

    The identifier stays for those who have cited it. Say what replaces it, or why nothing does. To rename a record, write it under
    its new identifier, then retire the old one with --replaced-by.

    \b
    Ends with
      0  it is retired
      2  it could not be done; nothing is written
    """
    from phkg.cli.fmt import write_file
    from phkg.curation.retire import CannotRetire, retirement
    from phkg.records.knowledge import KnowledgeNotFound, find_knowledge

    said = {}
    for reason in reasons:
        language, sign, text = reason.partition("=")
        if not sign:
            raise click.BadParameter(f"{reason!r} names no language; write it like sv=….", param_hint="--reason")
        said[language.strip()] = text
    try:
        found = retirement(find_knowledge(root), what, (on or datetime.now()).date(), successor.strip("<>"), said)
    except (CannotRetire, KnowledgeNotFound) as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    if not write_file(found.path, found.data):
        sys.exit(2)
    for record in found.records:
        click.echo(f"<{record}> is retired, in {found.name}.")
