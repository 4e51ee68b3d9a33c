"""What a change does to identifiers: removed, used for something else, no longer retired; and files that are not in the one form."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pyoxigraph import Literal, NamedNode, Store, Triple

from phkg.graph.facts import RETIRED, TYPE
from phkg.turtle.document import Position
from phkg.turtle.excerpt import read_about
from phkg.turtle.files import formatted
from phkg.turtle.locate import snippet
from phkg.turtle.reader import read
from phkg.validation.findings import Finding
from phkg.validation.words import languages, own_finding
from phkg.vocabulary.namespaces import DCTERMS, RDFS, SKOS

_LABELS = tuple(NamedNode(iri) for iri in (SKOS + "prefLabel", RDFS + "label", DCTERMS + "title"))


def described(files: Mapping[str, bytes], iris: Collection[str] | None = None) -> dict[NamedNode, tuple[str, list[Triple]]]:
    """Every named subject with a class, with the file it stands in and all that is said of it there; faults of syntax are passed over.

    With `iris` only these, of files that have no faults.
    """
    found: dict[NamedNode, tuple[str, list[Triple]]] = {}
    for name, data in sorted(files.items()):
        for statement in (read(data) if iris is None else read_about(data, iris)).triples:
            if isinstance(statement.subject.term, NamedNode) and (iris is None or statement.subject.term.value in iris):
                found.setdefault(statement.subject.term, (name, []))[1].append(statement.triple)
    return {subject: (name, said) for subject, (name, said) in found.items() if any(triple.predicate == TYPE for triple in said)}


def identifier_findings(
    before: Mapping[NamedNode, tuple[str, Sequence[Triple]]],
    head: Store,
    unread: Iterable[str],
    moved: Mapping[str, str],
) -> Iterator[Finding]:
    """A finding for each identifier of the files that a change touches, `before` it, which does not mean the same after it.

    `head` is the whole graph after it, `unread` are files with faults (of which nothing is known), `moved` leads from former
    identifiers to what seems to be their new ones.
    """
    broken = frozenset(unread)
    for subject, (name, said) in sorted(before.items(), key=lambda item: item[0].value):
        kinds = {quad.object for quad in head.quads_for_pattern(subject, TYPE, None)}
        if name in broken and not kinds:
            continue
        about = {"record": subject.value, "record_label": _labels(said)}
        if not kinds:
            successor = moved.get(subject.value, "")
            values = {"iri": f"<{subject.value}>", "successor": f"<{successor}>"}
            yield own_finding("identifier-removed", name, values=values, hint="hint_moved" if successor else "hint", **about)
            continue
        were = {triple.object for triple in said if triple.predicate == TYPE}
        if not kinds & were:
            values = {"iri": f"<{subject.value}>", "before": _names(were, head), "after": _names(kinds, head)}
            yield own_finding("identifier-reused", name, values=values, **about)
        if any(triple.predicate in RETIRED for triple in said) and not any(
            next(head.quads_for_pattern(subject, predicate, None), None) for predicate in RETIRED
        ):
            yield own_finding("retirement-undone", name, values={"iri": f"<{subject.value}>"}, **about)


def form_findings(files: Mapping[str, bytes], order: Sequence[str]) -> Iterator[Finding]:
    """A finding for each file that is not in canonical form, at the first line that differs; `order` are the languages of the registry."""
    for name, data in sorted(files.items()):
        result = formatted(data, order)
        if not result.changed:
            continue
        lines, right = data.decode("utf-8", "replace").split("\n"), result.data.decode().split("\n")
        line = next((at for at, (one, other) in enumerate(zip(lines, right, strict=False)) if one != other), min(len(lines), len(right)) - 1)
        end = len(lines[line]) + 1
        shown = snippet(lines[line].encode(), Position(1, 1, end))
        example = right[line].strip() if line < len(right) else ""
        found = own_finding("not-canonical", name, values={"name": name}, line=line + 1, end_column=end, snippet=shown)
        yield replace(found, example=example)


def _labels(said: Iterable[Triple]) -> dict[str, str]:
    found: dict[str, str] = {}
    for triple in said:
        if triple.predicate in _LABELS and isinstance(triple.object, Literal):
            found.setdefault(triple.object.language or "", triple.object.value)
    return found


def _names(kinds: Iterable[NamedNode], head: Store) -> dict[str, str]:
    """The names of classes by language; the end of the IRI where there is none."""
    found: dict[str, list[str]] = {language: [] for language in languages()}
    for kind in sorted(kinds, key=lambda one: one.value):
        labels = _labels(Triple(quad.subject, quad.predicate, quad.object) for quad in head.quads_for_pattern(kind, _LABELS[1], None))
        for language, names in found.items():
            names.append(labels.get(language) or kind.value)
    return {language: ", ".join(names) for language, names in found.items()}
