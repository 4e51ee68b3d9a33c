"""Every word of the templates is translated, nothing else is, and placeholders survive the translation."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from phkg.publishing.addresses import BESIDE, FIXED
from phkg.records.knowledge import own_root

WEB = own_root() / "web"
FILES = sorted((WEB / "translations").glob("*.po"))
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%%")


def catalogue(file: Path) -> Catalog:
    with file.open("rb") as stream:
        return read_po(stream, locale=file.stem)


@pytest.fixture(scope="module")
def extracted() -> set[tuple[str | None, str | tuple[str, ...]]]:
    """(context, message) of everything that the templates say; the words of addresses are named in the program."""
    with (WEB / "translations" / "babel.cfg").open(encoding="utf-8") as stream:
        methods, options = parse_mapping_cfg(stream)
    found = extract_from_dir(WEB.parent, methods, options, keywords={"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)})
    messages = {(context, message) for name, _, message, _, context in found if Path(name).is_relative_to("web")}
    return messages | {("path", name) for name in (*FIXED, *BESIDE)}


def test_there_is_something_to_translate(extracted) -> None:
    assert len(extracted) > 60
    assert {file.stem for file in FILES} >= {"sv", "en"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_catalogue_holds_every_message_and_no_other(file: Path, extracted) -> None:
    held = {(message.context, message.id) for message in catalogue(file) if message.id}
    assert sorted(map(str, extracted - held)) == [], "missing"
    assert sorted(map(str, held - extracted)) == [], "unused"
    assert not catalogue(file).obsolete


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_message_is_translated_for_sure(file: Path) -> None:
    unsure = [message.id for message in catalogue(file) if message.id and message.fuzzy]
    empty = [message.id for message in catalogue(file) if message.id and not all([message.string] if isinstance(message.string, str) else message.string)]
    assert (unsure, empty) == ([], [])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_placeholders_survive(file: Path) -> None:
    wrong = []
    for message in catalogue(file):
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        wanted = sorted(match[0] for match in PLACEHOLDER.finditer(ids[-1]))
        if message.id and any(sorted(match[0] for match in PLACEHOLDER.finditer(text)) != wanted for text in strings):
            wrong.append(message.id)
    assert wrong == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_words_of_addresses_differ_and_need_no_escape(file: Path) -> None:
    words = [message.string for message in catalogue(file) if message.context == "path"]
    assert len(set(words)) == len((*FIXED, *BESIDE))
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", word) for word in words)
