"""Hostile spreadsheets through every door: the command, the page, HTTP, and as a file in a pull request; each is refused in words, or comes in as mere text."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path

import httpx
import lxml.html
import openpyxl
import pytest
from town import TOWN

from phkg.curation.check import check
from phkg.curation.from_table import CSV, XLSX
from phkg.records.knowledge import find_knowledge

from .doors import Repository, Site, serving
from .tables import REFUSED, TEXT, tables

SOURCES, TITLE = "Sources", "title (sv)"
RIGHT = {TITLE: "Ett nytt protokoll", "title (en)": "New minutes", "kind of source": "news", "web address": "https://example.org/new", "issued": 2021}
SAID = re.compile(r"cannot be read|are read|not read|no record|no table that is recognised|formula|control characters|too long|rows|columns|unpack")
"""What there is to say of a table that is refused."""


def phkg(*arguments: object) -> subprocess.CompletedProcess:
    """The command as a process, in English."""
    command = [sys.executable, "-c", "from phkg.cli import main; main()", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=300)
    assert "Traceback" not in done.stderr + done.stdout
    return done


@cache
def right() -> bytes:
    """The template with one new source in it."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        assert phkg("export", "--template", "--output", path, "--root", TOWN, "--language", "en").returncode == 0
        book = openpyxl.load_workbook(path)
    heads = {cell.value: cell.column for cell in book[SOURCES][1]}
    for head, value in RIGHT.items():
        book[SOURCES].cell(2, heads[head]).value = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


ALL = tables(right(), SOURCES, TITLE)


@pytest.mark.parametrize("name", ALL)
def test_the_command_refuses_it_in_words_and_writes_nothing(tmp_path: Path, name: str) -> None:
    data, wanted = ALL[name]
    root = Path(shutil.copytree(TOWN, tmp_path / "town"))
    path = tmp_path / name
    path.write_bytes(data)
    before = {file: file.read_bytes() for file in root.rglob("*") if file.is_file()}
    done = phkg("import", path, "--root", root, "--language", "en")
    now = {file: file.read_bytes() for file in root.rglob("*") if file.is_file()}
    if wanted == REFUSED:
        assert done.returncode in (1, 2) and 0 < len(done.stderr) < 3000 and before == now
        assert SAID.search(done.stderr.replace(str(path), "")), done.stderr
    else:
        assert done.returncode == 0, done.stderr
        (new,) = now.keys() - before.keys()
        assert new.parent.name == "sources" and all(now[file] == data for file, data in before.items())
    assert not set("\x1b\u202e\u200b") & set(done.stdout + done.stderr)


@pytest.fixture(scope="module")
def site(served_app: Callable, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(served_app, tmp_path_factory.mktemp("tables"), TOWN, writes=(), adds=("registry/sources/",)) as site:
        yield site


@pytest.mark.parametrize("name", ALL)
def test_the_page_shows_what_is_wrong_or_mere_text(site: Site, name: str) -> None:
    data, wanted = ALL[name]
    answer = site.upload(name, data)
    page = lxml.html.document_fromstring(answer.text)
    if wanted == TEXT:
        assert answer.status_code == 200 and "1 record would be changed or added" in page.text_content()
    elif answer.status_code == 422:
        causes = [" ".join(one.text_content().split()) for one in page.xpath("//ul[@class='causes']/li")]
        assert causes and all(SAID.search(one.replace(name, "")) for one in causes), causes
    else:
        assert answer.status_code == 413
    assert not page.xpath("//script[not(@type='application/ld+json')] | //*[@onerror]")
    assert [link for _, attribute, link, _ in page.iterlinks() if attribute in ("href", "src", "action") and not re.match(r"/|#|https?://", link)] == []
    assert "etc/passwd" not in answer.text and "root:" not in answer.text


@pytest.mark.parametrize("name", ALL)
def test_over_http_a_spreadsheet_is_no_submission(site: Site, name: str) -> None:
    """Records are taken as Turtle and JSON-LD alone: a table says 415 and what is taken; one in disguise is no Turtle."""
    data, _ = ALL[name]
    before = site.repository.branches()
    for media_type in (XLSX, CSV, "application/vnd.ms-excel", "application/zip", "application/octet-stream"):
        answer = site.submit(data, media_type)
        assert answer.status_code in (413, 415), answer.text
        if answer.status_code == 415:
            assert answer.json()["code"] == "unknown-type" and answer.headers["accept-post"] == "text/turtle, application/ld+json"
    for media_type in ("text/turtle", "application/ld+json"):
        answer = site.submit(data, media_type)
        assert answer.status_code in (413, 422), answer.text
        assert {one["rule"] for one in answer.json().get("findings", ())} & {"syntax", "not-utf-8", "json-ld", "nothing-sent"} or answer.status_code == 413
    assert site.repository.branches() == before
    assert httpx.get(f"{site.address}/health").status_code == 200


def test_a_pull_request_is_told_of_each_by_its_place(tmp_path: Path) -> None:
    """As it is, and called a file of records: none of them is a record, and none is opened as a table."""
    repository = Repository(tmp_path, root=TOWN)
    wanted = set()
    for name, (data, _) in ALL.items():
        for called in (name, f"{Path(name).stem}-{Path(name).suffix[1:]}.ttl"):
            (repository.root / "registry/sources" / called).write_bytes(data)
            wanted.add(f"registry/sources/{called}")
    with check(find_knowledge(repository.root), "main", date(2026, 11, 23), tmp_path / "cache") as checked:
        assert not checked.passes and checked.blame.mended == ()
        told = {(one.file, one.severity, one.rule) for one in checked.blame.new}
    assert {file for file, _, _ in told} == wanted
    for file in wanted:
        rules = {rule for name, severity, rule in told if name == file and (severity == "violation" or not file.endswith(".ttl"))}
        assert rules & {"syntax", "not-utf-8", "too-large", "empty"} if file.endswith(".ttl") else rules == {"not-turtle"}, (file, rules)
