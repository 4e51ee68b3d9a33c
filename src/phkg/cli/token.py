"""`phkg token`: makes, lists and revokes the tokens with which changes are submitted over HTTP."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from phkg.curation.tokens import Token
    from phkg.records.knowledge import Knowledge

_ROOT = click.option("--root", type=click.Path(path_type=Path), help="Folder that holds registry/.  [default: the program's own]")


@click.group("token")
def command() -> None:
    """Make, list and revoke the tokens with which curators submit changes over HTTP.

    They are kept in curators.toml beside registry/, as hashes with what each may write. Commit that file: a server reads
    it from the branch that is checked out, and an uncommitted change gives no right and takes none away.

    \b
    Ends with
      0  done
      2  it could not be done
    """


@command.command("new")
@click.argument("name")
@_ROOT
@click.option("--holder", required=True, metavar="TEXT", help="For whom it is; stands as the author of what is submitted with it.")
@click.option("--place", "places", multiple=True, metavar="SLUG", help="A place, such as a region: its files may be changed, new sources added. Repeatable.")
@click.option("--writes", multiple=True, metavar="PATH", help="A file or folder/ that may be changed, such as registry/methods/x.ttl. Repeatable.")
@click.option("--adds", multiple=True, metavar="PATH", help="A folder/ in which new files may be made, and none changed. Repeatable.")
@click.option("--days", default=365, show_default=True, help="For how many days it is good.")
def new(name: str, root: Path | None, holder: str, places: tuple[str, ...], writes: tuple[str, ...], adds: tuple[str, ...], days: int) -> None:
    """Make a token and print it, this once.

    NAME is in small letters with hyphens, such as gotland-1. What it may write is read off the records with --place, or
    said with --writes and --adds. Hand the printed text over by a safe way: it is kept nowhere.
    """
    from phkg.curation.scopes import NoSuchPlace, files_of_place, folder_of_sources
    from phkg.curation.tokens import BadTokens, new_token

    knowledge = _knowledge(root)
    try:
        tokens = _read(knowledge)
        if name in [token.name for token in tokens]:
            raise BadTokens(f"There is a token {name} already; names are never used again.")
        paths = [*writes, *(path for place in places for path in files_of_place(knowledge, place))]
        token, secret = new_token(name, holder, paths, [*adds, *([folder_of_sources(knowledge)] if places else [])], date.today(), days)
        missing = [path for path in (*token.writes, *token.adds) if path.endswith("/") and not (knowledge.registry.parent / path).is_dir()]
        if missing:
            raise BadTokens(f"There is no folder {missing[0]}.")
    except (BadTokens, NoSuchPlace) as fault:
        _end(str(fault))
    _write(knowledge, (*tokens, token))
    click.echo(secret)
    click.echo(f"May write: {', '.join(token.writes) or '–'}. May add to: {', '.join(token.adds) or '–'}. Good until {token.expires}.", err=True)
    click.echo("Commit curators.toml, and hand the token over; it is not shown again.", err=True)


@command.command("list")
@_ROOT
def list_(root: Path | None) -> None:
    """List the tokens: name, holder, days, and what each may write."""
    from phkg.curation.tokens import BadTokens

    try:
        tokens = _read(_knowledge(root))
    except BadTokens as fault:
        _end(str(fault))
    for token in tokens:
        state = f"revoked {token.revoked}" if token.revoked else "expired" if token.expires < date.today() else "good"
        click.echo(f"{token.name}\t{state} (until {token.expires})\t{token.holder}")
        for verb, paths in (("writes", token.writes), ("adds to", token.adds)):
            for path in paths:
                click.echo(f"    {verb} {path}")
    click.echo(f"{len(tokens)} tokens.", err=True)


@command.command("revoke")
@click.argument("name")
@_ROOT
def revoke(name: str, root: Path | None) -> None:
    """Take a token's rights away from today on; its name stays, so that what came in with it can be told."""
    from phkg.curation.tokens import BadTokens, revoked

    knowledge = _knowledge(root)
    try:
        left = revoked(_read(knowledge), name, date.today())
    except BadTokens as fault:
        _end(str(fault))
    _write(knowledge, left)
    click.echo(f"{name} is revoked. Commit curators.toml: only then do servers know.", err=True)


def _knowledge(root: Path | None) -> Knowledge:
    from phkg.records.knowledge import KnowledgeNotFound, find_knowledge

    try:
        return find_knowledge(root)
    except KnowledgeNotFound as fault:
        _end(str(fault))


def _read(knowledge: Knowledge) -> tuple[Token, ...]:
    from phkg.curation.tokens import FILE, read_tokens

    file = knowledge.registry.parent / FILE
    try:
        return read_tokens(file.read_text(encoding="utf-8")) if file.is_file() else ()
    except (OSError, UnicodeDecodeError) as error:
        _end(f"{file} cannot be read: {error}.")


def _write(knowledge: Knowledge, tokens: tuple[Token, ...]) -> None:
    from phkg.curation.tokens import FILE, written

    file = knowledge.registry.parent / FILE
    try:
        beside = file.with_suffix(".toml.new")
        beside.write_text(written(tokens), encoding="utf-8")
        beside.replace(file)
    except OSError as error:
        _end(f"{file} cannot be written: {error.strerror}.")


def _end(text: str) -> None:
    click.echo(text, err=True)
    sys.exit(2)
