"""`phkg serve`: checks the records, compiles them and serves pages and SPARQL."""

from __future__ import annotations

import secrets
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from phkg.cli import endpoint_options

if TYPE_CHECKING:
    from phkg.graph.remote.catalogue import Entry
    from phkg.graph.remote.current import CurrentRemote
    from phkg.graph.snapshot import Snapshot
    from phkg.graph.watch import Refusal
    from phkg.records.knowledge import Knowledge
    from phkg.server.submitting import Submitting


@click.command("serve")
@click.option("--root", type=click.Path(path_type=Path), help="Folder that holds registry/.  [default: the program's own]")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for every network.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Processes that answer; with more than one, another process watches over all of them.",
)
@click.option("--lang", "language", metavar="LANG", help="Language of findings, such as sv or en.  [default: the registry's first]")
@click.option(
    "--endpoint",
    metavar="URL",
    callback=endpoint_options.address,
    help="Serve what phkg publish has loaded into the SPARQL store that takes queries here, instead of the records.",
)
@click.option("--user", metavar="NAME", help="User that the store knows; the password is read from PHKG_ENDPOINT_PASSWORD.")
@click.option(
    "--trust-proxy",
    "trusted_proxies",
    metavar="ADDRESS",
    multiple=True,
    help="Address or network of a proxy in front, believed when it says for whom it asks (X-Forwarded-For). Repeatable.",
)
@click.option(
    "--submissions",
    "repository",
    metavar="FOLDER",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Take submissions from holders of a token (phkg token), as branches of the git repository in this folder.",
)
@click.option(
    "--audit",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File for a line about each attempt to submit.  [default: submissions.log in the cache]",
)
def command(
    root: Path | None,
    host: str,
    port: int,
    workers: int,
    language: str | None,
    endpoint: str | None,
    user: str | None,
    trusted_proxies: tuple[str, ...],
    repository: Path | None,
    audit: Path | None,
) -> None:
    """Check the records, compile them, and serve pages and SPARQL.

    While it runs, a change in the records is taken up by itself within seconds; a change that breaks a rule is shown
    here and not taken.

    With --endpoint pages and SPARQL are answered from the snapshot that is the current one in a SPARQL 1.1 store, and a
    newly published one is taken up within seconds. Of the records only registry/registry.ttl is read then.

    \b
    Ends with
      0  stopped by the operator (Ctrl+C)
      1  the records have errors that block
      2  it could not be started
    """
    from phkg.records.knowledge import KnowledgeNotFound, find_knowledge
    from phkg.server.start import CannotServe, bind

    try:
        knowledge = find_knowledge(root)
        listeners = bind(host, port, workers)
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        if endpoint is not None:
            _serve_elsewhere(knowledge, endpoint, user, listeners, address, trusted_proxies, _submitting(knowledge, repository, audit))
            return
        _serve_records(knowledge, listeners, address, language, trusted_proxies, repository, audit)
    except (KnowledgeNotFound, CannotServe) as error:
        click.echo(str(error), err=True)
        sys.exit(2)


def _submitting(knowledge: Knowledge, repository: Path | None, audit: Path | None) -> Submitting:
    """How changes are checked and, with a repository, taken. Raises CannotServe when they cannot be taken there."""
    from phkg.curation.branches import Repository
    from phkg.records.git import GitFault
    from phkg.records.languages import languages_of
    from phkg.server.start import CannotServe, snapshot_folder
    from phkg.server.submitting import Submitting

    log = (audit or snapshot_folder().parent / "submissions.log") if repository else None
    try:
        if repository:
            Repository(repository)
    except GitFault as fault:
        raise CannotServe(f"No submissions can be taken at {repository}: {fault}") from None
    language = next(iter(languages_of(knowledge)), "en")
    return Submitting(repository or knowledge.registry.parent, log, language, secrets.token_bytes(32))


def _complain(text: str) -> None:
    click.echo(text, err=True)


def _serve_records(
    knowledge: Knowledge,
    listeners: Sequence[socket.socket],
    address: str,
    language: str | None,
    trusted_proxies: Sequence[str],
    repository: Path | None,
    audit: Path | None,
) -> None:
    """Check, compile and serve; ends the program with 1 when the records have errors. Raises CannotServe."""
    from phkg.server.start import begin, for_good, in_words, keep, snapshot_folder

    def refused(refusal: Refusal) -> None:
        click.echo(in_words(refusal.findings, spoken), err=True)
        click.echo(f"The change is not taken; data version {refusal.kept[:12]} stays in use.", err=True)

    def started(snapshot: Snapshot) -> None:
        counts = snapshot.manifest["counts"]
        click.echo(
            f"{counts['statements']} statements in {counts['files']} files, data version {snapshot.name[:12]}.\n"
            f"Pages: {address}/   SPARQL: {address}/sparql   Stop with Ctrl+C."
        )

    click.echo("Checking the records ...", err=True)
    with for_good(), begin(knowledge, snapshot_folder()) as begun:
        from phkg.server.serving import Serving

        submitting = _submitting(knowledge, repository, audit)
        spoken = language or submitting.language
        serving = Serving(knowledge, listeners, started, _complain, submitting, trusted_proxies)
        current = None
        if not isinstance(begun.compiled, str):
            current = keep(begun.compiled, knowledge, snapshot_folder(), refused)
            serving.prepare(current)
        checked = begun.checked()
    if checked.snapshot is None or current is None:
        wrong = [finding for finding in checked.report.findings if finding.severity == "violation"]
        click.echo(in_words(wrong, spoken), err=True)
        click.echo(f"Not served: {len(wrong)} errors in the records, shown above.", err=True)
        sys.exit(1)
    serving.run(current)


def _serve_elsewhere(
    knowledge: Knowledge,
    endpoint: str,
    user: str | None,
    listeners: Sequence[socket.socket],
    address: str,
    trusted_proxies: Sequence[str],
    submitting: Submitting,
) -> None:
    """Serve from a store elsewhere. Raises CannotServe."""
    from phkg.server.elsewhere import follow, published, service
    from phkg.server.serving import Serving
    from phkg.server.start import snapshot_folder

    credentials = endpoint_options.credentials(user)
    click.echo(f"Opening the snapshot at {endpoint} ...", err=True)
    entry = published(knowledge, endpoint, credentials)

    def opened() -> CurrentRemote:
        return follow(knowledge, endpoint, credentials, snapshot_folder().parent / "elsewhere", _complain)

    def started(snapshot: Snapshot | Entry) -> None:
        click.echo(f"Data version {snapshot.name[:12]} of {snapshot.date}, from {endpoint}.\nPages: {address}/   SPARQL: {address}/sparql   Stop with Ctrl+C.")

    serving = Serving(knowledge, listeners, started, _complain, submitting, trusted_proxies, service(knowledge, endpoint, credentials))
    if len(listeners) > 1:
        serving.run_each(opened, lambda: started(entry))
    else:
        serving.run(opened())
