"""The command `phkg`: each subcommand is a module of this folder and loads its room only when it is called."""

from __future__ import annotations

from importlib import import_module

import click

import phkg

COMMANDS = (
    *("new", "import", "export", "from-issue", "retire", "todo", "links"),
    *("serve", "build", "publish", "validate", "check", "fmt", "diff", "compile", "token", "who", "reviewed", "allocate", "docs"),
)


class _Commands(click.Group):
    """Finds a command's module when it is named, so that `phkg fmt` does not pay for the web server."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        return import_module(f"phkg.cli.{name}").command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(phkg.__version__, prog_name="phkg")
def main() -> None:
    """A registry of how health-care methods are introduced, region by region.

    Records are Turtle files in git. These commands check them, serve them as pages and SPARQL, and keep them in one
    form. Every command has --help.
    """
