"""What an address names, which parameters it takes, and the view that answers it: the same for pages and for their twins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from pyoxigraph import NamedNode

from phkg.publishing import as_known, as_of
from phkg.publishing.allocation_parameters import of_allocation
from phkg.publishing.parameters import MOST_ENTRIES, SLUG, Parameter
from phkg.publishing.problems import Problem, say
from phkg.publishing.rendering import Language
from phkg.publishing.site import Published
from phkg.views.access import COVERAGE_ORDERS, REGION_ORDERS, WAIT_ORDERS, AccessPage, arranged
from phkg.views.access import LISTS as ACCESS_LISTS
from phkg.views.advice import GuidancePage, guidance_page
from phkg.views.allocation import CHOSEN as MODELS
from phkg.views.allocation import AllocationPage, allocation_page
from phkg.views.change_list import ChangesPage
from phkg.views.choices import NARROWED_BY, allowed, concepts_of
from phkg.views.compare import CHOSEN, ComparePage, compare_page
from phkg.views.gaps import ORDERS as GAP_ORDERS
from phkg.views.gaps import GapsPage, in_order
from phkg.views.governance import ActPage, GovernancePage, act_kinds, act_page, governance_page
from phkg.views.home import HomePage, with_changes
from phkg.views.indicator import IndicatorPage, indicator_page
from phkg.views.inputs import LastChange, last_change
from phkg.views.lists import ENTRIES_OF_A_PAGE, Cut, Narrowing, areas_in, kinds_in, list_page
from phkg.views.matrix import ORDERS, MatrixPage, matrix_page
from phkg.views.method import MethodPage, method_page
from phkg.views.objections import ObjectionsPage, objections_page
from phkg.views.organisation import OrganisationPage, organisation_page
from phkg.views.places import ORDERS as PLACE_ORDERS
from phkg.views.places import PlacesPage, narrowed_places
from phkg.views.queries import QueriesPage, queries_page
from phkg.views.reader import slug
from phkg.views.records import ListPage, RecordPage, record_page
from phkg.views.region import LISTS as REGION_LISTS
from phkg.views.region import OF_STATE, RegionPage, region_page
from phkg.views.search import SearchPage, search_page
from phkg.views.site import Kind, subclasses
from phkg.views.source_list import ORDERS as SOURCE_ORDERS
from phkg.views.source_list import SourcesPage, kinds_of_sources, sources_page
from phkg.views.statement_list import LINES_OF_A_PAGE, StatementsPage, statements_page
from phkg.views.statement_list import NARROWED_BY as WORDS_BY
from phkg.views.texts import TextPage, Writing, text_page
from phkg.views.todo import TodoPage, regions_of_all, tasks_of_all, todo_page
from phkg.views.topic import KINDS as TOPICS
from phkg.views.topic import TopicPage, topic_page
from phkg.views.vocabulary import VocabularyPage, vocabulary_page
from phkg.vocabulary import ph

TEXTS = ("about", "notes", "measures", "sharing", "accessibility", "privacy", "citing")
"""Pages that are texts; each is there where the registry has such a text in every language."""

FIXED = ("matrix", "compare", "search", "vocabulary", "queries", "changes", "unknown", "todo", "access", "guidance", "governance", "allocation", *TEXTS)
"""Pages that are not a record; each has a word of its own in every language (context `path` of the translations)."""

BESIDE = ("rules", "contribute", "submissions")
"""Words of addresses whose pages are no views of the records."""

OF_METHODS = ("matrix", "compare", "unknown", "access", "guidance")
"""Those among them that only a registry that follows methods has."""

VIEWS: dict[str, type] = {
    "home": HomePage,
    "matrix": MatrixPage,
    "compare": ComparePage,
    "search": SearchPage,
    "vocabulary": VocabularyPage,
    "queries": QueriesPage,
    "changes": ChangesPage,
    "unknown": GapsPage,
    "todo": TodoPage,
    "access": AccessPage,
    "guidance": GuidancePage,
    "governance": GovernancePage,
    "allocation": AllocationPage,
    "list": ListPage,
    "places": PlacesPage,
    "sources": SourcesPage,
    "statements": StatementsPage,
    "objections": ObjectionsPage,
    "method": MethodPage,
    "region": RegionPage,
    "organisation": OrganisationPage,
    "text": TextPage,
    "topic": TopicPage,
    "act": ActPage,
    "indicator": IndicatorPage,
    "record": RecordPage,
}
"""The views, by the name of their template."""

CHANGES_AT_START = 5
"""How many of the latest changes the start page tells."""

BRIEF = "brief"
"""The value of `show` that asks for a region on one sheet of paper."""

AS_OF = Parameter(as_of.NAME, "day", f"The picture of that day, from {as_of.FIRST_DAY.isoformat()} to today.", "2022-01-01")
AS_KNOWN = Parameter(as_known.NAME, "day", "What the registry said on that day, by its git; together with as-of, of that other day.", "")
WORDS = Parameter("q", "text", "Words that must stand in one name of the record, in any language.", "a")


@dataclass(frozen=True)
class Address:
    """What an address names. `view` is a key of VIEWS; `paths` are the page's addresses by language, without parameters."""

    view: str
    paths: dict[str, str]
    kind: Kind | None = None
    record: NamedNode | None = None
    writing: Writing | None = None

    def twin(self, code: str, ending: str) -> str:
        """The address of the page's twin (`json`, `csv`)."""
        return f"{self.paths[code].rstrip('/')}.{ending}"


def find(published: Published, languages: Mapping[str, Language], code: str, *steps: str) -> Address | None:
    """What the steps of a page's address name: none the start page, one a fixed page or a list, two a record."""
    if code not in languages or not all(SLUG.fullmatch(step) for step in steps):
        return None
    if not steps:
        return Address("home", {one: f"/{one}/" for one in languages})
    if len(steps) == 1:
        for name in TEXTS:
            if languages[code].word(name) == steps[0]:
                there = all(name in other.texts for other in languages.values())
                paths = {one: f"/{one}/{other.word(name)}/" for one, other in languages.items()}
                return Address("text", paths, writing=languages[code].texts[name]) if there else None
        for name in FIXED:
            if languages[code].word(name) == steps[0]:
                there = name not in OF_METHODS or published.methods
                return Address(name, {one: f"/{one}/{other.word(name)}/" for one, other in languages.items()}) if there else None
    kind = published.site.kind_of_segment(code, steps[0])
    if kind is None:
        return None
    lists = {one: f"/{one}/{kind.segments[one]}/" for one in languages}
    if len(steps) == 1:
        return Address(list_view_of(kind), lists, kind)
    record = published.site.record(kind.folder, steps[1])
    if record is None:
        return None
    return Address(view_of(kind), {one: f"{path}{steps[1]}/" for one, path in lists.items()}, kind, record)


def list_view_of(kind: Kind) -> str:
    """Which view shows the list of a kind."""
    own = {ph.ImplementationStatement: "statements", ph.Objection: "objections", ph.Source: "sources", ph.Place: "places"}
    return own.get(kind.iri, "list")


def view_of(kind: Kind) -> str:
    """Which view shows the records of a kind."""
    own = {
        ph.Method: "method",
        ph.Place: "region",
        ph.ORGANISATION: "organisation",
        ph.GovernanceRecord: "act",
        ph.Indicator: "indicator",
        **dict.fromkeys(TOPICS, "topic"),
    }
    return own.get(kind.iri, "record")


def parameters_of(published: Published, code: str, address: Address) -> tuple[Parameter, ...]:
    """The parameters that an address takes, choices with what there is to choose from."""
    found = published.parameters(code, address.view, address.kind, lambda: _parameters_of(published, code, address))
    return (*found, replace(AS_KNOWN, example=published.site.date)) if AS_OF in found else found


def _parameters_of(published: Published, code: str, address: Address) -> tuple[Parameter, ...]:
    reader = published.readers[code]
    if address.view == "queries":
        names = tuple(query.name for query in published.queries)
        return (_choice("name", "The named query whose text is chosen.", names),)
    if address.view in ("changes", "text"):
        return ()
    if address.view == "governance":
        kinds = tuple(one.slug for one in act_kinds(reader))
        return (_choice("kind", "Only acts of this kind.", kinds), AS_OF)
    if address.view == "allocation":
        return (*of_allocation(reader, published.allocation_models[code]), AS_OF)
    if address.view in ("search", "guidance"):
        return (WORDS, AS_OF)
    if address.view == "matrix" and published.methods:
        return _of_matrix(published, code, published.methods)
    if address.view == "unknown":
        return (_choice("sort", "The count by which the lines are ordered, the most first; or name.", GAP_ORDERS), AS_OF)
    if address.view == "todo":
        found = published.tasks(code)
        return (
            _choice("task", "Only this task, by the name of its query.", tuple(one.query for one in tasks_of_all(found))),
            _choice("region", "Only what concerns this region.", tuple(one.slug for one in regions_of_all(reader, found))),
        )
    if address.view == "access":
        return (
            _choice("sort", "The order of the methods by coverage.", COVERAGE_ORDERS),
            _choice("waits", "The order of the methods by waiting.", WAIT_ORDERS),
            _choice("regions", "The order of the regions.", REGION_ORDERS),
            _choice("area", "Only methods of this area.", areas_in(reader, published.methods) if published.methods else ()),
            _choice("show", "Only this table, page by page.", ACCESS_LISTS),
            _after_method(published),
            AS_OF,
        )
    if address.view == "compare":
        regions = tuple(slug(region) for region in published.site.regions)
        chosen = (_choice(name, "A region to compare.", regions) for name in CHOSEN)
        return (*chosen, _choice("only", "Only methods in which the regions differ.", ("differences",)), AS_OF)
    if address.view == "region":
        lists = (*(f"{OF_STATE}{slug(state)}" for state in concepts_of(reader, ph.State)), *REGION_LISTS)
        what = "The page on one sheet of paper, or only one of its lists, page by page."
        return (_choice("show", what, (BRIEF, *lists)), _after_method(published), AS_OF)
    if address.view == "sources" and address.kind:
        return _of_sources(published, code, address.kind)
    if address.view == "places":
        return (_choice("sort", "The order of the regions.", PLACE_ORDERS), WORDS, AS_OF)
    if address.view == "list" and address.kind:
        return _of_list(published, code, address.kind)
    if address.view == "statements" and address.kind:
        return _of_statements(published, code, address.kind)
    return (AS_OF,)


def build(published: Published, code: str, address: Address, asked: Mapping[str, str]) -> Any:
    """The view that answers an address with parameters that have been checked. Raises Problem for an unknown cursor."""
    reader, kind, record = published.readers[code], address.kind, address.record
    if record:
        published.snapshot.bring_near(record)
    if address.view == "home":
        return with_changes(published.home(code), published.changes(code, most=CHANGES_AT_START).entries)
    if address.view == "matrix" and published.methods:
        with _known_cursor(asked):
            return matrix_page(reader, published.methods, published.standings, asked)
    if address.view == "compare" and published.methods:
        chosen = tuple(asked.get(name, "") for name in CHOSEN)
        return compare_page(reader, published.methods, published.standings, chosen, asked.get("only") == "differences")
    if address.view == "unknown" and published.methods:
        gaps, sort = published.gaps(code, published.methods), asked.get("sort")
        return in_order(gaps, sort) if sort else gaps
    if address.view == "todo":
        return todo_page(reader, published.tasks(code), asked.get("task", ""), asked.get("region", ""))
    if address.view == "allocation":
        models = published.allocation_models[code]
        chosen = [one.iri for one in models if one.slug in {asked.get(name) for name in MODELS}]
        return allocation_page(reader, published.methods, published.standings, models, asked, _last_change(published, code, *chosen))
    if address.view == "access" and published.waits:
        orders = (asked.get(name, "") for name in ("sort", "waits", "regions"))
        area = next((one for one in concepts_of(reader, ph.ClinicalArea) if slug(one) == asked.get("area")), None)
        with _known_cursor(asked):
            return arranged(published.access(code, area), *orders, _last_change(published, code), asked.get("show", ""), asked.get("after", ""))
    if address.view == "governance":
        return governance_page(reader, asked.get("kind", ""))
    if address.view == "guidance":
        return guidance_page(reader, published.advice(code), published.matching, asked.get("q", ""))
    if address.view == "search":
        return search_page(reader, published.names, asked.get("q", ""))
    if address.writing:
        return text_page(reader, address.writing)
    if address.view == "changes":
        return published.changes(code)
    if address.view == "queries":
        return queries_page(reader, published.queries, asked.get("name", ""))
    if kind and address.view == "sources":
        words = asked.get("q", "")
        with _known_cursor(asked):
            return sources_page(
                reader,
                published.sources(code, kind),
                sort=asked.get("sort", ""),
                kind=asked.get("kind", ""),
                only_wanting=asked.get("only") == "wanting",
                among=published.matching(words) if words.strip() else None,
                after=asked.get("after", ""),
            )
    if kind and address.view == "places":
        words = asked.get("q", "").strip()
        return narrowed_places(published.places(code, kind), asked.get("sort", ""), words, published.matching(words) if words else None)
    if kind and address.view == "list":
        narrowing = Narrowing(asked.get("kind", ""), asked.get("area", ""), asked.get("q", ""))
        cut = Cut(int(asked.get("limit") or ENTRIES_OF_A_PAGE), asked.get("after", ""))
        with _known_cursor(asked):
            return list_page(
                reader, kind, published.names if narrowing.words.strip() else None, narrowing, cut, published.standings if kind == published.methods else None
            )
    if kind and address.view == "objections":
        return objections_page(reader, kind)
    if kind and address.view == "statements":
        with _known_cursor(asked):
            return statements_page(reader, kind, published.statements(code, kind), asked)
    if kind and record:
        if address.view == "method":
            return method_page(reader, record, kind, published.standings, published.spread)
        if address.view == "region":
            waits = published.waits if record in published.site.regions else None
            show = "" if asked.get("show") == BRIEF else asked.get("show", "")
            with _known_cursor(asked):
                return region_page(reader, record, kind, published.standings, waits, show, asked.get("after", ""))
        if address.view == "organisation":
            return organisation_page(reader, record, kind)
        if address.view == "act":
            return act_page(reader, record, kind)
        if address.view == "indicator":
            return indicator_page(reader, record, kind)
        if address.view == "topic":
            return topic_page(reader, record, kind, published.advice(code))
        return record_page(reader, record, kind)
    return vocabulary_page(reader)


def _last_change(published: Published, code: str, *records: NamedNode) -> LastChange:
    """What last moved figures of access, of the population, or one of some records."""
    graph, registry = published.site.graph, published.site.registry
    about = [one for one in graph.objects(registry, ph.populationIndicator) if isinstance(one, NamedNode)]
    return last_change(published.changes(code), *(published.changes(code, one, 1) for one in (*about, *records)))


@contextmanager
def _known_cursor(asked: Mapping[str, str]) -> Iterator[None]:
    try:
        yield
    except ValueError:
        raise Problem(400, "unknown-value", say("cursor", value=asked.get("after", "")), "after") from None


def _after_method(published: Published) -> Parameter:
    """The cursor of a list of methods that is shown alone."""
    there = published.site.records(published.methods) if published.methods else ()
    return Parameter(
        "after",
        "slug",
        "Only lines after this one: the `after` of the page before. It goes with `show`, without which it says nothing.",
        slug(there[0]) if there else "a",
    )


def _of_matrix(published: Published, code: str, methods: Kind) -> tuple[Parameter, ...]:
    reader = published.readers[code]
    choices = allowed(reader, subclasses(reader.graph, methods.iri)[1:])
    told = {name: f"Only methods with this {name}." for name, *_ in NARROWED_BY} | {
        "kind": "Only methods of this kind.",
        "state": "Only methods that have this state in some region.",
        "within": "Only the regions within this wider place.",
    }
    spoken = published.site.records(methods)
    return (
        *(_choice(name, told[name], values) for name, values in choices.items()),
        _choice("only", "Only methods to which some regions give access and others do not.", ("gaps",)),
        _choice("sort", "The order of the methods.", ORDERS),
        Parameter("after", "slug", "Only methods after this one: the `after` of the page before.", slug(spoken[0]) if spoken else "a"),
        AS_OF,
    )


def _of_list(published: Published, code: str, kind: Kind) -> tuple[Parameter, ...]:
    reader = published.readers[code]
    kinds, areas = kinds_in(reader, kind), areas_in(reader, kind)
    records = published.site.records(kind)
    first = slug(records[0]) if records else "a"
    return (
        *((_choice("kind", "Only records of this kind.", kinds),) if kinds else ()),
        *((_choice("area", "Only records of this area.", areas),) if areas else ()),
        WORDS,
        Parameter("limit", "number", f"At most so many entries, up to {MOST_ENTRIES}; without it, {ENTRIES_OF_A_PAGE}.", "10"),
        Parameter("after", "slug", "Only entries after this one: the `after` of the page before.", first),
        AS_OF,
    )


def _of_statements(published: Published, code: str, kind: Kind) -> tuple[Parameter, ...]:
    listed = published.statements(code, kind)
    return (
        *(_choice(name, f"Only statements with this {name}.", listed.choices[name]) for name, *_ in WORDS_BY),
        Parameter("limit", "number", f"At most so many statements, up to {MOST_ENTRIES}; without it, {LINES_OF_A_PAGE}.", "10"),
        Parameter("after", "path", "Only statements after this one: the `after` of the page before.", listed.first),
        AS_OF,
    )


def _of_sources(published: Published, code: str, kind: Kind) -> tuple[Parameter, ...]:
    records = published.site.records(kind)
    kinds = tuple(one.slug for one in kinds_of_sources(published.readers[code]))
    return (
        _choice("sort", "The order of the sources.", SOURCE_ORDERS),
        _choice("kind", "Only sources of this kind.", kinds),
        _choice("only", "Only sources of which a better one is wanted.", ("wanting",)),
        WORDS,
        Parameter("after", "slug", "Only sources after this one: the `after` of the page before.", slug(records[0]) if records else "a"),
        AS_OF,
    )


def _choice(name: str, description: str, allowed: tuple[str, ...]) -> Parameter:
    return Parameter(name, "choice", description, allowed[0] if allowed else "", allowed)
