"""`phkg export`: records as a workbook or CSV, or the empty workbook that curators fill in."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from phkg.cli.opening import opened


@click.command("export")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--template", is_flag=True, help="No records: only headings, lists to choose from and help.")
@click.option("--kind", "names", multiple=True, metavar="KIND", help="Kind of record; repeat it for several.  [default: what regions report, and sources]")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="File to write: .xlsx or .csv (one kind).")
@click.option("--language", "--lang", "language", metavar="LANG", help="Language of headings, lists and help.  [default: the registry's first]")
@click.option("--root", type=click.Path(path_type=Path), help="Folder that holds registry/.  [default: the program's own]")
def command(paths: tuple[Path, ...], template: bool, names: tuple[str, ...], output: Path, language: str | None, root: Path | None) -> None:
    """Write records as a spreadsheet that `phkg import` takes back: one sheet for each kind, with lists, comments and a sheet of help.

    With PATHS only the records of those files of registry/, such as a region's. A record that no row can tell wholly is named and left out.

    \b
    Ends with
      0  the file is written
      1  it is written, but some records are left out
      2  it could not be done
    """
    from phkg.curation.exporting import common_kinds, export
    from phkg.curation.filing import CannotFile, file_of, write
    from phkg.curation.words import word

    registry = opened(root, language)
    knowledge, forms, known, spoken = registry.knowledge, registry.forms, registry.known, registry.spoken
    found = [(name, forms.kind(name)) for name in names]
    kinds = [kind for _, kind in found if kind] or list(common_kinds(forms))
    form = output.suffix.lower().removeprefix(".")
    wrong = [word("no-such-kind-here", spoken, name=name) for name, kind in found if kind is None]
    if form not in ("xlsx", "csv"):
        wrong.append(word("no-such-form", spoken, file=output))
    elif form == "csv" and len(kinds) != 1:
        wrong.append(word("one-kind", spoken))
    wanted = [path.resolve() for path in paths]
    wrong += [word("no-such-file", spoken, file=path) for path, real in zip(paths, wanted, strict=True) if not real.exists()]
    if wrong:
        click.echo("\n".join(wrong), err=True)
        sys.exit(2)

    def asked(iri: str) -> bool:
        try:
            place = (knowledge.registry.parent / file_of(iri, known.base)).resolve()
        except CannotFile:
            return False
        return not wanted or any(place == one or one in place.parents for one in wanted)

    records = [] if template else [iri for kind in kinds for iri in known.of_kind(kind.iri) if asked(iri)]
    done = export(kinds, forms, known, records, form, spoken)
    try:
        write(output.parent, {output.name: done.data})
    except CannotFile as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    for iri in done.left_out:
        click.echo(word("not-exported", spoken, iri=iri), err=True)
    click.echo(word("exported", spoken, file=output, count=done.records))
    sys.exit(1 if done.left_out else 0)
