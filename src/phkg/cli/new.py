"""`phkg new`: adds a record, by questions in the terminal or by options, and writes it only when the check of the whole lets it in."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from phkg.cli.opening import opened, stop

if TYPE_CHECKING:
    from phkg.curation.fields import Forms, Kind


@click.command("new")
@click.argument("kind", required=False)
@click.option("--set", "pairs", multiple=True, metavar="FIELD=VALUE", help="A value; give a field several times for several values.")
@click.option("--from", "file", type=click.Path(path_type=Path, dir_okay=False), help="TOML file with fields and their values.")
@click.option("--name", metavar="NAME", help="Last part of the identifier.  [default: made from what the record says]")
@click.option("--no-ask", is_flag=True, help="Ask nothing; what is missing is a fault.  [default: when there is no terminal]")
@click.option("--dry-run", is_flag=True, help="Write no file; print the record.")
@click.option("--root", type=click.Path(path_type=Path), help="Folder that holds registry/.  [default: the program's own]")
@click.option("--lang", "language", metavar="LANG", help="Language of questions and messages, such as sv or en.  [default: the registry's first]")
def command(
    kind: str | None, pairs: tuple[str, ...], file: Path | None, name: str | None, no_ask: bool, dry_run: bool, root: Path | None, language: str | None
) -> None:
    """Add a record of a KIND, such as source or implementation-statement. Without KIND: list the kinds and their fields.

    Asks for what the rules in shapes/ ask for, unless it is given by options. Choices and records can be given by name in any language or
    by the last part of their identifier; texts with their language, as --set eligibility@sv=…. The record gets an identifier of its own
    and is checked with the whole registry before a file is written, in canonical form.

    \b
    Ends with
      0  the record is written (or printed)
      1  a value cannot be taken, or a rule says no; nothing is written
      2  it could not be done
    """
    from phkg.curation.filing import CannotFile
    from phkg.turtle.faults import TurtleSyntaxError
    from phkg.validation.engines import EngineFailed
    from phkg.validation.run import CannotValidate

    registry = opened(root, language)
    knowledge, forms, known, store, spoken = registry.knowledge, registry.forms, registry.known, registry.store, registry.spoken
    chosen = forms.kind(kind) if kind else None
    if chosen is None:
        click.echo(_kinds(forms, kind, spoken), err=bool(kind))
        sys.exit(2 if kind else 0)
    values = _given(pairs, file, spoken)
    try:
        if no_ask or not sys.stdin.isatty():
            from phkg.curation.adding import add

            done = add(knowledge, forms, known, chosen, values, name, spoken, dry_run)
        else:
            from phkg.curation.adding import converse

            done = converse(knowledge, forms, known, store, chosen, values, name, spoken, dry_run, click.echo)
    except (KeyboardInterrupt, EOFError):
        from phkg.curation.words import word

        stop(word("nothing-written", spoken), 1)
    except (CannotFile, CannotValidate, EngineFailed, TurtleSyntaxError) as error:
        stop(str(error), 2)
    for line in done.lines:
        click.echo(line, err=not done.right)
    sys.exit(0 if done.right else 1)


def _given(pairs: tuple[str, ...], file: Path | None, language: str) -> dict[str, list[str]]:
    """The values of the options; those of --set come after those of the file."""
    from phkg.curation.words import word

    values: dict[str, list[str]] = {}
    if file is not None:
        try:
            read = tomllib.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            stop(word("bad-file", language, file=file, why=getattr(error, "strerror", None) or str(error)), 2)
        for key, value in read.items():
            values.setdefault(key, []).extend(_text(one) for one in (value if isinstance(value, list) else [value]))
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign:
            stop(word("not-a-pair", language, pair=pair, example="statedBy=…"), 2)
        values.setdefault(key.strip(), []).append(value)
    return values


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _kinds(forms: Forms, wanted: str | None, language: str) -> str:
    from phkg.curation.words import word

    head = word("no-such-kind", language, name=wanted) if wanted else word("kinds", language)
    return "\n".join((head, *(f"  {one.name:26}{_summary(one, language)}" for one in forms.kinds)))


def _summary(kind: Kind, language: str) -> str:
    return f"{kind.label(language)}: {', '.join(one.name for one in kind.fields if one.need == 'required')}"
