"""Templates are compiled once for all starts of the program, and never shown as they were."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from jinja2 import Environment

from phkg.publishing.rendering import load_languages
from phkg.records.knowledge import own_root

WEB = own_root() / "web"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """A registry's own web folder with one template of its own."""
    (tmp_path / "web" / "templates").mkdir(parents=True)
    write(tmp_path / "web", "first {{ 1234|number }}")
    return tmp_path / "web"


def write(web: Path, text: str) -> None:
    (web / "templates" / "own.html").write_text(text, encoding="utf-8")


def shown(web: Path, code: str = "sv") -> str:
    return load_languages(web, WEB, (code,))[code].templates.get_template("own.html").render()


def forbid_compiling(monkeypatch: pytest.MonkeyPatch) -> None:
    def compiles(*_: object, **__: object) -> None:
        raise AssertionError("compiled again")

    monkeypatch.setattr(Environment, "compile", compiles)


def test_a_template_is_compiled_once(cache: Path, web: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = shown(web)
    forbid_compiling(monkeypatch)
    assert shown(web) == before


def test_a_changed_template_is_compiled_again(cache: Path, web: Path) -> None:
    assert shown(web).startswith("first")
    write(web, "second")
    assert shown(web) == "second"


def test_each_language_has_its_own(cache: Path, web: Path) -> None:
    # A number that stands in a template is written into the compiled one, with the language's own separator.
    assert shown(web, "en") == "first 1,234"
    assert shown(web, "sv") == "first 1\N{NO-BREAK SPACE}234"


def test_what_was_made_for_a_text_is_not_used_for_a_page(cache: Path, web: Path) -> None:
    write(web, "{{ word }} {% set piece %}<b>{{ word }}</b>{% endset %}{{ piece }}")
    for escapes, expected in ((False, "<i> <b><i></b>"), (True, "&lt;i&gt; <b>&lt;i&gt;</b>"), (False, "<i> <b><i></b>")):
        templates = load_languages(web, WEB, ("sv",))["sv"].templates.overlay(autoescape=escapes)
        assert templates.get_template("own.html").render(word="<i>") == expected


def test_where_nothing_can_be_kept_pages_are_made_all_the_same(cache: Path, web: Path) -> None:
    cache.write_text("a file where the folder should be")
    assert shown(web).startswith("first")


def test_a_folder_that_goes_away_fails_no_page(cache: Path, web: Path) -> None:
    language = load_languages(web, WEB, ("sv",))["sv"]
    shutil.rmtree(cache)
    assert language.templates.get_template("own.html").render().startswith("first")


def test_code_that_others_could_have_put_there_is_not_run(cache: Path, web: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown(web)
    for folder in (cache / "phkg" / "templates").iterdir():
        folder.chmod(0o777)
    forbid_compiling(monkeypatch)
    with pytest.raises(AssertionError, match="compiled again"):
        shown(web)
