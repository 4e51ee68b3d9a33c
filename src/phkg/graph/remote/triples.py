"""The triples of a snapshot in a store elsewhere, for whoever looks them up one pattern at a time: fetched in bulk, and kept.

Views ask hundreds of small questions for one page. Each is answered from stores in memory here when what it asks about is known to
be there whole; else more is fetched than was asked for, by rules that know nothing of pages:

1. The vocabulary, the concepts and everything else that is no record is fetched when the snapshot is opened.
2. `bring_near` fetches a record together with everything that points at it.
3. When then something is asked of a record that was seen as a value there, all such values are fetched together: one query a step.
4. A property that is asked of anything else is fetched whole, of all subjects, if it does not have too many values.
5. The third record of a folder that is asked for by itself brings all records of that folder, if there are not too many; so does the
   third of which it is asked what points at it bring all that points at any of them.
6. What is left is fetched by itself.

So a page is right whatever it asks, and takes a few queries the first time. What rules 1, 4 and 5 have brought stays as long as the
snapshot; what belongs to single records goes when it has become too much.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Future
from threading import Lock

from pyoxigraph import Literal, NamedNode, Quad, QuerySolution
from pyoxigraph import Store as Triples

from phkg.graph.remote.catalogue import SIZE, catalogue_graph, snapshot_graph
from phkg.graph.remote.faults import StoreUnavailable
from phkg.graph.remote.store import Store
from phkg.vocabulary import ph
from phkg.vocabulary.namespaces import RDF

Term = NamedNode | Literal
Select = Callable[[str], Iterable[Quad]]

DERIVED = ("standings", "coverages")
"""Folders of IRIs that hold no records but what the program derives."""
MOST_VALUES = 50_000
"""Values of a property that is fetched whole."""
MOST_MATES = 5_000
"""Records of a folder that is fetched whole."""
ALONE = 2
"""Records of a folder that are fetched by themselves before the folder is."""
BATCH = 400
"""Subjects that one query names; some stores cannot read longer ones."""
MOST_PASSING = 200_000
"""Triples of single records that are kept; when there are more, all of these go."""
OPEN_SECONDS = 60.0
"""How long a bulk query may take that no reader waits for."""
TYPE = NamedNode(f"{RDF}type")
OUTERMOST = re.compile("^WHERE", re.MULTILINE)


class _Passing:
    """Triples of single records, and which are there whole."""

    def __init__(self) -> None:
        self.triples = Triples()
        self.subjects: set[NamedNode] = set()
        self.values: set[tuple[NamedNode | None, Term]] = set()
        self.groups: dict[NamedNode, set[NamedNode]] = {}
        """Records that were seen as a value and not fetched yet, each with all that were seen on the same errand."""


class RemoteTriples:
    """One snapshot's triples. May be used from any thread; look-ups raise StoreFault when the store does not answer."""

    def __init__(self, store: Store, base: str, name: str) -> None:
        """`base` begins the IRIs of the registry's records, `name` is the snapshot's."""
        self._store = store
        self._base = base
        self._home = catalogue_graph(base)
        self._graph = snapshot_graph(base, name)
        self._kept = Triples()
        self._whole: set[NamedNode] = set()
        self._folders: set[str] = set()
        self._pointed: set[str] = set()
        self._alone: Counter[str] = Counter()
        self._sizes: dict[NamedNode, int] = {}
        self._records = re.compile("(?!)")
        self._passing = _Passing()
        self._lock = Lock()
        self._running: dict[object, Future[None]] = {}

    def open(self, known: Collection[NamedNode] = ()) -> None:
        """Fetch what is no record, and the properties `known` to be asked for. Raises StoreFault."""
        rows = self._select(f"SELECT ?p (COUNT(*) AS ?n) WHERE {{ GRAPH <{self._graph}> {{ ?s ?p ?o }} }} GROUP BY ?p")
        self._sizes = {row["p"]: int(row["n"].value) for row in rows if row["n"] is not None and row["p"] is not None}
        rows = self._select(f"SELECT ?o WHERE {{ GRAPH <{self._graph}> {{ ?s <{ph.folder.value}> ?o }} }}")
        folders = sorted({row["o"].value for row in rows} | set(DERIVED))
        pattern = f"^{re.escape(self._base)}({'|'.join(map(re.escape, folders))})/"
        self._records = re.compile(pattern)
        escaped = pattern.replace("\\-", "-").replace("\\", "\\\\")
        self._keep(self._fetch(f'?s ?p ?o . FILTER(!REGEX(STR(?s), "{escaped}"))', OPEN_SECONDS))
        small = [predicate for predicate in known if self._sizes.get(predicate, 0) <= MOST_VALUES]
        if small:
            self._fetch_properties(small, OPEN_SECONDS)

    @property
    def known(self) -> frozenset[NamedNode]:
        """The properties that are here whole; to be given to `open` of the next snapshot."""
        return frozenset(self._whole)

    def __iter__(self) -> Iterator[Quad]:
        """Every triple, fetched now and not kept."""
        return iter(self._fetch("?s ?p ?o", OPEN_SECONDS))

    def quads_for_pattern(self, subject: NamedNode | None, predicate: NamedNode | None, value: Term | None, graph: object = None) -> Iterator[Quad]:
        """Every triple with this subject, property and value (None: any), as pyoxigraph's stores give it."""
        if subject is None and predicate is None and value is None:
            return iter(self)
        while True:
            passing = self._passing
            there = self._holder(passing, subject, predicate, value)
            if there is None:
                self._bring(passing, subject, predicate, value)
                there = self._holder(passing, subject, predicate, value)
            if there is not None:
                return there.quads_for_pattern(subject, predicate, value, None)

    def query(self, query: str) -> Iterable[QuerySolution]:
        """The rows of a SELECT query of which the outermost WHERE begins a line. Raises StoreFault."""
        return self._select(OUTERMOST.sub(f"FROM <{self._graph}>\nWHERE", query, count=1), OPEN_SECONDS)

    def bring_near(self, record: NamedNode) -> None:
        """Fetch a record with everything that points at it, if it is not here. Raises StoreFault."""
        passing = self._passing
        if not (record in passing.subjects and (None, record) in passing.values):
            self._once(("near", record), lambda: self._fetch_near(passing, record))

    def _holder(self, passing: _Passing, subject: NamedNode | None, predicate: NamedNode | None, value: Term | None) -> Triples | None:
        """The store in which everything with this pattern is, if there is one."""
        if predicate is not None and (predicate in self._whole or predicate not in self._sizes):
            return self._kept
        if subject is not None:
            folder = self._folder(subject)
            if folder is None or folder in self._folders:
                return self._kept
            return passing.triples if subject in passing.subjects else None
        if isinstance(value, NamedNode) and self._folder(value) in self._pointed:
            return self._kept
        if value is not None and not passing.values.isdisjoint(((None, value), (predicate, value))):
            return passing.triples
        return None

    def _bring(self, passing: _Passing, subject: NamedNode | None, predicate: NamedNode | None, value: Term | None) -> None:
        """Fetch what makes an answer possible."""
        group = passing.groups.get(subject) if subject is not None else None
        if subject is not None and group:
            self._once(("group", id(group)), lambda: self._fetch_group(passing, subject, group))
        elif predicate is not None and (subject is value is None or self._sizes[predicate] <= MOST_VALUES):
            self._once(("property", predicate), lambda: self._fetch_properties([predicate]))
        elif subject is not None:
            self._bring_subject(passing, subject)
        elif predicate is None and isinstance(value, NamedNode) and self._folder(value) is not None:
            self._bring_pointing(value)
        elif value is not None:
            self._once(("value", predicate, value), lambda: self._fetch_value(passing, predicate, value))

    def _bring_subject(self, passing: _Passing, subject: NamedNode) -> None:
        folder = str(self._folder(subject))
        if self._is_one_of_many(folder, folder):
            self._once(("folder", folder), lambda: self._fetch_folder(folder))
        else:
            self._once(("near", subject), lambda: self._fetch_near(passing, subject))

    def _bring_pointing(self, value: NamedNode) -> None:
        folder = str(self._folder(value))
        if self._is_one_of_many(f"at {folder}", folder):
            self._once(("pointing", folder), lambda: self._fetch_pointing(folder))
        else:
            self.bring_near(value)

    def _is_one_of_many(self, errand: str, folder: str) -> bool:
        """Whether the same has been asked of enough records of a folder to do it for all, and these are not too many."""
        with self._lock:
            self._alone[errand] += 1
            often = self._alone[errand] > ALONE
        return often and sum(self._folder(one) == folder for one in self._typed()) <= MOST_MATES

    def _typed(self) -> list[NamedNode]:
        return [quad.subject for quad in self.quads_for_pattern(None, TYPE, None)]

    def _folder(self, iri: NamedNode) -> str | None:
        """The folder of a record or of what is derived; None for everything else."""
        found = self._records.match(iri.value)
        return found[1] if found else None

    def _once(self, key: object, work: Callable[[], None]) -> None:
        """Do a piece of work, or wait for whoever does it already."""
        with self._lock:
            running = self._running.get(key)
            if running is None:
                own: Future[None] = Future()
                self._running[key] = own
        if running is not None:
            running.result()
            return
        try:
            work()
        except BaseException as error:
            own.set_exception(error)
            raise
        else:
            own.set_result(None)
        finally:
            with self._lock:
                del self._running[key]

    def _fetch_properties(self, predicates: Collection[NamedNode], seconds: float | None = None) -> None:
        named = " ".join(str(predicate) for predicate in predicates)
        where = f"?s {named} ?o . BIND({named} AS ?p)" if len(predicates) == 1 else f"VALUES ?p {{ {named} }} ?s ?p ?o"
        self._keep(self._fetch(where, seconds))
        self._whole |= set(predicates)

    def _fetch_folder(self, folder: str) -> None:
        self._keep(self._fetch(f'?s ?p ?o . FILTER(STRSTARTS(STR(?s), "{self._base}{folder}/"))'))
        self._folders.add(folder)

    def _fetch_pointing(self, folder: str) -> None:
        self._keep(self._fetch(f'?s ?p ?o . FILTER(isIRI(?o) && STRSTARTS(STR(?o), "{self._base}{folder}/"))'))
        self._pointed.add(folder)

    def _fetch_near(self, passing: _Passing, record: NamedNode) -> None:
        found = self._fetch(f"{{ {record} ?p ?o . BIND({record} AS ?s) }} UNION {{ ?s ?q {record} . ?s ?p ?o }}")
        self._pass(passing, found, {record, *(quad.subject for quad in found)}, {(None, record)}, set())

    def _fetch_group(self, passing: _Passing, subject: NamedNode, group: set[NamedNode]) -> None:
        members = [subject, *(sorted(group - {subject}, key=lambda one: one.value))][:BATCH]
        found = self._fetch(f"VALUES ?s {{ {' '.join(map(str, members))} }} ?s ?p ?o")
        self._pass(passing, found, set(members), set(), group)

    def _fetch_value(self, passing: _Passing, predicate: NamedNode | None, value: Term) -> None:
        pattern = f"?s ?p {value}" if predicate is None else f"?s {predicate} {value} . BIND({predicate} AS ?p)"
        found = self._fetch(f"{pattern} . BIND({value} AS ?o)")
        self._pass(passing, found, set(), {(predicate, value)}, set())

    def _keep(self, found: list[Quad]) -> None:
        self._kept.extend(found)

    def _pass(
        self,
        passing: _Passing,
        found: list[Quad],
        subjects: set[NamedNode],
        values: set[tuple[NamedNode | None, Term]],
        group: set[NamedNode],
    ) -> None:
        """Take in what was fetched: `subjects` and `values` are whole now, `group` is the errand that it was fetched on."""
        passing.triples.extend(found)
        with self._lock:
            passing.subjects |= subjects
            passing.values |= values
            for one in subjects:
                passing.groups.pop(one, set()).discard(one)
            group -= subjects
            for quad in found:
                seen = quad.object
                if isinstance(seen, NamedNode) and seen not in passing.subjects and self._folder(seen) is not None:
                    passing.groups[seen] = group
                    group.add(seen)
            if len(passing.triples) > MOST_PASSING and passing is self._passing:
                self._passing = _Passing()

    def _fetch(self, where: str, seconds: float | None = None) -> list[Quad]:
        """The triples for which a pattern of ?s ?p ?o holds, with the store's word that the graph is whole."""
        whole = f"VALUES (?s ?p) {{ (<{self._graph}> <{SIZE}>) }} GRAPH <{self._home}> {{ ?s ?p ?o }}"
        rows = self._select(f"SELECT ?s ?p ?o WHERE {{ {{ {whole} }} UNION {{ GRAPH <{self._graph}> {{ {where} }} }} }}", seconds)
        found, is_whole = [], False
        for row in rows:
            subject, predicate, value = row["s"], row["p"], row["o"]
            if subject is None or predicate is None or value is None:
                raise StoreUnavailable("The store answers with rows in which something is missing.")
            if subject.value == self._graph and predicate.value == SIZE:
                is_whole = True
            else:
                found.append(Quad(subject, predicate, value))
        if not is_whole:
            raise StoreUnavailable("The store has no longer the snapshot that is read; the newest one is looked for.", 3)
        return found

    def _select(self, query: str, seconds: float | None = None) -> list:
        return self._store.select(query, seconds, seconds) if seconds else self._store.select(query)
