"""What a change is blamed for, held against another engine over random changes; what is said of identifiers, of form, and of what was there before."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from random import Random

import pytest
import random_edits
from pyoxigraph import NamedNode, RdfFormat, parse, serialize

from phkg.curation.base_report import judge
from phkg.curation.check import Check, check
from phkg.curation.check_report import MARK, check_report
from phkg.records.knowledge import Knowledge, find_knowledge
from phkg.records.trees import past, present
from phkg.turtle.files import formatted
from phkg.validation.data_graph import data_graph
from phkg.validation.findings import SEVERITIES, Finding
from phkg.validation.judge import validate_with_pyshacl
from phkg.validation.run import load_shapes, validate

FIXTURE = Path(__file__).parents[1] / "validation" / "fixture"
DAY = date(2026, 11, 23)
OF_CHANGES = {"not-canonical", "identifier-removed", "identifier-reused", "retirement-undone"}
Git = Callable[..., str]


def rooms(root: Path) -> Knowledge:
    return Knowledge(core=root / "core", ontology=root / "ontology", shapes=root / "shapes", registry=root / "registry", web=root)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FIXTURE, tmp_path / "small"))


def git_in(root: Path) -> Git:
    def run(*arguments: str) -> str:
        person = ("-c", "user.name=Anna Ek", "-c", "user.email=x@example.org", "-c", "core.autocrlf=false")
        return subprocess.run(["git", "-C", str(root), *person, *arguments], capture_output=True, text=True, check=True).stdout.strip()

    return run


def commit(root: Path) -> Git:
    git = git_in(root)
    if not (root / ".git").exists():
        git("init", "--quiet", "--initial-branch", "main")
    git("add", "--all")
    git("commit", "--quiet", "--allow-empty", "-m", "So far")
    return git


def judged_at(root: Path, cache: Path, base: str = "HEAD") -> Iterator[Check]:
    """The check of the files against a revision; the base is judged in this process, which saves starting another."""
    knowledge = rooms(root)
    revision = git_in(root)("rev-parse", base)
    judge(past(knowledge, root, revision), cache)
    with check(knowledge, base, DAY, cache) as found:
        yield found


def by_rules(findings: tuple[Finding, ...]) -> Counter:
    return Counter((one.record, one.rule, one.property, one.value, SEVERITIES[one.severity]) for one in findings if one.component)


def of_files(findings: tuple[Finding, ...]) -> Counter:
    found = [one for one in findings if not one.component and one.rule not in OF_CHANGES]
    return Counter((one.rule, one.file, one.record, one.property, one.value, "" if one.record else one.message["en"]) for one in found)


def by_pyshacl(root: Path) -> Counter:
    """What pySHACL finds in the files as they lie. Several results of one rule about one value are one finding, as they have one message."""
    knowledge = rooms(root)
    with data_graph() as graph:
        for file in [*root.glob("core/*.ttl"), *root.glob("ontology/**/*.ttl"), *root.glob("registry/**/*.ttl")]:
            graph.add(serialize(parse(file.read_bytes(), format=RdfFormat.TURTLE), format=RdfFormat.N_TRIPLES))
        graph.complete()
        results = set(validate_with_pyshacl(graph.path, load_shapes(knowledge)))
    plain = {one.path: one.path[1:-1] if one.path.startswith("<") else one.path for one in results}
    return Counter({(one.focus[1:-1], one.shape, plain[one.path], one.value if one.value != one.focus else "", one.severity) for one in results})


def classed(root: Path) -> set[NamedNode]:
    files = [*root.glob("core/*.ttl"), *root.glob("ontology/**/*.ttl"), *root.glob("registry/**/*.ttl")]
    return {triple.subject for file in files for triple in random_edits.triples(file) if triple.predicate == random_edits.TYPE}


@pytest.mark.parametrize("seed", range(16))
def test_a_change_is_blamed_for_exactly_what_it_brings(small: Path, tmp_path: Path, seed: int) -> None:
    """Random changes of a random base: records deleted, references moved, identifiers renamed, rules and classes changed, lines moved."""
    random = Random(seed)
    for _ in range(2):
        random_edits.edit(small, random)
    commit(small)
    rules_before, files_before, were = by_pyshacl(small), of_files(validate(rooms(small)).findings), classed(small)
    for _ in range(3):
        random_edits.edit(small, random)
    for found in judged_at(small, tmp_path / "cache"):
        rules_after, files_after = by_pyshacl(small), of_files(validate(rooms(small)).findings)
        assert by_rules(found.blame.new) == rules_after - rules_before
        assert by_rules(found.blame.mended) == rules_before - rules_after
        assert by_rules(found.blame.old) == rules_after & rules_before
        assert of_files(found.blame.new) == files_after - files_before
        assert of_files(found.blame.old) == files_after & files_before
        gone = {one.record for one in found.blame.new if one.rule == "identifier-removed"}
        assert gone == {one.value for one in were - classed(small)}
        assert found.passes == (not any(one.severity == "violation" for one in found.blame.new))


def test_an_old_fault_does_not_block_and_its_line_does_not_matter(small: Path, tmp_path: Path) -> None:
    file = small / "registry/implementations/north.ttl"
    file.write_bytes(formatted(file.read_bytes().replace(b"state:planned", b"state:nowhere")).data)
    commit(small)
    file.write_bytes(formatted(b"# Above.\n\n" + file.read_bytes()).data)
    for found in judged_at(small, tmp_path / "cache"):
        assert [one.rule for one in found.blame.new] == [] and found.passes
        assert "https://example.org/shapes#state" in {one.rule for one in found.blame.old}


def test_one_more_of_the_same_fault_is_new(small: Path, tmp_path: Path) -> None:
    north, south = (small / f"registry/implementations/{name}.ttl" for name in ("north", "south"))
    commit(small)
    for file in (north, south):
        file.write_text(file.read_text() + "\nthis is no turtle .\n")
    git = commit(small)
    for found in judged_at(small, tmp_path / "cache", "HEAD~1"):
        assert Counter(one.rule for one in found.blame.new)["syntax"] == 2 and not found.passes
    north.write_text(north.read_text() + "nor is this .\n")
    for found in judged_at(small, tmp_path / "cache"):
        assert [(one.rule, one.file) for one in found.blame.new] == [("syntax", "registry/implementations/north.ttl")]
    assert git("status", "--porcelain").split() == ["M", "registry/implementations/north.ttl"]


def test_a_worse_rule_is_the_changes_own(small: Path, tmp_path: Path) -> None:
    commit(small)
    shapes = small / "shapes/shapes.ttl"
    shapes.write_text(shapes.read_text().replace("sh:minCount 2", "sh:minCount 3"))
    for found in judged_at(small, tmp_path / "cache"):
        assert {one.record.rsplit("/", 1)[1] for one in found.blame.new if one.severity == "violation" and one.component} == {
            "exome",
            "karyotype",
            "north",
            "south",
        }


def test_a_base_that_cannot_be_judged_does_not_hinder_mending_it(small: Path, tmp_path: Path) -> None:
    shapes = small / "shapes/shapes.ttl"
    right = formatted(shapes.read_bytes(), ("sv", "en")).data.decode()
    shapes.write_text(right + "\nno turtle")
    commit(small)
    shapes.write_text(right)
    for found in judged_at(small, tmp_path / "cache"):
        assert found.base_fault and found.passes
        assert "could not be checked" in check_report(found, "text", "en", find_knowledge())


def test_a_kept_base_report_is_the_same_and_is_found_by_content(small: Path, tmp_path: Path) -> None:
    file = small / "registry/implementations/north.ttl"
    file.write_text(file.read_text().replace("state:planned", "state:nowhere"))
    git = commit(small)
    cache = tmp_path / "cache"
    told = []
    for _ in range(2):
        with check(rooms(small), "HEAD", DAY, cache) as found:
            told.append(found.blame)
        git("commit", "--quiet", "--allow-empty", "-m", "The same files")
    assert told[0] == told[1] and len(told[0].old) > 0
    assert len(list(cache.iterdir())) == 1


def test_the_state_of_a_commit_is_that_of_its_files(small: Path) -> None:
    git = commit(small)
    knowledge = rooms(small)
    before = past(knowledge, small, git("rev-parse", "HEAD"))
    assert before.state == present(knowledge)
    (small / "registry/methods/exome.ttl").write_text("changed")
    (small / "registry/methods/new.ttl").write_text("new")
    (small / "registry/regions/north.ttl").unlink()
    assert before.state.differing(present(knowledge)) == {"registry/methods/exome.ttl", "registry/methods/new.ttl", "registry/regions/north.ttl"}


def test_a_removed_identifier_blocks_and_a_renamed_one_is_named(root: Path, git: Git, tmp_path: Path) -> None:
    (root / "registry/methods/fraga.ttl").rename(root / "registry/methods/undra.ttl")
    text = (root / "registry/methods/undra.ttl").read_text(encoding="utf-8")
    (root / "registry/methods/undra.ttl").write_text(text.replace("method:fraga", "method:undra"), encoding="utf-8")
    with check(find_knowledge(root), "first", DAY, tmp_path / "cache") as found:
        (gone,) = [one for one in found.blame.new if one.rule == "identifier-removed"]
        assert gone.file == "registry/methods/fraga.ttl" and gone.record == "https://example.org/ekland/methods/fraga"
        assert gone.hint["en"].endswith("--replaced-by <https://example.org/ekland/methods/undra>") and not found.passes


def test_every_form_tells_the_same_new_findings(root: Path, git: Git, tmp_path: Path) -> None:
    knowledge = find_knowledge(root)
    file = root / "registry/regions/osby.ttl"
    file.write_text(file.read_text(encoding="utf-8").replace("Region Ösby", "<b>@all</b>"), encoding="utf-8")
    (root / "registry/methods/fraga.ttl").unlink()
    with check(knowledge, "first", DAY, tmp_path / "cache") as found:
        forms = {form: check_report(found, form, "en", knowledge) for form in ("text", "markdown", "html", "json", "sarif", "github")}
    count = len(found.blame.new)
    assert count and not found.passes
    told = json.loads(forms["json"])
    assert (told["passes"], len(told["new"]), len(told["old"])) == (False, count, len(found.blame.old))
    states = Counter(one["baselineState"] for one in json.loads(forms["sarif"])["runs"][0]["results"])
    assert states == {"new": count, **({"unchanged": len(found.blame.old)} if found.blame.old else {})}
    assert len(forms["github"].splitlines()) == count
    assert forms["markdown"].startswith(MARK) and "@all" not in forms["markdown"] and "<b>" not in forms["markdown"].replace("\\<", "")
    assert "<b>@all" not in forms["html"] and "&lt;b&gt;@all" in forms["html"]
    assert "registry/methods/fraga.ttl:1: error: The identifier <https://example.org/ekland/methods/fraga> has been removed." in forms["text"]
