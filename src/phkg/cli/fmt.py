"""`phkg fmt`: writes every Turtle file in its one canonical form, or says which are not in it."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from phkg.records.files import FileProblem


@click.command("fmt")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Change nothing; name the files that are not in canonical form.")
@click.option("--root", type=click.Path(path_type=Path), help="Folder that holds registry/.  [default: the program's own]")
@click.option("--lang", "language", metavar="LANG", help="Language of messages, such as sv or en.  [default: the registry's first]")
def command(paths: tuple[Path, ...], check: bool, root: Path | None, language: str | None) -> None:
    """Write Turtle files in their one canonical form: fixed prefixes, fixed order, one statement a line, comments kept.

    Without PATHS: ontology/, shapes/ and registry/. A file with a fault of syntax is named and left as it is.

    \b
    Ends with
      0  every file is in canonical form
      1  --check found files that are not
      2  a file could not be read, parsed or written
    """
    from phkg.records.files import FileProblem, entries, read_entry
    from phkg.records.knowledge import KnowledgeNotFound, find_knowledge
    from phkg.records.languages import languages_of
    from phkg.turtle.files import formatted
    from phkg.turtle.messages import sentence

    try:
        knowledge = find_knowledge(root)
    except KnowledgeNotFound as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    languages = languages_of(knowledge)
    spoken = language or next(iter(languages), "en")
    found = list(_named(paths)) if paths else list(entries(knowledge, ("ontology", "shapes", "registry")))
    changed, unreadable = 0, 0
    for entry in found:
        data = entry if isinstance(entry, FileProblem) else read_entry(entry)
        if isinstance(data, FileProblem):
            if data.code != "not-turtle":
                unreadable += 1
                click.echo(f"{data.name}:{data.line}:{data.column}: {_in_words(data, spoken)}", err=True)
            continue
        result = formatted(data, languages)
        for fault in result.faults:
            click.echo(f"{entry.name}:{fault.line}:{fault.column}: {sentence(fault, spoken)}", err=True)
        unreadable += bool(result.faults)
        if result.changed:
            changed += 1
            click.echo(entry.name)
            if not check:
                unreadable += not write_file(entry.path, result.data)
    if check and changed:
        click.echo(f"{changed} of {len(found)} files are not in canonical form; phkg fmt writes them so.", err=True)
    sys.exit(2 if unreadable else 1 if check and changed else 0)


def _named(paths: tuple[Path, ...]):
    """The Turtle files that the paths mean; a folder means all below it."""
    from phkg.records.files import FileEntry, FileProblem

    for path in paths:
        if path.is_dir():
            yield from (FileEntry(file, str(file), "") for file in sorted(path.rglob("*.ttl")) if file.is_file())
        elif path.is_file():
            yield FileEntry(path, str(path), "")
        else:
            yield FileProblem(str(path), "unreadable", os.strerror(errno.ENOENT))


def _in_words(problem: FileProblem, language: str) -> str:
    """What is wrong with a file and what would be right, in the words of the check that finds the same."""
    from phkg.validation.words import own_finding

    said = own_finding(problem.code, problem.name, values={"name": problem.name, "detail": problem.detail})
    return " ".join(words.get(language, words.get("en", "")) for words in (said.message, said.hint)).strip()


def write_file(path: Path, data: bytes) -> bool:
    """Write beside the file and put it in its place in one step, so that a file is never half written; whether it could be."""
    draft = path.with_name(f".{path.name}.draft")
    try:
        draft.write_bytes(data)
        os.replace(draft, path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        click.echo(f"{path}: {error.strerror}", err=True)
        return False
    return True
