"""Which files there are, and everything that can be wrong with one before its Turtle is read."""

import os
from pathlib import Path

import pytest

from phkg.records import files
from phkg.records.files import SIZE_LIMIT, FileEntry, FileProblem, entries, read_entry
from phkg.records.knowledge import Knowledge, own_root


def found(knowledge: Knowledge) -> dict[str, FileEntry | FileProblem]:
    return {one.name: one for one in entries(knowledge, ["registry"])}


def problem(path: Path, data: bytes) -> FileProblem:
    path.write_bytes(data)
    result = read_entry(FileEntry(path, "registry/methods/x.ttl", "registry"))
    assert isinstance(result, FileProblem)
    assert result.name == "registry/methods/x.ttl"
    return result


def test_files_come_by_name_with_their_place(knowledge: Knowledge, root: Path) -> None:
    for name in ("b.ttl", "a.ttl", "sub/c.ttl"):
        path = root / "registry" / "methods" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("# nothing yet\n", encoding="utf-8")
    names = ["registry/methods/a.ttl", "registry/methods/b.ttl", "registry/methods/sub/c.ttl", "registry/registry.ttl"]
    assert list(found(knowledge)) == names
    entry = found(knowledge)[names[0]]
    assert isinstance(entry, FileEntry) and entry.room == "registry"
    assert read_entry(entry) == b"# nothing yet\n"


def test_hidden_files_are_nobodys_business(knowledge: Knowledge, root: Path) -> None:
    (root / "registry" / "methods" / ".x.ttl.draft").write_text("half", encoding="utf-8")
    (root / "registry" / ".git").mkdir()
    (root / "registry" / ".git" / "x.ttl").write_text("x", encoding="utf-8")
    assert list(found(knowledge)) == ["registry/registry.ttl"]


def test_a_folder_named_like_a_file_is_told(knowledge: Knowledge, root: Path) -> None:
    (root / "registry" / "methods" / "x.ttl").mkdir()
    assert found(knowledge)["registry/methods/x.ttl"] == FileProblem("registry/methods/x.ttl", "directory")


def test_a_file_that_is_no_turtle_is_told(knowledge: Knowledge, root: Path) -> None:
    (root / "registry" / "methods" / "x.TTL.bak").write_text("x", encoding="utf-8")
    assert found(knowledge)["registry/methods/x.TTL.bak"].code == "not-turtle"


def test_a_link_out_of_the_registry_is_told_and_not_followed(knowledge: Knowledge, root: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.ttl"
    secret.write_text("secret", encoding="utf-8")
    (root / "registry" / "methods" / "x.ttl").symlink_to(secret)
    (root / "registry" / "outside").symlink_to(tmp_path)
    told = found(knowledge)
    assert told["registry/methods/x.ttl"] == FileProblem("registry/methods/x.ttl", "link-out", str(secret))
    assert told["registry/outside"].code == "link-out"


def test_a_link_within_the_registry_is_a_file_like_others(knowledge: Knowledge, root: Path) -> None:
    (root / "registry" / "methods" / "x.ttl").symlink_to(root / "registry" / "registry.ttl")
    assert isinstance(found(knowledge)["registry/methods/x.ttl"], FileEntry)


def test_a_link_that_leads_nowhere_cannot_be_read(knowledge: Knowledge, root: Path) -> None:
    (root / "registry" / "methods" / "x.ttl").symlink_to(root / "registry" / "methods" / "gone.ttl")
    entry = found(knowledge)["registry/methods/x.ttl"]
    assert isinstance(entry, FileEntry)
    assert read_entry(entry) == FileProblem("registry/methods/x.ttl", "unreadable", "No such file or directory")


def test_a_link_to_itself_cannot_be_read(knowledge: Knowledge, root: Path) -> None:
    link = root / "registry" / "methods" / "x.ttl"
    link.symlink_to(link)
    entry = found(knowledge)["registry/methods/x.ttl"]
    read = read_entry(entry) if isinstance(entry, FileEntry) else entry
    assert isinstance(read, FileProblem) and read.code == "unreadable"


def test_a_linked_folder_that_holds_itself_is_walked_once(knowledge: Knowledge, root: Path) -> None:
    (root / "registry" / "methods" / "again").symlink_to(root / "registry")
    assert list(found(knowledge)) == ["registry/registry.ttl"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_not_waited_for(knowledge: Knowledge, root: Path) -> None:
    os.mkfifo(root / "registry" / "methods" / "x.ttl")
    entry = found(knowledge)["registry/methods/x.ttl"]
    assert isinstance(entry, FileEntry)
    assert read_entry(entry) == FileProblem("registry/methods/x.ttl", "unreadable", "not a regular file")


def test_a_file_too_large_is_told_without_reading_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.ttl"
    with path.open("wb") as stream:
        stream.truncate(SIZE_LIMIT + 1)
    monkeypatch.setattr(Path, "read_bytes", lambda self: pytest.fail(f"{self} was read"))
    result = read_entry(FileEntry(path, "registry/x.ttl", "registry"))
    assert result == FileProblem("registry/x.ttl", "too-large", "10.0 MiB > 10 MiB")


def test_a_file_of_just_the_limit_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "SIZE_LIMIT", 4)
    path = tmp_path / "x.ttl"
    path.write_bytes(b"# a\n")
    assert read_entry(FileEntry(path, "x", "registry")) == b"# a\n"
    path.write_bytes(b"# ab\n")
    assert isinstance(read_entry(FileEntry(path, "x", "registry")), FileProblem)


@pytest.mark.parametrize("data", [b"", b" \n\t\n"])
def test_an_empty_file_is_told(tmp_path: Path, data: bytes) -> None:
    assert problem(tmp_path / "x.ttl", data).code == "empty"


def test_a_byte_order_mark_is_told(tmp_path: Path) -> None:
    assert problem(tmp_path / "x.ttl", "\ufeff# text\n".encode()).code == "byte-order-mark"


@pytest.mark.parametrize(
    "data, line, column, byte",
    [
        (b"\xe5", 1, 1, "0xE5"),
        ("# å\n# ".encode() + b"\xe4 x\n", 2, 3, "0xE4"),
        ("# åä ".encode() + b"\xff\n", 1, 6, "0xFF"),
        (b"a\r\n" + b"\xc3\x28", 2, 1, "0xC3"),
    ],
)
def test_what_is_not_utf8_is_told_with_its_place_in_characters(tmp_path: Path, data: bytes, line: int, column: int, byte: str) -> None:
    told = problem(tmp_path / "x.ttl", data)
    assert (told.code, told.line, told.column, told.detail) == ("not-utf-8", line, column, byte)


def test_another_root_has_the_core_vocabulary_beside_its_own_schemes(root: Path, town: Path) -> None:
    from phkg.records.knowledge import find_knowledge

    names = [one.name for one in entries(find_knowledge(town), ["ontology"])]
    core = sorted(path.name for path in (own_root() / "ontology").glob("*.ttl"))
    assert [name for name in names if "/concepts/" not in name] == [f"ontology/{name}" for name in core]
    assert "ontology/concepts/stage.ttl" in names and "ontology/concepts/state.ttl" not in names


@pytest.fixture
def town() -> Path:
    """The invented country of the tests of the views."""
    return Path(__file__).parents[1] / "views" / "town"
