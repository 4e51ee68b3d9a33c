"""A request of the SPARQL 1.1 Protocol: what came over HTTP, turned into a question, or into a problem."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl

from pyoxigraph import NamedNode

from phkg.publishing.negotiation import best_media_type
from phkg.sparql.codings import best_coding
from phkg.sparql.formats import GRAPHS, NAMES, TABLES, named
from phkg.sparql.frames import Question
from phkg.sparql.limits import Limits
from phkg.sparql.problems import READ_ONLY, Problem, not_acceptable

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"


@dataclass(frozen=True)
class Asked:
    """A question with the seconds it may take; without a question (None) the client asks for the service description."""

    question: Question | None
    seconds: float


def read_request(method: str, headers: Mapping[str, str], query_string: bytes, body: bytes, url: str, limits: Limits) -> Asked:
    """What a GET, HEAD or POST asks for. `url` is the endpoint's own address; header names are in lower case.

    Raises Problem when it asks for nothing that can be answered.
    """
    if len(query_string) > limits.address:
        raise Problem(413, "query-too-long", f"The address is longer than {limits.address:,} bytes; send the query by POST.")
    parameters = _parameters(query_string, "address", limits)
    if method == "POST":
        parameters |= _body_parameters(headers, body, parameters, limits)
    if "update" in parameters:
        raise Problem(400, "read-only", READ_ONLY)
    queries = parameters.get("query", [])
    if not queries and method != "POST":
        return Asked(None, limits.seconds)
    query = _one(parameters, "query")
    if query is None or not query.strip():
        raise Problem(400, "no-query", "The request has no query: give one as the parameter query, or POST it as application/sparql-query.")
    if len(query.encode()) > limits.query:
        raise Problem(413, "query-too-long", f"The query is longer than {limits.query:,} bytes.")
    default, others = _graphs(parameters, "default-graph-uri"), _graphs(parameters, "named-graph-uri")
    # A dataset named in the request is the whole dataset: what it does not name is not in it.
    given = bool(default or others)
    table, graph = _types(parameters.get("format", []), headers.get("accept", ""))
    question = Question(query, url, default if given else None, others if given else None, table, graph, best_coding(headers.get("accept-encoding", "")))
    return Asked(question, _seconds(_one(parameters, "timeout"), limits))


def _parameters(data: bytes, where: str, limits: Limits) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    try:
        pairs = parse_qsl(data.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=limits.parameters)
    except UnicodeError:
        raise Problem(400, "not-utf-8", f"The parameters in the {where} are not UTF-8 with percent-encoding.") from None
    except ValueError:
        raise Problem(400, "too-many-parameters", f"The {where} has more than {limits.parameters} parameters.") from None
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def _body_parameters(headers: Mapping[str, str], body: bytes, address: Mapping[str, list[str]], limits: Limits) -> dict[str, list[str]]:
    kind, *rest = (part.strip() for part in headers.get("content-type", "").split(";"))
    kind = kind.lower()
    if kind == UPDATE:
        raise Problem(415, "read-only", READ_ONLY, headers={"Accept-Post": f"{QUERY}, {FORM}"})
    if kind not in (FORM, QUERY):
        said = f"“{kind}”" if kind else "no Content-Type"
        raise Problem(415, "body-type", f"The body has {said}; send it as {QUERY} or {FORM}.", headers={"Accept-Post": f"{QUERY}, {FORM}"})
    for parameter in rest:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset" and value.strip().strip('"').lower() not in ("utf-8", "utf8"):
            raise Problem(415, "body-type", "The body has to be in UTF-8.")
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise Problem(415, "body-type", "The body has to be sent without compression.")
    if kind == FORM:
        found = _parameters(body, "body", limits)
        return {name: [*address.get(name, []), *values] for name, values in found.items()}
    try:
        return {"query": [*address.get("query", []), body.decode()]}
    except UnicodeDecodeError:
        raise Problem(400, "not-utf-8", "The query is not UTF-8.") from None


def _one(parameters: Mapping[str, list[str]], name: str) -> str | None:
    values = parameters.get(name, [])
    if len(values) > 1:
        raise Problem(400, "repeated", f"The parameter {name} is given {len(values)} times; once is right.")
    return values[0] if values else None


def _graphs(parameters: Mapping[str, list[str]], name: str) -> tuple[str, ...]:
    iris = tuple(parameters.get(name, ()))
    for iri in iris:
        try:
            NamedNode(iri)
        except ValueError:
            raise Problem(400, "graph-iri", f"“{iri[:200]}” in {name} is no absolute IRI.") from None
    return iris


def _types(formats: list[str], accept: str) -> tuple[str | None, str | None]:
    # SPARQLWrapper names a format twice, by its name and by its media type or by nothing: the first that there is counts.
    for format in formats:
        if types := named(format):
            return types
    if formats:
        raise Problem(400, "format", f"“{formats[0][:100]}” is no format. There are: {', '.join(NAMES)}, or a media type.")
    types = _accepted(accept)
    if not any(types):
        raise not_acceptable("any answer", {**TABLES, **GRAPHS})
    return types


@lru_cache(256)
def _accepted(accept: str) -> tuple[str | None, str | None]:
    return best_media_type(accept, tuple(TABLES)), best_media_type(accept, tuple(GRAPHS))


def _seconds(value: str | None, limits: Limits) -> float:
    if value is None:
        return limits.seconds
    try:
        seconds = float(value)
    except ValueError:
        seconds = math.nan
    if not seconds > 0:
        raise Problem(400, "timeout", f"“{value[:100]}” in timeout is no number of seconds above 0, such as 2 or 0.5.")
    return min(seconds, limits.seconds)
