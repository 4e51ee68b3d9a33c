"""What pages tell search engines, in the words of schema.org: the page, the thing it is about, and the registry as a data set.

Which class of schema.org a record is of is said in the ontology (`rdfs:subClassOf`), not here. Used are only terms of schema.org
itself; a test holds every one against its vocabulary.
"""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup
from pyoxigraph import Literal, NamedNode

from phkg.publishing.history import Change
from phkg.views.facts import Web, facts
from phkg.views.reader import ADDRESS, Reader
from phkg.views.records import Head
from phkg.views.site import ALT_LABEL, DESCRIPTION, SUB_CLASS_OF, TYPE
from phkg.vocabulary import ph
from phkg.vocabulary.namespaces import DCTERMS, ORG, SCHEMA

PUBLISHER = NamedNode(DCTERMS + "publisher")
ISSUED = NamedNode(DCTERMS + "issued")
PARENT = NamedNode(ORG + "subOrganizationOf")
WIDER = {"Organization": (PARENT, "parentOrganization"), "AdministrativeArea": (ph.within, "containedInPlace")}
"""How the things of a class of schema.org lie within others: our property and theirs."""
ELSEWHERE = {ORG + "Organization": "Organization"}
"""Classes of other vocabularies that are a class of schema.org, with the name that they have there."""


def as_script(document: dict[str, Any]) -> Markup:
    """A document as the text of a `<script>` data block, with nothing in it that could end the block (HTML, section 4.12.1.3)."""
    text = json.dumps(document, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - escaped above for where it stands


def record_document(reader: Reader, head: Head, origin: str, path: str, licence: str | None, changes: tuple[Change, ...]) -> dict[str, Any]:
    """A record's page and the thing that it is about. `origin` is the site's address without a slash at its end, `path` the page's."""
    page: dict[str, Any] = {
        "@type": "WebPage",
        "@id": origin + path,
        "url": origin + path,
        "name": head.label.value,
        "inLanguage": reader.language,
        "isPartOf": {"@id": f"{origin}/#site"},
        "mainEntity": {"@id": head.iri},
        "breadcrumb": _breadcrumb(origin, path, reader, head),
        "isAccessibleForFree": True,
    }
    if licence:
        page["license"] = licence
    if changes:
        page |= {"dateCreated": changes[0].when, "dateModified": changes[-1].when}
    return {"@context": "https://schema.org", "@graph": [page, _thing(reader, head)]}


def site_document(reader: Reader, origin: str, search: str, data: str, licence: str | None) -> dict[str, Any]:
    """The site and the registry as a data set; `search` and `data` are the addresses of their pages."""
    registry = reader.site.registry
    name, description = reader.label(registry).value, reader.text(registry, DESCRIPTION)
    target = {"@type": "EntryPoint", "urlTemplate": f"{origin}{search}?q={{query}}"}
    site = {
        "@type": "WebSite",
        "@id": f"{origin}/#site",
        "url": f"{origin}/{reader.language}/",
        "name": name,
        "inLanguage": list(reader.site.languages),
        "potentialAction": {"@type": "SearchAction", "target": target, "query-input": "required name=query"},
    }
    dataset: dict[str, Any] = {
        "@type": "Dataset",
        "@id": registry.value,
        "name": name,
        "url": f"{origin}{data}",
        "isAccessibleForFree": True,
        "inLanguage": list(reader.site.languages),
        "version": reader.site.snapshot,
    }
    if description:
        dataset["description"] = description.value
    if licence:
        dataset["license"] = licence
    return {"@context": "https://schema.org", "@graph": [site, dataset]}


def schema_classes(reader: Reader, record: NamedNode) -> list[str]:
    """The nearest classes of schema.org above a record's own classes; `Thing` when the ontology names none."""
    row = [iri for iri in reader.graph.objects(record, TYPE) if isinstance(iri, NamedNode)]
    found: list[str] = []
    for class_ in row:
        if class_.value.startswith(SCHEMA):
            found.append(class_.value[len(SCHEMA) :])
        elif class_.value in ELSEWHERE:
            found.append(ELSEWHERE[class_.value])
        else:
            row += [iri for iri in reader.graph.objects(class_, SUB_CLASS_OF) if isinstance(iri, NamedNode) and iri not in row]
    return sorted(set(found)) or ["Thing"]


def _thing(reader: Reader, head: Head) -> dict[str, Any]:
    record = NamedNode(head.iri)
    classes = schema_classes(reader, record)
    graph = reader.graph
    thing: dict[str, Any] = {"@type": classes if len(classes) > 1 else classes[0], "@id": head.iri, "name": head.label.value}
    others = [value.value for value in graph.objects(record, ALT_LABEL) if isinstance(value, Literal)]
    if others:
        thing["alternateName"] = list(dict.fromkeys(others))
    if head.description:
        thing["description"] = head.description.value
    address = graph.text(record, ADDRESS) or ""
    if address.startswith(("https://", "http://")):
        thing["url"] = address
    identifiers = [
        {"@type": "PropertyValue", "propertyID": fact.label.value, "value": value.shown, "url": value.address}
        for fact in facts(reader, record)
        if graph.text(NamedNode(fact.property), ph.lookupUrl)
        for value in fact.values
        if isinstance(value, Web)
    ]
    if identifiers:
        thing["identifier"] = identifiers
    if "CreativeWork" in classes:
        publisher, issued = graph.text(record, PUBLISHER), graph.text(record, ISSUED)
        if publisher:
            thing["publisher"] = {"@type": "Organization", "name": publisher}
        if issued:
            thing["datePublished"] = issued
    for class_, (predicate, name) in WIDER.items():
        wider = [iri for iri in graph.objects(record, predicate) if isinstance(iri, NamedNode)] if class_ in classes else []
        if wider:
            thing[name] = [{"@type": class_, "@id": iri.value, "name": reader.label(iri).value} for iri in wider]
    return thing


def _breadcrumb(origin: str, path: str, reader: Reader, head: Head) -> dict[str, Any]:
    steps = [(reader.label(reader.site.registry).value, f"/{reader.language}/"), (head.list_label.value, head.list_path)]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": origin + target}
            for place, (name, target) in enumerate([*steps, (head.label.value, path)], 1)
        ],
    }
