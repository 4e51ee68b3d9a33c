"""From an engine's results to findings: words from the shapes, labels from the records, places from the files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

import pyoxigraph as ox

from phkg.turtle.document import Document
from phkg.turtle.locate import locate
from phkg.vocabulary.namespaces import PH, SH

from .details import place
from .findings import SEVERITIES, Finding
from .results import SPARQL_COMPONENT, EngineResult, term
from .shapes_graph import Node, ShapesGraph, sh
from .words import own_finding

HINT = ox.NamedNode(PH + "hint")
EXAMPLE = ox.NamedNode(PH + "rightExample")
_SEVERITY_NAMES = {iri: name for name, iri in SEVERITIES.items()}
_PLACEHOLDER = re.compile(r"\{[?$](this|value|path)\}")
_FIRST_STEP = re.compile(r"\(*<([^>]*)>")

Labels = Callable[[str], Mapping[str, str]]
"""The label of an IRI by language; empty where it has none."""


def words_of(shapes: ShapesGraph, shape: str, constraint: str, component: str) -> tuple[dict[str, str], dict[str, str], str]:
    """Message and hint by language, and the right example, for a result of `shape`; the nearest shape around it that has one speaks."""
    message: dict[str, str] = {}
    hint: dict[str, str] = {}
    example = ""
    for node in _speakers(shapes, shape, constraint, component):
        message = message or _texts(shapes, node, sh("message"))
        hint = hint or _texts(shapes, node, HINT)
        example = example or next((value.value for value in shapes.objects(node, EXAMPLE) if isinstance(value, ox.Literal)), "")
    return message, hint, example


def explain(
    results: Iterable[EngineResult], shapes: ShapesGraph, file_of: Callable[[str], str | None], document_of: Callable[[str], Document], labels: Labels
) -> Iterator[Finding]:
    """A finding for each result whose focus is a named record.

    `file_of` gives the file in which an IRI is described (or used, where it is described nowhere), `document_of` that file as read with places.
    """
    spoken: dict[tuple[str, str, str], tuple[dict[str, str], dict[str, str], str]] = {}
    for result in results:
        if not result.focus.startswith("<"):
            continue  # a node without a name is a finding of its own
        focus = result.focus[1:-1]
        name = file_of(focus)
        if name is None:
            continue
        key = (result.shape, result.constraint, result.component)
        if key not in spoken:
            spoken[key] = words_of(shapes, *key)
        message, hint, example = spoken[key]
        if not message:
            rule = result.shape.removeprefix(SH)
            message = dict(own_finding("shape", name, values={"rule": rule}).message)
        plain = result.path[1:-1] if result.path.startswith("<") else result.path
        document = document_of(name)
        yield Finding(
            severity=_SEVERITY_NAMES.get(result.severity, "violation"),
            rule=result.shape,
            message={language: _fill(text, result, labels, language) for language, text in message.items()},
            hint={language: _fill(text, result, labels, language) for language, text in hint.items()},
            example=example,
            record=focus,
            record_label=labels(focus),
            property=plain,
            property_label=labels(plain) if result.path.startswith("<") else {},
            value=result.value if result.value != result.focus else "",
            component=result.component,
            file=name,
            **place(document, _position(document, result)),
        )


def _position(document: Document, result: EngineResult):
    step = _FIRST_STEP.match(result.path)
    predicate = ox.NamedNode(step.group(1)) if step else None
    direct = result.path.startswith("<") or not result.path
    value = term(result.value) if result.value and result.value != result.focus and direct else None
    return locate(document, ox.NamedNode(result.focus[1:-1]), predicate, value)


def _speakers(shapes: ShapesGraph, shape: str, constraint: str, component: str) -> Iterator[Node]:
    """The nodes of the shapes graph that may speak for a result, the nearest first."""
    if constraint:
        yield _node(constraint)
    start = _node(shape)
    constraints = shapes.objects(start, sh("sparql"))
    if not constraint and component == SPARQL_COMPONENT and len(constraints) == 1:
        yield constraints[0]
    waiting, seen = [start], set()
    while waiting:
        node = waiting.pop(0)
        if node in seen:
            continue
        seen.add(node)
        yield node
        waiting.extend(shapes.subjects(sh("property"), node))


def _node(text: str) -> Node:
    return ox.BlankNode(text[2:]) if text.startswith("_:") else ox.NamedNode(text)


def _texts(shapes: ShapesGraph, node: Node, predicate: ox.NamedNode) -> dict[str, str]:
    return {value.language or "en": value.value for value in shapes.objects(node, predicate) if isinstance(value, ox.Literal)}


def _fill(text: str, result: EngineResult, labels: Labels, language: str) -> str:
    """`text` with {?this}, {?value} and {?path} put in: a label where there is one."""
    given = {"this": result.focus, "value": result.value, "path": result.path}

    def shown(match: re.Match[str]) -> str:
        written = given[match.group(1)]
        if written.startswith("<") and written.endswith(">"):
            return labels(written[1:-1]).get(language) or written[1:-1]
        return term(written).value if written.startswith('"') else written

    return _PLACEHOLDER.sub(shown, text)
