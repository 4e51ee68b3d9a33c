"""The pages of messages, one in each language: what the check says, why that is most often so, and what to do."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from pyoxigraph import NamedNode

from phkg.publishing.reference.markdown import code, page, prose, table
from phkg.publishing.reference.shapes import MESSAGE, NAME, local_name, rules_of, severity_of
from phkg.publishing.reference.sources import Written, text_in
from phkg.validation.shapes_graph import ShapesGraph, sh
from phkg.vocabulary import ph

FRAME = {
    "sv": (
        "Meddelanden",
        "Vad `phkg validate` säger om en post, vad det oftast beror på och vad man gör. Sök på orden i meddelandet. **Fel** stoppar en ändring; en varning "
        "eller ett påpekande gör det inte. Reglerna själva står i [shapes.md](shapes.md), kontroller av filer i [file-checks.md](file-checks.md).",
        ("det säger", "orsaken är ofta", "gör så", "rätt"),
        {"violation": "fel", "warning": "varning", "info": "påpekande"},
    ),
    "en": (
        "Messages",
        "What `phkg validate` says of a record, what it most often comes from, and what to do. Search for the words of the message. An **error** stops a change; "
        "a warning or a note does not. The rules themselves are in [shapes.md](shapes.md), the checks of files in [file-checks.md](file-checks.md).",
        ("it says", "the cause is often", "do", "right"),
        {"violation": "error", "warning": "warning", "info": "note"},
    ),
}
SENTENCE_END = re.compile(r"(?<=[.;]) (?=\S)")


@cache
def causes() -> dict[str, dict[str, str]]:
    """Component of SHACL → language → why a rule made of it is broken."""
    return tomllib.loads((Path(__file__).parent / "causes.toml").read_text(encoding="utf-8"))


def messages_pages(written: Written) -> dict[str, str]:
    """File name → text, for every language that the pages have words in."""
    rules = rules_of(written.shapes)
    return {f"messages.{language}.md": _page(written, rules, language) for language in FRAME}


def _page(written: Written, rules: list[NamedNode], language: str) -> str:
    title, intro, head, severities = FRAME[language]
    sections = []
    for file in written.shapes_files:
        rows = []
        for rule in (rule for rule in rules if rule.value in file.described):
            says = text_in(written.shapes.objects(rule, MESSAGE), language)
            what, _, do = SENTENCE_END.sub("\0", says, count=1).partition("\0")
            hint = text_in(written.shapes.objects(rule, ph.hint), language)
            link = f"[{severities[severity_of(written.shapes, rule)]}](shapes.md#{file.name}-{local_name(rule)})"
            right = code(text_in(written.shapes.objects(rule, ph.rightExample), "en"))
            rows.append((f"{prose(what)} ({link})", prose(cause(written.shapes, rule, language)), prose(" ".join(part for part in (do, hint) if part)), right))
        if rows:
            sections.append(f"## {file.name}\n\n" + table(head, rows))
    return page(title, intro, *sections)


def cause(shapes: ShapesGraph, rule: NamedNode, language: str) -> str:
    """Why a rule is most often broken. Raises LookupError for a rule of a component that has no words yet."""
    for component, words in causes().items():
        if shapes.objects(rule, sh(component)):
            return words[language].format(name=text_in(shapes.objects(rule, NAME), language))
    raise LookupError(f"{rule.value} is made of a component that causes.toml has no words for")
