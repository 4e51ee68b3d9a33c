"""`phkg build`: checks the records, compiles them and writes all pages and data as files for any static host."""

from __future__ import annotations

import os
import re
import sys
from functools import partial
from pathlib import Path

import click

ORIGIN = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+")
BASE_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)+")


def _origin(context: click.Context, parameter: click.Parameter, value: str) -> str:
    if not ORIGIN.fullmatch(value.rstrip("/")):
        raise click.BadParameter("give scheme and host only, such as https://example.org; a folder goes into --base-path.")
    return value.rstrip("/")


def _base_path(context: click.Context, parameter: click.Parameter, value: str) -> str:
    path = value.rstrip("/")
    if path and not BASE_PATH.fullmatch(path):
        raise click.BadParameter("give the folder on the host with a slash before it, such as /registry.")
    return path


@click.command("build")
@click.option(
    "--into", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder of the site: a new one, an empty one, or one built before."
)
@click.option(
    "--origin",
    required=True,
    metavar="URL",
    callback=_origin,
    help="Where it will be found, such as https://example.org; feeds, site map and search engines need it.",
)
@click.option("--base-path", default="", metavar="PATH", callback=_base_path, help="Folder on that host, such as /registry.  [default: none]")
@click.option("--root", type=click.Path(path_type=Path), help="Folder that holds registry/.  [default: the program's own]")
@click.option("--lang", "language", metavar="LANG", help="Language of findings, such as sv or en.  [default: the registry's first]")
def command(into: Path, origin: str, base_path: str, root: Path | None, language: str | None) -> None:
    """Check the records, compile them, and write all pages and data as files that any static host can serve.

    What did not change since the last build is not written again, and what is gone is removed; files that no build wrote
    are left alone. A build that fails leaves the site as it was.

    \b
    Ends with
      0  the site is there
      1  the records have errors that block
      2  it could not be built; the site is as it was
    """
    from phkg.curation.web.routes import contributing
    from phkg.publishing.build import build_site
    from phkg.publishing.build_files import BuildFault
    from phkg.records.knowledge import KnowledgeNotFound, find_knowledge
    from phkg.server.start import CannotServe, check_and_compile, in_words, snapshot_folder
    from phkg.sparql.lifeline import die_with_parent

    try:
        knowledge = find_knowledge(root)
        checked = check_and_compile(knowledge, snapshot_folder())
        if checked.snapshot is None:
            wrong = [finding for finding in checked.report.findings if finding.severity == "violation"]
            click.echo(in_words(wrong, language or next(iter(checked.report.languages), "en")), err=True)
            click.echo(f"Not built: {len(wrong)} errors in the records, shown above.", err=True)
            sys.exit(1)
        # Without a terminal the bar says nothing.
        with click.progressbar(length=1, label="Pages and files", file=sys.stderr) as bar:

            def progress(done: int, known: int) -> None:
                bar.length = known
                bar.update(done - bar.pos)

            outcome = build_site(knowledge, checked.snapshot, into, origin, base_path, progress, partial(die_with_parent, os.getpid()), (contributing(),))
    except (KnowledgeNotFound, CannotServe, BuildFault, LookupError) as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except OSError as error:
        click.echo(f"{error.filename or into}: {error.strerror}", err=True)
        sys.exit(2)
    click.echo(
        f"{outcome.files} files: {outcome.made} addresses made anew, {outcome.written} files written, {outcome.removed} removed. Data version {checked.snapshot.name[:12]}."
    )
