"""Every command is listed and explains itself; nothing but what is asked for is loaded."""

import re
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

import phkg
from phkg.cli import COMMANDS, main


def run(*arguments: str):
    return CliRunner().invoke(main, arguments)


def test_the_help_lists_every_command_with_a_line_of_its_own() -> None:
    answer = run("--help")
    assert answer.exit_code == 0
    for name in COMMANDS:
        assert re.search(rf"^  {name} +\S.+", answer.output, re.MULTILINE), name


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_says_what_it_does_and_how_it_ends(name: str) -> None:
    answer = run(name, "--help")
    assert answer.exit_code == 0
    assert answer.output.startswith(f"Usage: main {name}")
    for status in ("0", "2"):
        assert re.search(rf"^ +{status}  \S", answer.output, re.MULTILINE), status
    assert all(len(line) <= 100 for line in answer.output.splitlines())
    assert run(name, "-h").output == answer.output


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_is_for(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    assert [option.name for option in options if not option.help or not option.help.strip().endswith((".", "]"))] == []


def test_the_version_is_the_programs() -> None:
    assert phkg.__version__ in run("--version").output


def test_an_unknown_command_is_refused_in_words() -> None:
    answer = run("sing")
    assert answer.exit_code == 2 and "No such command 'sing'" in answer.output


@pytest.mark.parametrize("name", COMMANDS)
def test_an_unknown_option_is_refused_in_words(name: str) -> None:
    answer = run(name, "--sing")
    assert answer.exit_code == 2 and "No such option" in answer.output and "Traceback" not in answer.output


def test_help_and_formatting_do_not_load_the_web_server() -> None:
    code = "import sys, phkg.cli.fmt, phkg.cli; print([name for name in ('starlette', 'uvicorn', 'jinja2', 'rdflib') if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
