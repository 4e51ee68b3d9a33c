"""From what somebody types in one field to a term of RDF, or to what is wrong with it and what would be right."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

from pyoxigraph import Literal, NamedNode

from phkg.curation.fields import Choice, Field
from phkg.curation.known import Known
from phkg.curation.words import faults, how_to_write, word, yes_and_no
from phkg.vocabulary.namespaces import XSD

MOST_CHARACTERS = 10_000
"""The longest value, in characters; the longest text of the first registry has some hundreds."""
MOST_SHOWN = 200
GROUPED = re.compile(r"[0-9]{1,3}([ \u00a0\u202f][0-9]{3})+")
SPACES = re.compile(r"[ \u00a0\u202f]")
FEW = 8
"""As many choices as this are named in a message."""
HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
"""Signs that are not seen, or that turn the direction of writing: a value that holds one is not what it looks like."""


@dataclass(frozen=True)
class Fault:
    """A value that cannot be taken: the key of its field, the value as given, a code of `words.toml`, and what would be right.

    `near` are names or examples to choose from; `advice` says in each language how a value is written.
    """

    key: str
    value: str
    code: str
    label: dict[str, str] = field(default_factory=dict)
    near: tuple[str, ...] = ()
    advice: dict[str, str] = field(default_factory=dict)
    given: dict[str, object] = field(default_factory=dict)

    def sentence(self, language: str) -> str:
        """What is wrong and what would be right, in a language."""
        said = faults()[self.code]
        name = self.label.get(language) or next(iter(self.label.values()), self.key)
        shown = HIDDEN.sub("�", self.value)
        shown = shown if len(shown) <= MOST_SHOWN else shown[:MOST_SHOWN] + "…"
        quoted = ("”{}”" if language == "sv" else "“{}”").format(shown) if self.value else ""
        what = said.get(language, said["en"]).format(**self.given)
        right = self.advice.get(language) or self.advice.get("en", "")
        names = ", ".join(self.near)
        named = word("nearest" if self.code == "no-such-choice" and not self.given.get("all") else "right", language, names=names, right=names)
        return " ".join(part for part in (f"{name}:", quoted, f"{what}.", right, f"({named})" if names else "") if part)


def read_value(one: Field, key: str, text: str, known: Known, language: str) -> NamedNode | Literal | Fault:
    """The term that a text means in a field. `key` may carry a language, as `eligibility@sv`; `language` is that of the messages' names."""
    text = unicodedata.normalize("NFC", text).strip()
    if HIDDEN.search(text):
        return _fault(one, key, text, "hidden-signs", advice="write-plainly")
    if len(text) > MOST_CHARACTERS:
        return _fault(one, key, text, "too-long", advice="shorter", most=MOST_CHARACTERS)
    if one.value in ("choice", "record"):
        return _pointed(one, key, text, known, language)
    if one.value == "text":
        tag = key.partition("@")[2]
        return Literal(text, language=tag) if re.fullmatch("[a-z]{2,3}(-[a-z0-9]{2,8})*", tag) else _fault(one, key, text, "no-language", near=one.keys)
    return _literal(one, key, text)


def _pointed(one: Field, key: str, text: str, known: Known, language: str) -> NamedNode | Fault:
    found = known.matching(one, text)
    if len(found) == 1:
        return NamedNode(found[0].iri)
    if found:
        return _fault(one, key, text, "several", near=tuple(f"{choice.label(language)} ({choice.name})" for choice in found[:FEW]))
    choices = known.choices(one)
    if len(choices) <= FEW:
        return _fault(one, key, text, "no-such-choice", near=tuple(choice.label(language) for choice in choices), all=True)
    return _fault(one, key, text, "no-such-choice", near=tuple(known.nearest(one, text, language)))


def _literal(one: Field, key: str, text: str) -> Literal | Fault:
    if one.value == "boolean":
        meaning = yes_and_no().get(text.casefold())
        return Literal(meaning, datatype=NamedNode(XSD + "boolean")) if meaning else _fault(one, key, text, "form")
    if one.value in ("integer", "decimal"):
        text = SPACES.sub("", text) if GROUPED.fullmatch(text.partition(",")[0]) else text
    if one.value == "decimal":
        text = text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
        text = text if "." in text else f"{text}.0"
    for writing in one.writings:
        if _is_of(writing.datatype, text) and re.search(writing.pattern, text):
            if one.least and float(text) < float(one.least):
                return _fault(one, key, text, "least", least=one.least)
            return Literal(text) if writing.datatype == XSD + "string" else Literal(text, datatype=NamedNode(writing.datatype))
    return _fault(one, key, text, "form")


def _is_of(datatype: str, text: str) -> bool:
    """Whether a text is in the lexical space of a datatype; years have four digits."""
    if datatype in _CALENDAR:
        if not _CALENDAR[datatype].fullmatch(text):
            return False
        try:
            date.fromisoformat(f"{text}-01-01"[:10])
        except ValueError:
            return False
        return True
    return datatype not in _FORMS or bool(_FORMS[datatype].fullmatch(text))


_CALENDAR = {
    XSD + "gYear": re.compile("[0-9]{4}"),
    XSD + "gYearMonth": re.compile("[0-9]{4}-[0-9]{2}"),
    XSD + "date": re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}"),
}
_FORMS = {
    XSD + "integer": re.compile("[+-]?[0-9]{1,18}"),
    XSD + "decimal": re.compile(r"[+-]?[0-9]{1,18}\.[0-9]{1,18}"),
    XSD + "anyURI": re.compile(r'[^\s<>"{}|\\^`]+'),
}


def _fault(one: Field, key: str, text: str, code: str, near: tuple[str, ...] = (), advice: str = "", **given: object) -> Fault:
    says = {language: word(advice, language, **given) for language in ("sv", "en")} if advice else dict(one.help or how_to_write(one.value))
    shown = near or (() if advice or one.value in ("choice", "record") else one.examples)
    return Fault(key, text, code, dict(one.labels), shown, says, given)


def missing(one: Field, known: Known, language: str) -> Fault:
    """That a field which a rule demands has no value."""
    choices: tuple[Choice, ...] = known.choices(one) if one.value == "choice" else ()
    examples = () if one.value in ("choice", "record") else one.examples
    near = tuple(choice.label(language) for choice in choices) if len(choices) <= FEW else examples
    return Fault(one.keys[0], "", "missing", dict(one.labels), near, dict(one.help))
