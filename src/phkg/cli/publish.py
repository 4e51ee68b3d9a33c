"""`phkg publish`: loads a snapshot into a SPARQL store elsewhere and makes it the current one there."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from phkg.cli import endpoint_options

if TYPE_CHECKING:
    from phkg.graph.snapshot import Snapshot
    from phkg.records.knowledge import Knowledge


@click.command("publish")
@click.option("--endpoint", required=True, metavar="URL", callback=endpoint_options.address, help="Where the store takes queries (SPARQL 1.1 Protocol).")
@click.option("--update", metavar="URL", callback=endpoint_options.address, help="Where it takes updates.  [default: as --endpoint]")
@click.option(
    "--graph-store",
    metavar="URL",
    callback=endpoint_options.address,
    help="Where it takes graphs (Graph Store Protocol), if triples shall go there.  [default: they go as updates]",
)
@click.option("--user", metavar="NAME", help="User that the store knows; the password is read from PHKG_ENDPOINT_PASSWORD.")
@click.option("--root", type=click.Path(path_type=Path), help="Folder that holds registry/.  [default: the program's own]")
@click.option("--snapshot", type=click.Path(path_type=Path), help="Folder of a snapshot made by phkg compile, published as it is.")
@click.option("--keep", default=3, show_default=True, type=click.IntRange(2), help="Snapshots that stay in the store, this one included.")
@click.option("--lang", "language", metavar="LANG", help="Language of findings, such as sv or en.  [default: the registry's first]")
def command(
    endpoint: str,
    update: str | None,
    graph_store: str | None,
    user: str | None,
    root: Path | None,
    snapshot: Path | None,
    keep: int,
    language: str | None,
) -> None:
    """Check the records, compile them, and publish them to a SPARQL 1.1 store, from where phkg serve --endpoint reads.

    The triples go into a graph of their own, and what git knows of the records into another; when all are there and
    counted, one update makes it the current one. Until then readers see the snapshot before. The same command again
    goes on where it was interrupted, and does nothing when the store has it all.

    A password is taken from PHKG_ENDPOINT_PASSWORD, a bearer token from PHKG_ENDPOINT_TOKEN.

    \b
    Ends with
      0  the snapshot is the current one in the store
      1  the records have errors that block
      2  it could not be done: a wrong address, no permission, no snapshot
      3  the store does not answer as it should; the same command later goes on
    """
    from phkg.graph.remote.catalogue import record_namespace
    from phkg.graph.remote.faults import StoreRefused, StoreUnavailable
    from phkg.graph.remote.publish import publish_snapshot
    from phkg.graph.remote.store import Addresses, Store
    from phkg.publishing.records_elsewhere import records_elsewhere
    from phkg.server.elsewhere import namespace

    knowledge = _knowledge(root)
    compiled = _snapshot(knowledge, snapshot, language)
    base = record_namespace(compiled.store)
    if base is None:
        click.echo("The snapshot holds no registry that tells its ph:recordNamespace.", err=True)
        sys.exit(2)
    # A snapshot in a folder may be of other records than these files.
    records = records_elsewhere(compiled, knowledge) if base == namespace(knowledge) else None
    store = Store(Addresses(endpoint, update or endpoint, graph_store), endpoint_options.credentials(user))
    told = -1

    def progress(done: int, of: int) -> None:
        nonlocal told
        tenth = 10 * done // of
        if tenth != told:
            told = tenth
            click.echo(f"{done:,} of {of:,} triples", err=True)

    try:
        outcome = publish_snapshot(store, base, compiled, keep, progress, records)
    except StoreUnavailable as fault:
        click.echo(f"{fault}\nNot published; the snapshot before stays in use. Run the same command again: it goes on from here.", err=True)
        sys.exit(3)
    except StoreRefused as fault:
        click.echo(f"{fault}\nNot published.", err=True)
        sys.exit(2)
    finally:
        store.close()
    if not outcome.loaded and not outcome.switched:
        click.echo(f"Data version {compiled.name[:12]} is the current one already.")
    else:
        click.echo(f"Data version {compiled.name[:12]} is the current one; {outcome.loaded:,} triples were sent to <{outcome.graph}>.")
    for name in outcome.removed:
        click.echo(f"Data version {name[:12]} was taken out.")


def _knowledge(root: Path | None) -> Knowledge:
    """The files of the registry; ends the program where there are none."""
    from phkg.records.knowledge import KnowledgeNotFound, find_knowledge

    try:
        return find_knowledge(root)
    except KnowledgeNotFound as error:
        click.echo(str(error), err=True)
        sys.exit(2)


def _snapshot(knowledge: Knowledge, folder: Path | None, language: str | None) -> Snapshot:
    """The snapshot in a folder, or of the records when they are good; ends the program where there is none."""
    from phkg.graph.snapshot import SnapshotFault, open_snapshot
    from phkg.server.start import CannotServe, check_and_compile, in_words, snapshot_folder

    try:
        if folder is not None:
            return open_snapshot(folder)
        checked = check_and_compile(knowledge, snapshot_folder())
    except (CannotServe, SnapshotFault) as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    if checked.snapshot is None:
        wrong = [finding for finding in checked.report.findings if finding.severity == "violation"]
        click.echo(in_words(wrong, language or next(iter(checked.report.languages), "en")), err=True)
        click.echo(f"Not published: {len(wrong)} errors in the records, shown above.", err=True)
        sys.exit(1)
    return checked.snapshot
