"""`phkg who`: who reviews a file."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command("who")
@click.argument("files", nargs=-1)
@click.option("--codeowners", "owners", is_flag=True, help="Write the file CODEOWNERS for a forge instead.")
@click.option("--root", type=click.Path(path_type=Path), help="Folder that holds registry/.  [default: the program's own]")
def command(files: tuple[str, ...], owners: bool, root: Path | None) -> None:
    """Say who reviews each of FILES (such as registry/methods/x.ttl), and why: by place, by clinical area, by folder.

    Reviewers are appointed in reviewers.toml beside registry/. Where nobody is, that is said.

    \b
    Ends with
      0  somebody reviews every file
      1  nobody is appointed for some file
      2  it could not be told
    """
    from phkg.curation.reviewers import BadReviewers, belonging, codeowners, read_reviewers
    from phkg.records.knowledge import KnowledgeNotFound, find_knowledge

    try:
        knowledge = find_knowledge(root)
        top = knowledge.registry.parent
        reviewers, belongs = read_reviewers(top), belonging(knowledge)
        if unknown := reviewers.unknown(belongs.places, belongs.areas):
            raise BadReviewers(f"reviewers.toml names what the registry does not have: {', '.join(unknown)}.")
    except (BadReviewers, KnowledgeNotFound) as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    if owners:
        click.echo(codeowners(reviewers, belongs), nl=False)
        return
    if not files:
        raise click.UsageError("Name at least one file, or --codeowners.")
    missing = False
    for given in files:
        path = Path(given).resolve()
        name = path.relative_to(top.resolve()).as_posix() if path.is_relative_to(top.resolve()) else given
        found = reviewers.of(name, *belongs.of_file.get(name, ((), ())))
        about = ", ".join(f"{part.table.removesuffix('s')} {part.name}" for part in found.parts)
        missing = missing or not found.reviewers
        click.echo(f"{name}: {', '.join(found.reviewers) or 'nobody is appointed yet'}{f' ({about})' if about else ''}")
    sys.exit(1 if missing else 0)
