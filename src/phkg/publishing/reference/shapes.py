"""The page of the rules: every constraint of `shapes/` with its severity and what a curator is told."""

from __future__ import annotations

from pyoxigraph import BlankNode, Literal, NamedNode

from phkg.publishing.reference.markdown import anchor, code, page, prose, table
from phkg.publishing.reference.sources import ShapesFile, Written, compact, text_in
from phkg.validation.findings import SEVERITIES
from phkg.validation.shapes_graph import Node, ShapesGraph, Term, sh
from phkg.vocabulary import ph
from phkg.vocabulary.namespaces import SH

MESSAGE, NAME, PROPERTY = sh("message"), sh("name"), sh("property")
TARGETS = (sh("targetClass"), sh("targetSubjectsOf"), sh("targetObjectsOf"), sh("targetNode"))
NOT_A_CONSTRAINT = {sh(name) for name in ("message", "name", "property", "order", "group", "severity", "path", "description", "deactivated")}
SEVERITY_NAMES = {iri: name for name, iri in SEVERITIES.items()}
INTRO = """
Every rule that `phkg validate` checks, from `shapes/`. A **violation** (in a report: error) blocks a change; a **warning** or an **info** (note)
does not. The report of a check ends each finding with the rule's address; its last part is the name in the first column here.
Checks of files as such (encoding, syntax, names, addresses) are in [file-checks.md](file-checks.md).
"""


def shapes_page(written: Written) -> str:
    """The page as Markdown."""
    rules = rules_of(written.shapes)
    severities = [severity_of(written.shapes, rule) for rule in rules]
    told = ", ".join(f"{severities.count(name)} {name}" for name in SEVERITIES)
    return page("Rules", f"{INTRO.strip()}\n\n{len(rules)} rules: {told}.", *(_section(written, file, rules) for file in written.shapes_files))


def _section(written: Written, file: ShapesFile, rules: list[NamedNode]) -> str:
    shapes = written.shapes
    languages = sorted(written.languages, key=lambda language: language != "en")
    rows = []
    for rule in (rule for rule in rules if rule.value in file.described):
        says = (prose(text_in(shapes.objects(rule, MESSAGE), language)) for language in languages)
        hint = text_in(shapes.objects(rule, ph.hint), "en")
        rows.append(
            (
                anchor(f"{file.name}-{local_name(rule)}") + code(local_name(rule)),
                severity_of(shapes, rule),
                applies(shapes, rule),
                constraint(shapes, rule),
                "<br>".join([*dict.fromkeys(text for text in says if text), *([prose(hint)] if hint else [])]),
                code(text_in(shapes.objects(rule, ph.rightExample), "en")),
            )
        )
    head = ("rule", "severity", "about", "must hold", "what the check says", "right")
    return f"## {file.name}\n\n{file.says}\n\n" + table(head, rows)


def rules_of(shapes: ShapesGraph) -> list[NamedNode]:
    """The shapes that a finding can name: those that have something to say and are asked of records themselves."""
    speaking = {triple.subject for triple in shapes.triples if triple.predicate == MESSAGE}
    asked = [shape for shape in speaking if isinstance(shape, NamedNode) and not shapes.is_nested(shape) and _is_asked(shapes, shape)]
    return sorted(asked, key=lambda shape: shape.value)


def _is_asked(shapes: ShapesGraph, shape: NamedNode) -> bool:
    return bool(shapes.subjects(PROPERTY, shape)) or any(shapes.objects(shape, target) for target in TARGETS)


def applies(shapes: ShapesGraph, rule: NamedNode) -> str:
    """What the rule is asked of, and the property it looks at, in Markdown."""
    owners = [rule, *shapes.subjects(PROPERTY, rule)]
    targets = [code(compact(value.value)) for owner in owners for target in TARGETS for value in shapes.objects(owner, target)]
    path = shapes.one(rule, sh("path"))
    looked_at = code(_path(shapes, path)) if path is not None else ""
    return " · ".join(dict.fromkeys(filter(None, (", ".join(dict.fromkeys(targets)), looked_at))))


def _path(shapes: ShapesGraph, path: Term) -> str:
    if isinstance(path, NamedNode):
        return compact(path.value)
    return shapes.render_path(path)


def constraint(shapes: ShapesGraph, rule: NamedNode) -> str:
    """What a rule asks, in Markdown: the parameters of its constraints with their values."""
    parts = []
    for triple in shapes.triples_of(rule):
        local = triple.predicate.value.removeprefix(SH)
        if not triple.predicate.value.startswith(SH) or triple.predicate in NOT_A_CONSTRAINT:
            continue
        if local == "sparql":
            parts.append("a query")
        elif triple.predicate not in TARGETS and local != "ignoredProperties":
            parts.append(code(f"{local} {_value(shapes, triple.object)}"))
    return ", ".join(parts)


def _value(shapes: ShapesGraph, value: Term) -> str:
    if isinstance(value, Literal):
        return value.value
    if isinstance(value, NamedNode):
        written = compact(value.value)
        return written.strip("<>").rsplit("/", 1)[-1].replace("#", ":") if written.startswith("<") else written
    members = list(shapes.members(value))
    return "(" + " ".join(_member(shapes, member) for member in members) + ")"


def _member(shapes: ShapesGraph, member: Term) -> str:
    """A member of a list: a value, or a shape given by what it asks."""
    if not isinstance(member, BlankNode):
        return _value(shapes, member)
    asks = (f"{triple.predicate.value.removeprefix(SH)} {_value(shapes, triple.object)}" for triple in shapes.triples_of(member))
    return "[" + ", ".join(asks) + "]"


def severity_of(shapes: ShapesGraph, rule: Node) -> str:
    """How grave a finding of a rule is: violation, warning or info."""
    return SEVERITY_NAMES.get(shapes.severity(rule), "violation")


def local_name(rule: NamedNode) -> str:
    """The end of a rule's IRI, its name within its file."""
    return rule.value.rsplit("#", 1)[-1]
