"""A seeded generator of registries of any size, with the shape of a real one and with known faults.

It makes a folder that `phkg --root` takes: methods, indications, regions, organisations, sources, statements by region, and indicators with
observations; the vocabulary and the shapes are the program's own. About one record in a hundred has a fault, and what validation must find
is written beside it as `expected.json`, worked out here without any RDF library. Names are numbers: nothing in it can be taken for a fact.

    python -m benchmarks.generator FOLDER --triples 100000 --seed 1
"""

from __future__ import annotations

import argparse
import json
import re
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks.faults import Expected, break_records, missing_county_codes
from benchmarks.turtle_text import BASE, RDF_TYPE, Record, file_text, iri, text, typed

ONTOLOGY = Path(__file__).parent.parent / "ontology" / "concepts"
YEARS = range(2006, 2022)
"""Years in which statements begin; sources are later, so that no statement is younger than its source."""

SOURCE_YEARS = range(2022, 2026)
FIRST_REGIONS, MOST_REGIONS = 21, 300


@dataclass(frozen=True)
class Registry:
    """A registry in memory: its records by file (relative to the root), how many triples, and what validation must find, sorted."""

    files: dict[str, list[Record]]
    triples: int
    expected: tuple[Expected, ...]


def generate(triples: int, seed: int = 1, regions: int = FIRST_REGIONS, faults: bool = True) -> Registry:
    """A registry of about `triples` triples. The same arguments give the same registry. Raises ValueError for a size or number of regions it cannot make."""
    if not FIRST_REGIONS <= regions <= MOST_REGIONS:
        raise ValueError(f"A registry has {FIRST_REGIONS} to {MOST_REGIONS} regions, not {regions}.")
    if triples < 5_000:
        raise ValueError(f"The smallest registry has 5000 triples, not {triples}.")
    maker = _Maker(Random(seed), triples, regions)
    kinds = maker.kinds()
    expected = missing_county_codes(kinds["regions"])
    extra: dict[str, list[Record]] = {}
    if faults:
        expected += break_records(kinds, maker.random, extra)
    files: dict[str, list[Record]] = {}
    for records in kinds.values():
        for record in records:
            files.setdefault(_file_of(record), []).append(record)
    for name, records in extra.items():
        files.setdefault(name, []).extend(records)
    count = sum(record.triples() for records in files.values() for record in records)
    return Registry(dict(sorted(files.items())), count, tuple(sorted(expected)))


def write(registry: Registry, folder: Path) -> None:
    """Writes the files of a registry below `folder`, and `expected.json` in it."""
    for name, records in registry.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file_text(records), encoding="utf-8")
    rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in registry.expected)
    (folder / "expected.json").write_text(f"[{rows}]\n", encoding="utf-8")


def _file_of(record: Record) -> str:
    """The rule of paths: a file's path is the beginning of the IRIs in it."""
    return "registry/" + "/".join(record.iri[1:-1].removeprefix(BASE).split("/")[:2]) + ".ttl"


class _Maker:
    """Makes the records of one registry, kind by kind, from one stream of random numbers."""

    def __init__(self, random: Random, triples: int, regions: int) -> None:
        self.random = random
        self.triples = triples
        # In these shares a registry of a million triples has about twelve thousand files.
        self.methods = [f"method:m{n}" for n in range(1, max(10, triples // 400) + 1)]
        self.sources = [f"source:s{n}" for n in range(1, triples * 6 // 1000 + 1)]
        self.indications = [f"indication:i{n}" for n in range(1, triples * 15 // 10_000 + 1)]
        self.organisations = [f"organisation:o{n}" for n in range(1, triples * 8 // 10_000 + 1)]
        self.indicators = [f"indicator:d{n}" for n in range(1, triples // 1000 + 1)]
        self.regions = [f"region:r{n}" for n in range(1, regions + 1)]
        self.wider = [f"region:h{n}" for n in range(1, 7)]
        self.concepts = {file.stem: _concepts(file) for file in sorted(ONTOLOGY.glob("*.ttl"))}

    def kinds(self) -> dict[str, list[Record]]:
        """The records by kind; statements fill up to the number of triples wanted."""
        found = {
            "registry": [self._registry()],
            "methods": [self._method(n) for n in range(len(self.methods))],
            "uses": [self._use(n) for n in range(len(self.methods))],
            "indications": [self._indication(n) for n in range(len(self.indications))],
            "sources": [self._source(n) for n in range(len(self.sources))],
            "organisations": [self._organisation(n) for n in range(len(self.organisations))],
            "regions": [self._region(n) for n in range(len(self.regions))],
            "wider places": [self._wider(name) for name in self.wider] + [self._nation()],
            "indicators": [self._indicator(n) for n in range(len(self.indicators))],
            "observations": self._observations(),
        }
        found["population"] = self._population()
        found["statements"] = self._statements(self.triples - sum(record.triples() for records in found.values() for record in records))
        return found

    def _pick(self, names: list[str]) -> str:
        return names[self.random.randrange(len(names))]

    def _concept(self, scheme: str) -> str:
        return iri(self._pick(self.concepts[scheme]))

    def _method(self, n: int) -> Record:
        # Every source is named by a method, so that none is reported as unused.
        sources = self.sources[n :: len(self.methods)]
        return _record(
            self.methods[n],
            ["ph:DiagnosticMethod"],
            skos_prefLabel=[text(f"Metod {n + 1}", "sv"), text(f"Method {n + 1}", "en")],
            dcterms_description=[text(f"Vad metod nummer {n + 1} mäter.", "sv"), text(f"What method number {n + 1} measures.", "en")],
            ph_technology=[self._concept("technology")],
            ph_specimen=[self._concept("specimen")],
            ph_purpose=[self._concept("purpose")],
            ph_clinicalArea=[self._concept("clinical-area")],
            ph_geneCount=[typed(1 + self.random.randrange(500), "integer")],
            ph_statedBy=[iri(source) for source in sources],
        )

    def _use(self, n: int) -> Record:
        return _record(
            f"{self.methods[n]}/use/1",
            ["ph:IntendedUse"],
            ph_method=[iri(self.methods[n])],
            ph_indication=[iri(self._pick(self.indications))],
            ph_purpose=[self._concept("purpose")],
            ph_statedBy=[iri(self._pick(self.sources))],
        )

    def _indication(self, n: int) -> Record:
        letter, number = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[n % 26], n // 26 % 100
        return _record(
            self.indications[n],
            ["ph:Indication"],
            skos_prefLabel=[text(f"Tillstånd {n + 1}", "sv"), text(f"Condition {n + 1}", "en")],
            ph_icd10se=[text(f"{letter}{number:02}.{n % 10}")],
            ph_orpha=[text(f"ORPHA:{n + 1}")],
            ph_mondo=[text(f"MONDO:{n + 1:07}")],
            ph_snomed=[text(f"{n + 100_000_001}")],
            ph_clinicalArea=[self._concept("clinical-area")],
            ph_statedBy=[iri(self._pick(self.sources))],
        )

    def _source(self, n: int) -> Record:
        year, month = SOURCE_YEARS[n % len(SOURCE_YEARS)], 1 + self.random.randrange(12)
        forms = [typed(year, "gYear"), typed(f"{year}-{month:02}", "gYearMonth"), typed(f"{year}-{month:02}-15", "date")]
        return _record(
            self.sources[n],
            ["ph:Source"],
            dcterms_title=[text(f"Rapport nummer {n + 1}", "sv")],
            dcterms_publisher=[text(f"Utgivare {1 + self.random.randrange(200)}")],
            dcterms_issued=[self._pick(forms)],
            ph_accessed=[typed("2026-05-20", "date")],
            ph_sourceKind=[self._concept("source-kind")],
            schema_url=[typed(f"https://example.org/reports/{n + 1}", "anyURI")],
        )

    def _organisation(self, n: int) -> Record:
        return _record(
            self.organisations[n],
            ["org:Organization"],
            skos_prefLabel=[text(f"Organisation {n + 1}", "sv"), text(f"Organisation {n + 1}", "en")],
            org_classification=[self._concept("organisation-kind")],
            ph_inRegion=[iri(self._region_of(n))],
            ph_ror=[text(f"0{_letters(n, 6)}{n % 100:02}")],
            ph_organisationNumber=[text(f"{n + 100_000:06}-{n % 10_000:04}")],
            ph_statedBy=[iri(self._pick(self.sources))],
        )

    def _region_of(self, organisation: int) -> str:
        return self.regions[organisation % len(self.regions)]

    def _region(self, n: int) -> Record:
        codes = {"ph_countyCode": [text(f"{n:02}")]} if n < 100 else {}
        return _record(
            self.regions[n],
            ["ph:Region"],
            skos_prefLabel=[text(f"Region {n + 1}", "sv"), text(f"Region {n + 1}", "en")],
            ph_shortName=[text(f"R{n + 1}", "sv"), text(f"R{n + 1}", "en")],
            **codes,
            **{"ph_iso3166-2": [text(f"XX-{_letters(n, 3).upper()}")]},
            ph_nuts3=[text(f"XX{_letters(n, 3).upper()}")],
            ph_rank=[typed(n + 1, "integer")],
            ph_statedBy=[iri(self._pick(self.sources))],
            ph_within=[iri(self.wider[n % len(self.wider)])],
        )

    def _wider(self, name: str) -> Record:
        return _record(
            name,
            ["ph:HealthcareRegion"],
            skos_prefLabel=[text(f"Samverkan {name[-1]}", "sv"), text(f"Healthcare region {name[-1]}", "en")],
            ph_statedBy=[iri(self._pick(self.sources))],
            ph_within=[iri("region:land")],
        )

    def _nation(self) -> Record:
        labels = [text("Landet", "sv"), text("The nation", "en")]
        return _record("region:land", ["ph:Nation"], skos_prefLabel=labels, ph_statedBy=[iri(self._pick(self.sources))])

    def _registry(self) -> Record:
        record = _record(
            "",
            ["ph:Registry"],
            dcterms_title=[text("Ett prov", "sv"), text("A trial", "en")],
            ph_languages=[text("sv en")],
            ph_nation=[iri("region:land")],
            ph_populationDate=[typed("2023-12-31", "date")],
            ph_populationIndicator=[iri("indicator:population")],
            ph_recordNamespace=[typed(BASE, "anyURI")],
        )
        record.iri = f"<{BASE}registry>"
        return record

    def _indicator(self, n: int) -> Record:
        return _record(
            self.indicators[n],
            ["ph:Indicator"],
            skos_prefLabel=[text(f"Mått {n + 1}", "sv"), text(f"Measure {n + 1}", "en")],
            skos_definition=[text(f"Vad mått nummer {n + 1} räknar.", "sv"), text(f"What measure number {n + 1} counts.", "en")],
            ph_unit=[iri("unit:percent")],
            ph_method=[iri(self.methods[n % len(self.methods)])],
            ph_statedBy=[iri(self._pick(self.sources))],
        )

    def _observations(self) -> list[Record]:
        """For each indicator every region in one year, as far as a share of a fifth of all triples reaches."""
        each = min(len(self.regions), self.triples // 5 // 8 // len(self.indicators))
        made = []
        for n, indicator in enumerate(self.indicators):
            for step in range(each):
                region = self.regions[(n + step) % len(self.regions)]
                year = SOURCE_YEARS[n % len(SOURCE_YEARS)]
                whole = 100 + self.random.randrange(900)
                part = self.random.randrange(whole + 1)
                made.append(
                    _record(
                        f"{indicator}/{region.partition(':')[2]}-{year}",
                        ["qb:Observation"],
                        qb_dataSet=[iri(indicator)],
                        ph_place=[iri(region)],
                        ph_period=[typed(year, "gYear")],
                        ph_value=[typed(f"{round(1000 * part / whole) / 10:.1f}", "decimal")],
                        ph_numerator=[typed(part, "integer")],
                        ph_denominator=[typed(whole, "integer")],
                        ph_statedBy=[iri(self._pick(self.sources))],
                    )
                )
        return made

    def _population(self) -> list[Record]:
        labels = [text("Folkmängd", "sv"), text("Population", "en")]
        definition = [text("Antalet invånare.", "sv"), text("The number of inhabitants.", "en")]
        source = [iri(self.sources[0])]
        unit = [iri("unit:persons")]
        made = [_record("indicator:population", ["ph:Indicator"], skos_prefLabel=labels, skos_definition=definition, ph_unit=unit, ph_statedBy=source)]
        people = {region: 50_000 + self.random.randrange(2_000_000) for region in self.regions}
        for place, count in [*people.items(), ("region:land", sum(people.values()))]:
            made.append(
                _record(
                    f"indicator:population/{place.partition(':')[2]}-2023",
                    ["qb:Observation"],
                    qb_dataSet=[iri("indicator:population")],
                    ph_place=[iri(place)],
                    ph_period=[typed("2023-12-31", "date")],
                    ph_value=[typed(f"{count}.0", "decimal")],
                    ph_statedBy=source,
                )
            )
        return made

    def _statements(self, triples: int) -> list[Record]:
        """Statements for each method in each region, a year later in each round, until there are enough `triples`; sorted as files hold them."""
        pairs = [(method, region) for region in range(len(self.regions)) for method in range(len(self.methods))]
        self.random.shuffle(pairs)
        made: list[Record] = []
        for n, year in enumerate(YEARS, start=1):
            for method, region in pairs:
                if triples <= 0:
                    return sorted(made, key=lambda record: record.iri)
                made.append(self._statement(method, region, n, year))
                triples -= made[-1].triples()
        raise ValueError("So few methods and regions do not fill a registry of this size; ask for more regions.")

    def _statement(self, method: int, region: int, n: int, year: int) -> Record:
        draw = self.random.random
        since = [
            typed(year, "gYear"),
            typed(f"{year}-0{1 + self.random.randrange(4)}", "gYearMonth"),
            typed(f"{year}-03-0{1 + self.random.randrange(9)}", "date"),
        ]
        inferred = draw() < 0.2
        record = _record(
            f"<{BASE}implementations/{self.regions[region][7:]}/{self.methods[method][7:]}/{n}>",
            ["ph:ImplementationStatement"],
            ph_method=[iri(self.methods[method])],
            ph_place=[iri(self.regions[region])],
            ph_statementKind=[iri("statement-kind:introduction")],
            ph_since=[self._pick(since)],
            ph_statedBy=[iri(self._pick(self.sources))],
            ph_confidence=[iri("confidence:inferred" if inferred else "confidence:stated")],
        )
        values = record.values
        if inferred:
            values[iri("ph:reason")] = [text("Källan säger det inte rent ut.", "sv"), text("The source does not say it outright.", "en")]
        if draw() < 0.15:
            values[iri("ph:statementKind")] = [iri("statement-kind:orderable")]
        else:
            self._state(values, year)
        if draw() < 0.3:
            least = 18 + self.random.randrange(50)
            values[iri("ph:eligibility")] = [text(f"från {least} år", "sv"), text(f"from {least} years", "en")]
            values[iri("ph:extent")] = [iri("extent:part")]
        if draw() < 0.3:
            values[iri("ph:provision")] = [self._concept("provision")]
        if draw() < 0.2:
            values[iri("ph:offerMode")] = [self._concept("offer-mode")]
        if draw() < 0.2:
            values[iri("ph:volumePerYear")] = [typed(self.random.randrange(3000), "integer")]
        at_home = self.organisations[region :: len(self.regions)]
        if at_home and draw() < 0.2:
            place = iri(self._pick(at_home))
            values[iri("ph:performedBy" if draw() < 0.5 else "ph:place")] = [place]
            if values[iri("ph:place")] == [place]:
                values[iri("ph:countsFor")] = [iri(self.regions[region])]
        return record

    def _state(self, values: dict[str, list[str]], year: int) -> None:
        state = self._pick(["routine", "routine", "routine", "being-introduced", "being-introduced", "pilot", "not-offered", "planned"])
        values[iri("ph:state")] = [iri(f"state:{state}")]
        if state == "pilot":
            values[iri("ph:pilotKind")] = [self._concept("pilot-kind")]
            values[iri("ph:until")] = [typed(f"{year}-12", "gYearMonth")]
        elif state == "not-offered":
            values[iri("ph:reasonNotOffered")] = [self._concept("reason-not-offered")]
        elif state == "planned":
            values[iri("ph:plannedStart")] = [typed(year + 1, "gYear")]


def _record(name: str, classes: list[str], **values: list[str]) -> Record:
    """A record named by a prefixed name or a whole IRI; keywords are properties with `_` for the colon."""
    said = {RDF_TYPE: [iri(kind) for kind in classes]}
    said.update((iri(key.replace("_", ":", 1)), objects) for key, objects in values.items())
    return Record(name if name.startswith("<") else iri(name), said)


def _concepts(file: Path) -> list[str]:
    """The concepts of a scheme as prefixed names, read from the lines with which they begin."""
    return re.findall(rf"^({file.stem}:[a-z0-9-]+)\s+a\s+skos:Concept\b", file.read_text(encoding="utf-8"), re.MULTILINE)


def _letters(number: int, width: int) -> str:
    """A number in base 36, so that every code differs."""
    signs = ""
    for _ in range(width):
        number, rest = divmod(number, 36)
        signs = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + signs
    return signs


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generator", description="Make a registry of a given size with known faults.")
    parser.add_argument("folder", type=Path, help="folder that will hold registry/ and expected.json")
    parser.add_argument("--triples", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--regions", type=int, default=FIRST_REGIONS)
    parser.add_argument("--no-faults", action="store_true", help="make a registry without faults")
    given = parser.parse_args()
    registry = generate(given.triples, given.seed, given.regions, faults=not given.no_faults)
    write(registry, given.folder)
    print(f"{registry.triples} triples, {len(registry.files)} files, {len(registry.expected)} findings expected")


if __name__ == "__main__":
    main()
