"""`phkg retire` as a person types it: what it writes, that the check then lets the change in, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from phkg.records.knowledge import find_knowledge
from phkg.validation.run import validate

EKLAND = "https://example.org/ekland/"
REASONS = ("--reason", "sv=Källan säger inte detta.", "--reason", "en=The source does not say this.")


@pytest.fixture
def root(root: Path) -> Path:
    """The country with the two languages that the program's own rules know."""
    file = root / "registry/registry.ttl"
    file.write_text(file.read_text(encoding="utf-8").replace('"sv en fi"', '"sv en"'), encoding="utf-8")
    return root


def test_without_a_successor_it_says_when_and_why(phkg, root: Path) -> None:
    before = {(one.rule, one.record) for one in validate(find_knowledge(root)).findings}
    done = phkg("retire", f"{EKLAND}implementations/boda/lyssna/2", *REASONS, "--date", "2026-11-23", "--root", root)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"<{EKLAND}implementations/boda/lyssna/2> is retired, in registry/implementations/boda.ttl.\n"
    text = (root / "registry/implementations/boda.ttl").read_text(encoding="utf-8")
    record = text.partition("lyssna/2> a ph:ImplementationStatement")[2].partition(" .\n")[0]
    assert 'ph:retiredOn "2026-11-23"^^xsd:date' in record
    assert '"Källan säger inte detta."@sv' in record and '"The source does not say this."@en' in record
    assert phkg("fmt", "--check", root / "registry/implementations/boda.ttl", "--root", root).returncode == 0
    new = {(one.rule, one.record) for one in validate(find_knowledge(root)).findings} - before
    assert new == set()


def test_renaming_is_writing_anew_and_retiring(phkg, root: Path, tmp_path: Path) -> None:
    """The check blocks a renamed record until the old identifier is there again and leads to the new one."""
    old, new = (root / f"registry/methods/{name}.ttl" for name in ("fraga", "undra"))
    text = old.read_text(encoding="utf-8")
    new.write_text(text.replace("method:fraga", "method:undra"), encoding="utf-8")
    refused = phkg("retire", "registry/methods/fraga.ttl", "--replaced-by", f"{EKLAND}methods/nowhere", "--root", root)
    assert refused.returncode == 2 and "There is no record" in refused.stderr and old.read_text(encoding="utf-8") == text
    done = phkg("retire", old, "--replaced-by", f"<{EKLAND}methods/undra>", "--root", root)
    assert done.returncode == 0
    assert "dcterms:isReplacedBy method:undra" in old.read_text(encoding="utf-8")
    again = phkg("retire", old, "--replaced-by", f"{EKLAND}methods/undra", "--root", root)
    assert again.returncode == 2 and "retired already" in again.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((f"{EKLAND}methods/fraga",), "Say either what replaces the record"),
        ((f"{EKLAND}methods/fraga", "--replaced-by", f"{EKLAND}methods/lyssna", *REASONS), "Say either what replaces the record"),
        ((f"{EKLAND}methods/fraga", "--reason", "sv=Nej."), "The reason is missing in en"),
        ((f"{EKLAND}methods/fraga", *REASONS, "--reason", "de=Nein."), "de is no language of the registry"),
        ((f"{EKLAND}methods/fraga", "--reason", "Nej."), "names no language"),
        ((f"{EKLAND}methods/fraga", "--replaced-by", f"{EKLAND}methods/fraga"), "cannot replace itself"),
        ((f"{EKLAND}methods/nothing", *REASONS), "There is no record"),
        (("no such thing", *REASONS), "neither a file of the registry nor an IRI"),
    ],
)
def test_what_cannot_be_retired_is_refused_and_nothing_is_written(phkg, root: Path, arguments: tuple[str, ...], said: str) -> None:
    before = {file: file.read_bytes() for file in root.rglob("*.ttl")}
    done = phkg("retire", *arguments, "--root", root)
    assert done.returncode == 2 and said in done.stderr
    assert {file: file.read_bytes() for file in root.rglob("*.ttl")} == before
