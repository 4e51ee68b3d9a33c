"""Every fault that can be reported has a sentence in both languages, with the same parts filled in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from phkg.turtle import reader
from phkg.turtle.faults import SyntaxFault
from phkg.turtle.messages import SENTENCES, sentence
from phkg.turtle.reader import read


def test_every_code_of_the_reader_has_its_sentences():
    source = Path(reader.__file__).read_text(encoding="utf-8")
    reported = set(re.findall(r'(?:_report|_report_gap|_wrong|SyntaxFault)\(\s*"([a-z0-9-]+)"', source))
    reported |= set(re.findall(r'code(?:, expected)? = "([a-z-]+)"', source))
    assert reported | {"undefined-prefix-near"} == set(SENTENCES)


@pytest.mark.parametrize("code", SENTENCES)
def test_both_languages_fill_in_the_same_parts(code):
    parts = {language: set(re.findall(r"{(\w+)}", text)) for language, text in SENTENCES[code].items()}
    assert set(parts) == {"sv", "en"}
    assert parts["sv"] == parts["en"]


def test_a_wrong_prefix_asks_for_the_right_one():
    [fault] = read(b"@prefix region: <urn:r:> .\n<urn:s> <urn:p> regoin:x .").errors
    assert sentence(fault, "sv") == "Prefixet regoin: är inte angivet överst i filen. Menade du region:?"
    assert sentence(fault, "en") == "The prefix regoin: is not declared at the top of the file. Did you mean region:?"


def test_a_language_without_sentences_gets_english():
    fault = SyntaxFault("expected-dot", 1, 1, 1, 2)
    assert sentence(fault, "fi") == sentence(fault, "en")
