"""What the endpoint says of itself: a SPARQL 1.1 Service Description, with VoID statistics of the data and the limits of a query."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, serialize

from phkg.sparql.formats import GRAPHS
from phkg.sparql.limits import Limits
from phkg.sparql.statistics import Statistics
from phkg.vocabulary import ph
from phkg.vocabulary.namespaces import DCTERMS, RDF, RDFS, SCHEMA, XSD

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
FORMATS = "http://www.w3.org/ns/formats/"
PREFIXES = {"sd": SD, "void": VOID, "formats": FORMATS, "dcterms": DCTERMS, "schema": SCHEMA, "xsd": XSD, "rdfs": RDFS}
TABLE_FORMATS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
GRAPH_FORMATS = ("Turtle", "N-Triples", "RDF_XML", "JSON-LD")
DESCRIPTIONS = ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json")
"""Media types of the description, the most wanted first."""

TOLD = {DCTERMS + "title", DCTERMS + "description", DCTERMS + "license"}
SECOND, BYTE, ONE = "SEC", "AD", "C62"
"""Units of limits, as codes of UN/CEFACT Recommendation 20."""

Node = NamedNode | BlankNode
Fact = tuple[Node, str, NamedNode | BlankNode | Literal]


def describe(url: str, media_type: str, limits: Limits, statistics: Statistics | None) -> bytes:
    """The description of the endpoint at an address, in one of the media types of DESCRIPTIONS; without statistics what is known besides.

    Raises ValueError when the address is no IRI.
    """
    service, dataset, graph = (NamedNode(f"{url}#{name}") for name in ("service", "dataset", "graph"))
    facts: list[Fact] = [
        (service, RDF + "type", NamedNode(SD + "Service")),
        (service, SD + "endpoint", NamedNode(url)),
        (service, SD + "supportedLanguage", NamedNode(SD + "SPARQL11Query")),
        (service, SD + "feature", NamedNode(SD + "EmptyGraphs")),
        *((service, SD + "resultFormat", NamedNode(FORMATS + name)) for name in (*TABLE_FORMATS, *GRAPH_FORMATS)),
        (service, SD + "defaultDataset", dataset),
        (dataset, RDF + "type", NamedNode(SD + "Dataset")),
        (dataset, RDF + "type", NamedNode(VOID + "Dataset")),
        (dataset, VOID + "sparqlEndpoint", NamedNode(url)),
        (dataset, SD + "defaultGraph", graph),
        (graph, RDF + "type", NamedNode(SD + "Graph")),
        *_limits(service, limits),
        *(_counts(dataset, graph, statistics) if statistics else ()),
    ]
    made = (Triple(subject, NamedNode(predicate), object) for subject, predicate, object in facts)
    return bytes(serialize(made, format=GRAPHS[media_type], prefixes=PREFIXES) or b"")


def _limits(service: Node, limits: Limits) -> Iterator[Fact]:
    told = (
        ("timeout", limits.seconds, SECOND, "Longest time that a query may run; the parameter timeout asks for less."),
        ("memory", limits.memory, BYTE, "Memory that a query may take."),
        ("rows", limits.rows, ONE, "Rows or triples of the longest answer; a longer one is refused whole (413)."),
        ("answer", limits.answer, BYTE, "Bytes of the longest answer, uncompressed; a longer one is refused whole (413)."),
        ("query", limits.query, BYTE, "Bytes of the longest query, sent by POST."),
        ("address", limits.address, BYTE, "Bytes of the longest query string of an address, sent by GET."),
        ("running", limits.client_workers, ONE, "Queries of one client that run at once; its next ones wait."),
        ("waiting", limits.share, ONE, "Queries of one client that wait; its next one is turned away (429)."),
    )
    for name, value, unit, text in told:
        limit = BlankNode(name)
        yield service, SCHEMA + "additionalProperty", limit
        yield limit, RDF + "type", NamedNode(SCHEMA + "PropertyValue")
        yield limit, SCHEMA + "propertyID", Literal(name)
        yield limit, SCHEMA + "value", Literal(value)
        yield limit, SCHEMA + "unitCode", Literal(unit)
        yield limit, SCHEMA + "description", Literal(text, language="en")
    refused = "Read-only. SERVICE is refused, and no graph is ever fetched: FROM and the graph parameters name graphs of this data set."
    yield service, RDFS + "comment", Literal(refused, language="en")


def _counts(dataset: Node, graph: Node, statistics: Statistics) -> Iterator[Fact]:
    yield graph, RDF + "type", NamedNode(VOID + "Dataset")
    yield graph, VOID + "triples", Literal(statistics.triples)
    for name, number in (
        ("triples", statistics.triples),
        ("distinctSubjects", statistics.subjects),
        ("distinctObjects", statistics.objects),
        ("classes", len(statistics.classes)),
        ("properties", len(statistics.properties)),
    ):
        yield dataset, VOID + name, Literal(number)
    for kind, counts, unit in (("class", statistics.classes, "entities"), ("property", statistics.properties, "triples")):
        for number, (iri, count) in enumerate(counts.items()):
            part = BlankNode(f"{kind}{number}")
            yield dataset, f"{VOID}{kind}Partition", part
            yield part, VOID + kind, NamedNode(iri)
            yield part, VOID + unit, Literal(count)
    for predicate, value in statistics.registry:
        if predicate in TOLD:
            link = value.datatype.value == XSD + "anyURI"
            yield dataset, predicate, NamedNode(value.value) if link else value
        elif predicate == ph.recordNamespace.value:
            yield dataset, VOID + "uriSpace", Literal(value.value)
