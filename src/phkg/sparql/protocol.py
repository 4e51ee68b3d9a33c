"""A request of the SPARQL 1.1 Protocol: what came over HTTP, turned into a question, or into a problem."""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from pyoxigraph import NamedNode

from phkg.publishing.codings import best_coding
from phkg.publishing.negotiation import best_media_type
from phkg.sparql.formats import GRAPHS, NAMES, TABLES, named
from phkg.sparql.frames import Question
from phkg.sparql.limits import Limits
from phkg.sparql.problems import Problem, not_acceptable, read_only, say

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
        raise Problem(413, "query-too-long", say("address-too-long", most=limits.address))
    parameters = _parameters(query_string, "address", limits)
    if method == "POST":
        parameters |= _body_parameters(headers, body, parameters, limits)
    if "update" in parameters:
        raise read_only()
    queries = parameters.get("query", [])
    if not queries and method != "POST":
        return Asked(None, limits.seconds)
    query = _one(parameters, "query")
    if query is None or not query.strip():
        raise Problem(400, "no-query", say("no-query"))
    if len(query.encode()) > limits.query:
        raise Problem(413, "query-too-long", say("query-too-long", most=limits.query))
    default, others = _graphs(parameters, "default-graph-uri"), _graphs(parameters, "named-graph-uri")
    # A dataset named in the request is the whole dataset: what it does not name is not in it.
    given = bool(default or others)
    table, graph = _types(parameters.get("format", []), headers.get("accept", ""))
    question = Question(query, url, default if given else None, others if given else None, table, graph, best_coding(headers.get("accept-encoding", "")))
    return Asked(question, _seconds(_one(parameters, "timeout"), limits))


def _parameters(data: bytes, where: str, limits: Limits) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    pairs = data.split(b"&")
    if len(pairs) > limits.parameters:
        raise Problem(400, "too-many-parameters", say(f"{where}-too-many", most=limits.parameters))
    try:
        for name, _, value in (pair.partition(b"=") for pair in pairs if pair):
            found.setdefault(form_decoded(name), []).append(form_decoded(value))
    except UnicodeError:
        raise Problem(400, "not-utf-8", say(f"{where}-not-utf-8")) from None
    return found


def form_decoded(data: bytes) -> str:
    """A name or value of a form (application/x-www-form-urlencoded, URL Standard, section 5.1). Raises UnicodeError when it is not UTF-8.

    The standard library's `unquote_plus` says the same ten times slower: it took longer than looking up a triple.
    """
    text = data.decode("ascii").replace("+", " ")
    if "%" not in text:
        return text
    with suppress(UnicodeDecodeError):
        # An escape of Python's is a percent sign's of the web, but for the sign: so the interpreter itself reads them.
        return text.replace("\\", "\\\\").replace("%", "\\x").encode("ascii").decode("unicode_escape").encode("latin-1").decode()
    # A percent sign that escapes nothing stands for itself.
    return unquote(text, errors="strict")


def _body_parameters(headers: Mapping[str, str], body: bytes, address: Mapping[str, list[str]], limits: Limits) -> dict[str, list[str]]:
    kind, *rest = (part.strip() for part in headers.get("content-type", "").split(";"))
    kind = kind.lower()
    if kind == UPDATE:
        raise read_only(415, {"Accept-Post": f"{QUERY}, {FORM}"})
    if kind not in (FORM, QUERY):
        taken = f"{QUERY}, {FORM}"
        detail = say("body-type", given=kind, taken=taken) if kind else say("no-body-type", taken=taken)
        raise Problem(415, "body-type", detail, headers={"Accept-Post": f"{QUERY}, {FORM}"})
    for parameter in rest:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset" and value.strip().strip('"').lower() not in ("utf-8", "utf8"):
            raise Problem(415, "body-type", say("body-charset"))
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise Problem(415, "body-type", say("body-packed"))
    if kind == FORM:
        found = _parameters(body, "body", limits)
        return {name: [*address.get(name, []), *values] for name, values in found.items()}
    try:
        return {"query": [*address.get("query", []), body.decode()]}
    except UnicodeDecodeError:
        raise Problem(400, "not-utf-8", say("query-not-utf-8")) from None


def _one(parameters: Mapping[str, list[str]], name: str) -> str | None:
    values = parameters.get(name, [])
    if len(values) > 1:
        raise Problem(400, "repeated", say("repeated", name=name, times=len(values)))
    return values[0] if values else None


def _graphs(parameters: Mapping[str, list[str]], name: str) -> tuple[str, ...]:
    iris = tuple(parameters.get(name, ()))
    for iri in iris:
        try:
            NamedNode(iri)
        except ValueError:
            raise Problem(400, "graph-iri", say("graph-iri", given=iri[:200], name=name)) from None
    return iris


def _types(formats: list[str], accept: str) -> tuple[str | None, str | None]:
    # SPARQLWrapper names a format twice, by its name and by its media type or by nothing: the first that there is counts.
    for format in formats:
        if types := named(format):
            return types
    if formats:
        raise Problem(400, "format", say("format", given=formats[0][:100], offered=", ".join(NAMES)))
    types = _accepted(accept)
    if not any(types):
        raise not_acceptable("no-type", {**TABLES, **GRAPHS})
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
        raise Problem(400, "timeout", say("timeout", given=value[:100]))
    return min(seconds, limits.seconds)
