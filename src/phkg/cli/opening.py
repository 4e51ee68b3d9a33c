"""What the commands that work with records share: the registry opened with its forms, or the program ended in words."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from phkg.curation.fields import Forms, Kind
    from phkg.curation.known import AsWritten, Known
    from phkg.records.knowledge import Knowledge


@dataclass(frozen=True)
class Opened:
    """A registry: its files, the forms of its kinds, what it holds, the triples both look in, and the language to speak."""

    knowledge: Knowledge
    forms: Forms
    known: Known
    store: AsWritten
    spoken: str

    def kind(self, name: str | None) -> Kind | None:
        """The kind of a name, None for none; ends the program when there is no such kind."""
        from phkg.curation.words import word

        kind = self.forms.kind(name) if name else None
        if name and kind is None:
            stop(word("no-such-kind-here", self.spoken, name=name))
        return kind


def opened(root: Path | None, language: str | None) -> Opened:
    """The registry in a folder (None: the program's own), spoken of in `language` (None: its first); ends the program where there is none."""
    from phkg.curation.known import read_known
    from phkg.records.knowledge import KnowledgeNotFound, find_knowledge
    from phkg.validation.run import CannotValidate

    try:
        knowledge = find_knowledge(root)
        forms, known, store = read_known(knowledge)
    except (KnowledgeNotFound, CannotValidate, LookupError) as error:
        stop(str(error))
    return Opened(knowledge, forms, known, store, language or next(iter(forms.languages), "en"))


def stop(message: str, status: int = 2) -> NoReturn:
    """End the program with a message to the person who called it."""
    click.echo(message, err=True)
    sys.exit(status)
