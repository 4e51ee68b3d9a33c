"""Errors of the endpoint as a person reads them: what is wrong, where, and what would be right (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from phkg.publishing.problems import told
from phkg.publishing.sentences import Said, Sentences
from phkg.sparql.formats import GRAPHS, TABLES
from phkg.sparql.frames import Answer
from phkg.sparql.limits import Limits
from phkg.sparql.service import Place

SHARE = "waiting"
"""The name of the limit that a client's share of the queue is, in the RateLimit fields."""

say = Sentences(Path(__file__).parent / "problems.toml")


@dataclass(eq=False)
class Problem(Exception):
    """A request that is not answered. `code` is stable for programs; `place` is in the query's text, from 1."""

    status: int
    code: str
    detail: Said
    place: Place | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self, language: str) -> bytes:
        """The problem in JSON."""
        place = {"line": self.place.line, "column": self.place.column} if self.place else {}
        return told(self.status, self.code, self.detail, language, place)


def service_refused(place: Place | None) -> Problem:
    """SERVICE in a query."""
    return Problem(400, "service", say("service"), place)


def read_only(status: int = 400, headers: Mapping[str, str] | None = None) -> Problem:
    """An update."""
    return Problem(status, "read-only", say("read-only"), headers=headers or {})


def not_acceptable(kind: str, offered: Mapping[str, object]) -> Problem:
    """A client that takes none of the media types there are for an answer; `kind` is the sentence that says which."""
    return Problem(406, "not-acceptable", say(kind, offered=", ".join(offered)))


def busy(limits: Limits) -> Problem:
    """No worker is free in time."""
    return Problem(503, "busy", say("busy", seconds=limits.retry_seconds), headers={"Retry-After": str(limits.retry_seconds)})


def gave_way(seconds: float, limits: Limits) -> Problem:
    """A query that was ended for the sake of others."""
    detail = say("gave-way", ran=round(seconds, 1), seconds=limits.retry_seconds, most=limits.seconds)
    return Problem(503, "gave-way", detail, headers={"Retry-After": str(limits.retry_seconds)})


def too_many(limits: Limits) -> Problem:
    """A client that has its share of the queue."""
    detail = say("too-many", share=limits.share, seconds=limits.retry_seconds)
    left = f'"{SHARE}";r=0;t={limits.retry_seconds}'
    return Problem(429, "too-many", detail, headers={"Retry-After": str(limits.retry_seconds), "RateLimit": left})


def rate_policy(limits: Limits) -> str:
    """How many requests of one client may wait at once, as the RateLimit-Policy field says it (draft-ietf-httpapi-ratelimit-headers)."""
    return f'"{SHARE}";q={limits.share};qu="concurrent-requests"'


def overdue(seconds: float) -> Problem:
    """A query past its deadline."""
    return Problem(504, "deadline", say("deadline", seconds=float(seconds)))


def worker_ended(reason: str) -> Problem:
    """A query that its process did not survive."""
    return Problem(500, "ended", say("ended", reason=reason))


def of_answer(answer: Answer, limits: Limits) -> Problem:
    """The problem that a worker tells of."""
    place = Place(answer.line, answer.column) if answer.line is not None and answer.column is not None else None
    said = answer.message or "…"
    match answer.code:
        case "syntax":
            return Problem(400, "syntax", _at("syntax", place, said=said), place)
        case "prefix":
            return Problem(400, "prefix", _at("prefix", place, prefix=said), place)
        case "service":
            return service_refused(place)
        case "update":
            return read_only()
        case "answer-bytes":
            return Problem(413, "answer-too-large", say("answer-bytes", most=limits.answer))
        case "answer-rows":
            return Problem(413, "answer-too-large", say("answer-rows", most=limits.rows))
        case "memory":
            return Problem(500, "ended", say("memory", megabytes=limits.memory // 1_000_000))
        case "no-table-type":
            return not_acceptable("no-table-type", TABLES)
        case "no-graph-type":
            return not_acceptable("no-graph-type", GRAPHS)
        case _:
            return Problem(400, "evaluation", say("evaluation", said=said))


def _at(key: str, place: Place | None, **given: str) -> Said:
    return say(f"{key}-at", line=place.line, column=place.column, **given) if place else say(key, **given)
