"""What the endpoint says of itself: a SPARQL 1.1 Service Description."""

from __future__ import annotations

from pyoxigraph import BlankNode, NamedNode, Triple, serialize

from phkg.sparql.formats import GRAPHS
from phkg.vocabulary.namespaces import RDF

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
TABLE_FORMATS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
GRAPH_FORMATS = ("Turtle", "N-Triples", "RDF_XML", "JSON-LD")
DESCRIPTIONS = ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json")
"""Media types of the description, the most wanted first."""


def describe(url: str, media_type: str) -> bytes:
    """The description of the endpoint at an address, in one of the media types of DESCRIPTIONS.

    Raises ValueError when the address is no IRI.
    """
    service, dataset, graph = BlankNode("service"), BlankNode("dataset"), BlankNode("graph")
    triples = [
        (service, RDF + "type", NamedNode(SD + "Service")),
        (service, SD + "endpoint", NamedNode(url)),
        (service, SD + "supportedLanguage", NamedNode(SD + "SPARQL11Query")),
        *((service, SD + "resultFormat", NamedNode(FORMATS + name)) for name in (*TABLE_FORMATS, *GRAPH_FORMATS)),
        (service, SD + "defaultDataset", dataset),
        (dataset, RDF + "type", NamedNode(SD + "Dataset")),
        (dataset, SD + "defaultGraph", graph),
        (graph, RDF + "type", NamedNode(SD + "Graph")),
    ]
    made = (Triple(subject, NamedNode(predicate), object) for subject, predicate, object in triples)
    return bytes(serialize(made, format=GRAPHS[media_type], prefixes={"sd": SD, "formats": FORMATS}) or b"")
