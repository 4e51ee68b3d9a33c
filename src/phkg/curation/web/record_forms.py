"""A form for each kind of record: filled in by hand or with a record that there is, checked, saved as Turtle or sent in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from phkg.curation.fields import TYPE, Forms, Kind, read_forms
from phkg.curation.filing import prefixes_of
from phkg.curation.filled import fill
from phkg.curation.known import Known
from phkg.curation.submitted import TURTLE, home_of
from phkg.curation.values import Fault
from phkg.curation.web.answers import Shown, shown
from phkg.curation.web.body import FORMS, Filled, media_type_of, read_form
from phkg.curation.web.door import Refused, say
from phkg.curation.web.form_view import FIRST_EMPTY, form_view, values_of
from phkg.curation.web.frame import SEND, Frame
from phkg.curation.web.retiring import Retiring, faults_of, read_retiring, said_of
from phkg.graph.reading import Kept
from phkg.publishing.pages import READ
from phkg.publishing.problems import unknown_parameter
from phkg.publishing.site import Published
from phkg.turtle.format import write_turtle
from phkg.validation.findings import Finding
from phkg.validation.run import load_shapes
from phkg.vocabulary import ph

MORE, DOWNLOAD = "more", "download"
MOST_EMPTY = 8
RECORD = "record"


@dataclass(frozen=True)
class Ready:
    """What forms are made with, from one snapshot."""

    forms: Forms
    known: Known
    prefixes: Mapping[str, str]


@dataclass(frozen=True)
class Outcome:
    """What came of a filled-in form: the Turtle it means, faults of fields, findings of the check, why it was refused."""

    turtle: str = ""
    faults: tuple[Fault, ...] = ()
    findings: tuple[Finding, ...] = ()
    found: Shown | None = None
    checked: bool = False
    refused: Refused | None = None
    retiring: Retiring | None = None


class RecordForms:
    """The routes of the forms."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._parts = frame.parts
        self._kept: tuple[Published, Kept[Ready]] | None = None
        self._one_at_a_time = Lock()

    def routes(self) -> list[Route]:
        """The routes; they stand before those of the pages."""
        routes: list[Route] = []
        for code in self._parts.languages:
            path = f"{self._frame.path(code)}{{name}}/"
            routes.append(Route(path, self._get(code), methods=READ))
            routes.append(Route(path, self._post(code), methods=["POST"]))
        return routes

    def ready(self) -> Ready:
        """Forms and look-ups for the current snapshot, made at the first request for them. Raises LookupError where no kind can be made."""
        published = self._parts.publisher.current()
        with self._one_at_a_time:
            if self._kept is None or self._kept[0] is not published:
                self._kept = published, published.site.graph.kept()
            return self._kept[1].get("ready", lambda: self._read(published))

    def _read(self, published: Published) -> Ready:
        graph = published.site.graph
        forms = read_forms(load_shapes(self._parts.knowledge), graph, published.site.languages)
        return Ready(forms, Known(graph, published.site.base), prefixes_of(self._parts.knowledge))

    def kinds(self, code: str) -> tuple[tuple[str, str, str], ...]:
        """Label, description and address of the form of every kind, by label; parts of records come behind their records' own forms."""
        try:
            forms = self.ready().forms
        except LookupError:
            return ()
        listed = [(one.label(code), one.description.get(code, ""), f"{self._frame.path(code)}{one.name}/") for one in forms.kinds if not one.owner]
        return tuple(sorted(listed, key=lambda one: one[0].casefold()))

    def path_of(self, code: str, record: str) -> str | None:
        """The address of the form with a record (the end of its IRI) filled in; None when there is no such record, or no form for it."""
        try:
            ready = self.ready()
        except LookupError:
            return None
        classes = {term.value for term in ready.known.objects(ready.known.base + record, TYPE.value) if isinstance(term, NamedNode)}
        kind = next((one for one in ready.forms.kinds if one.iri in classes), None)
        return f"{self._frame.path(code)}{kind.name}/?{RECORD}={record}" if kind else None

    def _get(self, code: str):
        def page(request: Request) -> Response:
            found = self._kind(request.path_params["name"])
            if found is None:
                return self._parts.pages.not_found(request, code)
            ready, kind = found
            record = request.query_params.get(RECORD, "")
            keys = {key for one in kind.fields for key in one.keys}
            unknown = [one for one in request.query_params if one != RECORD and one not in keys]
            if unknown:
                return self._parts.pages.problem(request, code, unknown_parameter(unknown[0][:80], sorted(keys)))
            if record and not self._is_one(ready, kind, record):
                return self._parts.pages.not_found(request, code)
            values = values_of(kind, ready.known.base + record, ready.known, code) if record else {}
            values |= {key: request.query_params.getlist(key)[:50] for key in request.query_params if key in keys}
            return self._page(request, code, ready, kind, values, record, Outcome())

        return page

    def _post(self, code: str):
        async def act(request: Request) -> Response:
            door = self._frame.door
            found = await run_in_threadpool(self._kind, request.path_params["name"])
            if found is None or door is None:
                return await run_in_threadpool(self._parts.pages.not_found, request, code)
            try:
                if media_type_of(request) not in FORMS:
                    raise Refused(415, "unknown-type", say("no-type", taken=", ".join(FORMS)))
                filled = await read_form(request, door.limits)
            except Refused as refused:
                return await run_in_threadpool(self._page, request, code, *found, {}, "", Outcome(refused=refused))
            return await self._act(request, code, *found, filled)

        return act

    async def _act(self, request: Request, code: str, ready: Ready, kind: Kind, filled: Filled) -> Response:
        door, do = self._frame.door, filled.one("do")
        assert door is not None
        keys = {key for one in kind.fields for key in one.keys}
        values = {key: list(texts) for key, texts in filled.fields.items() if key in keys}
        record = filled.one(RECORD)
        if record and not await run_in_threadpool(self._is_one, ready, kind, record):
            record = ""
        retiring = read_retiring(filled, ready.forms.languages) if record else Retiring({})
        retiring = replace(retiring, wrong=await run_in_threadpool(faults_of, retiring, ready.known.base + record, ready.known, code))
        show = lambda outcome, empty=FIRST_EMPTY: run_in_threadpool(  # noqa: E731
            self._page, request, code, ready, kind, values, record, replace(outcome, retiring=retiring), empty
        )
        if do == MORE:
            empty = filled.one("empty")
            return await show(Outcome(), min(int(empty) + 2 if empty.isdecimal() and len(empty) < 3 else FIRST_EMPTY + 2, MOST_EMPTY))
        turtle, iri, faults = await run_in_threadpool(record_as_turtle, ready, kind, values, record, code, retiring)
        if faults or retiring.wrong:
            return await show(Outcome(faults=faults))
        client = request.client.host if request.client else ""
        try:
            if do == SEND:
                if not self._frame.fits(request, filled):
                    raise Refused(403, "seal", say("seal"))
                taken = await door.submit(client, filled.one("token").strip(), turtle.encode(), TURTLE)
                return RedirectResponse(self._frame.submission(code, taken.kept.id), 303, headers={"Cache-Control": "no-store"})
            judged = await door.check(client, turtle.encode(), TURTLE)
        except Refused as refused:
            found = shown(refused.findings, refused.text, code) if refused.findings else None
            return await show(Outcome(turtle, (), refused.findings, found, bool(found), refused))
        if do == DOWNLOAD and judged.conforms:
            name = (home_of(iri, ready.known.base) or "record.ttl").rpartition("/")[2]
            headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
            return Response(turtle, media_type=f"{TURTLE}; charset=utf-8", headers=headers)
        return await show(Outcome(turtle, (), judged.findings, shown(judged.findings, turtle, code), True))

    def _page(
        self, request: Request, code: str, ready: Ready, kind: Kind, values: Mapping[str, Any], record: str, outcome: Outcome, empty: int = FIRST_EMPTY
    ) -> Response:
        blocking = [one for one in outcome.findings if one.severity == "violation"]
        form = form_view(kind, values, ready.known, code, outcome.faults, blocking, record, empty)
        parts = [(one.label(code), f"{self._frame.path(code)}{one.name}/?{one.owner}={record}") for one in ready.forms.parts_of(kind)] if record else []
        retires = bool(record) and not ready.known.graph.is_retired(NamedNode(ready.known.base + record))
        retiring = outcome.retiring or Retiring(dict.fromkeys(ready.forms.languages, ""))
        context = {
            "form": form,
            "outcome": outcome,
            "empty": empty,
            "retires": retires,
            "retiring": retiring,
            "part_forms": parts,
            "action": f"{self._frame.path(code)}{kind.name}/",
        }
        alternates = {one: f"{self._frame.path(one)}{kind.name}/" for one in self._parts.languages}
        status = outcome.refused.status if outcome.refused else 422 if outcome.faults or blocking or retiring.wrong else 200
        return self._frame.page(request, code, "contribute_form.html", context, alternates, status, dict(outcome.refused.headers) if outcome.refused else {})

    def _kind(self, name: str) -> tuple[Ready, Kind] | None:
        try:
            ready = self.ready()
        except LookupError:
            return None
        kind = next((one for one in ready.forms.kinds if one.name == name), None)
        return (ready, kind) if kind else None

    def _is_one(self, ready: Ready, kind: Kind, record: str) -> bool:
        return home_of(ready.known.base + record, ready.known.base) is not None and NamedNode(kind.iri) in ready.known.objects(
            ready.known.base + record, TYPE.value
        )


def record_as_turtle(
    ready: Ready, kind: Kind, values: Mapping[str, Any], record: str, code: str, retiring: Retiring = Retiring({})
) -> tuple[str, str, tuple[Fault, ...]]:
    """The record as Turtle and its IRI, or what is wrong with the values; what the form does not ask of a record that there is stays as it is.

    `retiring` takes a record that there is out of use today.
    """
    filled = fill(kind, values, ready.known, code)
    if filled.faults:
        return "", "", filled.faults
    triples, iri = filled.triples, filled.iri
    if record:
        iri = ready.known.base + record
        asked = {one.iri for one in kind.fields} | {one.value for one in ph.DATE_BOUNDS}
        kept = [one for one in ready.known.graph.about(NamedNode(iri)) if one[0].value not in asked and one[0] != TYPE]
        # What was not touched keeps its datatype.
        said = {(predicate, term.value, term.language): term for predicate, term in ready.known.graph.about(NamedNode(iri)) if isinstance(term, Literal)}
        now = [(one.predicate, said.get((one.predicate, one.object.value, getattr(one.object, "language", None)), one.object)) for one in triples]
        ends = said_of(retiring, ready.known, date.today()) if not ready.known.graph.is_retired(NamedNode(iri)) else []
        triples = tuple(Triple(NamedNode(iri), *one) for one in (*now, *kept, *ends))
    return write_turtle(triples, ready.prefixes, ready.forms.languages).decode(), iri, ()
