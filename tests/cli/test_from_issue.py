"""The issue forms are forms as GitHub takes them, and an answered one becomes the same record as a row of a spreadsheet."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from town import TOWN

from phkg.curation.exporting import common_kinds
from phkg.curation.issues import issue_forms
from phkg.curation.known import read_known
from phkg.records.knowledge import find_knowledge

from .conftest import Run

FORMS, _, _ = read_known(find_knowledge(TOWN))
WRITTEN = issue_forms(common_kinds(FORMS), FORMS, ("sv", "en"))
OWN = sorted((Path(__file__).parents[2] / ".github" / "ISSUE_TEMPLATE").glob("*-*.yml"))
RIGHT = {
    "method": "listening",
    "kind of statement": "deed",
    "place": "Älvik Region",
    "confidence": "said",
    "state": "tried",
    "since": "2019-03",
    "source: title (sv)": "Nytt från Älvik",
    "source: kind of source": "news",
    "source: web address": "https://example.org/alvik",
}


def answered(answers: dict[str, str], name: str = ".github/ISSUE_TEMPLATE/implementation-statement.en.yml") -> str:
    """The body that a forge makes of an answered form."""
    asked = [one["attributes"]["label"] for one in yaml.safe_load(WRITTEN[name])["body"] if one["type"] != "markdown"]
    assert set(answers) <= set(asked)
    return "\n\n".join(f"### {label}\n\n{answers.get(label, '_No response_')}" for label in asked)


def everything(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("text", [*WRITTEN.values(), *(path.read_text(encoding="utf-8") for path in OWN)])
def test_a_form_keeps_the_rules_of_the_forge(text: str) -> None:
    """As GitHub's documentation of the syntax of issue forms has them."""
    form = yaml.safe_load(text)
    if "body" not in form:
        assert form == {"blank_issues_enabled": True}
        return
    assert set(form) == {"name", "description", "title", "body"} and all(isinstance(form[key], str) and form[key] for key in ("name", "description"))
    asked = [one for one in form["body"] if one["type"] != "markdown"]
    assert asked and all(one["type"] in ("input", "textarea", "dropdown") for one in asked)
    for unique in ([one["id"] for one in asked], [one["attributes"]["label"] for one in asked]):
        assert len(set(unique)) == len(unique)
    for one in asked:
        options = one["attributes"].get("options", [])
        assert (one["type"] == "dropdown") == bool(options)
        assert len(set(options)) == len(options) and all(isinstance(option, str) for option in options)


def test_an_answered_form_becomes_a_record_with_its_source(phkg: Run, root: Path, tmp_path: Path) -> None:
    body = tmp_path / "issue.md"
    body.write_text(answered(RIGHT).replace("\n", "\r\n"), encoding="utf-8")
    done = phkg("from-issue", body, "--root", root, "--language", "en")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-2:] == ["registry/implementations/alvik.ttl", "registry/sources/nytt-fran-alvik.ttl"]
    assert "source:nytt-fran-alvik" in (root / "registry" / "implementations" / "alvik.ttl").read_text(encoding="utf-8")
    again = phkg("from-issue", body, "--root", root, "--language", "en")
    assert again.returncode == 0 and "0 new records, 1 rows were there already" in again.stdout


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"method": "lysning"}, "method: “lysning” does not exist."),
        ({"since": "in spring"}, "since: “in spring” does not have the right form."),
        ({"since": "2999"}, "The state is said to have begun in the future."),
        ({"source: web address": "javascript:alert(1)"}, "web address: “javascript:alert(1)” does not have the right form."),
        ({"for whom (en)": "all\n\n### state\n\nusual"}, "The heading “state” stands twice."),
        ({"for whom (en)": "all\u202e"}, "invisible control characters"),
    ],
)
def test_an_answer_that_cannot_be_taken_is_told_and_nothing_is_written(phkg: Run, root: Path, tmp_path: Path, change: dict[str, str], says: str) -> None:
    body = tmp_path / "issue.md"
    body.write_text(answered(RIGHT | change), encoding="utf-8")
    before = everything(root)
    done = phkg("from-issue", body, "--root", root, "--language", "en")
    assert done.returncode == 1 and says in done.stderr and everything(root) == before


@pytest.mark.parametrize("body", ["", "Hello, your page is wrong.", "### One\n\n### Two\n\nthree", "x" * 300_000, "### method\n\nlistening"])
def test_what_is_no_answered_form_is_refused_in_words(phkg: Run, root: Path, tmp_path: Path, body: str) -> None:
    file = tmp_path / "issue.md"
    file.write_text(body, encoding="utf-8")
    done = phkg("from-issue", file, "--root", root, "--language", "en")
    assert done.returncode == 2 and len(done.stderr.strip().splitlines()) == 1


def test_several_choices_in_one_answer(phkg: Run, root: Path, tmp_path: Path) -> None:
    kind = FORMS.kind("organization").field("classification")
    labels = [choice.label("en") for choice in kind.choices][:2]
    body = tmp_path / "issue.md"
    body.write_text(
        answered({"name (sv)": "Nya huset", "kind of organisation": ", ".join(labels)}, ".github/ISSUE_TEMPLATE/organization.en.yml"), encoding="utf-8"
    )
    done = phkg("from-issue", body, "--root", root, "--language", "en")
    assert (done.returncode, done.stderr) == (0, "")
    text = (root / "registry" / "organisations" / "nya-huset.ttl").read_text(encoding="utf-8")
    assert text.split("org:classification")[1].split(";")[0].count("house:") == len(labels)
