"""How many rows a written table of results has: the engine writes them itself and does not tell."""

from __future__ import annotations

import re

from pyoxigraph import QueryResultsFormat

JSON_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"')
CSV_QUOTED = re.compile(rb'"[^"]*+"')


def count_rows(body: bytes, format: QueryResultsFormat, enough: int) -> int:
    """The number of rows in the answer to a SELECT.

    The count is exact when it is above `enough`; below, it may be too high, but never above `enough` itself: text that only
    looks like a row is sorted out only when it matters.
    """
    if format == QueryResultsFormat.XML:
        return body.count(b"<result>")
    if format == QueryResultsFormat.TSV:
        return body.count(b"\n") - 1
    if format == QueryResultsFormat.CSV:
        rows = body.count(b"\r\n") - 1
        return rows if rows <= enough else CSV_QUOTED.sub(b"", body).count(b"\r\n") - 1
    rows = _unkeyed_objects(body)
    return rows if rows <= enough else _unkeyed_objects(JSON_STRING.sub(b"", body))


def _unkeyed_objects(body: bytes) -> int:
    # Only the rows stand in an array; every other object of the format is the value of a key.
    return body.count(b"[{") + body.count(b",{")
