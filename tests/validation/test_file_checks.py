"""Each of the program's own checks finds its fault, in both languages, and one bad file hides nothing of the others."""

from __future__ import annotations

import os

import pytest

from phkg.records import files as record_files
from phkg.validation.words import codes, rule

METHOD = "registry/methods/exome.ttl"
SOUTH = "registry/implementations/south.ttl"
PREFIXES = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix schema: <https://schema.org/> .
@prefix ph: <https://w3id.org/phkg/ontology#> .
@prefix method: <https://example.org/registry/methods/> .
"""


def _rules(report) -> list[tuple[str, str, int, int]]:
    return [(finding.rule, finding.file, finding.line, finding.column) for finding in report.findings]


@pytest.mark.parametrize("code", codes())
def test_every_check_has_words_in_both_languages(code: str) -> None:
    words = rule(code)
    assert words["severity"] in ("violation", "warning", "info")
    assert words["sv"] and words["en"] and words["sv"] != words["en"]
    assert bool(words["hint_sv"]) == bool(words["hint_en"])


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("registry/methods/empty.ttl", b"", [("empty", 1, 1)]),
        ("registry/methods/blank.ttl", b" \n\n", [("empty", 1, 1)]),
        ("registry/methods/marked.ttl", b"\xef\xbb\xbf# nothing\n", [("byte-order-mark", 1, 1)]),
        ("registry/methods/latin.ttl", "# h\n# å\n".encode("latin-1"), [("not-utf-8", 2, 3)]),
        ("registry/notes.txt", b"x", [("not-turtle", 1, 1)]),
        ("registry/methods/Stor_Fil.ttl", b"# nothing\n", [("file-name", 1, 1)]),
        ("registry/Methods/fil.ttl", b"# nothing\n", [("file-name", 1, 1)]),
    ],
)
def test_fault_of_a_file_as_such(workshop, name: str, data: bytes, expected: list) -> None:
    workshop.write(name, data)
    assert _rules(workshop.check()) == [(code, name, line, column) for code, line, column in expected]


@pytest.mark.parametrize(
    ("body", "code", "line", "column"),
    [
        ('method:other a ph:DiagnosticMethod ; skos:prefLabel "a"@sv, "b"@en .', "wrong-place", 6, 1),
        ('<https://elsewhere.org/x> skos:note "a" .', "wrong-place", 6, 1),
        ('method:new-thing skos:note "a" .', "wrong-place", 6, 1),  # begins alike, but is not below
        ('method:new/1 skos:note "a" .', "syntax", 6, 11),  # a slash in a name with prefix
        ("method:new ph:staate method:new .", "unknown-term", 6, 12),
        ("method:new a ph:Metod .", "unknown-term", 6, 14),
        ("method:new ph:rank [ ph:fill 1 ] .", "blank-node", 6, 20),
        ("method:new skos:note _:b .", "blank-node", 6, 22),
        ('method:new skos:note "Bonjour"@fr .', "unknown-language", 6, 22),
        ('method:new skos:note "ett två tre fyra fem"@sv, "ett två tre fyra fem"@en .', "same-text", 6, 49),
        ('method:new schema:url "https://example.org/a b"^^xsd:anyURI .', "bad-address", 6, 23),
        ('method:new skos:note "a"@sv_SE .', "syntax", 6, 28),
        ("method:new skos:note <https://example.org/a b> .", "syntax", 6, 22),
        ('method:new nope:note "a" .', "syntax", 6, 12),
        ('method:new skos:note "a', "syntax", 6, 22),
    ],
)
def test_fault_in_a_file(workshop, body: str, code: str, line: int, column: int) -> None:
    workshop.write("registry/methods/new.ttl", PREFIXES + body + "\n")
    found = _rules(workshop.check())
    assert (code, "registry/methods/new.ttl", line, column) in found
    assert {name for _, name, _, _ in found} == {"registry/methods/new.ttl"}


def test_short_names_alike_and_titles_in_another_language_are_no_fault(workshop) -> None:
    workshop.write("registry/methods/new.ttl", PREFIXES + 'method:new a ph:DiagnosticMethod ; skos:prefLabel "RNA-seq"@sv, "RNA-seq"@en .\n')
    workshop.replace("registry/sources/report-2024.ttl", '"Rapport 2024"@sv', '"Bericht 2024"@de')
    assert workshop.check().findings == ()


def test_record_in_two_files_is_found_in_the_wrong_one(workshop) -> None:
    workshop.write("registry/methods/new.ttl", PREFIXES + 'method:exome skos:note "a" .\n')
    found = _rules(workshop.check())
    assert ("wrong-place", "registry/methods/new.ttl", 6, 1) in found
    assert ("identifier-twice", METHOD, 5, 1) in found


def test_concept_in_two_files(workshop) -> None:
    text = workshop.path("ontology/concepts/state.ttl").read_text()
    workshop.write("ontology/more.ttl", text.replace("state:planned", "state:routine2"))
    found = _rules(workshop.check())
    assert ("identifier-twice", "ontology/more.ttl", 7, 1) in found


def test_folder_named_like_a_file_and_link_out_of_the_tree(workshop, tmp_path) -> None:
    workshop.path("registry/methods/x.ttl").mkdir()
    outside = tmp_path / "outside.ttl"
    outside.write_text("secret")
    workshop.path("registry/methods/y.ttl").symlink_to(outside)
    report = workshop.check()
    assert {rule for rule, *_ in _rules(report)} == {"directory", "link-out"}
    assert "secret" not in str(report)


def test_file_above_the_limit_is_not_read(workshop) -> None:
    with workshop.path("registry/methods/large.ttl").open("wb") as stream:
        os.truncate(stream.fileno(), record_files.SIZE_LIMIT + 1)
    assert _rules(workshop.check()) == [("too-large", "registry/methods/large.ttl", 1, 1)]


def test_file_without_permission(workshop) -> None:
    path = workshop.write("registry/methods/closed.ttl", "# nothing\n")
    path.chmod(0)
    if os.access(path, os.R_OK):  # the superuser reads everything: let the name lead nowhere instead
        path.unlink()
        path.symlink_to(workshop.path("registry/methods/gone.ttl"))
    assert [rule for rule, *_ in _rules(workshop.check())] == ["unreadable"]


def test_registry_that_does_not_say_its_namespace(workshop) -> None:
    workshop.replace("registry/registry.ttl", '    ph:recordNamespace "https://example.org/registry/"^^xsd:anyURI ;\n', "")
    assert _rules(workshop.check()) == [("no-registry-record", "registry/registry.ttl", 1, 1)]


def test_every_fault_of_syntax_in_every_file_is_reported(workshop) -> None:
    workshop.write("registry/methods/a.ttl", PREFIXES + 'method:a skos:note "x .\nmethod:a skos:note "y .\nmethod:a nope:x 1 .\n')
    workshop.replace(METHOD, '"Exomsekvensering"@sv', '"Exomsekvensering@sv')
    report = workshop.check()
    assert [(file, line) for rule, file, line, _ in _rules(report) if rule == "syntax" and file.endswith("/a.ttl")] == [
        ("registry/methods/a.ttl", 6),
        ("registry/methods/a.ttl", 7),
        ("registry/methods/a.ttl", 8),
    ]
    assert report.unread == ("registry/methods/a.ttl", METHOD)


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
@pytest.mark.parametrize("damage", [b"", b"method:exome a", b"\xff\xfe", PREFIXES.encode() + b"method:exome a ph:DiagnosticMethod ; nope:x 1 ."])
def test_record_in_a_bad_file_gives_no_false_finding_elsewhere(workshop, damage: bytes, engine: str) -> None:
    workshop.write(METHOD, damage)
    report = workshop.check(engine=engine)
    assert {finding.file for finding in report.findings} == {METHOD}
    assert report.unread == (METHOD,) and not report.conforms


def test_bad_file_hides_nothing_of_the_others(workshop) -> None:
    workshop.write(METHOD, b"method:exome a")
    workshop.replace(SOUTH, "ph:state state:routine ;", "")
    rules = {finding.rule for finding in workshop.check().findings}
    assert rules == {"syntax", "https://example.org/shapes#state"}


def test_whole_statements_of_a_bad_file_are_checked(workshop) -> None:
    workshop.replace(SOUTH, "ph:method method:exome", "ph:method nope:exome")
    workshop.replace(SOUTH, "ph:state state:routine ;", "")
    found = {(finding.rule, finding.line) for finding in workshop.check().findings if finding.file == SOUTH}
    assert ("https://example.org/shapes#state", 8) in found
    assert ("syntax", 16) in found and len(found) == 2


def test_rules_are_not_run_on_a_broken_vocabulary(workshop) -> None:
    workshop.replace("core/core.ttl", "ph:Region a owl:Class", "ph:Region a nope:Class")
    report = workshop.check()
    assert report.unchecked and not report.conforms
    assert {finding.file for finding in report.findings if finding.rule == "syntax"} == {"ontology/core.ttl"}


def test_only_the_asked_files_are_reported_but_all_are_read(workshop) -> None:
    workshop.replace(METHOD, "ph:DiagnosticMethod", "ph:Region")
    workshop.replace(SOUTH, "ph:state state:routine ;", "")
    everything = {finding.file for finding in workshop.check().findings}
    assert everything == {SOUTH, "registry/implementations/north.ttl", METHOD}
    asked = workshop.check(workshop.path(SOUTH)).findings
    assert {finding.file for finding in asked} == {SOUTH}
    assert "https://example.org/shapes#method" in {finding.rule for finding in asked}  # told by a file that is not asked for
    folder = workshop.check(workshop.path("registry/implementations")).findings
    assert {finding.file for finding in folder} == {SOUTH, "registry/implementations/north.ttl"}


def test_file_from_elsewhere_is_read_in_addition(workshop, tmp_path) -> None:
    draft = tmp_path / "draft.ttl"
    draft.write_text(PREFIXES + "<https://example.org/registry/implementations/south/exome/9> a ph:ImplementationStatement ; ph:method method:exome .\n")
    report = workshop.check(draft)
    assert {finding.file for finding in report.findings} == {str(draft)}
    assert {finding.rule.rpartition("#")[2] for finding in report.findings} == {"place", "state", "source"}
