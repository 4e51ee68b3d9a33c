"""Taking a record out of use by its form: identifiers are never removed, so it stays and says what replaces it, or why nothing does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pyoxigraph import Literal, NamedNode

from phkg.curation.filing import CannotFile, file_of
from phkg.curation.known import Known
from phkg.curation.web.body import Filled
from phkg.curation.words import word
from phkg.graph.facts import REPLACED, TYPE
from phkg.vocabulary import ph
from phkg.vocabulary.namespaces import XSD

REASON, SUCCESSOR = "retire-reason", "retire-successor"
"""The names of the fields; of the reason one for each language, as `retire-reason@sv`."""


@dataclass(frozen=True)
class Retiring:
    """What was filled in: the reason by language, the identifier of what replaces it, and what is wrong with either, as sentences."""

    reasons: Mapping[str, str]
    successor: str = ""
    wrong: tuple[str, ...] = ()

    @property
    def asked(self) -> bool:
        """Whether the record is to be retired."""
        return bool(self.successor or any(self.reasons.values()))


def read_retiring(filled: Filled, languages: Sequence[str]) -> Retiring:
    """What a form says of retiring."""
    return Retiring({one: filled.one(f"{REASON}@{one}").strip() for one in languages}, filled.one(SUCCESSOR).strip())


def faults_of(retiring: Retiring, record: str, known: Known, language: str) -> tuple[str, ...]:
    """What is wrong with it for a record (its IRI), as sentences; nothing where it is not asked for."""
    if not retiring.asked:
        return ()
    if retiring.successor:
        if any(retiring.reasons.values()):
            return (word("retire-either", language),)
        successor = successor_of(retiring, known)
        if successor == record or not _is_there(successor, known):
            return (word("retire-no-such", language, name=retiring.successor[:200]),)
        return ()
    missing = [one for one, text in retiring.reasons.items() if not text]
    return (word("retire-missing", language, languages=", ".join(missing)),) if missing else ()


def successor_of(retiring: Retiring, known: Known) -> str:
    """The IRI of what replaces the record; it may be given as that, or as what follows the registry's namespace."""
    given = retiring.successor.strip("<>").lstrip("/")
    return known.base + given.removeprefix(known.base)


def _is_there(iri: str, known: Known) -> bool:
    try:
        file_of(iri, known.base)
    except CannotFile:
        return False
    return bool(known.objects(iri, TYPE.value))


def said_of(retiring: Retiring, known: Known, on: date) -> list[tuple[NamedNode, NamedNode | Literal]]:
    """What is said of a record that is retired on a day; nothing where it is not asked for, or wrongly."""
    if not retiring.asked or retiring.wrong:
        return []
    day = Literal(on.isoformat(), datatype=NamedNode(XSD + "date"))
    if retiring.successor:
        return [(ph.retiredOn, day), (REPLACED, NamedNode(successor_of(retiring, known)))]
    return [(ph.retiredOn, day), *((ph.retirementReason, Literal(text, language=tag)) for tag, text in retiring.reasons.items())]
