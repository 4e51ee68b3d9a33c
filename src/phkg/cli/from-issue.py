"""`phkg from-issue`: makes records of an answered issue form, by the same code as a row of a spreadsheet."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from phkg.cli.opening import opened, stop


@click.command("from-issue")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option("--kind", "name", metavar="KIND", help="Kind of record.  [default: told by the headings]")
@click.option("--dry-run", is_flag=True, help="Read and check everything, but write nothing.")
@click.option("--language", "--lang", "language", metavar="LANG", help="Language of messages, such as sv or en.  [default: the registry's first]")
@click.option("--root", type=click.Path(path_type=Path), help="Folder that holds registry/.  [default: the program's own]")
def command(file: Path, name: str | None, dry_run: bool, language: str | None, root: Path | None) -> None:
    """Make the record that the body of an issue asks for: FILE holds it as Markdown, - reads it from standard input.

    The issue forms in .github/ISSUE_TEMPLATE/ are written by phkg docs. Whoever opens a pull request of the result is its author.

    \b
    Ends with
      0  the record is written, or was there already
      1  an answer cannot be taken, or a rule says no; nothing is written
      2  it could not be done
    """
    from phkg.curation.filing import CannotFile, write
    from phkg.curation.importing import rows_of, take_in
    from phkg.curation.issues import read_issue
    from phkg.curation.table_limits import CannotRead
    from phkg.curation.words import word
    from phkg.turtle.faults import TurtleSyntaxError
    from phkg.validation.engines import EngineFailed
    from phkg.validation.run import CannotValidate

    registry = opened(root, language)
    knowledge, forms, known, store, spoken = registry.knowledge, registry.forms, registry.known, registry.store, registry.spoken
    kind = registry.kind(name)
    try:
        body = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        found, sheet = read_issue(body.decode("utf-8", "replace"), forms, kind)
        rows, begun = rows_of([sheet], forms, found, spoken)
        outcome = take_in(rows, knowledge, forms, known, store, spoken, partial=False, begun=begun)
        if not dry_run:
            write(knowledge.registry.parent, outcome.drafted.files)
    except CannotRead as error:
        stop(error.sentence(spoken))
    except OSError as error:
        stop(word("bad-file", spoken, file=file, why=error.strerror or str(error)))
    except (CannotFile, CannotValidate, EngineFailed, TurtleSyntaxError) as error:
        stop(str(error))
    for remark in (*outcome.faults, *outcome.notes):
        click.echo(remark.text, err=remark in outcome.faults)
    if outcome.faults or not rows:
        click.echo(word("nothing-written", spoken), err=True)
        sys.exit(1)
    click.echo(word("rows-told", spoken, new=len(outcome.new), there=outcome.there, rest=0))
    for written in outcome.drafted.files:
        click.echo(written)
