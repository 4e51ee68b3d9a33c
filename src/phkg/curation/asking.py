"""Asks for the fields of a record in the terminal, one at a time: choices and records are found while one types, and a wrong value is told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.validation import ValidationError, Validator
from pyoxigraph import Triple

from phkg.curation.fields import Choice, Field, Forms, Kind
from phkg.curation.filled import Values, fill
from phkg.curation.known import Known
from phkg.curation.values import Fault, read_value
from phkg.curation.words import word, yes_and_no

MOST_SHOWN = 40
"""As many records are offered at once while one types."""
NEW = "+"
"""The answer that stands for a record which is not there yet."""
Say = Callable[[str], None]


class Choices(Completer):
    """Offers those choices in which every typed word stands, in any language or in the identifier."""

    def __init__(self, choices: Iterable[Choice], language: str) -> None:
        named = [(choice, choice.label(language)) for choice in choices]
        often = [label for _, label in named]
        self._offers = [
            (" ".join((*choice.labels.values(), choice.name)).casefold(), choice, f"{label} ({choice.name})" if often.count(label) > 1 else label)
            for choice, label in named
        ]
        self._language = language

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """What fits the text before the cursor."""
        typed = document.text_before_cursor
        words, shown = typed.casefold().split(), 0
        for text, choice, label in self._offers:
            if all(one in text for one in words):
                said = choice.description.get(self._language, choice.name)
                yield Completion(label, start_position=-len(typed), display_meta=said)
                shown += 1
                if shown == MOST_SHOWN:
                    return


class Check(Validator):
    """Takes an answer only when it can be read."""

    def __init__(self, wrong: Callable[[str], str]) -> None:
        self._wrong = wrong

    def validate(self, document: Document) -> None:
        """Raises ValidationError with what is wrong and what would be right."""
        if message := self._wrong(document.text):
            raise ValidationError(len(document.text), message)


class Asker:
    """One conversation: `made` gathers the triples of records that were added on the way, since the record asked for needs them."""

    def __init__(self, forms: Forms, known: Known, language: str, say: Say, learn: Callable[[Sequence[Triple]], None]) -> None:
        self._forms = forms
        self._known = known
        self._language = language
        self._say = say
        self._learn = learn
        self._session: PromptSession[str] = PromptSession()
        self.made: list[tuple[Triple, ...]] = []

    def record(self, kind: Kind, given: Values) -> dict[str, list[str]]:
        """The values of a record: those given, and the answers for what a rule asks for; then whatever else one wants to say."""
        values = {key: list(texts) for key, texts in given.items()}
        self._say(word("begin", self._language, kind=kind.label(self._language)))
        for group, fields in kind.grouped():
            asked = [one for one in fields if one.need != "optional" and not any(values.get(key) for key in one.keys)]
            if asked:
                self._say(f"\n{group.labels.get(self._language) or word('other', self._language)}")
            for one in asked:
                self.field(one, values)
        self._more(kind, values)
        return values

    def again(self, kind: Kind, values: dict[str, list[str]], properties: Iterable[str]) -> bool:
        """Ask anew for the fields of some properties; False when the form has none of them."""
        asked = [one for one in kind.fields if one.iri in set(properties)]
        for one in asked:
            for key in one.keys:
                values.pop(key, None)
            self.field(one, values)
        return bool(asked)

    def field(self, one: Field, values: dict[str, list[str]]) -> None:
        """Ask for one field, in each of its languages, until there are no more values."""
        for key in one.keys:
            language = key.partition("@")[2]
            needed = one.need == "required" and not any(values.get(other) for other in one.keys)
            # Of a text in several languages one is enough for the rule; the others follow.
            answers = values.setdefault(key, [])
            while answer := self._answer(one, key, language, needed and not answers, bool(answers)):
                answers.append(answer)
                if not one.many or language:
                    break  # Several texts in one language are rare; a file or --set gives them.

    def yes(self, question: str) -> bool:
        """A yes or a no."""
        wrong = lambda text: "" if text.strip().casefold() in yes_and_no() else word("yes-or-no", self._language)  # noqa: E731
        answer = self._session.prompt(f"{question} ", validator=Check(wrong), validate_while_typing=False, completer=None, bottom_toolbar=None)
        return yes_and_no()[answer.strip().casefold()] == "true"

    def _answer(self, one: Field, key: str, language: str, needed: bool, another: bool) -> str:
        marks = [mark for mark in (language, word("required", self._language) if needed else "", word("one-more", self._language) if another else "") if mark]
        question = one.label(self._language) + (f" ({', '.join(marks)})" if marks else "") + ": "
        makes = [kind for kind in self._forms.kinds if one.value == "record" and kind.iri in one.classes]

        def wrong(text: str) -> str:
            if not text.strip():
                return Fault(key, "", "missing", dict(one.labels), (), dict(one.help)).sentence(self._language) if needed else ""
            if text.strip() == NEW and makes:
                return ""
            read = read_value(one, key, text, self._known, self._language)
            return read.sentence(self._language) if isinstance(read, Fault) else ""

        said = " ".join(part for part in (one.description.get(self._language, ""), one.help.get(self._language, "")) if part)
        pointed = one.value in ("choice", "record")
        answer = self._session.prompt(
            question,
            completer=Choices(self._known.choices(one), self._language) if pointed else None,
            complete_while_typing=pointed,
            validator=Check(wrong),
            validate_while_typing=False,
            bottom_toolbar=said or None,
        ).strip()
        return self._new(makes[0]) if answer == NEW and makes else answer

    def _new(self, kind: Kind) -> str:
        """A record that was missing, asked for in between; its IRI is the answer to the question that needed it."""
        values = self.record(kind, {})
        filled = fill(kind, values, self._known, self._language)
        while filled.faults:
            for fault in filled.faults:
                self._say(fault.sentence(self._language))
            self.again(kind, values, {one.iri for one in kind.fields if any(fault.key in one.keys for fault in filled.faults)})
            filled = fill(kind, values, self._known, self._language)
        self.made.append(filled.triples)
        self._learn(filled.triples)
        self._known.forget()
        return filled.iri

    def _more(self, kind: Kind, values: dict[str, list[str]]) -> None:
        """Offer what has not been asked for, by name."""
        while True:
            left = {one.label(self._language): one for one in kind.fields if not any(values.get(key) for key in one.keys)}
            offers = [Choice(one.iri, one.name, one.labels, one.description) for one in left.values()]
            by_name = {name.casefold(): one for label, one in left.items() for name in (label, one.name)}
            wrong = lambda text, names=by_name: "" if not text.strip() or text.strip().casefold() in names else word("no-such-field", self._language)  # noqa: E731
            answer = self._session.prompt(
                f"\n{word('more-fields', self._language)}: ",
                completer=Choices(offers, self._language),
                complete_while_typing=True,
                validator=Check(wrong),
                validate_while_typing=False,
                bottom_toolbar=None,
            )
            if not answer.strip():
                return
            self.field(by_name[answer.strip().casefold()], values)
