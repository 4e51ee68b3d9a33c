"""Pages that are texts: about the registry, how it works, accessibility, privacy; with terms of the vocabulary that they explain."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from phkg.views.reader import Link, Reader, Text
from phkg.views.site import DEFINITION
from phkg.vocabulary import ph


@dataclass(frozen=True)
class Writing:
    """A text as it is kept: its heading, what follows it in Markdown, and the names of the terms that it explains."""

    name: str
    heading: str
    markdown: str
    terms: tuple[str, ...] = ()


@dataclass(frozen=True)
class TermLine:
    """A term of the vocabulary with its definition there."""

    term: Link
    definition: Text | None


@dataclass(frozen=True)
class TextPage:
    """A text of the registry; `text` is Markdown (CommonMark)."""

    name: str
    title: Text
    text: Text
    terms: tuple[TermLine, ...]


def text_page(reader: Reader, writing: Writing) -> TextPage:
    """The page of a text, in the language of the reader."""
    terms = [NamedNode(ph.NAMESPACE + name) for name in writing.terms]
    return TextPage(
        name=writing.name,
        title=Text(writing.heading, reader.language),
        text=Text(writing.markdown, reader.language),
        terms=tuple(TermLine(reader.link(one), reader.text(one, DEFINITION)) for one in terms),
    )


def read_writing(name: str, source: str) -> Writing:
    """A text from its file: a line `terms:` if any, the heading after a `#`, and the rest.

    Raises ValueError when the text does not begin with a heading.
    """
    rest = source.lstrip()
    terms: tuple[str, ...] = ()
    if rest.startswith("terms:"):
        line, _, rest = rest.partition("\n")
        terms = tuple(line.removeprefix("terms:").split())
    heading, _, markdown = rest.lstrip().partition("\n")
    if not heading.startswith("# "):
        raise ValueError(f"The text {name} must begin with a heading: a line with # and its title.")
    return Writing(name, heading.removeprefix("# ").strip(), markdown.strip(), terms)
