"""A shared sum as RDF: what was shared, by which model and weights, of which data, and what every region has in every year.

The names are those of a document (`#…`) that whoever keeps it gives an address; nothing of it becomes a record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from phkg.views.allocation import AllocationPage, ModelResult
from phkg.views.allocation_model import ModelRecord
from phkg.vocabulary import ph
from phkg.vocabulary.namespaces import DCTERMS, PROV, RDF, XSD

TYPE = NamedNode(RDF + "type")
PREFIXES = {"ph": ph.NAMESPACE, "prov": PROV, "dcterms": DCTERMS, "xsd": XSD}


def as_turtle(page: AllocationPage, records: tuple[ModelRecord, ...], manifest: Mapping[str, Any], base: str) -> bytes:
    """The amounts of all models that could be worked out, as Turtle; `manifest` is that of the snapshot, `base` the address of the document."""
    triples = [
        triple for result in page.results if not result.trouble for triple in _of(page, result, {one.slug: one for one in records}[result.slug], manifest, base)
    ]
    return serialize(triples, format=RdfFormat.TURTLE, prefixes=PREFIXES)


def _of(page: AllocationPage, result: ModelResult, record: ModelRecord, manifest: Mapping[str, Any], base: str) -> Iterator[Triple]:
    whole = NamedNode(f"{base}#{result.slug}")
    yield Triple(whole, TYPE, ph.Allocation)
    yield Triple(whole, NamedNode(PROV + "wasDerivedFrom"), NamedNode(result.model.iri))
    yield Triple(whole, ph.amount, _whole(page.budget or 0))
    yield Triple(whole, ph.currency, Literal("SEK"))
    yield Triple(whole, NamedNode(DCTERMS + "hasVersion"), Literal(str(manifest["name"])))
    yield Triple(whole, ph.onDate, Literal(str(manifest["date"]), datatype=NamedNode(XSD + "date")))
    if manifest.get("commit"):
        yield Triple(whole, NamedNode(DCTERMS + "identifier"), Literal(str(manifest["commit"])))
    for weight in result.weights:
        setting = NamedNode(f"{base}#{weight.name}")
        yield Triple(setting, TYPE, ph.WeightSetting)
        yield Triple(setting, ph.ofAllocation, whole)
        yield Triple(setting, ph.weight, record.weights[weight.name].iri)
        yield Triple(setting, ph.value, Literal(weight.value if "." in weight.value else f"{weight.value}.0", datatype=NamedNode(XSD + "decimal")))
    for line in result.lines:
        for year, amount in enumerate(line.years, start=1):
            one = NamedNode(f"{base}#{result.slug}-{line.place.iri.rsplit('/', 1)[-1]}-{year}")
            yield Triple(one, TYPE, ph.AllocatedAmount)
            yield Triple(one, ph.ofAllocation, whole)
            yield Triple(one, ph.place, NamedNode(line.place.iri))
            yield Triple(one, ph.yearNumber, _whole(year))
            yield Triple(one, ph.amount, _whole(amount))
            if year == result.final_year:
                yield Triple(one, ph.amountLow, _whole(line.low))
                yield Triple(one, ph.amountHigh, _whole(line.high))
    if result.centre and result.receiver:
        for year in range(1, result.final_year + 1):
            one = NamedNode(f"{base}#{result.slug}-centre-{year}")
            yield Triple(one, TYPE, ph.AllocatedAmount)
            yield Triple(one, ph.ofAllocation, whole)
            yield Triple(one, ph.toOrganisation, NamedNode(result.receiver.iri))
            yield Triple(one, ph.yearNumber, _whole(year))
            yield Triple(one, ph.amount, _whole(result.centre))


def _whole(number: int) -> Literal:
    return Literal(str(number), datatype=NamedNode(XSD + "integer"))
