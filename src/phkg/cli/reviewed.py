"""`phkg reviewed`: whether somebody other than its author has read each change."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from phkg.cli.terminal import write_report


@click.command("reviewed")
@click.option("--base", required=True, metavar="REVISION", help="Commit after which changes are looked at, such as the last release or where main was.")
@click.option("--head", default="HEAD", show_default=True, metavar="REVISION", help="The newest commit of the main line to look at.")
@click.option("--format", "form", type=click.Choice(("text", "github")), default="text", show_default=True, help="github gives an annotation for each.")
@click.option("--lang", "language", metavar="LANG", help="Language of the words, sv or en.  [default: the registry's first]")
@click.option("--root", type=click.Path(path_type=Path), help="Folder that holds registry/.  [default: the program's own]")
def command(base: str, head: str, form: str, language: str | None, root: Path | None) -> None:
    """Tell which changes of the records, the vocabulary and the rules nobody but their author has read.

    For the main line, after a merge. Whoever merges a change has read it, and so has whoever a line `Reviewed-by: Name <address>` in
    its message names; not, if that is one of its authors (Co-authored-by too), a bot, or a forge's own address. Two names are one
    person when their addresses or their names are the same; .mailmap says what else is.

    \b
    Ends with
      0  somebody else has read every change
      1  nobody else has read some change
      2  it could not be told
    """
    from phkg.curation.reviews import CannotTell, reviews, told
    from phkg.records.git import GitFault
    from phkg.records.knowledge import KnowledgeNotFound, find_knowledge
    from phkg.records.languages import languages_of

    try:
        knowledge = find_knowledge(root)
        found = reviews(knowledge, base, head)
        text = told(found, form, language or next(iter(languages_of(knowledge)), "en"))
    except (CannotTell, GitFault, KnowledgeNotFound, OSError) as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    write_report(text, None)
    sys.exit(0 if all(one.reviewers for one in found) else 1)
