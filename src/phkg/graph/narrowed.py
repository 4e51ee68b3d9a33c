"""Of a large graph, what a small change can bear on: so that comparing ten records does not cost as much as reading a million triples.

Standings and coverages are worked out method by method. A change of a statement, of a method or of a source bears on some methods only; of all
other statements nothing needs to be known. Where a change touches anything else that derivation reads (places, concepts, populations), all is kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple, parse

from phkg.graph.bounds import ISSUED
from phkg.graph.facts import DATA_SET, READ, RETIRED, SUBCLASS, TYPE
from phkg.vocabulary import ph

OF_SOURCES = frozenset({TYPE, ISSUED, ph.sourceKind, ph.statedBy, *RETIRED})
OF_OBSERVATIONS = frozenset({TYPE, DATA_SET, ph.place, ph.period, ph.value, ph.statedBy, *RETIRED})


def common(path: Path, store: Store, base: Collection[Quad], head: Collection[Quad]) -> list[Quad]:
    """The triples outside of what changed that `Graphs` needs to compare `base` with `head` (triples of the files that differ).

    `path` is the whole later graph as N-Triples, literals as written, and `store` holds the same.
    """
    one, other = ({(quad.subject, quad.predicate, quad.object) for quad in side} for side in (base, head))
    changed = [Triple(*triple) for triple in one ^ other]
    touched = {triple.subject for triple in changed}
    before_and_after = [*base, *head]
    methods, users = _bears_on(store, changed, before_and_after)
    kept = {str(subject).encode() for subject in touched | users}
    dropped: set[bytes] = set()
    if methods is not None:
        words = {quad.subject for method in methods for quad in store.quads_for_pattern(None, ph.method, method)}
        kept |= {str(subject).encode() for subject in words | methods}
        dropped = {str(subject).encode() for subject in _not_needed(store)} - kept
    reads = {str(predicate).encode() for predicate in READ} if any(triple.predicate in READ for triple in changed) else set()
    own = set(_lines(head))
    found = []
    with path.open("rb") as stream:
        for line in stream:
            subject, predicate, _ = line.split(b" ", 2)
            if (subject in kept or (predicate in reads and subject not in dropped)) and line not in own:
                found.append(line)
    return list(parse(b"".join(found), format=RdfFormat.N_TRIPLES))


def _bears_on(store: Store, changed: Iterable[Triple], sides: Collection[Quad]) -> tuple[set[NamedNode] | None, set[NamedNode]]:
    """The methods that a change bears on (None: all), and the records that rest on sources that changed."""
    read: dict[NamedNode, set[NamedNode]] = {}
    for triple in changed:
        if triple.predicate in READ:
            read.setdefault(triple.subject, set()).add(triple.predicate)
    if not read:
        return set(), set()
    said: dict[NamedNode, dict[NamedNode, set]] = {subject: {} for subject in read}
    for quad in sides:
        if quad.subject in said:
            said[quad.subject].setdefault(quad.predicate, set()).add(quad.object)
    kinds = _below(store, ph.Method)
    populations = {quad.object for quad in store.quads_for_pattern(None, ph.populationIndicator, None)}
    methods: set[NamedNode] = set()
    users: set[NamedNode] = set()
    for subject, predicates in read.items():
        about = said[subject]
        if ph.method in about:
            methods |= about[ph.method]
        elif kinds & about.get(TYPE, set()):
            methods.add(subject)
        elif DATA_SET in about and predicates <= OF_OBSERVATIONS:
            if about[DATA_SET] & populations:
                return None, users
        elif predicates <= OF_SOURCES and not about.keys() & {ph.within, ph.inRegion, ph.rank, SUBCLASS}:
            resting = {quad.subject for quad in store.quads_for_pattern(None, ph.statedBy, subject)}
            users |= resting
            methods |= {quad.object for one in resting for quad in store.quads_for_pattern(one, ph.method, None)}
        else:
            return None, users
    return {method for method in methods if isinstance(method, NamedNode)}, users


def _not_needed(store: Store) -> Iterable[NamedNode]:
    """Everything about methods, and the observations of indicators other than the population."""
    for quad in store.quads_for_pattern(None, ph.method, None):
        yield quad.subject
    for kind in _below(store, ph.Method):
        for quad in store.quads_for_pattern(None, TYPE, kind):
            yield quad.subject
    populations = {quad.object for quad in store.quads_for_pattern(None, ph.populationIndicator, None)}
    for quad in store.quads_for_pattern(None, DATA_SET, None):
        if quad.object not in populations:
            yield quad.subject


def _below(store: Store, kind: NamedNode) -> set[NamedNode]:
    found, waiting = {kind}, [kind]
    while waiting:
        lower = {quad.subject for quad in store.quads_for_pattern(None, SUBCLASS, waiting.pop())} - found
        found |= lower
        waiting += lower
    return found


def _lines(triples: Iterable[Quad]) -> Iterable[bytes]:
    for triple in triples:
        yield f"{triple.subject} {triple.predicate} {triple.object} .\n".encode()
