"""`phkg import`: takes in the rows of a spreadsheet as records, all of them or none."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from phkg.cli.opening import opened, stop


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--kind", "name", metavar="KIND", help="Kind of record of every table.  [default: told by the sheets' names or the headings]")
@click.option("--partial", type=click.Path(path_type=Path, dir_okay=False), metavar="REST", help="Take in what can be; write the rest to this file.")
@click.option("--update", is_flag=True, help="Change records that are there where a row says otherwise; the sign – in a cell takes a value away.")
@click.option("--dry-run", is_flag=True, help="Read and check everything, but write nothing.")
@click.option("--language", "--lang", "language", metavar="LANG", help="Language of messages, such as sv or en.  [default: the registry's first]")
@click.option("--root", type=click.Path(path_type=Path), help="Folder that holds registry/.  [default: the program's own]")
def command(file: Path, name: str | None, partial: Path | None, update: bool, dry_run: bool, language: str | None, root: Path | None) -> None:
    """Add records from a spreadsheet, FILE.xlsx or FILE.csv, made from the template of `phkg export --template`.

    Every cell that cannot be read is told with its sheet and cell and what would be right. A row that says what is there already changes
    nothing; one that says otherwise of a record is shown beside it, or with --update changes it. A row means the record of its identifier;
    without one, that of the same name, or the only one at the same address that rests on the same source. All rows are checked with the whole registry before any file is written.

    \b
    Ends with
      0  every row is in the registry
      1  some rows cannot be taken; nothing is written
      2  it could not be done
      3  with --partial: some rows are left out, the others are in the registry
    """
    from phkg.curation.comma_separated import read_csv
    from phkg.curation.filing import CannotFile, write
    from phkg.curation.importing import gathered, rows_of, take_in, write_rest
    from phkg.curation.table_limits import CannotRead
    from phkg.curation.words import word
    from phkg.curation.workbook import read_workbook
    from phkg.turtle.faults import TurtleSyntaxError
    from phkg.validation.engines import EngineFailed
    from phkg.validation.run import CannotValidate

    registry = opened(root, language)
    knowledge, forms, known, store, spoken = registry.knowledge, registry.forms, registry.known, registry.store, registry.spoken
    kind = registry.kind(name)
    form = file.suffix.lower().removeprefix(".")
    if form not in ("xlsx", "csv") or (partial and partial.suffix.lower() != file.suffix.lower()):
        stop(word("no-such-form" if form not in ("xlsx", "csv") else "rest-of-same-form", spoken, file=file))
    try:
        data = file.read_bytes()
        sheets = read_workbook(data) if form == "xlsx" else [read_csv(data, file.name)]
        rows, remarks = rows_of(sheets, forms, kind, spoken)
        outcome = take_in(rows, knowledge, forms, known, store, spoken, partial is not None, remarks, update)
        files = {} if dry_run else dict(outcome.drafted.files)
        write(knowledge.registry.parent, files)
        if partial and outcome.left_out and not dry_run:
            write(partial.parent, {partial.name: write_rest(outcome.left_out, forms, known, form, spoken)})
    except CannotRead as error:
        stop(f"{file}: {error.sentence(spoken)}")
    except OSError as error:
        stop(word("bad-file", spoken, file=file, why=error.strerror or str(error)))
    except (CannotFile, CannotValidate, EngineFailed, TurtleSyntaxError) as error:
        stop(str(error))
    for remark in outcome.faults:
        click.echo(remark.line(), err=True)
    for line in gathered(outcome.notes):
        click.echo(line)
    click.echo(word("rows-told", spoken, new=len(outcome.new), there=outcome.there, rest=len(outcome.left_out)))
    if update:
        click.echo(word("rows-changed", spoken, count=len(outcome.changed)))
    if outcome.faults and not partial:
        click.echo(word("nothing-written", spoken), err=True)
        sys.exit(1)
    for written in files:
        click.echo(written)
    if partial and outcome.left_out and not dry_run:
        click.echo(word("rest-written", spoken, file=partial))
    sys.exit(3 if outcome.faults else 0)
