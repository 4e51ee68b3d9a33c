"""Templates and translations: one environment a language, made at start, so that languages never mix."""

from __future__ import annotations

import gettext
import io
import json
import os
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from jinja2 import __version__ as jinja_version
from jinja2.bccache import Bucket
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from phkg import __version__
from phkg.publishing.template_calls import install
from phkg.records.knowledge import cache_folder
from phkg.views.texts import Writing, read_writing

CREATIVE_COMMONS = re.compile(r"https?://creativecommons\.org/(?:licenses|publicdomain)/(?P<kind>[a-z-]+)/(?P<version>[\d.]+)/?")
KEPT_TEXTS = 64
"""Texts whose HTML is kept."""
KEPT_WORDS = 1 << 14
"""Days, numbers, texts and links whose words are kept for each language."""
PARTIAL_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


class _CompiledTemplates(FileSystemBytecodeCache):
    """Templates as an earlier start compiled them. Where they cannot be kept they are compiled again."""

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        # What escapes is other code than what does not: a plain text and a page made of one template must not share it.
        return super().get_bucket(environment, name, f"{filename} {environment.autoescape}", source)

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


@dataclass(frozen=True)
class Language:
    """A language of the site: its code, its own name, its translations, its templates and its texts by name."""

    code: str
    name: str
    translations: gettext.NullTranslations
    templates: Environment
    texts: Mapping[str, Writing]

    def word(self, message: str) -> str:
        """A word of an address in this language (context `path` of the translations)."""
        return self.translations.pgettext("path", message)


def load_languages(web: Path, fallback_web: Path, codes: tuple[str, ...], built: bool = False) -> dict[str, Language]:
    """The languages of a registry, in order.

    `web` is the registry's own web folder; templates and translations that it lacks come from `fallback_web`.
    Templates know by `built` whether their pages are to be files of a static site.
    """
    return {code: _load_language(web, fallback_web, code, built) for code in codes}


def load_map(web: Path) -> dict[str, dict]:
    """Outlines of the regions by their ISO 3166-2 code; empty when the registry has no map."""
    file = web / "map" / "regions.json"
    if not file.is_file():
        return {}
    drawing = json.loads(file.read_text(encoding="utf-8"))
    return {"view_box": drawing["viewBox"], "regions": {region["iso3166_2"]: region for region in drawing["regions"]}}


def _load_language(web: Path, fallback_web: Path, code: str, built: bool) -> Language:
    translations, locale = _translations([folder / "translations" / f"{code}.po" for folder in (web, fallback_web)], code)
    environment = Environment(
        loader=FileSystemLoader([web / "templates", fallback_web / "templates"]),
        autoescape=True,
        undefined=StrictUndefined,
        bytecode_cache=_compiled_templates(code),
        # A template that changes after the start would change pages behind the back of their ETags.
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    install(environment, translations)
    environment.policies["ext.i18n.trimmed"] = True
    environment.globals["language"] = code
    environment.globals["built"] = built
    environment.globals |= _pieces(code, locale)
    # Pages repeat the same few days and numbers, and to write one costs as much as many rows of a table.
    environment.filters["day"] = lru_cache(KEPT_WORDS)(lambda text: format_partial_date(text, locale))
    environment.filters["licence_name"] = licence_name
    environment.filters["number"] = lru_cache(KEPT_WORDS)(lambda number: format_decimal(number, locale=locale))
    environment.filters["percent"] = lru_cache(KEPT_WORDS)(lambda share: format_percent(share, locale=locale, format=_percent_format(share, locale)))
    environment.filters["markdown"] = lru_cache(KEPT_TEXTS)(markdown)
    return Language(code, _own_name(code), translations, environment, _texts(web / "texts", code))


def _compiled_templates(code: str) -> _CompiledTemplates | None:
    """Where templates of a language are kept compiled, which takes longer than to make a page; None where others than this user could put code there."""
    # What a filter makes of a constant is part of the code, so it is kept by language and by program.
    folder = cache_folder("templates") / f"{__version__}-{jinja_version}-{code}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        about = folder.stat()
    except OSError:
        return None
    if hasattr(os, "getuid") and (about.st_uid != os.getuid() or about.st_mode & 0o022):
        return None
    return _CompiledTemplates(str(folder))


def _pieces(code: str, locale: Locale) -> dict[str, Callable[[Any], Markup]]:
    """The smallest pieces of pages in one language, by their names in templates: a text, a link, a day."""

    @lru_cache(KEPT_WORDS)
    def in_words(text: Any) -> Markup:
        """A text; one in another language is marked as such."""
        if text.language and text.language != code:
            return Markup(f'<span lang="{escape(text.language)}">{escape(text.value)}</span>')  # noqa: S704 - escaped
        return escape(text.value)

    @lru_cache(KEPT_WORDS)
    def linked(to: Any) -> Markup:
        """A thing's name, leading to its page if it has one."""
        return Markup(f'<a href="{escape(to.path)}">{in_words(to.label)}</a>') if to.path else in_words(to.label)  # noqa: S704 - escaped

    @lru_cache(KEPT_WORDS)
    def dated(day: str) -> Markup:
        """A date in the reader's words, for programs as it is."""
        return Markup(f'<time datetime="{escape(day)}">{escape(format_partial_date(day, locale))}</time>')  # noqa: S704 - escaped

    return {"in_words": in_words, "linked": linked, "dated": dated}


def markdown(text: str) -> Markup:
    """Markdown (CommonMark) as HTML; what looks like HTML in it is text."""
    return Markup(MarkdownIt("commonmark", {"html": False}).render(text))  # noqa: S704 - made by the library, which escapes


def _texts(folder: Path, code: str) -> dict[str, Writing]:
    """The registry's own texts in one language; those of another registry would not be true of it."""
    files = sorted(folder.glob(f"*.{code}.md"))
    names = {file: file.name.removesuffix(f".{code}.md") for file in files}
    return {name: read_writing(name, file.read_text(encoding="utf-8")) for file, name in names.items()}


def licence_name(address: str) -> str:
    """What people call a licence, read off its address at Creative Commons; other licences by their address."""
    match = CREATIVE_COMMONS.fullmatch(address)
    if not match:
        return address
    return f"CC0 {match['version']}" if match["kind"] == "zero" else f"CC {match['kind'].upper()} {match['version']}"


def _percent_format(share: float, locale: Locale) -> str:
    """Whole per cent, one decimal below ten, and more where little would be shown as nothing or almost all as all."""
    decimals = 1 if 0 < share < 0.1 else 0
    while 0 < share < 1 and round(share, decimals + 2) in (0, 1):
        decimals += 1
    return locale.percent_formats[None].pattern.replace("0", f"0.{'0' * decimals}".rstrip("."), 1)


def _own_name(code: str) -> str:
    try:
        name = Locale.parse(code).get_display_name(code)
    except (UnknownLocaleError, ValueError):
        name = None
    return (name or code)[:1].upper() + (name or code)[1:]


def _translations(files: list[Path], code: str) -> tuple[gettext.NullTranslations, Locale]:
    for file in files:
        if file.is_file():
            with file.open("rb") as stream:
                catalogue = read_po(stream, locale=code)
            compiled = io.BytesIO()
            write_mo(compiled, catalogue)
            compiled.seek(0)
            wanted = dict(catalogue.mime_headers).get("Language", code)
            return gettext.GNUTranslations(compiled), _locale(wanted)
    return gettext.NullTranslations(), _locale(code)


def _locale(code: str) -> Locale:
    try:
        return Locale.parse(code.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")


def format_partial_date(text: str, locale: Locale) -> str:
    """An ISO 8601 date in the reader's words, exactly as precise as it is: a year, a month or a day.

    What is no date of the calendar is shown as it stands.
    """
    match = PARTIAL_DATE.fullmatch(text)
    if not match:
        return text
    year, month, day = (int(part) if part else None for part in match.groups())
    if month is None:
        return text
    try:
        first = date(year, month, day or 1)
    except ValueError:
        return text
    return format_date(first, "long", locale=locale) if day else format_skeleton("yMMMM", first, locale=locale)
