"""The page of the vocabulary: classes, properties by what they are said of, concept schemes."""

from __future__ import annotations

from pyoxigraph import NamedNode

from phkg.publishing.reference.markdown import anchor, code, page, prose, table
from phkg.publishing.reference.sources import TYPE, Written, compact, text_in
from phkg.views.graph import Graph
from phkg.vocabulary import ph
from phkg.vocabulary.namespaces import OWL, PH, RDFS, SKOS

LABEL, DOMAIN, RANGE, WIDER = (NamedNode(RDFS + name) for name in ("label", "domain", "range", "subClassOf"))
DEFINITION, EXAMPLE, PREF_LABEL, IN_SCHEME = (NamedNode(SKOS + name) for name in ("definition", "example", "prefLabel", "inScheme"))
CLASS, SCHEME = NamedNode(OWL + "Class"), NamedNode(SKOS + "ConceptScheme")
PROPERTY_KINDS = tuple(NamedNode(OWL + name) for name in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty"))
INTRO = """
Every term that the files of a registry use, from `ontology/`. The namespace of `ph:` is <{namespace}>. Labels are given in
{languages}. What a record must have is in [shapes.md](shapes.md).
"""


def vocabulary_page(written: Written) -> str:
    """The page as Markdown."""
    graph = written.vocabulary
    intro = INTRO.format(namespace=PH, languages=", ".join(written.languages))
    return page("Vocabulary", intro, _classes(written, graph), *_properties(written, graph), _schemes(written, graph))


def _classes(written: Written, graph: Graph) -> str:
    rows = []
    for iri in _order(graph, graph.subjects(TYPE, CLASS)):
        folder = graph.text(iri, ph.folder)
        rows.append(
            (
                anchor(_name(iri)) + code(compact(iri.value)),
                _labels(written, graph, iri, LABEL),
                _definition(graph, iri),
                ", ".join(code(compact(one.value)) for one in graph.objects(iri, WIDER)),
                code(f"{folder}/") if folder else "",
            )
        )
    return "## Classes\n\n" + table(("class", "label", "definition", "narrower than", "folder"), rows)


def _properties(written: Written, graph: Graph) -> list[str]:
    by_domain: dict[str, list[NamedNode]] = {}
    for iri in dict.fromkeys(one for kind in PROPERTY_KINDS for one in graph.subjects(TYPE, kind)):
        domain = graph.text(iri, DOMAIN)
        by_domain.setdefault(compact(domain) if domain else "", []).append(iri)
    parts = []
    for domain in sorted(by_domain):
        title = f"## Properties of {code(domain)}" if domain else "## Properties of records of several kinds"
        rows = [
            (
                anchor(_name(iri)) + code(compact(iri.value)),
                _labels(written, graph, iri, LABEL),
                _definition(graph, iri),
                ", ".join(code(compact(one.value)) for one in graph.objects(iri, RANGE)),
                "<br>".join(code(value.value) for value in graph.objects(iri, EXAMPLE)[:2]),
            )
            for iri in _order(graph, by_domain[domain])
        ]
        parts.append(f"{title}\n\n" + table(("property", "label", "definition", "value", "example"), rows))
    return parts


def _schemes(written: Written, graph: Graph) -> str:
    parts = ["## Concept schemes"]
    for scheme in graph.subjects(TYPE, SCHEME):
        slug = scheme.value.rsplit("/", 1)[-1]
        rows = [
            (code(f"{slug}:{_name(iri)}"), _labels(written, graph, iri, PREF_LABEL), _definition(graph, iri))
            for iri in _order(graph, graph.subjects(IN_SCHEME, scheme))
        ]
        parts.append(f"### {_labels(written, graph, scheme, PREF_LABEL)}\n\n{anchor(slug)}`{slug}:` — {_definition(graph, scheme)}")
        parts.append(table(("concept", "label", "definition"), rows))
    return "\n\n".join(parts)


def _order(graph: Graph, iris: list[NamedNode]) -> list[NamedNode]:
    """By rank where there is one, then by name."""
    return sorted(iris, key=lambda iri: (graph.integer(iri, ph.rank) or 10_000, compact(iri.value).casefold()))


def _labels(written: Written, graph: Graph, iri: NamedNode, predicate: NamedNode) -> str:
    """The labels in all languages of the registry; this documentation is English, so English stands first."""
    languages = sorted(written.languages, key=lambda language: language != "en")
    labels = (text_in(graph.objects(iri, predicate), language) for language in languages)
    return " · ".join(prose(label) for label in dict.fromkeys(labels) if label)


def _definition(graph: Graph, iri: NamedNode) -> str:
    return prose(text_in(graph.objects(iri, DEFINITION), "en"))


def _name(iri: NamedNode) -> str:
    return iri.value.replace("#", "/").rsplit("/", 1)[-1]
