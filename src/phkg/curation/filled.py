"""From filled-in values to a record: its identifier and its triples, or everything that is wrong with the values."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from phkg.curation.fields import PLACEHOLDER, TYPE, Field, Kind, expanded
from phkg.curation.known import Known
from phkg.curation.shape_rules import local_name
from phkg.curation.values import Fault, missing, read_value
from phkg.vocabulary.namespaces import RDF

MOST_SIGNS = 60
"""The longest part of an identifier that is made from a text, in characters."""
NUMBER = "#"
TRANSLATED = str.maketrans({"ø": "o", "æ": "ae", "ß": "ss", "đ": "d", "ł": "l", "þ": "th", "ð": "d"})

Values = Mapping[str, Sequence[str]]
"""What was filled in: key of a field (see `Field.keys`) → the values; empty texts are no values."""
Terms = dict[str, list[NamedNode | Literal]]


@dataclass(frozen=True)
class Filled:
    """A record as filled in: its IRI and triples; both are empty when there are faults."""

    iri: str
    triples: tuple[Triple, ...]
    faults: tuple[Fault, ...] = ()


def fill(kind: Kind, values: Values, known: Known, language: str, taken: Callable[[str], bool] | None = None) -> Filled:
    """The record of a kind that these values mean.

    `language` is that in which names are shown in messages; `taken` tells which identifiers are in use (those of `known` unless given).
    """
    terms, faults = read_terms(kind, values, known, language)
    faults += [missing(one, known, language) for one in kind.fields if one.need == "required" and one.iri not in terms and not _told(one, faults)]
    if faults:
        return Filled("", (), tuple(faults))
    iri = address(kind, terms, known, taken or known.has)
    if not iri:
        return Filled("", (), (Fault(kind.name, "", "no-name", dict(kind.labels)),))
    return Filled(iri, as_triples(iri, kind, terms))


def as_triples(iri: str, kind: Kind, terms: Terms) -> tuple[Triple, ...]:
    """What a record says, from its terms."""
    subject = NamedNode(iri)
    said = [Triple(subject, NamedNode(property_), value) for property_, found in terms.items() for value in found]
    return (Triple(subject, TYPE, NamedNode(kind.iri)), *said)


def read_terms(kind: Kind, values: Values, known: Known, language: str) -> tuple[Terms, list[Fault]]:
    """The terms of filled-in values by property, and what cannot be read; that something is missing is not said here."""
    terms: Terms = {}
    faults: list[Fault] = []
    for key, texts in values.items():
        given = [text for text in texts if text.strip()]
        if not given:
            continue
        one = kind.field(key.partition("@")[0])
        if one is None or (one.value != "text" and "@" in key):
            near = difflib.get_close_matches(key, [name for each in kind.fields for name in each.keys], n=3)
            faults.append(Fault(key, given[0], "unknown-field", near=tuple(near)))
            continue
        if len(given) > 1 and not one.many:
            faults.append(Fault(key, "; ".join(given), "repeated", dict(one.labels)))
            continue
        for text in given:
            term = read_value(one, key, text, known, language)
            if isinstance(term, Fault):
                faults.append(term)
            elif term not in terms.setdefault(one.iri, []):
                terms[one.iri].append(term)
    return terms, faults


def _told(one: Field, faults: Iterable[Fault]) -> bool:
    return any(fault.key.partition("@")[0] == one.name for fault in faults)


def slug(text: str) -> str:
    """A text as a part of an identifier: small letters a–z, digits and single hyphens, cut at a word when it is long."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(TRANSLATED)).encode("ascii", "ignore").decode()
    whole = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(whole) <= MOST_SIGNS:
        return whole
    cut = whole[: MOST_SIGNS + 1]
    return cut.rpartition("-")[0] or whole[:MOST_SIGNS]


def address(kind: Kind, terms: Terms, known: Known, taken: Callable[[str], bool]) -> str:
    """An identifier for a record, as its kind's pattern says, that is not in use; empty when the values give it no name."""
    start, parts = known.base, kind.address
    if first := PLACEHOLDER.match(parts):
        owner = next(iter(_values(first[1], kind, terms, known)), None)
        start, parts = getattr(owner, "value", ""), parts[first.end() :]
        if not start:
            return ""

    def part(match: re.Match[str]) -> str:
        if match[1] == NUMBER:
            return match[0]
        found = next(iter(_values(match[1], kind, terms, known)), None)
        return "" if found is None else slug(local_name(found.value) if isinstance(found, NamedNode) else found.value)

    made = PLACEHOLDER.sub(part, parts)
    made = re.sub(r"-{2,}", "-", made)
    made = re.sub(r"(?<=/)-|-(?=/|$)", "", made)
    if made.endswith("/") or "//" in made:
        return ""
    whole = start + made
    if f"{{{NUMBER}}}" in whole:
        return next(one for number in range(1, 1_000_000) if not taken(one := whole.replace(f"{{{NUMBER}}}", str(number))))
    return whole if not taken(whole) else next(one for number in range(2, 1_000_000) if not taken(one := f"{whole}-{number}"))


def _values(path: str, kind: Kind, terms: Terms, known: Known) -> list[NamedNode | Literal]:
    """What a placeholder of an address pattern stands for: the first alternative that has values."""
    for alternative in path.split("|"):
        names, _, language = alternative.partition("@")
        steps = [expanded(name) for name in names.split("/")]
        if steps[0] == RDF + "type":
            return [NamedNode(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", kind.iri))]
        found = list(terms.get(steps[0], ()))
        for step in steps[1:]:
            found = [value for one in found if isinstance(one, NamedNode) for value in known.objects(one.value, step)]
        if language:
            found.sort(key=lambda value: getattr(value, "language", None) != language)
        if found:
            return found
    return []
