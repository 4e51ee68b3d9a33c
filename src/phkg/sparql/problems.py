"""Errors of the endpoint as a person reads them: what is wrong, where, and what would be right (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from phkg.sparql.formats import GRAPHS, TABLES
from phkg.sparql.frames import Answer
from phkg.sparql.limits import Limits
from phkg.sparql.service import Place

MEDIA_TYPE = "application/problem+json"
READ_ONLY = (
    "This endpoint is read-only: it answers queries (SELECT, ASK, CONSTRUCT, DESCRIBE) and takes no updates. "
    "That is no fault in your syntax."
)
SHARE = "waiting"
"""The name of the limit that a client's share of the queue is, in the RateLimit fields."""
WAYS_OUT = "Ask for less with LIMIT, page through it with ORDER BY, LIMIT and OFFSET, or take the whole data set as a dump."


@dataclass(eq=False)
class Problem(Exception):
    """A request that is not answered. `code` is stable for programs; `place` is in the query's text, from 1."""

    status: int
    code: str
    detail: str
    place: Place | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> bytes:
        """The problem in JSON."""
        told: dict[str, object] = {"type": "about:blank", "title": HTTPStatus(self.status).phrase, "status": self.status}
        told |= {"code": self.code, "detail": self.detail}
        if self.place:
            told |= {"line": self.place.line, "column": self.place.column}
        return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def service_refused(place: Place | None) -> Problem:
    """SERVICE in a query."""
    detail = (
        "SERVICE is switched off here: this endpoint sends no query on to another server. "
        "Run the federated query at a server of your own and let it call this endpoint."
    )
    return Problem(400, "service", detail, place)


def not_acceptable(kind: str, offered: Mapping[str, object]) -> Problem:
    """A client that takes none of the media types there are for an answer."""
    return Problem(406, "not-acceptable", f"There is none of the media types you accept for {kind}. There are: {', '.join(offered)}.")


def busy(limits: Limits) -> Problem:
    """No worker is free in time."""
    detail = f"The endpoint is busy with other queries. Try again in {limits.retry_seconds} seconds."
    return Problem(503, "busy", detail, headers={"Retry-After": str(limits.retry_seconds)})


def gave_way(seconds: float, limits: Limits) -> Problem:
    """A query that was ended for the sake of others."""
    detail = (
        f"Others wait for a quick answer, so the query was stopped after {seconds:.1f} seconds. Narrow it, take the data set as a dump, "
        f"or try again in {limits.retry_seconds} seconds: when nobody waits, a query may run for {limits.seconds:g} seconds."
    )
    return Problem(503, "gave-way", detail, headers={"Retry-After": str(limits.retry_seconds)})


def too_many(limits: Limits) -> Problem:
    """A client that has its share of the queue."""
    detail = (
        f"You have {limits.share} requests waiting here, the most that one client may have, or others were there to take the room. "
        f"Send the next ones as answers come; try again in {limits.retry_seconds} seconds."
    )
    left = f'"{SHARE}";r=0;t={limits.retry_seconds}'
    return Problem(429, "too-many", detail, headers={"Retry-After": str(limits.retry_seconds), "RateLimit": left})


def rate_policy(limits: Limits) -> str:
    """How many requests of one client may wait at once, as the RateLimit-Policy field says it (draft-ietf-httpapi-ratelimit-headers)."""
    return f'"{SHARE}";q={limits.share};qu="concurrent-requests"'


def overdue(seconds: float) -> Problem:
    """A query past its deadline."""
    detail = (
        f"The query ran longer than {seconds:g} seconds and was stopped. Narrow it (fix a subject, add a type, "
        "avoid joins without a shared variable), or take the whole data set as a dump."
    )
    return Problem(504, "deadline", detail)


def worker_ended(reason: str) -> Problem:
    """A query that its process did not survive."""
    return Problem(500, "ended", f"The process that ran the query has ended: {reason}. Other queries are not touched by this.")


def of_answer(answer: Answer, limits: Limits) -> Problem:
    """The problem that a worker tells of."""
    place = Place(answer.line, answer.column) if answer.line is not None and answer.column is not None else None
    match answer.code:
        case "syntax":
            where = f"Line {place.line}, column {place.column}: the" if place else "The"
            detail = f"{where} query is not SPARQL 1.1. The parser says: {answer.message or 'nothing more'}"
            return Problem(400, "syntax", detail, place)
        case "prefix":
            where = f"Line {place.line}, column {place.column}: the" if place else "The"
            detail = f"{where} prefix {answer.message} is not declared. Put PREFIX {answer.message} <…> at the beginning of the query, or correct it."
            return Problem(400, "prefix", detail, place)
        case "service":
            return service_refused(place)
        case "update":
            return Problem(400, "read-only", READ_ONLY)
        case "answer-bytes":
            return Problem(413, "answer-too-large", f"The answer is longer than {limits.answer:,} bytes and is not sent in part. {WAYS_OUT}")
        case "answer-rows":
            return Problem(413, "answer-too-large", f"The answer has more than {limits.rows:,} rows and is not sent in part. {WAYS_OUT}")
        case "memory":
            return worker_ended(f"it needed more than the {limits.memory // 1_000_000} MB of memory that a query may have")
        case "no-table-type":
            return not_acceptable("the answer to SELECT or ASK", TABLES)
        case "no-graph-type":
            return not_acceptable("the answer to CONSTRUCT or DESCRIBE", GRAPHS)
        case _:
            return Problem(400, "evaluation", f"The query cannot be evaluated: {answer.message}")
