"""The routes of the pages and their twins: an address names a language, a kind of record and a record, all words from the data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from pyoxigraph import NamedNode
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from phkg.graph.reading import Kept
from phkg.graph.remote.faults import StoreFault
from phkg.publishing import as_known, as_of
from phkg.publishing.addresses import AS_KNOWN, AS_OF, BESIDE, BRIEF, FIXED, TEXTS, Address, build, find, parameters_of
from phkg.publishing.feeds import feeds_of
from phkg.publishing.figures import FIGURES, MAIN
from phkg.publishing.headers import etag, not_modified
from phkg.publishing.linked import LinkedOf
from phkg.publishing.negotiation import best_language
from phkg.publishing.page_links import PageLinks
from phkg.publishing.parameters import check
from phkg.publishing.problems import OPEN_TO_ALL, Problem, not_found, say
from phkg.publishing.rendering import Language
from phkg.publishing.site import Published, Publisher
from phkg.publishing.tables import as_csv, has_table, table
from phkg.publishing.twins import document
from phkg.records.knowledge import Knowledge
from phkg.views.queries import about, query_title
from phkg.views.reader import Reader, Text
from phkg.views.search import suggestions
from phkg.views.site import REPLACED_BY, Kind
from phkg.views.statements import shown_states
from phkg.vocabulary import ph

READ = ["GET", "HEAD"]
SVG = "image/svg+xml"
LIST = "_list"
"""The end of the name of a template that shows one of the lists of a page alone."""
SILENCE = "hatched"
"""The mark (ph:mark) of the kind of absence that silence is."""
TWINS = {"json": "application/json", "csv": "text/csv; charset=utf-8; header=present"}
"""The endings of twins and their media types."""
PREFLIGHT = {**OPEN_TO_ALL, "Access-Control-Allow-Methods": "GET, HEAD", "Access-Control-Allow-Headers": "If-None-Match"}


class _Step(StringConvertor):
    """A step of a page's address: without a dot, so that no unknown file is sent on to itself with a slash behind it."""

    regex = "[^/.]+"


register_url_convertor("step", _Step())


class Pages:
    """Renders the pages of whatever snapshot is current, and their twins."""

    def __init__(
        self,
        publisher: Publisher,
        linked_of: LinkedOf,
        languages: dict[str, Language],
        drawing: dict[str, Any],
        knowledge: Knowledge,
    ) -> None:
        self._publisher = publisher
        self._linked = linked_of
        self._languages = languages
        self._drawing = drawing
        self._pictures = as_of.Pictures()
        self._last: tuple[Published | None, Any, tuple[str, str], Kept[Any] | None] = (None, None, ("", ""), None)
        self._past = as_known.Past(knowledge, lambda published: linked_of(published).history)

    def routes(self) -> list[Route]:
        """The routes; mount them last, since they take every address that begins with a language."""
        routes: list[Route] = []
        routes.append(Route("/", self.start, methods=READ))
        for path in ("/{code:step}", "/{code:step}/{segment:step}", "/{code:step}/{segment:step}/{slug:step}"):
            for ending in TWINS:
                routes.append(Route(f"{path}.{ending}", self._twin(ending), methods=READ))
                routes.append(Route(f"{path}.{ending}", preflight, methods=["OPTIONS"]))
            routes.append(Route(f"{path}/", self.page, methods=READ))
        routes.append(Route("/{code:step}/{segment:step}/{slug:step}.svg", self.picture, methods=READ))
        routes.append(Route("/{code:step}/{segment:step}/{slug:step}/{figure:step}.svg", self.picture, methods=READ))
        return routes

    def iri_routes(self) -> list[Route]:
        """Routes from the IRI of a record with the ending of a twin to the twin; mount them before the linked data."""
        routes: list[Route] = []
        for kind in self._publisher.current().site.kinds:
            for ending in TWINS:
                path = f"/{kind.folder}/{{slug}}.{ending}"
                routes.append(Route(path, self._twin_of_iri(kind, ending), methods=READ))
                routes.append(Route(path, preflight, methods=["OPTIONS"]))
        return routes

    def fixed_paths(self, name: str) -> dict[str, str]:
        """The addresses of a fixed page, by language."""
        return {code: f"/{code}/{language.word(name)}/" for code, language in self._languages.items()}

    def start(self, request: Request) -> Response:
        """The only page that looks at the reader's language."""
        offered = tuple(self._languages)
        code = best_language(request.headers.get("accept-language", ""), offered)
        return RedirectResponse(f"/{code}/", status_code=302, headers={"Vary": "Accept-Language"})

    def page(self, request: Request) -> Response:
        """The start page of a language, a fixed page, the list of a kind of record, or a record, as HTML."""
        code, *steps = request.path_params.values()
        try:
            published = self._known(request)
            address = find(published, self._languages, code, *steps)
            if address is None and as_known.NAME in request.query_params:
                raise _unknown_then(request)
            if address is None:
                return self.not_found(request, code, 410 if self._was_there(published, code, steps) else 404)
            dated = self._dated(request, published, code, address)
            tag = etag(request, _version(dated, address), self._linked(dated).history.tip)
            moved = _successor(dated, code, address)
            unchanged = None if moved else not_modified(request, tag)
            if unchanged:
                return unchanged
            view = self._view(dated, code, address, request)
        except Problem as problem:
            return self.problem(request, code, problem)
        question = f"?{request.url.query}" if request.url.query else ""
        twins = {ending: address.twin(code, ending) + question for ending in TWINS if ending != "csv" or has_table(view)}
        if address.view == "method" and self._drawing:
            twins["svg"] = address.twin(code, "svg") + question
        today = _without_day(request, address.paths[code])
        further = _further(request, address.paths[code], view)
        shown = {"page": view, "twins": twins, "today": today, "further": further, "feeds": feeds_of(address, code, self.fixed_paths("changes"))}
        alternates = {one: path + question for one, path in address.paths.items()}
        if moved:
            # The page itself says by what and why the record has been replaced; a browser goes on to the successor.
            answer = self.render(request, dated, code, f"{address.view}.html", shown, alternates, None, 308)
            answer.headers["Location"] = moved
            return answer
        form = request.query_params.get("show")
        template = f"{address.view}{f'_{BRIEF}' if form == BRIEF else LIST if form else ''}.html"
        return self.render(request, dated, code, template, shown, alternates, tag)

    def picture(self, request: Request) -> Response:
        """A figure of a page as a picture of its own; without a name of a figure, the one that is the page's twin.

        Raises Problem for a page that has no such figure, and for parameters that the page does not take.
        """
        code, *steps = request.path_params.values()
        # A page that is no record has one step less before the name of its figure.
        of_page = len(steps) == 2 and code in self._languages and steps[0] in self._fixed_words(code)
        name = steps.pop() if len(steps) == 3 or of_page else MAIN
        figure, published = FIGURES.get(name), self._publisher.current()
        address = find(published, self._languages, code, *steps)
        if address is None or figure is None or address.view != figure.view:
            raise not_found(request.url.path)
        dated = self._dated(request, published, code, address)
        tag = etag(request, dated.site.version)
        unchanged = not_modified(request, tag)
        if unchanged:
            return unchanged
        view = self._view(dated, code, address, request)
        size = figure.size(view, self._drawing)
        if size is None:
            raise not_found(request.url.path)
        reader = dated.readers[code]
        picture = (
            self._languages[code]
            .templates.get_template(f"figures/{name}.svg")
            .render(
                page=view,
                width=size[0],
                height=size[1],
                site=dated.site,
                site_title=reader.label(dated.site.registry),
                licence=self._linked(dated).licence,
                **self._drawn(dated, reader),
            )
        )
        headers = {"ETag": tag, "Cache-Control": "no-cache", "Content-Language": code, **OPEN_TO_ALL}
        return Response(picture, media_type=SVG, headers=headers)

    def _fixed_words(self, code: str) -> set[str]:
        return {self._languages[code].word(name) for name in FIXED}

    def _behind(self, published: Published, reader: Reader, template: str, view: Any) -> tuple[tuple[Text, str], ...]:
        """The named queries that give the figures of a page: the title of each and its address, with the page's record filled in."""
        found, path = [], self.fixed_paths("queries")[reader.language]
        for query in published.queries:
            if template.removesuffix(".html").removesuffix(LIST) in query.pages:
                own = about(reader, query, view.head.iri) if hasattr(view, "head") else None
                asked = urlencode({"query": own} if own else {"name": query.name}, quote_via=quote)
                found.append((query_title(reader, query), f"{path}?{asked}"))
        return tuple(found)

    def _frame(self, published: Published, code: str) -> dict[str, Any]:
        """What is the same around all pages of one language."""
        language, reader = self._languages[code], published.readers[code]
        words = {name: f"/{code}/{language.word(name)}/{reader.question}" for name in (*FIXED, *BESIDE)}
        return {
            "site": published.site,
            "site_title": reader.label(published.site.registry),
            "question": reader.question,
            "days": dict(parse_qsl(reader.question[1:])),
            "first_day": as_of.FIRST_DAY.isoformat(),
            "known": published.snapshot.manifest.get("known_on"),
            "menu": _menu(published, language, main=True),
            "other_kinds": _menu(published, language, main=False),
            "words": words | {name: self.fixed_paths(name)[code] for name in ("queries", "contribute", "submissions", *TEXTS)},
            # One that some language lacks has no page.
            "texts": {name: text for name, text in language.texts.items() if all(name in one.texts for one in self._languages.values())},
            "states": shown_states(reader),
            **self._drawn(published, reader),
        }

    def _drawn(self, published: Published, reader: Reader) -> dict[str, Any]:
        """What maps and marks are drawn from."""
        absences = reader.concepts(ph.Absence)
        silence = next((one for one in absences if one.mark == SILENCE), None)
        return {"drawing": self._drawing, "outlines": published.outlines, "absences": absences, "silence": silence}

    def not_found(self, request: Request, code: str | None = None, status: int = 404) -> Response:
        """The page for an address that names nothing, or (410) a record that was there once."""
        published = self._publisher.current()
        reader = published.readers.get(code or "", next(iter(published.readers.values())))
        shown = {"address": request.url.path, "gone": status == 410, "suggest": lambda: suggestions(reader, published.names, request.url.path)}
        return self._without_view(request, code, "not_found.html", shown, status)

    def problem(self, request: Request, code: str | None, problem: Problem) -> Response:
        """The page for a request that is not answered, with what would be right."""
        answer = self._without_view(request, code, "problem.html", {"problem": problem}, problem.status)
        answer.headers.update({"Cache-Control": "no-store", **problem.headers})
        return answer

    def out_of_reach(self, request: Request, seconds: int) -> Response:
        """The answer while the data cannot be reached: a page where a page was asked for, else a problem; come again in `seconds`."""
        problem = Problem(503, "out-of-reach", say("out-of-reach", seconds=seconds), headers={"Retry-After": str(seconds)})
        code = request.url.path.strip("/").split("/", 1)[0]
        if code not in self._languages or not request.url.path.endswith("/"):
            return problem.answer(request)
        try:
            return self.problem(request, code, problem)
        except StoreFault:
            return problem.answer(request)

    def render(
        self,
        request: Request,
        published: Published,
        code: str,
        template: str,
        context: dict[str, Any],
        alternates: dict[str, str],
        tag: str | None,
        status: int = 200,
    ) -> Response:
        """A template in the frame of all pages; `alternates` are the addresses of the same page by language."""
        reader, linked = published.readers[code], self._linked(published)
        around = published.frame(code, lambda: self._frame(published, code))
        links = PageLinks(reader, linked, str(request.base_url).rstrip("/"), request.url.path, around["words"])
        plain: dict[str, Any] = {"twins": {}, "today": None, "further": None, "feeds": {}}
        html = (
            self._languages[code]
            .templates.get_template(template)
            .render(
                **{**plain, **context},
                **around,
                version=published.version,
                languages=self._languages,
                alternates=alternates,
                origin=links.origin,
                links=links,
                here=request.url.path,
                licence=linked.licence,
                behind=self._behind(published, reader, template, context.get("page")),
                parameters=dict(request.query_params),
            )
        )
        headers = {"Content-Language": code, "Cache-Control": "no-cache"}
        if tag:
            headers["ETag"] = tag
        head = getattr(context.get("page"), "head", None)
        if head:
            headers["Link"] = links.header(head)
        return HTMLResponse(html, status_code=status, headers=headers)

    def _twin(self, ending: str) -> Callable[[Request], Response]:
        def twin(request: Request) -> Response:
            code, *steps = request.path_params.values()
            published = self._known(request)
            address = find(published, self._languages, code, *steps)
            if address is None:
                raise _unknown_then(request) if as_known.NAME in request.query_params else not_found(request.url.path)
            dated = self._dated(request, published, code, address)
            linked = self._linked(dated)
            tag = etag(request, _version(dated, address), linked.history.tip)
            headers = {"ETag": tag, "Cache-Control": "no-cache", "Content-Language": code, **OPEN_TO_ALL}
            unchanged = not_modified(request, tag)
            if unchanged:
                unchanged.headers.update(headers)
                return unchanged
            view = self._view(dated, code, address, request)
            further = _further(request, request.url.path, view)
            headers |= _on_the_way(request, view, further)
            if ending == "json":
                page_address = address.paths[code] + (f"?{request.url.query}" if request.url.query else "")
                return Response(document(dated, code, page_address, view, linked.provenance), media_type=TWINS[ending], headers=headers)
            found = table(view)
            if found is None:
                raise Problem(404, "no-table", say("no-table", address=address.twin(code, "json")))
            return Response(as_csv(found), media_type=TWINS[ending], headers=headers)

        return twin

    def _twin_of_iri(self, kind: Kind, ending: str) -> Callable[[Request], Response]:
        def twin(request: Request) -> Response:
            published = self._known(request)
            code = best_language(request.headers.get("accept-language", ""), tuple(self._languages))
            address = find(published, self._languages, code, kind.segments[code], request.path_params["slug"])
            if address is None:
                raise not_found(request.url.path)
            check(request.query_params, (AS_OF, AS_KNOWN))
            question = f"?{request.url.query}" if request.url.query else ""
            headers = {"Vary": "Accept-Language", **OPEN_TO_ALL}
            return RedirectResponse(address.twin(code, ending) + question, status_code=303, headers=headers)

        return twin

    def _was_there(self, published: Published, code: str, steps: list[str]) -> bool:
        kind = published.site.kind_of_segment(code, steps[0]) if len(steps) == 2 else None
        return kind is not None and f"registry/{kind.folder}/{steps[1]}.ttl" in self._linked(published).history.gone

    def _known(self, request: Request) -> Published:
        """What is known now, or what was on the day that a request names. Raises Problem for a day that cannot be shown."""
        published, days = self._publisher.current(), request.query_params.getlist(as_known.NAME)
        return self._past.of(published, days[0]) if len(days) == 1 else published

    def _dated(self, request: Request, published: Published, code: str, address: Address) -> Published:
        """The picture that a request asks for. Raises Problem for parameters that the address does not take."""
        asked = request.query_params
        if not asked:
            return published
        check(asked, parameters_of(published, code, address))
        if as_of.NAME not in asked:
            return published
        return self._pictures.of(published, as_of.read_day(asked[as_of.NAME], self._publisher.current().site.date))

    def _view(self, dated: Published, code: str, address: Address, request: Request) -> Any:
        """The view that answers a request; the last one is kept, since who asks for all forms of a page asks for one after another."""
        log, asked = dated.log(), (address.paths[code], request.url.query)
        of, told, question, kept = self._last
        if kept is None or of is not dated or told is not log or question != asked:
            kept = dated.site.graph.kept()
            self._last = (dated, log, asked, kept)
        return kept.get(asked, lambda: build(dated, code, address, request.query_params))

    def _without_view(self, request: Request, code: str | None, template: str, context: dict[str, Any], status: int) -> Response:
        if code not in self._languages:
            code = best_language(request.headers.get("accept-language", ""), tuple(self._languages))
        alternates = {one: f"/{one}/" for one in self._languages}
        return self.render(request, self._publisher.current(), code, template, {"page": None, **context}, alternates, None, status)


def _version(published: Published, address: Address) -> str:
    """What an answer follows from: the snapshot, and for a page that tells of changes those that are known."""
    log = published.log() if address.view in ("home", "changes", "access", "allocation") else None
    return f"{published.site.version}{log.state}{log.tip}" if log else published.site.version


def _successor(published: Published, code: str, address: Address) -> str | None:
    """The page of the record that replaces the one an address names, if one does."""
    successor = published.site.graph.object(address.record, REPLACED_BY) if address.record else None
    return published.readers[code].path(successor) if isinstance(successor, NamedNode) else None


def _unknown_then(request: Request) -> Problem:
    detail = say("not-known-then", day=request.query_params[as_known.NAME], address=request.url.path)
    return Problem(404, "not-known-then", detail, as_known.NAME)


def preflight(request: Request) -> Response:
    """What a browser asks before it lets a script of another site read with a condition."""
    return Response(status_code=204, headers=PREFLIGHT)


def _without_day(request: Request, path: str) -> str | None:
    """The address of today's page; None when the request asks for no other day."""
    if not {as_of.NAME, as_known.NAME}.intersection(request.query_params):
        return None
    query = request.url.remove_query_params((as_of.NAME, as_known.NAME)).query
    return f"{path}?{query}" if query else path


def _further(request: Request, path: str, view: Any) -> str | None:
    """The address of the next page of a list."""
    after = getattr(view, "after", None)
    return f"{path}?{request.url.include_query_params(after=after).query}" if after else None


def _on_the_way(request: Request, view: Any, further: str | None) -> dict[str, str]:
    """The Link header of a twin (RFC 8288): the next page of its list, or the lists of which it holds only the beginning."""
    links = [f'<{further}>; rel="next"'] if further else []
    if not further and not getattr(view, "show", ""):
        cut = (one.name for one in getattr(view, "lists", ()) if one.is_cut)
        links += [f'<{request.url.path}?{request.url.include_query_params(show=name).query}>; rel="section"' for name in cut]
    return {"Link": ", ".join(links)} if links else {}


def _menu(published: Published, language: Language, main: bool) -> list[tuple[str, str]]:
    """The kinds of record with their lists: those that have a place in the main menu (ph:inMenu in the ontology), or the others."""
    reader = published.readers[language.code]

    def entry(kind: Kind) -> tuple[str, str]:
        label = reader.text(kind.iri, ph.plural) or reader.label(kind.iri)
        return label.value[:1].upper() + label.value[1:], reader.kind_path(kind.folder) or ""

    return [entry(kind) for kind in published.site.kinds if reader.graph.is_true(kind.iri, ph.inMenu) is main]
