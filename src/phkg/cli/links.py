"""`phkg links`: checks the addresses of sources."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from phkg.cli.terminal import write_report


@click.command("links")
@click.option("--again-after", "days", default=30, show_default=True, type=click.IntRange(1), metavar="DAYS", help="Check again what was checked so long ago.")
@click.option("--state", type=click.Path(path_type=Path, dir_okay=False), help="File that remembers what was checked.  [default: in the user's cache]")
@click.option("--format", "form", type=click.Choice(("text", "csv", "json")), default="text", show_default=True, help="Form of the report.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write the report to.  [default: the terminal]")
@click.option(
    "--write",
    "writes",
    is_flag=True,
    help="Change the records: new addresses of what has moved, what is dead marked, archived copies. Review it like any change.",
)
@click.option("--archive", is_flag=True, help="Ask the Wayback Machine for copies of what is dead or has none recorded.")
@click.option("--archive-service", default="https://archive.org/wayback/available", show_default=True, metavar="URL", help="Where copies are asked for.")
@click.option("--private", is_flag=True, help="Ask addresses in private networks, too, for a registry whose sources lie in one's own.")
@click.option("--pause", default=1.0, show_default=True, type=click.FloatRange(0), metavar="SECONDS", help="Pause between two requests to one host.")
@click.option("--root", type=click.Path(path_type=Path), help="Folder that holds registry/.  [default: the program's own]")
def command(
    days: int,
    state: Path | None,
    form: str,
    output: Path | None,
    writes: bool,
    archive: bool,
    archive_service: str,
    private: bool,
    pause: float,
    root: Path | None,
) -> None:
    """Check whether the addresses of sources still lead to something: what is dead, has moved for good, or was not reached.

    Each host is asked one request at a time with a pause between, as its robots.txt allows. It may be stopped at any time: the same command goes on
    where it ended. It is for a person or a timer, not for the check of a pull request.

    \b
    Ends with
      0  every address that was asked works
      1  something is dead, has moved or was not reached
      2  it could not be done
      130  it was stopped; what was checked is remembered
    """
    from hashlib import blake2b

    from phkg.curation.links import CannotRead, State, findings, proposed, sources, written
    from phkg.records.knowledge import KnowledgeNotFound, cache_folder, find_knowledge

    try:
        knowledge = find_knowledge(root)
        name = blake2b(str(knowledge.registry.resolve()).encode(), digest_size=8).hexdigest()
        kept = State(state or cache_folder("links") / f"{name}.jsonl")
        listed = sources(knowledge)
        _check(kept, [one.address for one in listed], days, private, pause)
        if archive:
            wanted = [one.address for one in listed if not one.has_copy and one.address not in kept.copies]
            _ask_for_copies(kept, wanted, archive_service, pause)
    except (CannotRead, KnowledgeNotFound, OSError) as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        click.echo("Stopped. The same command goes on from here.", err=True)
        sys.exit(130)
    found = findings(listed, kept)
    write_report(written(found, form, len(listed) - len(found)), output)
    if writes:
        try:
            changed = proposed(knowledge, found)
            for path, data in changed.items():
                path.write_bytes(data)
        except OSError as error:
            click.echo(str(error), err=True)
            sys.exit(2)
        click.echo(f"{len(changed)} files changed. Look at the difference, and run phkg validate.", err=True)
    sys.exit(1 if any(one.checked.outcome not in ("works", "not-asked") for one in found) else 0)


def _check(kept, addresses: list[str], days: int, private: bool, pause: float) -> None:
    """Check what is left, with a bar on a terminal; each result is kept at once."""
    import asyncio

    import phkg
    from phkg.curation.link_check import AGENT, Manners, check_all, is_public

    left = kept.left(addresses, date.today(), days)
    manners = Manners(pause=pause, may=(lambda ip: True) if private else is_public)

    async def run(bar) -> None:
        async for one in check_all(left, manners, f"{AGENT}/{phkg.__version__} (+https://w3id.org/phkg)"):
            kept.keep(one, date.today())
            bar.update(1)

    with click.progressbar(length=len(left), label="Checking addresses", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        asyncio.run(run(bar))


def _ask_for_copies(kept, addresses: list[str], service: str, pause: float) -> None:
    """Ask for an archived copy of each, one after another; a service that does not answer ends the asking, and another run goes on."""
    from phkg.curation.link_copies import ServiceSilent, copies

    wanted = list(dict.fromkeys(addresses))
    with click.progressbar(length=len(wanted), label="Asking for copies", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        try:
            for address, copy in copies(wanted, service, pause):
                kept.keep_copy(address, copy)
                bar.update(1)
        except ServiceSilent as silent:
            click.echo(f"{silent} The same command goes on later.", err=True)
