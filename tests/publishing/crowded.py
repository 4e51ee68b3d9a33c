"""Ekland with so many methods that the lists of Ösby and of equal access do not go on one page, and what is then known of each."""

from __future__ import annotations

from pathlib import Path

PREFIXES = "".join(
    f"@prefix {name}: <{iri}> .\n"
    for name, iri in {
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "qb": "http://purl.org/linked-data/cube#",
        "ph": "https://w3id.org/phkg/ontology#",
        **{one: f"https://example.org/ekland/{one}s/" for one in ("method", "organisation", "region", "source", "indicator")},
        **{one: f"https://example.org/ekland/concepts/{one}/" for one in ("speech", "stage", "surety", "field")},
    }.items()
)
COUNTS = {"usual": 70, "tried": 12, "none": 64, "stateless": 63, "parts": 62, "silent": 310, "lacked": 61}
"""How many methods are added of which this is known in Ösby; `lacked` are `none` there and usual in both other regions."""
INDICATORS = 65
BEFORE = {"usual": ["lyssna"], "tried": [], "none": [], "stateless": ["anga"], "parts": ["tvatta"], "silent": ["fraga"]}
"""What is known of the methods of Ekland without these."""


def slugs(what: str) -> list[str]:
    """The added methods of which this is known in Ösby."""
    return [f"{what}-{number:03}" for number in range(COUNTS[what])]


def expected() -> dict[str, set[str]]:
    """The methods (or indicators) of every list of Ösby's page, by the name of the list."""
    none = slugs("none") + slugs("lacked")
    return {
        "state-usual": {*slugs("usual"), *BEFORE["usual"]},
        "state-tried": {*slugs("tried"), *BEFORE["tried"]},
        "state-none": set(none),
        "stateless": {*slugs("stateless"), *BEFORE["stateless"]},
        "parts": {*slugs("parts"), *BEFORE["parts"]},
        "silent": {*slugs("silent"), *BEFORE["silent"]},
        # What both others have (or all whom it concerns do) and Ösby, as far as known, has not.
        "lacks": {*slugs("lacked"), "tvatta"},
        "lacking": {*slugs("lacked"), *slugs("none")},
        "open": {*slugs("stateless"), "tvatta"},
        "indicators": {"people", *(f"share-{number:03}" for number in range(INDICATORS))},
    }


def crowd(town: Path) -> None:
    """Add the methods, statements and indicators to a copy of Ekland."""
    registry = town / "registry"
    statements: dict[str, list[str]] = {"osby": [], "boda": [], "alvik": []}

    def say(region: str, slug: str, what: str, place: str = "") -> None:
        number = f"<https://example.org/ekland/implementations/{region}/{slug}/1>"
        said = f"{number} a ph:ImplementationStatement ; ph:method method:{slug} ; ph:place {place or f'region:{region}'} ; ph:confidence surety:said ; ph:statedBy source:law-2018"
        statements[region].append(f"{said} ; {what} .\n")

    for what in COUNTS:
        for slug in slugs(what):
            text = (
                f'method:{slug} a ph:Treatment ; skos:prefLabel "{what} metod {slug[-3:]}"@sv , "{what} method {slug[-3:]}"@en ; ph:clinicalArea field:skin .\n'
            )
            (registry / "methods" / f"{slug}.ttl").write_text(f"{PREFIXES}\n{text}", encoding="utf-8")
            state = "none" if what == "lacked" else what
            if what == "stateless":
                say("osby", slug, 'ph:asOf "2021"^^xsd:gYear ; ph:statementKind speech:order')
            elif what == "parts":
                say("osby", slug, "ph:state stage:usual ; ph:statementKind speech:deed", "organisation:osby-sjukhus")
            elif what != "silent":
                say("osby", slug, f'ph:state stage:{state} ; ph:asOf "2020-05"^^xsd:gYearMonth ; ph:statementKind speech:deed')
            for other, there in (("boda", ("none", "stateless", "lacked")), ("alvik", ("lacked",))):
                if what in there:
                    say(other, slug, 'ph:state stage:usual ; ph:since "2019-03-01"^^xsd:date ; ph:statementKind speech:deed')
    for region, texts in statements.items():
        file = registry / "implementations" / f"{region}.ttl"
        ours = "".join(line for line in PREFIXES.splitlines(keepends=True))
        file.write_text(file.read_text(encoding="utf-8") + "\n" + ours + "".join(texts), encoding="utf-8")
    for number in range(INDICATORS):
        slug = f"share-{number:03}"
        text = f'indicator:{slug} a ph:Indicator ; skos:prefLabel "andel {number:03}"@sv , "share {number:03}"@en .\n<https://example.org/ekland/indicators/{slug}/osby> a qb:Observation ; ph:period "2020"^^xsd:gYear ; ph:place region:osby ; ph:value {number} ; qb:dataSet indicator:{slug} .\n'
        (registry / "indicators" / f"{slug}.ttl").write_text(f"{PREFIXES}\n{text}", encoding="utf-8")
