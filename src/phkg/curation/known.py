"""What a registry holds already, as one who fills in a form needs it: records to choose from, and whether an identifier is taken."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from pyoxigraph import Dataset, Literal, NamedNode, Quad, RdfFormat, parse

from phkg.curation.fields import Choice, Field, Forms, read_forms
from phkg.curation.shape_rules import texts
from phkg.records.files import FileEntry, entries, read_entry
from phkg.records.knowledge import Knowledge
from phkg.records.languages import languages_of
from phkg.validation.run import load_shapes
from phkg.views.graph import Graph
from phkg.vocabulary import ph
from phkg.vocabulary.namespaces import DCTERMS, RDF, RDFS, SCHEMA, SKOS

TYPE = NamedNode(RDF + "type")
SUB_CLASS_OF = NamedNode(RDFS + "subClassOf")
NAMES = tuple(NamedNode(iri) for iri in (SKOS + "prefLabel", DCTERMS + "title"))
OTHER_NAMES = (NamedNode(SKOS + "altLabel"), ph.shortName, NamedNode(SCHEMA + "url"))
NEAREST = 3


class AsWritten:
    """Triples with every literal as it stands in its file (a store would make 59 of 59.0), looked up by one pattern as in a store."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._set = Dataset(quads)
        self._done: list[tuple[bool, Quad]] = []

    def extend(self, quads: Iterable[Quad]) -> None:
        """Add triples."""
        for quad in quads:
            if quad not in self._set:
                self._done.append((True, quad))
                self._set.add(quad)

    def remove(self, quads: Iterable[Quad]) -> None:
        """Take triples away; what is not there stays away."""
        for quad in quads:
            if quad in self._set:
                self._done.append((False, quad))
                self._set.discard(quad)

    def undo(self) -> None:
        """Take back all that was added and removed."""
        while self._done:
            was_added, quad = self._done.pop()
            if was_added:
                self._set.discard(quad)
            else:
                self._set.add(quad)

    def quads_for_pattern(self, subject, predicate, value, graph_name=None) -> Iterator[Quad]:
        """Every quad that fits; None fits all."""
        if subject is not None:
            found = self._set.quads_for_subject(subject)
        elif value is not None:
            found = self._set.quads_for_object(value)
        else:
            found = self._set.quads_for_predicate(predicate) if predicate is not None else iter(self._set)
        return (one for one in found if predicate in (None, one.predicate) and value in (None, one.object))


class Known:
    """Look-ups in a graph of the ontology and the records; `base` is the namespace of the records. Later records are added by `add`."""

    def __init__(self, graph: Graph, base: str) -> None:
        self.graph = graph
        self.base = base
        self._choices: dict[tuple[str, ...], tuple[Choice, ...]] = {}
        self._by_text: dict[tuple[str, ...], dict[str, list[Choice]]] = {}

    def forget(self) -> None:
        """Read the choices anew: the graph has got more records."""
        self._choices, self._by_text = {}, {}

    @contextmanager
    def for_now(self) -> Iterator[None]:
        """Within this, the graph may get records; afterwards, when they are gone again, the choices are those of before."""
        before = dict(self._choices), dict(self._by_text)
        try:
            yield
        finally:
            self._choices, self._by_text = before

    def choices(self, field: Field) -> tuple[Choice, ...]:
        """What a value of a field can point to: its concepts in their order, or the records of its classes by name; none that is retired."""
        if field.value == "choice":
            return field.choices
        found = self._choices.get(field.classes)
        if found is None:
            records = {record for class_ in field.classes for record in self._of_class(NamedNode(class_))} or self._all(field)
            current = (one for one in records if not self.graph.is_retired(one))
            found = tuple(sorted(map(self._choice, current), key=lambda one: (one.label("").casefold(), one.iri)))
            self._choices[field.classes] = found
        return found

    def matching(self, field: Field, text: str) -> list[Choice]:
        """What a text may mean in a field: an IRI, a short name, or a name or other name in any language, letter case aside."""
        table = self._by_text.get(key := (field.value, *field.classes))
        if table is None:
            table = self._by_text[key] = {}
            for choice in self.choices(field):
                said = {choice.iri, choice.name, choice.iri.removeprefix(self.base), *choice.labels.values(), *self._other_names(choice)}
                for one in {one.casefold() for one in said}:
                    table.setdefault(one, []).append(choice)
                for label in {label.casefold() for label in choice.labels.values()}:
                    table.setdefault(f"{label} ({choice.name})".casefold(), []).append(choice)
        wanted = text.strip().strip("<>").casefold()
        found = table.get(wanted, [])
        exact = [one for one in found if wanted in (one.iri.casefold(), one.name)]
        return exact if len(exact) == 1 else found or table.get(wanted.partition(":")[2], [])

    def nearest(self, field: Field, text: str, language: str) -> list[str]:
        """Labels that look like a text that means nothing, the likest first."""
        labels = {choice.label(language): choice for choice in self.choices(field)}
        by_case = {label.casefold(): label for label in labels}
        by_case.update({choice.name: label for label, choice in labels.items()})
        found = difflib.get_close_matches(text.strip().casefold(), by_case, n=NEAREST, cutoff=0.55)
        return list(dict.fromkeys(by_case[one] for one in found))

    def has(self, iri: str) -> bool:
        """Whether anything is said of this identifier."""
        return bool(self.graph.about(NamedNode(iri)))

    def of_kind(self, class_: str) -> list[str]:
        """The IRIs of the records whose class this is."""
        return [one.value for one in self.graph.subjects(TYPE, NamedNode(class_)) if one.value.startswith(self.base)]

    def objects(self, iri: str, property_: str) -> list[NamedNode | Literal]:
        """The values of a property of a record."""
        return self.graph.objects(NamedNode(iri), NamedNode(property_))

    def label(self, iri: str, language: str) -> str:
        """The name of a record in a language, else in any, else the end of its identifier."""
        return self._choice(NamedNode(iri)).label(language)

    def _choice(self, record: NamedNode) -> Choice:
        labels: dict[str, str] = {}
        for name in NAMES:
            labels = labels or texts(self.graph.objects(record, name))
        inside = record.value.removeprefix(self.base)
        return Choice(record.value, inside.partition("/")[2] or inside, labels)

    def _other_names(self, choice: Choice) -> list[str]:
        found = (value for name in OTHER_NAMES for value in self.graph.objects(NamedNode(choice.iri), name))
        return [value.value for value in found if isinstance(value, Literal)]

    def _of_class(self, class_: NamedNode) -> set[NamedNode]:
        classes = [class_]
        for one in classes:
            classes += [below for below in self.graph.subjects(SUB_CLASS_OF, one) if below not in classes]
        return {record for one in classes for record in self.graph.subjects(TYPE, one) if record.value.startswith(self.base)}

    def _all(self, field: Field) -> set[NamedNode]:
        """Every record, for a field that takes any."""
        if field.classes:
            return set()
        folders = {value.value for _, value in self.graph.pairs(ph.folder)}
        typed = (subject for subject, _ in self.graph.pairs(TYPE))
        return {one for one in typed if one.value.removeprefix(self.base).split("/")[0] in folders}


def read_known(knowledge: Knowledge) -> tuple[Forms, Known, AsWritten]:
    """The forms of a registry, what it holds, and the triples that both look in, from its files. A file with faults gives nothing.

    Raises CannotValidate when the shapes cannot be read, LookupError when the registry does not say its namespace or kinds.
    """
    triples = AsWritten(_quads(knowledge))
    graph = Graph(triples)
    base = next((value.value for _, value in graph.pairs(ph.recordNamespace)), "")
    if not base:
        raise LookupError("registry/registry.ttl does not say which namespace the records have (ph:recordNamespace).")
    return read_forms(load_shapes(knowledge), graph, languages_of(knowledge)), Known(graph, base), triples


def _quads(knowledge: Knowledge) -> Iterator[Quad]:
    for entry in entries(knowledge):
        if isinstance(entry, FileEntry) and isinstance(data := read_entry(entry), bytes):
            try:
                yield from list(parse(data, format=RdfFormat.TURTLE))
            except SyntaxError:
                continue  # `phkg validate` tells of it; its records cannot be chosen until it is mended.
