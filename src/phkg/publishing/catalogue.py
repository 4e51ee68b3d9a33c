"""The registry as a data set for data portals: a catalogue by DCAT-AP 3, and statistics by VoID.

Who publishes is what the registry says of itself (`dcterms:publisher`), else its title; addresses of persons are never among it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Triple
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from phkg.publishing.described import Description
from phkg.publishing.downloads import Downloads
from phkg.publishing.dumps import Dump, DumpFile
from phkg.publishing.linked_data import LinkedData
from phkg.publishing.rdf_formats import SUFFIXES
from phkg.publishing.site import Published
from phkg.views.site import DESCRIPTION, TITLE, TYPE, Site
from phkg.views.usage import Usage
from phkg.vocabulary import ph
from phkg.vocabulary.namespaces import DCAT, DCATAP, DCTERMS, FOAF, ORG, QB, SCHEMA, SKOS, SPDX, VCARD, VOID, XSD

AUTHORITY = "http://publications.europa.eu/resource/authority/"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
FILE_TYPES = {
    "text/turtle": "RDF_TURTLE",
    "application/n-triples": "RDF_N_TRIPLES",
    "application/n-quads": "RDF_N_QUADS",
    "application/ld+json": "JSON_LD",
    "text/csv": "CSV",
}
"""Formats in the authority table of file types of the European Union."""

LANGUAGES = dict(
    zip(
        "bg cs da de el en es et fi fr ga hr hu it lt lv mt nb nl nn pl pt ro sk sl sv".split(),
        "BUL CES DAN DEU ELL ENG SPA EST FIN FRA GLE HRV HUN ITA LIT LAV MLT NOB NLD NNO POL POR RON SLK SLV SWE".split(),
        strict=True,
    )
)
"""ISO 639-1 codes with their entry in the authority table of languages of the European Union."""

CLASS_OF_VALUE = {
    DCTERMS + "license": DCTERMS + "LicenseDocument",
    DCTERMS + "language": DCTERMS + "LinguisticSystem",
    DCTERMS + "conformsTo": DCTERMS + "Standard",
    DCTERMS + "accessRights": DCTERMS + "RightsStatement",
    DCTERMS + "format": DCTERMS + "MediaTypeOrExtent",
    DCTERMS + "spatial": DCTERMS + "Location",
    DCAT + "mediaType": DCTERMS + "MediaType",
    DCAT + "compressFormat": DCTERMS + "MediaType",
    DCAT + "contactPoint": VCARD + "Kind",
    DCAT + "landingPage": FOAF + "Document",
    SPDX + "algorithm": SPDX + "ChecksumAlgorithm",
    FOAF + "homepage": FOAF + "Document",
}
"""What DCAT-AP asks the values of a property to be; said beside them, so that a portal need not fetch it from elsewhere.

Concepts of the authority tables are left out: they must have labels then, and those are not ours to copy.
"""

THEME, KEYWORD, PUBLISHER = (NamedNode(iri) for iri in (DCAT + "theme", DCAT + "keyword", DCTERMS + "publisher"))

CONTACT = NamedNode(SCHEMA + "url")
"""Where the one who answers for the registry can be reached."""

Fact = tuple[NamedNode, str, NamedNode | Literal]


class Catalogue:
    """Answers `/catalogue` and `/void` in every form of RDF; a browser is led to the page of the downloads."""

    def __init__(self, linked_data: LinkedData, downloads: Downloads) -> None:
        self._linked_data = linked_data
        self._downloads = downloads

    def routes(self) -> list[Route]:
        """The routes."""
        routes: list[Route] = []
        for suffix in ("", *SUFFIXES):
            routes.append(Route(f"/catalogue{suffix}", self.catalogue, methods=["GET", "HEAD"]))
            routes.append(Route(f"/void{suffix}", self.void, methods=["GET", "HEAD"]))
        return routes

    def catalogue(self, request: Request) -> Response:
        """The catalogue with its data set, distributions and service."""
        origin = str(request.base_url).rstrip("/")

        def find(published: Published) -> Description:
            return _described(with_classes(catalogue_facts(published.site, self._downloads.current(), origin)))

        return self._linked_data.answer(request, find, lambda published, code: f"/{code}/data/")

    def void(self, request: Request) -> Response:
        """Statistics of the data set."""
        origin = str(request.base_url).rstrip("/")

        def find(published: Published) -> Description:
            return _described(void_facts(published.site, published.usage, self._downloads.current(), origin))

        return self._linked_data.answer(request, find, lambda published, code: f"/{code}/data/")


def catalogue_facts(site: Site, dump: Dump, origin: str) -> Iterator[Fact]:
    """The catalogue as facts; `origin` is the address of the site without a slash at its end.

    Source: DCAT-AP 3.0.0, with what DCAT-AP-SE asks for besides as far as the registry knows it.
    """
    catalogue, dataset, service, publisher, contact = (
        NamedNode(f"{site.base}catalogue{name}") for name in ("", "#dataset", "#sparql", "#publisher", "#contact")
    )
    graph, registry = site.graph, site.registry
    titles, descriptions = graph.objects(registry, TITLE), graph.objects(registry, DESCRIPTION)
    licence = NamedNode(dump.licence) if dump.licence else None
    name = graph.text(registry, PUBLISHER)
    modified = Literal(site.date, datatype=NamedNode(XSD + "date"))
    languages = [NamedNode(f"{AUTHORITY}language/{LANGUAGES[code]}") for code in site.languages if code in LANGUAGES]
    yield catalogue, TYPE.value, NamedNode(DCAT + "Catalog")
    yield catalogue, DCAT + "dataset", dataset
    yield catalogue, DCAT + "service", service
    yield catalogue, FOAF + "homepage", NamedNode(f"{origin}/")
    for thing in (catalogue, dataset, service):
        yield from ((thing, DCTERMS + "title", title) for title in titles)
        yield from ((thing, DCTERMS + "description", text) for text in descriptions or titles)
        yield thing, DCTERMS + "publisher", publisher
        yield thing, DCTERMS + "modified", modified
        yield from ((thing, DCTERMS + "license", licence) for _ in range(1) if licence)
        yield from ((thing, DCTERMS + "language", language) for language in languages)
    for thing in (dataset, service):
        yield thing, DCAT + "contactPoint", contact
        yield thing, DCTERMS + "accessRights", NamedNode(f"{AUTHORITY}access-right/PUBLIC")
        yield from ((thing, DCAT + "theme", NamedNode(theme.value)) for theme in graph.objects(registry, THEME))
        yield from ((thing, DCAT + "keyword", word) for word in graph.objects(registry, KEYWORD))
    yield dataset, TYPE.value, NamedNode(DCAT + "Dataset")
    yield dataset, DCTERMS + "identifier", Literal(registry.value)
    yield dataset, DCAT + "version", Literal(site.snapshot)
    yield dataset, DCAT + "landingPage", NamedNode(f"{origin}/data/")
    yield dataset, DCTERMS + "conformsTo", NamedNode(ph.NAMESPACE.rstrip("#"))
    nation = graph.object(registry, ph.nation)
    if isinstance(nation, NamedNode):
        yield dataset, DCTERMS + "spatial", nation
    yield service, TYPE.value, NamedNode(DCAT + "DataService")
    yield service, DCAT + "endpointURL", NamedNode(f"{origin}/sparql")
    yield service, DCAT + "endpointDescription", NamedNode(f"{origin}/sparql")
    yield service, DCAT + "servesDataset", dataset
    yield service, DCTERMS + "conformsTo", NamedNode("https://www.w3.org/TR/sparql11-protocol/")
    yield publisher, TYPE.value, NamedNode(FOAF + "Agent")
    yield from ((publisher, FOAF + "name", title) for title in ([Literal(name)] if name else titles))
    yield contact, TYPE.value, NamedNode(VCARD + "Organization")
    yield from ((contact, VCARD + "fn", title) for title in ([Literal(name)] if name else titles))
    reached = graph.text(registry, CONTACT) or ""
    yield contact, VCARD + "hasURL", NamedNode(reached if reached.startswith(("https://", "http://")) else f"{origin}/")
    for file in dump.files:
        distribution = NamedNode(f"{site.base}catalogue#file-{file.name}")
        yield dataset, DCAT + "distribution", distribution
        yield from _distribution(distribution, file, f"{origin}/data/{dump.snapshot}/{file.name}", licence)
        yield distribution, DCTERMS + "modified", modified


def with_classes(facts: Iterable[Fact]) -> Iterator[Fact]:
    """Facts, each followed by what its value is where DCAT-AP asks for that."""
    for subject, predicate, value in facts:
        yield subject, predicate, value
        if predicate in CLASS_OF_VALUE and isinstance(value, NamedNode):
            yield value, TYPE.value, NamedNode(CLASS_OF_VALUE[predicate])


def void_facts(site: Site, used: Usage, dump: Dump, origin: str) -> Iterator[Fact]:
    """The statistics of the data set: how many triples, subjects, of which classes, by which properties. Source: VoID (W3C, 2011)."""
    dataset = NamedNode(f"{site.base}catalogue#dataset")
    graph = site.graph
    yield dataset, TYPE.value, NamedNode(VOID + "Dataset")
    yield from ((dataset, DCTERMS + "title", title) for title in graph.objects(site.registry, TITLE))
    if dump.licence:
        yield dataset, DCTERMS + "license", NamedNode(dump.licence)
    yield dataset, DCTERMS + "modified", Literal(site.date, datatype=NamedNode(XSD + "date"))
    yield dataset, VOID + "triples", Literal(sum(used.properties.values()))
    yield dataset, VOID + "entities", Literal(used.things[""])
    yield dataset, VOID + "classes", Literal(len(used.classes))
    yield dataset, VOID + "properties", Literal(len(used.properties))
    yield dataset, VOID + "uriSpace", Literal(site.base)
    yield dataset, VOID + "sparqlEndpoint", NamedNode(f"{origin}/sparql")
    yield dataset, FOAF + "homepage", NamedNode(f"{origin}/")
    for namespace in (ph.NAMESPACE, SKOS, DCTERMS, ORG, QB):
        yield dataset, VOID + "vocabulary", NamedNode(namespace)
    for kind in site.kinds:
        yield from ((dataset, VOID + "exampleResource", record) for record in site.records(kind)[:1])
    for file in dump.files:
        if not file.part:
            yield dataset, VOID + "dataDump", NamedNode(f"{origin}/data/{dump.snapshot}/{file.name}")
    for place, (class_, count) in enumerate(used.classes.items(), 1):
        partition = NamedNode(f"{site.base}void#class-{place}")
        yield dataset, VOID + "classPartition", partition
        yield partition, VOID + "class", NamedNode(class_)
        yield partition, VOID + "entities", Literal(count)
    for place, (predicate, count) in enumerate(used.properties.items(), 1):
        partition = NamedNode(f"{site.base}void#property-{place}")
        yield dataset, VOID + "propertyPartition", partition
        yield partition, VOID + "property", NamedNode(predicate)
        yield partition, VOID + "triples", Literal(count)


def _distribution(distribution: NamedNode, file: DumpFile, address: str, licence: NamedNode | None) -> Iterator[Fact]:
    checksum = NamedNode(f"{distribution.value}-sha256")
    yield distribution, TYPE.value, NamedNode(DCAT + "Distribution")
    yield distribution, DCTERMS + "title", Literal(file.name)
    yield distribution, DCAT + "accessURL", NamedNode(address)
    yield distribution, DCAT + "downloadURL", NamedNode(address)
    yield distribution, DCAT + "mediaType", NamedNode(MEDIA_TYPES + file.media_type)
    yield distribution, DCTERMS + "format", NamedNode(f"{AUTHORITY}file-type/{FILE_TYPES[file.media_type]}")
    if file.compressed:
        yield distribution, DCAT + "compressFormat", NamedNode(f"{MEDIA_TYPES}application/gzip")
    yield distribution, DCAT + "byteSize", Literal(str(file.size), datatype=NamedNode(XSD + "nonNegativeInteger"))
    yield distribution, DCATAP + "availability", NamedNode(f"{AUTHORITY}planned-availability/STABLE")
    if licence:
        yield distribution, DCTERMS + "license", licence
    yield distribution, SPDX + "checksum", checksum
    yield checksum, TYPE.value, NamedNode(SPDX + "Checksum")
    yield checksum, SPDX + "algorithm", NamedNode(SPDX + "checksumAlgorithm_sha256")
    yield checksum, SPDX + "checksumValue", Literal(file.sha256, datatype=NamedNode(XSD + "hexBinary"))


def _described(facts: Iterable[Fact]) -> Description:
    subjects: dict[NamedNode, dict[Triple, None]] = {}
    for subject, predicate, value in facts:
        subjects.setdefault(subject, {})[Triple(subject, NamedNode(predicate), value)] = None
    return Description(tuple(tuple(triples) for triples in subjects.values()))
