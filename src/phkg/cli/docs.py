"""`phkg docs`: writes the reference pages that are made from the vocabulary, the shapes, the records and the program."""

from __future__ import annotations

import sys
from pathlib import Path

import click

WIDTH = 100


@click.command("docs")
@click.option("--check", is_flag=True, help="Write nothing; name the pages that are stale.")
def command(check: bool) -> None:
    """Write the generated pages of docs/reference/ and the issue forms anew, from vocabulary, rules, records and commands.

    Works in a checkout of the program, where the folder docs/ is.

    \b
    Ends with
      0  every page is as it should be
      1  --check found pages that are stale
      2  the pages could not be made
    """
    from phkg.publishing.reference.pages import COLLECTED, reference_pages
    from phkg.records.knowledge import find_knowledge, own_root

    root = own_root()
    folder = root / "docs" / "reference"
    if not folder.is_dir():
        click.echo(f"There is no folder {folder}: phkg docs works in a checkout of the program.", err=True)
        sys.exit(2)
    try:
        reference = reference_pages(find_knowledge(), command_helps(), (folder / COLLECTED).read_text(encoding="utf-8"))
        pages = {f"docs/reference/{name}": text for name, text in reference.items()} | forms_of_issues()
        stale = [name for name, text in pages.items() if _as_it_is(root / name) != text]
        if not check:
            for name in stale:
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(pages[name], encoding="utf-8")
    except OSError as error:
        click.echo(f"{error.filename}: {error.strerror}", err=True)
        sys.exit(2)
    except (SyntaxError, LookupError) as error:
        click.echo(f"The registry could not be read: {error}. phkg validate says where it is wrong.", err=True)
        sys.exit(2)
    for name in stale:
        click.echo(name)
    if check and stale:
        click.echo(f"{len(stale)} of {len(pages)} pages are stale; make docs (or phkg docs) writes them anew.", err=True)
        sys.exit(1)


def forms_of_issues() -> dict[str, str]:
    """The issue forms of what regions report, path → text. Raises LookupError when the registry does not say its kinds."""
    from phkg.curation.exporting import common_kinds
    from phkg.curation.issues import issue_forms
    from phkg.curation.known import read_known
    from phkg.records.knowledge import find_knowledge

    forms, _, _ = read_known(find_knowledge())
    return issue_forms(common_kinds(forms), forms, forms.languages)


def command_helps() -> dict[str, str]:
    """What one types → its help text, for `phkg` and each of its commands, as wide on every terminal."""
    from phkg.cli import COMMANDS, main

    # With the names of the help option, which a command keeps from the first context that it is asked in.
    names = main.context_settings["help_option_names"]
    whole = click.Context(main, info_name="phkg", terminal_width=WIDTH, max_content_width=WIDTH, help_option_names=names)
    helps = {"phkg": main.get_help(whole)}
    for name in COMMANDS:
        one = main.get_command(whole, name)
        assert one is not None  # COMMANDS names only commands that there are.
        context = click.Context(one, info_name=name, parent=whole, terminal_width=WIDTH)
        helps[f"phkg {name}"] = one.get_help(context)
        for part, below in one.commands.items() if isinstance(one, click.Group) else ():
            helps[f"phkg {name} {part}"] = below.get_help(click.Context(below, info_name=part, parent=context, terminal_width=WIDTH))
    return helps


def _as_it_is(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None
