"""The twelve queries of the comparison, each with constants that change with a number, so that no two of a kind are the same."""

from __future__ import annotations

from benchmarks.turtle_text import BASE

PREFIXES = (
    "PREFIX ph: <https://w3id.org/phkg/ontology#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
    f"PREFIX m: <{BASE}methods/> PREFIX r: <{BASE}regions/> PREFIX i: <{BASE}indications/> "
)
METHODS, REGIONS, INDICATIONS = 2_500, 21, 1_500
"""How many of them a registry of a million triples has."""
OFFSETS = 2_000
"""Rows that are passed over are fewer than this."""

QUERIES = {
    "point": "SELECT ?label {{ m:m{method} skos:prefLabel ?label }} LIMIT {many}",
    "label": 'SELECT ?s ?label {{ ?s skos:prefLabel ?label FILTER(CONTAINS(LCASE(?label), "{digits}")) }} LIMIT 50',
    "matrix": "SELECT ?m ?place ?state {{ ?use ph:indication i:i{indication} ; ph:method ?m . ?s ph:method ?m ; ph:place ?place ; ph:state ?state }} LIMIT {many}",
    "regions": "SELECT ?place (COUNT(?s) AS ?n) {{ ?s a ph:ImplementationStatement ; ph:place ?place ; ph:confidence ?c FILTER(?c != r:none{n}) }} GROUP BY ?place",
    "path": "SELECT ?t {{ m:m{method} ph:technology/skos:broader* ?t }} LIMIT {many}",
    "page": (
        "SELECT * {{ m:m{method} skos:prefLabel ?label ; ph:technology ?t OPTIONAL {{ m:m{method} ph:geneCount ?genes }} "
        "OPTIONAL {{ m:m{method} ph:specimen ?sp . ?sp skos:prefLabel ?spl }} OPTIONAL {{ ?t skos:prefLabel ?tl }} }} LIMIT {many}"
    ),
    "construct": "CONSTRUCT {{ m:m{method} ?p ?o }} {{ m:m{method} ?p ?o }} LIMIT {many}",
    "ask": "ASK {{ m:m{method} ph:technology ?t FILTER(?t != r:none{n}) }}",
    "rows": "SELECT ?s ?m ?place {{ ?s ph:method ?m ; ph:place ?place ; ph:state ?state }} OFFSET {offset} LIMIT {rows}",
    "distinct": "SELECT (COUNT(DISTINCT ?m) AS ?n) {{ ?s ph:place r:r{region} ; ph:method ?m FILTER(?m != m:none{n}) }}",
    "absent": "SELECT (COUNT(?m) AS ?n) {{ ?m a ph:DiagnosticMethod FILTER NOT EXISTS {{ ?use ph:method ?m ; ph:indication i:i{indication} }} FILTER(?m != m:none{n}) }}",
    "newest": "SELECT ?s ?since {{ ?s ph:since ?since ; ph:place r:r{region} FILTER(?s != m:none{n}) }} ORDER BY DESC(?since) ?s LIMIT 20",
}
LIGHT = ("point", "page", "construct", "ask")
"""The queries that take an engine less than a millisecond."""


def query(name: str, n: int) -> str:
    """A query by its name; each number makes it another text with other constants."""
    values = {"method": n % METHODS + 1, "region": n % REGIONS + 1, "indication": n % INDICATIONS + 1}
    # Every number is equally much work: what changes past the offset is how many rows more are asked for.
    values |= {"offset": n % OFFSETS, "rows": 10_000 + n // OFFSETS}
    return PREFIXES + QUERIES[name].format(n=n, many=1_000_000 + n, digits=f"metod {n % 2_503}", **values)
