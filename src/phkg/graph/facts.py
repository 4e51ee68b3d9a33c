"""From the graph to the plain data that `analysis` works on, in one reading of all triples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from pyoxigraph import Literal, NamedNode, Quad, Triple

from phkg.analysis.basis import Nothing
from phkg.analysis.coverage import Access, access
from phkg.analysis.dates import Bounds
from phkg.analysis.standing import Standing
from phkg.analysis.words import LAST, Places, Statement
from phkg.graph.bounds import ISSUED, FactFault, term_bounds
from phkg.vocabulary import ph
from phkg.vocabulary.namespaces import DCTERMS, QB, RDF, RDFS

TYPE = NamedNode(RDF + "type")
SUBCLASS = NamedNode(RDFS + "subClassOf")
REPLACED = NamedNode(DCTERMS + "isReplacedBy")
RETIRED = (REPLACED, ph.retiredOn)
"""What has one of these is no longer in use, and stays for those who have cited it."""
DATA_SET = NamedNode(QB + "dataSet")

READ = frozenset(
    {
        TYPE, SUBCLASS, *RETIRED, DATA_SET, ISSUED,
        ph.method, ph.place, ph.statementKind, ph.state, ph.since, ph.until, ph.asOf, ph.plannedStart, ph.statedBy, ph.confidence,
        ph.extent, ph.countsFor, ph.holdsInAll, ph.sourceKind, ph.rank, ph.isAbsence, ph.isLeftOut, ph.isUnknown, ph.isIntention, ph.givesAccess, ph.saysState, ph.isPart,
        ph.within, ph.inRegion, ph.recordNamespace, ph.nation, ph.populationIndicator, ph.populationDate, ph.period, ph.value,
    }
)  # fmt: skip
"""The properties that derivation reads; everything else in the graph is left alone."""


@dataclass(frozen=True)
class Facts:
    """What standings and coverages are derived from. Everything is named by its IRI; what is retired is left out.

    `base` begins the IRIs of records. `words` holds the date of each statement's word as its source wrote it. `gives_access`, `left_out`
    and `unknown` are the states that behave so. `populations` are the
    numbers of inhabitants on the registry's common date, `whole` that of the nation (None: not known).
    """

    base: str
    statements: tuple[Statement, ...]
    words: Mapping[str, Literal]
    places: Places
    regions: tuple[str, ...]
    methods: tuple[str, ...]
    gives_access: frozenset[str]
    left_out: frozenset[str]
    unknown: frozenset[str]
    populations: Mapping[str, int]
    whole: int | None

    def access(self, standing: Standing | None) -> Access | Nothing:
        """What a standing (None: silence) means for access in its region."""
        if standing is None:
            return Nothing.NO_STATEMENT
        if standing.state in self.left_out:
            return Nothing.NOT_APPLICABLE
        if standing.state in self.unknown:
            return Nothing.WITHHELD
        return access(standing.state in self.gives_access, standing.is_part)


class _Index:
    """property → subject → values, of the properties in READ."""

    def __init__(self, triples: Iterable[Quad | Triple]) -> None:
        self._values: dict[NamedNode, dict[str, list[NamedNode | Literal]]] = {predicate: {} for predicate in READ}
        for triple in triples:
            found = self._values.get(triple.predicate)
            if found is not None:
                found.setdefault(triple.subject.value, []).append(triple.object)

    def all(self, subject: str, predicate: NamedNode) -> list[NamedNode | Literal]:
        return self._values[predicate].get(subject, [])

    def one(self, subject: str, predicate: NamedNode) -> NamedNode | Literal | None:
        """The value; the first by its text where there are several, so that the order of files changes nothing."""
        return min(self.all(subject, predicate), key=str, default=None)

    def iri(self, subject: str, predicate: NamedNode) -> str | None:
        value = self.one(subject, predicate)
        return None if value is None else value.value

    def is_true(self, subject: str | None, predicate: NamedNode) -> bool:
        return subject is not None and any(value.value in ("true", "1") for value in self.all(subject, predicate))

    def all_true(self, predicate: NamedNode) -> frozenset[str]:
        return frozenset(subject for subject in self.subjects(predicate) if self.is_true(subject, predicate))

    def rank(self, subject: str | None, predicate: NamedNode = ph.rank, missing: int = LAST) -> int:
        value = None if subject is None else self.one(subject, predicate)
        if value is None:
            return missing
        try:
            return int(value.value)
        except ValueError:
            raise FactFault(str(subject), f"“{value.value}” is no whole number; {predicate.value} needs one.") from None

    def span(self, subject: str, predicate: NamedNode) -> Bounds | None:
        value = self.one(subject, predicate)
        return None if value is None else term_bounds(subject, value)

    def subjects(self, predicate: NamedNode) -> dict[str, list[NamedNode | Literal]]:
        return self._values[predicate]

    def links(self, predicate: NamedNode) -> dict[str, frozenset[str]]:
        return {subject: frozenset(value.value for value in values) for subject, values in self._values[predicate].items()}

    def is_retired(self, subject: str) -> bool:
        return any(subject in self._values[predicate] for predicate in RETIRED)

    def instances(self, kind: NamedNode) -> tuple[str, ...]:
        """Everything of a class or of a class below it that is not retired, in order."""
        kinds, waiting = {kind.value}, [kind.value]
        above = self.links(SUBCLASS)
        while waiting:
            upper = waiting.pop()
            below = {lower for lower, uppers in above.items() if upper in uppers} - kinds
            kinds |= below
            waiting += below
        found = (subject for subject, types in self._values[TYPE].items() if any(value.value in kinds for value in types))
        return tuple(sorted(subject for subject in found if not self.is_retired(subject)))


def gather(triples: Iterable[Quad | Triple]) -> Facts:
    """Read the facts out of a graph.

    Raises FactFault for a date that is no date, a rank or population that is no number, and a graph without exactly one
    registry record that tells its record namespace.
    """
    index = _Index(triples)
    registries = index.instances(ph.Registry)
    if len(registries) != 1 or index.iri(registries[0], ph.recordNamespace) is None:
        raise FactFault(
            registries[0] if registries else "",
            "A registry needs exactly one record of the class ph:Registry with a ph:recordNamespace, in registry/registry.ttl.",
        )
    registry = registries[0]
    words: dict[str, Literal] = {}
    read = [_statement(index, subject, words) for subject in index.instances(ph.ImplementationStatement)]
    statements = tuple(statement for statement in read if statement is not None)
    populations = _populations(index, registry)
    methods = {*index.instances(ph.Method), *(statement.method for statement in statements)}
    return Facts(
        base=str(index.iri(registry, ph.recordNamespace)),
        statements=statements,
        words=words,
        places=Places(within=index.links(ph.within), located=index.links(ph.inRegion)),
        regions=index.instances(ph.Region),
        methods=tuple(sorted(methods)),
        gives_access=index.all_true(ph.givesAccess),
        left_out=index.all_true(ph.isLeftOut),
        unknown=index.all_true(ph.isUnknown),
        populations=populations,
        whole=populations.get(index.iri(registry, ph.nation) or ""),
    )


def _statement(index: _Index, subject: str, words: dict[str, Literal]) -> Statement | None:
    """A statement, or None where it lacks a method or a place; its word's date goes to `words`."""
    method, place = index.iri(subject, ph.method), index.iri(subject, ph.place)
    if method is None or place is None:
        return None
    sources = [source.value for source in index.all(subject, ph.statedBy)]
    state, extent = index.iri(subject, ph.state), index.iri(subject, ph.extent)
    intention, withheld = index.is_true(state, ph.isIntention), index.is_true(state, ph.isUnknown)
    nothing_done = withheld or index.is_true(state, ph.isAbsence) or index.is_true(state, ph.isLeftOut)
    word = index.one(subject, ph.asOf) or _newest(index, sources)
    if isinstance(word, Literal):
        words[subject] = word
    return Statement(
        id=subject,
        method=method,
        place=place,
        state=state,
        makes_state=index.is_true(index.iri(subject, ph.statementKind), ph.saysState),
        is_intention=intention,
        is_underway=not intention and not nothing_done,
        is_withheld=withheld,
        since=index.span(subject, ph.since),
        until=index.span(subject, ph.until),
        planned_start=index.span(subject, ph.plannedStart),
        word=None if word is None else term_bounds(subject, word),
        confidence_rank=index.rank(index.iri(subject, ph.confidence)),
        source_rank=min((index.rank(index.iri(source, ph.sourceKind)) for source in sources), default=LAST),
        extent=extent,
        extent_is_part=index.is_true(extent, ph.isPart),
        counts_for=frozenset(region.value for region in index.all(subject, ph.countsFor)),
        holds_in_all=index.is_true(subject, ph.holdsInAll),
    )


def _newest(index: _Index, sources: Iterable[str]) -> NamedNode | Literal | None:
    """The latest date among the sources of one statement, as written."""
    dated = [(term_bounds(source, value), value) for source in sources for value in index.all(source, ISSUED)]
    return max(dated, key=lambda entry: (entry[0].latest, entry[0].earliest), default=(None, None))[1]


def _populations(index: _Index, registry: str) -> dict[str, int]:
    """Inhabitants by place: the registry's population indicator on its common date, the last observation within that date."""
    indicator, on = index.one(registry, ph.populationIndicator), index.span(registry, ph.populationDate)
    if indicator is None or on is None:
        return {}
    found: dict[str, tuple[Bounds, str, int]] = {}
    for subject, sets in index.subjects(DATA_SET).items():
        place, value = index.iri(subject, ph.place), index.iri(subject, ph.value)
        if indicator not in sets or place is None or value is None or index.is_retired(subject):
            continue
        period = index.span(subject, ph.period)
        if period is None or not on.earliest <= period.earliest <= period.latest <= on.latest:
            continue
        try:
            entry = (period, subject, int(Decimal(value)))
        except (InvalidOperation, ValueError, OverflowError):
            raise FactFault(subject, f"“{value}” is no number of inhabitants; write it like 170500.") from None
        found[place] = max(found.get(place, entry), entry)
    return {place: people for place, (_, _, people) in found.items()}
