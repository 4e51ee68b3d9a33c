"""Whatever the documentation names is there: pages, places on pages, files, commands, targets of make."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from phkg.cli import COMMANDS

from .markdown import INLINE_CODE, PAGES, ROOT, links, name_of, places

MAKE_TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
FOLDERS = ("src", "tests", "docs", "registry", "ontology", "shapes", "web", "requirements", "tools", "benchmarks")
HAND_WRITTEN = [page for page in PAGES if "Written by `phkg docs`;" not in page.read_text(encoding="utf-8")]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = []
    for link in links(page):
        target, _, place = link.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        file = (page.parent / target).resolve() if target else page
        if not file.exists() or not file.is_relative_to(ROOT) or (place and place not in places(file)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("page", HAND_WRITTEN, ids=name_of)
def test_every_file_that_is_named_is_there(page: Path) -> None:
    named = {word for code in INLINE_CODE.findall(page.read_text(encoding="utf-8")) for word in code.split()}
    paths = (word for word in named if word.split("/")[0] in FOLDERS and "/" in word and not re.search(r"[<>…*{}]", word))
    assert [path for path in paths if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_that_is_named_is_one(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert set(re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE)) - MAKE_TARGETS == set()
    assert set(re.findall(r"(?:^|`|bin/)phkg ([a-z]+)", text, re.MULTILINE)) - set(COMMANDS) == set()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_path_of_a_machine(page: Path) -> None:
    assert re.findall(r"/(?:home|work|tmp|root|Users)/\S*", page.read_text(encoding="utf-8")) == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        files = ((page.parent / link.partition("#")[0]).resolve() for link in links(page) if not re.match(r"[a-z]+:", link))
        waiting += [file for file in files if file.suffix == ".md" and file not in reached]
    assert [name_of(page) for page in PAGES if page not in reached] == []
