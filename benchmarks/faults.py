"""The faults that the generator makes, each with exactly what validation must find: worked out by hand from the rules in shapes/.

Each fault is a function that changes one record and gives the findings that follow, or None where the record cannot have it.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from random import Random
from typing import NamedTuple

from benchmarks.turtle_text import BASE, Record, iri, text, typed

SHAPES = BASE + "shapes/"
Kinds = dict[str, list[Record]]


class Expected(NamedTuple):
    """One finding: `rule` is a shape's IRI or the code of one of the program's own checks, `record` and `property` are IRIs, `value` is in N-Triples."""

    severity: str
    rule: str
    record: str
    property: str
    value: str
    file: str


Fault = Callable[[Record], "list[Expected] | None"]


def file_of(record: Record) -> str:
    """The file in which a record lies."""
    return "registry/" + "/".join(record.iri[1:-1].removeprefix(BASE).split("/")[:2]) + ".ttl"


def finding(record: Record, rule: str, path: str = "", value: str = "", severity: str = "violation") -> Expected:
    """What a rule in shapes/, such as `dates#since-date`, says of a record."""
    return Expected(severity, SHAPES + rule, record.iri[1:-1], iri(path)[1:-1] if path else "", value, file_of(record))


def missing_county_codes(regions: list[Record]) -> list[Expected]:
    """Two digits are enough for a hundred regions; more than that have none, which is a warning each."""
    without = [region for region in regions if iri("ph:countyCode") not in region.values]
    return [finding(region, "regions#region-county-code-missing", "ph:countyCode", severity="warning") for region in without]


def break_records(kinds: Kinds, random: Random, extra: Kinds) -> list[Expected]:
    """Puts a fault into about one record in a hundred, at least one of each kind, and gives what must be found.

    `extra` receives records for a file that is not their own.
    """
    wanted = sum(map(len, kinds.values())) // 100
    each = max(1, wanted // len(FAULTS))
    order = {kind: random.sample(range(len(records)), len(records)) for kind, records in kinds.items()}
    expected: list[Expected] = []
    for kind, fault in FAULTS:
        left = each
        waiting, unfit = order[kind], []
        while left and waiting:
            record = kinds[kind][waiting.pop()]
            found = fault(record, extra) if fault in _ELSEWHERE else fault(record)
            if found is None:
                unfit.append(record)
                continue
            expected += found
            left -= 1
        index = {id(record): n for n, record in enumerate(kinds[kind])} if unfit else {}
        waiting.extend(index[id(record)] for record in unfit)
    for pair in PAIRS:
        expected += pair(kinds, order, each)
    return expected


def _set(record: Record, path: str, *values: str) -> None:
    record.values[iri(path)] = list(values)


def _has(record: Record, path: str) -> bool:
    return iri(path) in record.values


def _says_state(record: Record) -> bool:
    return record.values[iri("ph:statementKind")] == [iri("statement-kind:introduction")]


def state_missing(record: Record) -> list[Expected] | None:
    """A statement of introduction that says no state."""
    if not _says_state(record) or not {iri("ph:pilotKind"), iri("ph:reasonNotOffered"), iri("ph:plannedStart")}.isdisjoint(record.values):
        return None
    del record.values[iri("ph:state")]
    return [finding(record, "implementations#statement-state-missing", "ph:state", iri("statement-kind:introduction"))]


def wrong_class(record: Record) -> list[Expected] | None:
    """A concept of another scheme."""
    if record.values[iri("ph:confidence")] != [iri("confidence:stated")]:
        return None
    _set(record, "ph:confidence", iri("extent:whole"))
    return [finding(record, "implementations#statement-confidence-class", "ph:confidence", iri("extent:whole"))]


def dangling(record: Record) -> list[Expected]:
    """A reference to a record that does not exist."""
    nobody = iri("organisation:nobody")
    _set(record, "ph:performedBy", nobody)
    return [finding(record, "implementations#statement-performed-by-class", "ph:performedBy", nobody)]


def dangling_source(record: Record) -> list[Expected]:
    """A second source that does not exist."""
    nothing = iri("source:nothing")
    record.values[iri("ph:statedBy")].append(nothing)
    return [finding(record, "common#stated-by-class", "ph:statedBy", nothing)]


def bad_identifier(record: Record) -> list[Expected]:
    """An identifier with too few digits."""
    wrong = text("MONDO:" + str(int(record.values[iri("ph:mondo")][0][7:-1])))
    _set(record, "ph:mondo", wrong)
    return [finding(record, "indications#indication-mondo-form", "ph:mondo", wrong)]


def wrong_datatype(record: Record) -> list[Expected]:
    """A number written as a text: it is no integer, and it cannot be compared with the least number allowed."""
    wrong = text("12")
    _set(record, "ph:geneCount", wrong)
    rules = ("methods#method-gene-count-datatype", "methods#method-gene-count-least")
    return [finding(record, rule, "ph:geneCount", wrong) for rule in rules]


def truth_as_text(record: Record) -> list[Expected]:
    """A truth value written as a text."""
    wrong = text("true")
    _set(record, "ph:holdsInAll", wrong)
    return [finding(record, "implementations#statement-holds-in-all-datatype", "ph:holdsInAll", wrong)]


def ill_formed_date(record: Record) -> list[Expected] | None:
    """A day that no calendar has."""
    if _has(record, "ph:until"):
        return None
    wrong = typed("2019-02-30", "date")
    _set(record, "ph:since", wrong)
    return [finding(record, "dates#since-date", "ph:since", wrong)]


def ends_before_it_begins(record: Record) -> list[Expected]:
    """An end earlier than the beginning."""
    wrong = typed("2001-06", "gYearMonth")
    _set(record, "ph:until", wrong)
    return [finding(record, "dates#until-before-since", "ph:until", wrong)]


def reason_missing(record: Record) -> list[Expected]:
    """An inferred statement that does not say why."""
    _set(record, "ph:confidence", iri("confidence:inferred"))
    record.values.pop(iri("ph:reason"), None)
    return [finding(record, "implementations#statement-reason-missing", "ph:reason", iri("confidence:inferred"))]


def no_source(record: Record) -> list[Expected]:
    """A statement on nobody's word."""
    del record.values[iri("ph:statedBy")]
    return [finding(record, "implementations#statement-stated-by-missing", "ph:statedBy")]


def said_twice(record: Record) -> list[Expected]:
    """Two values where one is allowed."""
    _set(record, "ph:confidence", iri("confidence:stated"), iri("confidence:inferred"))
    _set(record, "ph:reason", text("Två ord om samma sak.", "sv"), text("Two words on one thing.", "en"))
    return [finding(record, "implementations#statement-confidence-repeated", "ph:confidence")]


def label_in_one_language(record: Record) -> list[Expected]:
    """A name in one language only."""
    label = record.values[iri("skos:prefLabel")][0]
    _set(record, "skos:prefLabel", label)
    return [finding(record, "texts#pref-label-english-missing", "skos:prefLabel", label, "warning")]


def label_missing(record: Record) -> list[Expected]:
    """No name at all."""
    del record.values[iri("skos:prefLabel")]
    return [finding(record, "common#labelled-pref-label-missing", "skos:prefLabel")]


def future_date(record: Record) -> list[Expected]:
    """A period that has not been."""
    wrong = typed("2199", "gYear")
    _set(record, "ph:period", wrong)
    return [finding(record, "dates#period-in-future", "ph:period", wrong)]


def negative_value(record: Record) -> list[Expected]:
    """Less than nothing."""
    wrong = typed("-1.5", "decimal")
    _set(record, "ph:value", wrong)
    return [finding(record, "indicators#observation-value-least", "ph:value", wrong)]


def negative_volume(record: Record) -> list[Expected]:
    """Fewer than no tests a year."""
    wrong = typed("-5", "integer")
    _set(record, "ph:volumePerYear", wrong)
    return [finding(record, "implementations#statement-volume-per-year-least", "ph:volumePerYear", wrong)]


def part_over_whole(record: Record) -> list[Expected]:
    """A numerator above its denominator."""
    whole = record.values[iri("ph:denominator")][0]
    wrong = typed(int(whole.split('"')[1]) + 1, "integer")
    _set(record, "ph:numerator", wrong)
    return [finding(record, "indicators#observation-numerator-over-denominator", "ph:numerator", wrong)]


def bad_address(record: Record) -> list[Expected]:
    """An address without its beginning."""
    wrong = typed("www.example.org", "anyURI")
    _set(record, "schema:url", f'"www.example.org/{record.iri[1:-1].rpartition("/")[2]}"' + wrong[wrong.index("^") :])
    return [finding(record, "common#url-form", "schema:url", record.values[iri("schema:url")][0])]


def foreign_property(record: Record) -> list[Expected]:
    """A property that belongs to another kind of record."""
    _set(record, "ph:seat", text("Staden"))
    return [finding(record, "implementations#statement-unknown-property", "ph:seat", text("Staden"))]


def misspelt_property(record: Record) -> list[Expected]:
    """A property that does not exist: unknown to the vocabulary and to the shape."""
    _set(record, "ph:remarkk", text("?"))
    own = Expected("violation", "unknown-term", record.iri[1:-1], "", iri("ph:remarkk"), file_of(record))
    return [own, finding(record, "implementations#statement-unknown-property", "ph:remarkk", text("?"))]


def reason_without_no(record: Record) -> list[Expected] | None:
    """Why not, of what is offered."""
    if record.values.get(iri("ph:state")) != [iri("state:routine")]:
        return None
    why = iri("reason-not-offered:not-yet-decided")
    _set(record, "ph:reasonNotOffered", why)
    return [finding(record, "implementations#statement-reason-without-no", "ph:reasonNotOffered", why)]


def unknown_language(record: Record) -> list[Expected]:
    """A name in a language that the registry does not have."""
    label = text("Verfahren " + record.iri[1:-1].rpartition("/m")[2], "de")
    record.values[iri("skos:prefLabel")].append(label)
    path = iri("skos:prefLabel")[1:-1]
    own = Expected("warning", "unknown-language", record.iri[1:-1], path, label, file_of(record))
    return [own, finding(record, "texts#pref-label-language", "skos:prefLabel", label)]


def copied_elsewhere(record: Record, extra: Kinds) -> list[Expected]:
    """The same identifier in a second file: there it is out of place, at home it is told of the other."""
    home = file_of(record)
    other = home.removesuffix(".ttl") + "-copy.ttl"
    extra[other] = [copy.deepcopy(record)]
    about = record.iri[1:-1]
    return [Expected("violation", "wrong-place", about, "", "", other), Expected("violation", "identifier-twice", about, "", "", home)]


def same_number(kinds: Kinds, order: dict[str, list[int]], each: int) -> list[Expected]:
    """Two organisations with one identifier: each is told of the other."""
    found = []
    for _ in range(min(each, len(order["organisations"]) // 2)):
        one, other = (kinds["organisations"][order["organisations"].pop()] for _ in range(2))
        _set(other, "ph:ror", *one.values[iri("ph:ror")])
        for here, there in ((one, other), (other, one)):
            found.append(finding(here, "organisations#organisation-ror-shared", "ph:ror", there.iri))
    return found


def contradiction(kinds: Kinds, order: dict[str, list[int]], each: int) -> list[Expected]:
    """Two open-ended statements by one source, of one method in one place since one day, that say two states."""
    found = []
    statements = kinds["statements"]
    while each and order["statements"]:
        record = statements[order["statements"].pop()]
        unfit = ("ph:until", "ph:extent", "ph:pilotKind", "ph:reasonNotOffered", "ph:plannedStart")
        if not _says_state(record) or any(_has(record, path) for path in unfit):
            continue
        second = copy.deepcopy(record)
        second.iri = record.iri[:-1] + "0>"
        was = record.values[iri("ph:state")][0]
        _set(second, "ph:state", iri("state:discontinued" if was != iri("state:discontinued") else "state:routine"))
        statements.append(second)
        each -= 1
        for here, there in ((record, second), (second, record)):
            found.append(finding(here, "implementations#statement-contradiction", "ph:state", there.iri, "warning"))
    return found


FAULTS: tuple[tuple[str, Callable], ...] = (
    ("statements", state_missing),
    ("statements", wrong_class),
    ("statements", dangling),
    ("statements", dangling_source),
    ("indications", bad_identifier),
    ("methods", wrong_datatype),
    ("statements", truth_as_text),
    ("statements", ill_formed_date),
    ("statements", ends_before_it_begins),
    ("statements", reason_missing),
    ("statements", no_source),
    ("statements", said_twice),
    ("methods", label_in_one_language),
    ("indicators", label_missing),
    ("observations", future_date),
    ("observations", negative_value),
    ("statements", negative_volume),
    ("observations", part_over_whole),
    ("sources", bad_address),
    ("statements", foreign_property),
    ("statements", misspelt_property),
    ("statements", reason_without_no),
    ("methods", unknown_language),
    ("indications", copied_elsewhere),
)
"""The faults of single records, each with the kind of record it is made in."""

PAIRS = (same_number, contradiction)
"""The faults of two records together."""

_ELSEWHERE = frozenset({copied_elsewhere})
