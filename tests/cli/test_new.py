"""`phkg new` as a person uses it: by options, and by answering in a terminal."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pexpect
import pyoxigraph as ox
import pytest

from .conftest import Run

RIGHT = (
    *("--set", "method=lyssna", "--set", "place=Alvik", "--set", "statementKind=deed", "--set", "state=tried"),
    *("--set", "statedBy=law-2018", "--set", "confidence=said"),
)
FILE = Path("registry") / "implementations" / "alvik.ttl"
ADDED = "https://example.org/ekland/implementations/alvik/lyssna/2"


def said_of(file: Path, iri: str) -> dict[str, list[str]]:
    """What a file says of a record: the last part of a property → the texts or the last parts of the values."""
    found: dict[str, list[str]] = {}
    for quad in ox.parse(path=str(file), format=ox.RdfFormat.TURTLE):
        if quad.subject.value == iri:
            found.setdefault(re.split("[/#]", quad.predicate.value)[-1], []).append(re.split("[/#]", quad.object.value)[-1])
    return found


def everything(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def test_by_options(phkg: Run, root: Path) -> None:
    done = phkg("new", "implementation-statement", *RIGHT, "--set", "since=2019-03", "--root", root, "--lang", "en")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == f"Written: {ADDED} in registry/implementations/alvik.ttl"
    assert said_of(root / FILE, ADDED) == {
        "type": ["ImplementationStatement"],
        "method": ["lyssna"],
        "place": ["alvik"],
        "statementKind": ["deed"],
        "state": ["tried"],
        "statedBy": ["law-2018"],
        "confidence": ["said"],
        "since": ["2019-03"],
    }
    assert phkg("fmt", "--check", root / FILE).returncode == 0


def test_values_from_a_file(phkg: Run, root: Path, tmp_path: Path) -> None:
    told = tmp_path / "source.toml"
    told.write_text(
        '"title@sv" = "Årsrapport"\npublisher = ["Rådet", "Sjukhuset"]\nissued = 2021-03-01\nurl = "https://example.org/year"\n'
        'sourceKind = "news"\nneedsBetterSource = true\n',
        encoding="utf-8",
    )
    done = phkg("new", "source", "--from", told, "--name", "year", "--root", root)
    assert (done.returncode, done.stderr) == (0, "")
    said = said_of(root / "registry" / "sources" / "year.ttl", "https://example.org/ekland/sources/year")
    assert said["title"] == ["Årsrapport"] and said["issued"] == ["2021-03-01"] and said["needsBetterSource"] == ["true"]
    assert sorted(said["publisher"]) == ["Rådet", "Sjukhuset"]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("implementation-statement", *RIGHT[2:]), 1, "method: is missing."),
        (("implementation-statement", *RIGHT, "--set", "since=in spring"), 1, "since: “in spring” does not have the right form."),
        (("implementation-statement", *RIGHT, "--set", "state=usual"), 1, "state: “tried; usual” is given more than once"),
        (("implementation-statement", *RIGHT, "--set", "since=2999"), 1, "The state is said to have begun in the future."),
        (("implementation-statement", *RIGHT, "--set", "since"), 2, "“since” is no pair of field and value."),
        (("source", "--name", "blank", "--set", "title@sv=x", "--set", "sourceKind=news", "--set", "url=https://a.example/"), 1, "is taken already"),
        (("source", "--name", "Blank!", "--set", "title@sv=x", "--set", "sourceKind=news", "--set", "url=https://a.example/"), 1, "cannot be a name"),
        (("nothing",), 2, "There is no kind of record called “nothing”."),
        (("source", "--from", "nowhere.toml"), 2, "nowhere.toml cannot be read: No such file or directory."),
    ],
)
def test_what_cannot_be_added_is_told_and_nothing_is_written(phkg: Run, root: Path, arguments: tuple[str, ...], code: int, says: str) -> None:
    before = everything(root)
    done = phkg("new", *arguments, "--root", root, "--lang", "en")
    assert done.returncode == code and says in done.stderr
    assert everything(root) == before


def test_a_rehearsal_writes_nothing(phkg: Run, root: Path) -> None:
    before = everything(root)
    done = phkg("new", "implementation-statement", *RIGHT, "--dry-run", "--root", root)
    assert done.returncode == 0 and f"<{ADDED}> a ph:ImplementationStatement ;" in done.stdout
    assert everything(root) == before


def test_the_kinds_are_listed(phkg: Run, root: Path) -> None:
    done = phkg("new", "--root", root)
    assert done.returncode == 0 and re.search(r"^  source +Källa: title, sourceKind, url$", done.stdout, re.MULTILINE)


@pytest.fixture
def conversation(root: Path):
    """Starts `phkg new` in a terminal of its own."""
    # The pseudo-terminal does not answer questions about the place of the cursor.
    environment = {**os.environ, "PROMPT_TOOLKIT_NO_CPR": "1", "TERM": "xterm", "LANG": "C.UTF-8"}
    command = ["-c", "from phkg.cli import main; main()", "new", "implementation-statement", "--root", str(root), "--lang", "en"]
    child = pexpect.spawn(sys.executable, command, env=environment, encoding="utf-8", dimensions=(50, 200), timeout=30)
    yield child
    child.close(force=True)


def answer(child: pexpect.spawn, question: str, text: str) -> None:
    child.expect(question)
    child.sendline(text)


def test_by_answering(conversation: pexpect.spawn, root: Path) -> None:
    child = conversation
    answer(child, r"method \(required\):", "lysning")
    child.expect("“lysning” does not exist")
    child.sendcontrol("u")
    child.send("lis")  # Found by a part of its English name, and taken with the arrow.
    child.expect("listening")
    child.send("\x1b[B")
    child.sendline("")
    answer(child, r"kind of statement \(required\):", "deed")
    answer(child, "state:", "")
    answer(child, r"for whom \(sv\):", "")
    answer(child, r"for whom \(en\):", "")
    answer(child, r"place \(required\):", "alvik")
    answer(child, "date of the word:", "")
    answer(child, r"source \(required\):", "+")  # A source that is not there yet.
    answer(child, r"title \(sv, required\):", "Nya rön")
    answer(child, r"title \(en\):", "New findings")
    answer(child, r"title \(fi\):", "")
    answer(child, "publisher:", "Rådet")
    answer(child, r"publisher \(one more, or empty\):", "")
    answer(child, r"kind of source \(required\):", "news")
    answer(child, r"web address \(required\):", "https://example.org/new")
    answer(child, "More fields[^:]*:", "issued")
    answer(child, "issued:", "2020-13")
    child.expect("“2020-13” does not have the right form")
    child.sendcontrol("u")
    child.sendline("2020-12")
    answer(child, "More fields[^:]*:", "")
    answer(child, r"source \(one more, or empty\):", "")
    answer(child, r"confidence \(required\):", "said")
    answer(child, r"reason \(sv\):", "")
    answer(child, r"reason \(en\):", "")
    answer(child, "More fields[^:]*:", "")
    child.expect("The check says no")
    child.expect("The statement should say a state but does not")
    answer(child, "state:", "tried")
    child.expect("lyssna/2> a ph:ImplementationStatement")
    answer(child, r"Write to registry/implementations/alvik.ttl, registry/sources/radet-nya-ron.ttl\? \(yes/no\)", "yes")
    child.expect(f"Written: {re.escape(ADDED)}")
    child.expect(pexpect.EOF)
    child.wait()
    assert child.exitstatus == 0
    assert said_of(root / FILE, ADDED)["statedBy"] == ["radet-nya-ron"]
    source = said_of(root / "registry" / "sources" / "radet-nya-ron.ttl", "https://example.org/ekland/sources/radet-nya-ron")
    assert source["issued"] == ["2020-12"] and sorted(source["title"]) == ["New findings", "Nya rön"]


def test_stopping_in_the_middle_writes_nothing(conversation: pexpect.spawn, root: Path) -> None:
    before = everything(root)
    answer(conversation, r"method \(required\):", "lyssna")
    conversation.expect("kind of statement")
    conversation.sendcontrol("c")
    conversation.expect("Nothing has been written")
    conversation.expect(pexpect.EOF)
    conversation.wait()
    assert conversation.exitstatus == 1 and everything(root) == before
