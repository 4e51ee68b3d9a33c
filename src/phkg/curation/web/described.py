"""The addresses of submissions in the description of the API (OpenAPI 3.1)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from pyoxigraph import Triple

from phkg.curation.branches import ID, STATES
from phkg.curation.submitted import JSON_LD, TURTLE
from phkg.publishing.api import in_path, problem
from phkg.publishing.json_ld import expanded
from phkg.publishing.problems import MEDIA_TYPE, SCHEMA
from phkg.publishing.rdf_formats import write
from phkg.publishing.site import Published
from phkg.validation import reports

TAG, SCHEME = "Submissions", "token"
_TEXT = {"type": "string"}
_STATE: dict[str, Any] = {
    "id": {"type": "string", "pattern": f"^{ID.pattern}$"},
    "address": {"type": "string", "description": "Where this tells what becomes of it."},
    "state": {"enum": list(STATES), "description": "It waits to be looked at, is in the registry, or was turned down."},
    "branch": {"type": "string", "description": "The branch of git that it lies on."},
    "commit": {"type": "string", "description": "Its commit."},
    "when": {"type": "string", "format": "date-time"},
    "author": {"type": "string", "description": "Who sent it."},
    "files": {"type": "array", "items": _TEXT, "description": "The files that it changes."},
    "said": {"type": "string", "description": "The message of its commit."},
}


def components() -> Mapping[str, Mapping[str, Any]]:
    """The schemas and the security scheme that the operations name."""
    report = json.loads((files(reports) / "report.schema.json").read_text(encoding="utf-8"))["$defs"]
    finding = json.loads(json.dumps(report["finding"]).replace("#/$defs/words", "#/components/schemas/Words"))
    findings = {"type": "array", "items": {"$ref": "#/components/schemas/Finding"}}
    records = {"type": "array", "items": _closed({"record": _TEXT, "new": {"type": "boolean"}})}
    refusal = SCHEMA | {"properties": {**SCHEMA["properties"], "findings": findings}}
    scheme = {"type": "http", "scheme": "bearer", "description": "The token that whoever runs the registry hands out to its curators."}
    return {
        "schemas": {
            "Words": report["words"],
            "Finding": finding,
            "Submission": _closed(_STATE),
            "Taken": _closed({**_STATE, "records": records, "findings": findings}),
            "Refusal": refusal,
        },
        "securitySchemes": {SCHEME: scheme},
    }


def sending(published: Published) -> dict[str, Any]:
    """`POST /submissions`. The example is a record as it stands, so that nobody sends in an invented one: it is answered with `no-change`."""
    record = next(record for kind in published.site.kinds for record in published.site.records(kind))
    triples = [Triple(record, *one) for one in published.site.graph.about(record)]
    turtle, json_ld = write(triples, TURTLE).decode(), json.loads(expanded(triples))
    state = {"operationId": "submission", "parameters": {"id": "$response.body#/id"}}
    there = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Taken"}}}, "links": {"state": state}}
    return {
        "operationId": "submit",
        "tags": [TAG],
        "summary": "Send in a change of records",
        "description": (
            "Record by record: what is sent takes the place of the record with the same IRI, or is added; what is not sent stays. It is checked "
            "as a pull request would be, and becomes one: nothing is in the registry before somebody has looked at it. The example is a record as "
            "it stands; change it before you send it, or the answer is 422 with the code no-change."
        ),
        "security": [{SCHEME: []}],
        "parameters": [],
        "requestBody": {
            "required": True,
            "content": {TURTLE: {"schema": _TEXT, "example": turtle}, JSON_LD: {"schema": {"type": ["object", "array"]}, "example": json_ld}},
        },
        "responses": {
            "200": {"description": "The very same has come in before, and waits.", **there},
            "201": {"description": "It has come in; Location is its address.", **there},
            "400": _refusal("The request cannot be read."),
            "401": _refusal("There is no token, or one that is not good (any more)."),
            "403": _refusal("The token does not cover a file that would change; `allowed` says what it covers."),
            "408": _refusal("The body did not come in time."),
            "413": _refusal("It is too large."),
            "415": _refusal("It has no media type that is taken, or is packed."),
            "422": _refusal("What was sent is at fault: `findings` say where and what would be right, in every language; or nothing would change (no-change)."),
            "429": _refusal("Too often; Retry-After says when to come again."),
            "503": _refusal("It could not be checked or written here now; nothing was kept."),
            "507": _refusal("There is no room; nothing was kept."),
        },
    }


def looking(published: Published) -> dict[str, Any]:
    """`GET /submissions/{id}.json`."""
    step = in_path("id", "The name of a submission, as it was answered.", _STATE["id"], "")
    del step["example"]
    told = {"application/json": {"schema": {"$ref": "#/components/schemas/Submission"}}}
    return {
        "operationId": "submission",
        "tags": [TAG],
        "summary": "What became of a submission",
        "description": "Its state, its branch and its commit.",
        "parameters": [step],
        "responses": {"200": {"description": "The submission.", "content": told}, "404": problem("There is no such submission.")},
    }


def explaining(published: Published) -> dict[str, Any]:
    """`GET /submissions`."""
    return {
        "operationId": "how-to-submit",
        "tags": [TAG],
        "summary": "How to send in changes, for people",
        "description": "Leads to the page with the forms, in the reader's language.",
        "parameters": [],
        "responses": {"303": {"description": "The address of the page."}},
    }


def _closed(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": dict(properties), "required": list(properties), "additionalProperties": False}


def _refusal(text: str) -> dict[str, Any]:
    return {"description": text, "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Refusal"}}}}
