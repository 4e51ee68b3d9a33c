"""The rules that records must satisfy, as pages: one for each document of shapes, with a place for every rule.

The address of a rule, as a finding names it, leads to its place here: a browser keeps what stands behind the `#`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from phkg.publishing.headers import etag, not_modified
from phkg.publishing.pages import READ, Pages
from phkg.publishing.reference.shapes import MESSAGE, applies, constraint, local_name, rules_of, severity_of
from phkg.publishing.reference.sources import shapes_file, text_in
from phkg.publishing.rendering import Language
from phkg.publishing.site import Publisher
from phkg.validation.findings import SEVERITIES
from phkg.validation.shapes_graph import read_shapes
from phkg.vocabulary import ph


@dataclass(frozen=True)
class Rule:
    """A rule: its name within its document, how grave a breach is, what it is asked of, what must hold, what a curator is told."""

    iri: str
    name: str
    severity: str
    about: str
    must_hold: str
    message: str
    hint: str
    right: str


@dataclass(frozen=True)
class Document:
    """A document of shapes: its name, the address of its page, the sentence at its head, its rules."""

    name: str
    path: str
    says: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class RulesPage:
    """All documents, or one of them; `counts` tells how many rules there are of each severity."""

    documents: tuple[Document, ...]
    chosen: Document | None
    counts: tuple[tuple[str, int], ...]


class Rules:
    """Serves the pages of the rules in a folder of shapes, which is read once."""

    def __init__(self, publisher: Publisher, languages: Mapping[str, Language], pages: Pages, shapes: Path) -> None:
        self._publisher = publisher
        self._languages = languages
        self._pages = pages
        self._folder = shapes

    def routes(self) -> list[Route]:
        """The routes; mount them before the pages."""
        routes: list[Route] = []
        for code in self._languages:
            routes.append(Route(self.path(code), self._page(code), methods=READ))
            routes.append(Route(f"{self.path(code)}{{name}}/", self._page(code), methods=READ))
        return routes

    def path(self, code: str, name: str | None = None) -> str:
        """The address of the page of a document, or of all."""
        return f"/{code}/{self._languages[code].word('rules')}/" + (f"{name}/" if name else "")

    def _page(self, code: str):
        def page(request: Request) -> Response:
            name = request.path_params.get("name")
            documents = self._documents[code]
            chosen = next((one for one in documents if one.name == name), None)
            if name and chosen is None:
                return self._pages.not_found(request, code)
            published = self._publisher.current()
            tag = etag(request, published.site.version)
            unchanged = not_modified(request, tag)
            if unchanged:
                return unchanged
            severities = [rule.severity for document in documents for rule in document.rules]
            view = RulesPage(documents, chosen, tuple((one, severities.count(one)) for one in SEVERITIES))
            alternates = {one: self.path(one, name) for one in self._languages}
            return self._pages.render(request, published, code, "rules.html", {"page": view}, alternates, tag)

        return page

    @cached_property
    def _documents(self) -> dict[str, tuple[Document, ...]]:
        paths = sorted(self._folder.glob("*.ttl"))
        shapes = read_shapes([path.read_bytes() for path in paths])
        rules = rules_of(shapes)

        def rule(one: NamedNode, code: str) -> Rule:
            return Rule(
                iri=one.value,
                name=local_name(one),
                severity=severity_of(shapes, one),
                about=applies(shapes, one).replace("`", ""),
                must_hold=constraint(shapes, one).replace("`", ""),
                message=text_in(shapes.objects(one, MESSAGE), code),
                hint=text_in(shapes.objects(one, ph.hint), code),
                right=text_in(shapes.objects(one, ph.rightExample), code),
            )

        files = [shapes_file(path) for path in paths]
        return {
            code: tuple(
                Document(file.name, self.path(code, file.name), file.says, tuple(rule(one, code) for one in rules if one.value in file.described))
                for file in files
            )
            for code in self._languages
        }
