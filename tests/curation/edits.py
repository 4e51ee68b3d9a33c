"""A change of Ekland with one of every kind in it; the tests say what each means."""

from __future__ import annotations

from pathlib import Path

REPORT = """@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix schema: <https://schema.org/> .
@prefix ph: <https://w3id.org/phkg/ontology#> .
@prefix origin: <https://example.org/ekland/concepts/origin/> .
@prefix source: <https://example.org/ekland/sources/> .

source:report a ph:Source ;
    dcterms:issued "2020-09-15"^^xsd:date ;
    dcterms:publisher "Rådet" ;
    dcterms:title "Ångan i Boda"@sv ;
    ph:sourceKind origin:law ;
    schema:url "https://example.org/report/"^^xsd:anyURI .
"""


def replace(file: Path, old: str, new: str) -> None:
    """Put one text of a file in the place of another that must be there."""
    text = file.read_text(encoding="utf-8")
    assert old in text, (file, old)
    file.write_text(text.replace(old, new), encoding="utf-8")


def one_of_each(root: Path) -> None:
    """New: a source. Changed: a statement, a place, the sources of nothing. Moved: a method. Withdrawn: a statement and a source."""
    registry = root / "registry"
    (registry / "sources/report.ttl").write_text(REPORT, encoding="utf-8")
    boda = registry / "implementations/boda.ttl"
    replace(boda, 'ph:note "Hört sägas."@sv ;\n', "")
    replace(
        boda,
        "ph:state stage:tried ;\n    ph:statedBy source:blank ;",
        'ph:since "2020-09"^^xsd:gYearMonth ;\n    ph:state stage:usual ;\n    ph:statedBy source:report ;',
    )
    replace(registry / "regions/osby.ttl", "Region Ösby", "Ösby")
    (registry / "methods/fraga.ttl").rename(registry / "methods/undra.ttl")
    replace(registry / "methods/undra.ttl", "method:fraga", "method:undra")
    osby = registry / "implementations/osby.ttl"
    kept = [part for part in osby.read_text(encoding="utf-8").split("\n\n") if "lyssna/2>" not in part]
    osby.write_text("\n\n".join(kept), encoding="utf-8")
    news = registry / "sources/news-2020.ttl"
    head, body = news.read_text(encoding="utf-8").split("\n\n")
    stub = '\n\nsource:news-2020 a ph:Source ;\n    dcterms:title "All listen"@en ;\n    dcterms:isReplacedBy source:report ;\n    ph:note "Tidningen drog tillbaka sin uppgift."@sv .\n'
    news.write_text(head + stub, encoding="utf-8")


def noise(root: Path) -> None:
    """Every file otherwise written and otherwise ordered, saying the same."""
    for file in (root / "registry").rglob("*.ttl"):
        head, *records = file.read_text(encoding="utf-8").rstrip("\n").split("\n\n")
        file.write_text("# Seen.\n" + head + "\n\n\n" + "\n\n".join(records[::-1]).replace("    ", "\t") + "\n", encoding="utf-8")
