"""A comparison as bytes and back, so that what two commits differ in is worked out only once."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize

from phkg.graph.changes import Changes, Pairs, RecordChange, record_change
from phkg.graph.compared import Compared
from phkg.graph.consequences import Consequences, CoverageChange, Held, Share, StandingChange

PARTS = ("before", "after", "left")


def packed(compared: Compared) -> bytes:
    """A comparison as compressed JSON; what is said of records stands in it as N-Triples, literals as they were written."""
    records = compared.changes.records
    follows = compared.follows
    told: dict[str, Any] = {
        "records": [[one.sort, one.subject, one.was] for one in records],
        "moved": dict(compared.changes.moved),
        "fault": compared.fault,
        "follows": None if follows is None else asdict(follows) | {"on": follows.on.isoformat()},
    }
    for part in PARTS:
        triples = (Triple(NamedNode(one.subject), *pair) for one in records for pair in getattr(one, part))
        told[part] = serialize(triples, format=RdfFormat.N_TRIPLES).decode()
    return gzip.compress(json.dumps(told, ensure_ascii=False).encode(), mtime=0)


def unpacked(data: bytes) -> Compared:
    """The comparison that `packed` has written. Raises OSError, EOFError, ValueError, KeyError or TypeError for anything else."""
    told = json.loads(gzip.decompress(data))
    before, after, left = (_pairs(told[part]) for part in PARTS)
    none: Pairs = frozenset()
    records: Iterable[RecordChange] = (
        record_change(sort, subject, was, before.get(subject, none), after.get(subject, none), left.get(subject, none), told["moved"])
        for sort, subject, was in told["records"]
    )
    return Compared(Changes(tuple(records), told["moved"]), _follows(told["follows"]), told["fault"])


def _pairs(text: str) -> dict[str, Pairs]:
    found: dict[str, set] = {}
    for quad in parse(text.encode(), format=RdfFormat.N_TRIPLES):
        found.setdefault(quad.subject.value, set()).add((quad.predicate, quad.object))
    return {subject: frozenset(pairs) for subject, pairs in found.items()}


def _follows(told: dict[str, Any] | None) -> Consequences | None:
    if told is None:
        return None

    def held(one: dict[str, Any] | None) -> Held | None:
        return one and Held(one["state"], one["part"], tuple(one["rests_on"]), tuple(one["disagrees"]))

    return Consequences(
        date.fromisoformat(told["on"]),
        tuple(StandingChange(one["method"], one["region"], held(one["before"]), held(one["after"])) for one in told["standings"]),
        tuple(CoverageChange(one["method"], one["before"] and Share(**one["before"]), one["after"] and Share(**one["after"])) for one in told["coverages"]),
        tuple(told["unsupported"]),
    )
