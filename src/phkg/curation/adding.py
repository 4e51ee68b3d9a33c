"""One new record from values to file: filled in, drafted, checked with the whole registry, and written or not."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad, Triple

from phkg.curation.fields import Forms, Kind
from phkg.curation.filing import Drafted, Verdict, check, draft, file_of, prefixes_of, write
from phkg.curation.filled import Filled, Values, fill
from phkg.curation.known import AsWritten, Known
from phkg.curation.words import word
from phkg.records.knowledge import Knowledge
from phkg.turtle.format import write_turtle
from phkg.validation.findings import Finding

SLUG = re.compile("[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Done:
    """Whether the record was written (or, in a rehearsal, would be), and what to tell: each line a sentence or a piece of Turtle."""

    right: bool
    lines: tuple[str, ...]


def add(knowledge: Knowledge, forms: Forms, known: Known, kind: Kind, values: Values, name: str | None, language: str, dry_run: bool = False) -> Done:
    """Adds a record without asking. Raises CannotFile, TurtleSyntaxError and what the check raises."""
    filled, refused = named(fill(kind, values, known, language), name, known, language)
    if refused:
        return Done(False, (refused,))
    if filled.faults:
        return Done(False, (*(fault.sentence(language) for fault in filled.faults), word("nothing-written", language)))
    drafted = draft(knowledge, [filled.triples], known.base, forms.languages)
    verdict = check(knowledge, drafted)
    if verdict.blocking:
        return Done(False, (*(sentence(one, language) for one in verdict.blocking), word("nothing-written", language)))
    return _finish(knowledge, forms, drafted, verdict, [filled], known, language, dry_run)


def converse(
    knowledge: Knowledge,
    forms: Forms,
    known: Known,
    store: AsWritten,
    kind: Kind,
    given: Values,
    name: str | None,
    language: str,
    dry_run: bool,
    say: Callable[[str], None],
) -> Done:
    """Adds a record by asking for it; what the check refuses is asked for again. Raises KeyboardInterrupt and EOFError when one stops."""
    from phkg.curation.asking import Asker  # The terminal's library is only needed here.

    def learn(triples: Sequence[Triple]) -> None:
        store.extend(Quad(one.subject, one.predicate, one.object) for one in triples)

    asker = Asker(forms, known, language, say, learn)
    values = asker.record(kind, given)
    while True:
        filled, refused = named(fill(kind, values, known, language), name, known, language)
        if refused:
            return Done(False, (refused,))
        wrong = [fault.sentence(language) for fault in filled.faults]
        at_fault = {one.iri for one in kind.fields if any(fault.key.partition("@")[0] == one.name for fault in filled.faults)}
        if not wrong:
            records = [*asker.made, filled.triples]
            drafted = draft(knowledge, records, known.base, forms.languages)
            verdict = check(knowledge, drafted)
            wrong = [sentence(one, language) for one in verdict.blocking]
            at_fault = {one.property for one in verdict.blocking if one.record == filled.iri}
        if not wrong:
            break
        for line in (word("mend", language), *wrong):
            say(line)
        if not asker.again(kind, values, at_fault):
            return Done(False, (word("nothing-written", language),))
    added = [Filled(one[0].subject.value, one) for one in records]
    say("\n" + turtle(knowledge, forms, [triple for one in records for triple in one]))
    for one in verdict.remarks:
        say(sentence(one, language))
    if not dry_run and not asker.yes(word("write", language, files=", ".join(drafted.files))):
        return Done(False, (word("nothing-written", language),))
    return _finish(knowledge, forms, drafted, Verdict((), ()), added, known, language, dry_run, shown=True)


def _finish(
    knowledge: Knowledge,
    forms: Forms,
    drafted: Drafted,
    verdict: Verdict,
    added: list[Filled],
    known: Known,
    language: str,
    dry_run: bool,
    shown: bool = False,
) -> Done:
    remarks = [sentence(one, language) for one in verdict.remarks]
    if dry_run:
        return Done(True, (*(() if shown else [turtle(knowledge, forms, [triple for one in added for triple in one.triples])]), *remarks))
    write(knowledge.registry.parent, drafted.files)
    said = [word("written", language, iri=one.iri, file=file_of(one.iri, known.base)) for one in added]
    return Done(True, (*said, *remarks))


def named(filled: Filled, name: str | None, known: Known, language: str) -> tuple[Filled, str]:
    """The record under the last part of an identifier that somebody chose, and why it cannot have it (empty: it can)."""
    if name is None or filled.faults:
        return filled, ""
    if not SLUG.fullmatch(name):
        return filled, word("bad-name", language, name=name)
    iri = f"{filled.iri.rpartition('/')[0]}/{name}"
    if known.has(iri):
        return filled, word("name-taken", language, name=name, iri=iri)
    return Filled(iri, tuple(Triple(NamedNode(iri), one.predicate, one.object) for one in filled.triples)), ""


def turtle(knowledge: Knowledge, forms: Forms, triples: Sequence[Triple]) -> str:
    """Records as they will stand in their file, without the prefixes."""
    text = write_turtle(triples, prefixes_of(knowledge), forms.languages).decode()
    return "\n".join(line for line in text.splitlines() if not line.startswith("@prefix")).strip()


def sentence(finding: Finding, language: str) -> str:
    """What a finding says, as one line: what is wrong, and a right example where the rule has one."""
    said = finding.message.get(language) or next(iter(finding.message.values()), "")
    hint = finding.hint.get(language, "")
    right = f"({word('right', language, right=finding.example)})" if finding.example else ""
    return " ".join(part for part in (said, hint, right) if part)
