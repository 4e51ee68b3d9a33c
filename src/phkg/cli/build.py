"""`phkg build`: checks the records, compiles them and writes all pages and data as files for any static host."""

from __future__ import annotations

import os
import re
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from phkg.cli import endpoint_options

if TYPE_CHECKING:
    from phkg.graph.snapshot import Snapshot
    from phkg.records.knowledge import Knowledge

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
@click.option(
    "--endpoint",
    metavar="URL",
    callback=endpoint_options.address,
    help="Build what phkg publish has loaded into the SPARQL store that takes queries here, instead of the records.",
)
@click.option(
    "--user", metavar="NAME", help=f"User name in the store; the password is read from {endpoint_options.PASSWORD}, a token from {endpoint_options.TOKEN}."
)
def command(into: Path, origin: str, base_path: str, root: Path | None, language: str | None, endpoint: str | None, user: str | None) -> None:
    """Check the records, compile them, and write all pages and data as files that any static host can serve.

    What did not change since the last build is not written again, and what is gone is removed; files that no build wrote
    are left alone. A build that fails leaves the site as it was.

    With --endpoint the site is made of the snapshot that is the current one in a SPARQL 1.1 store, which is fetched whole.
    Of the records only registry/registry.ttl is read then.

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
    from phkg.server.start import CannotServe
    from phkg.sparql.lifeline import die_with_parent

    try:
        knowledge = find_knowledge(root)
        snapshot = _of_store(knowledge, endpoint, user) if endpoint else _of_records(knowledge, language)
        # Without a terminal the bar says nothing.
        with click.progressbar(length=1, label="Pages and files", file=sys.stderr) as bar:

            def progress(done: int, known: int) -> None:
                bar.length = known
                bar.update(done - bar.pos)

            outcome = build_site(knowledge, snapshot, into, origin, base_path, progress, partial(die_with_parent, os.getpid()), (contributing(),))
    except (KnowledgeNotFound, CannotServe, BuildFault, LookupError) as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except OSError as error:
        click.echo(f"{error.filename or into}: {error.strerror}", err=True)
        sys.exit(2)
    click.echo(
        f"{outcome.files} files: {outcome.made} addresses made anew, {outcome.written} files written, {outcome.removed} removed. Data version {snapshot.name[:12]}."
    )


def _of_records(knowledge: Knowledge, language: str | None) -> Snapshot:
    """The records checked and compiled; ends the program with 1 when they have errors. Raises CannotServe."""
    from phkg.server.start import check_and_compile, in_words, snapshot_folder

    checked = check_and_compile(knowledge, snapshot_folder())
    if checked.snapshot is None:
        wrong = [finding for finding in checked.report.findings if finding.severity == "violation"]
        click.echo(in_words(wrong, language or next(iter(checked.report.languages), "en")), err=True)
        click.echo(f"Not built: {len(wrong)} errors in the records, shown above.", err=True)
        sys.exit(1)
    return checked.snapshot


def _of_store(knowledge: Knowledge, endpoint: str, user: str | None) -> Snapshot:
    """The snapshot of a store elsewhere. Raises CannotServe and OSError."""
    from phkg.server.elsewhere import fetched
    from phkg.server.start import snapshot_folder

    click.echo(f"Fetching the snapshot at {endpoint} ...", err=True)
    return fetched(knowledge, endpoint, endpoint_options.credentials(user), snapshot_folder().parent / "fetched")
