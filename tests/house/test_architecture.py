"""The house holds: imports run one way, files stay small, public names are explained, facts stay out of the program."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, RdfFormat, parse

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "phkg"
MODULES = sorted(SOURCE.rglob("*.py"))
ROOMS = (
    "vocabulary",
    "turtle",
    "analysis",
    "records",
    "validation",
    "graph",
    "views",
    "publishing",
    "sparql",
    "curation",
    "server",
    "cli",
)
MOST_LINES = 500


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def room_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> Iterator[str]:
    """The rooms that a module imports from, wherever in it the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names = [node.module] if node.module != "phkg" else [f"phkg.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            if name.startswith("phkg."):
                yield name.split(".")[1]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_room_imports_only_from_rooms_before_it(path: Path) -> None:
    room = room_of(path)
    if room == "__init__":
        assert not list(imported_rooms(path))
        return
    if room == "__main__":
        room = ROOMS[-1]
    later = {other for other in imported_rooms(path) if other in ROOMS and ROOMS.index(other) > ROOMS.index(room)}
    assert not later, f"{name_of(path)} is in {room} and imports from the later room {', '.join(sorted(later))}"


def test_analysis_knows_nothing_of_the_program() -> None:
    outside = {other for path in MODULES if room_of(path) == "analysis" for other in imported_rooms(path)}
    assert outside <= {"analysis"}


def test_every_folder_of_the_program_is_a_known_room() -> None:
    folders = {path.name for path in SOURCE.iterdir() if path.is_dir() and path.name not in ("__pycache__", "knowledge")}
    assert folders <= set(ROOMS)


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def test_no_source_file_grows_beyond_the_limit() -> None:
    files = tracked("*.py", "*.html", "*.css", "*.js", "*.rq")
    long = {name_of(path): count for path in files if (count := len(path.read_text().splitlines())) > MOST_LINES}
    assert files and not long


def undocumented(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if not ast.get_docstring(tree):
        yield name_of(path)
    scopes: list[tuple[str, ast.AST]] = [("", tree)]
    for prefix, scope in scopes:
        for node in ast.iter_child_nodes(scope):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
                if not ast.get_docstring(node):
                    yield f"{name_of(path)}:{node.lineno} {prefix}{node.name}"
                if isinstance(node, ast.ClassDef):
                    scopes.append((f"{prefix}{node.name}.", node))


def test_every_public_name_says_what_it_means() -> None:
    assert not [name for path in MODULES for name in undocumented(path)]


def own_words() -> set[str]:
    """Words that belong to the knowledge: identifiers and names of concepts, methods, conditions, regions and the like.

    Names of classes and properties are the program's language too, and so not among them.
    """
    terms, words = set(), set()
    for file in ROOT.glob("ontology/*.ttl"):
        for quad in parse(file.read_bytes(), format=RdfFormat.TURTLE):
            if "#" in quad.subject.value:
                terms.add(quad.subject.value.rsplit("#", 1)[-1].casefold())
                if isinstance(quad.object, Literal) and quad.predicate.value.endswith(("#label", "#plural", "#folder")):
                    terms.add(quad.object.value.casefold())
    files = [ROOT / f"ontology/concepts/{scheme}.ttl" for scheme in HEALTH_CARE_SCHEMES]
    files += [file for folder in ("methods", "indications", "regions", "drugs") for file in (ROOT / "registry" / folder).glob("*.ttl")]
    for file in files:
        for quad in parse(file.read_bytes(), format=RdfFormat.TURTLE):
            words.add(quad.subject.value.rsplit("/", 1)[-1].casefold())
            if isinstance(quad.object, Literal) and quad.predicate.value.endswith(("#prefLabel", "#shortName")):
                words.add(quad.object.value.casefold())
    # "other" names a concept in several schemes and is a plain word of any program as well.
    return {word for word in words - terms - {"other"} if len(word) > 3}


HEALTH_CARE_SCHEMES = (
    "clinical-area offer-mode pathway-place payment phenotype pilot-kind provision purpose reason-not-offered specimen "
    "state statement-kind technology treatment-kind"
).split()
"""Schemes whose words are health care's own; the others (units, kinds of source …) share plain words with any program."""


def test_no_fact_of_health_care_in_the_program() -> None:
    forbidden = own_words()
    assert len(forbidden) > 500
    found = []
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.casefold() in forbidden:
                found.append(f"{name_of(path)}:{node.lineno} {node.value!r}")
    assert not found


def test_no_fact_of_health_care_in_templates_styles_and_scripts() -> None:
    forbidden = own_words()
    found = []
    for path in tracked("web/*.html", "web/*.css", "web/*.js"):
        text = re.sub(r"\{#.*?#\}|/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        pieces = re.split(r"[<>{}%\"'\n]|\s{2,}", text)
        found += [f"{name_of(path)}: {piece.strip()}" for piece in pieces if piece.strip().casefold() in forbidden]
    assert not found


def test_python_is_written_in_its_one_form_and_holds_no_fault_that_can_be_told() -> None:
    for command in (("check", "--quiet"), ("format", "--check", "--quiet")):
        done = subprocess.run([sys.executable, "-m", "ruff", *command, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, f"`make lint` mends most of this:\n{done.stdout}{done.stderr}"


def test_every_room_has_tests() -> None:
    rooms = {room_of(path) for path in MODULES if room_of(path) in ROOMS}
    assert {room for room in rooms if not list((ROOT / "tests" / room).glob("test_*.py"))} == set()
