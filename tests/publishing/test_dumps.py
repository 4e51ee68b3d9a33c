"""Dumps: complete, the same byte for byte, read back by others' parsers, compared with the one before, served with ranges."""

from __future__ import annotations

import csv
import gzip
import io
import json
import shutil
import subprocess
from datetime import date
from hashlib import sha256
from pathlib import Path

import httpx
import pyld.jsonld
import pyoxigraph
import pytest
import rdflib
from axe_playwright_python.sync_playwright import Axe
from pyoxigraph import RdfFormat
from town import TOWN

from phkg.graph.compile import compile_snapshot
from phkg.publishing.dump_tables import rows_as_csv
from phkg.publishing.dumps import DIFFERENCE, FOLDER, KEPT, MANIFEST, SUMS, Change, compare, earlier, make_dump
from phkg.records.knowledge import find_knowledge
from phkg.views.site import read_site

LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"


@pytest.fixture
def town(tmp_path: Path):
    """A small country, compiled; and the folder of its records, to be changed."""
    root = shutil.copytree(TOWN, tmp_path / "town")
    return root, tmp_path / "snapshots"


def compiled(root: Path, into: Path, day: date = date(2021, 6, 1)):
    snapshot = compile_snapshot(find_knowledge(root), day, into)
    return snapshot, read_site(snapshot)


def test_the_same_snapshot_gives_the_same_bytes(town) -> None:
    root, into = town
    snapshot, site = compiled(root, into)
    first = make_dump(site, snapshot.path, LICENCE)
    kept = {file.name: (first.folder / file.name).read_bytes() for file in first.files}
    manifest = (first.folder / MANIFEST).read_bytes()
    shutil.rmtree(into / FOLDER)
    again = make_dump(site, snapshot.path, LICENCE)
    assert {file.name: (again.folder / file.name).read_bytes() for file in again.files} == kept
    assert (again.folder / MANIFEST).read_bytes() == manifest


def test_every_whole_dump_holds_the_whole_graph(town) -> None:
    snapshot, site = compiled(*town)
    dump = make_dump(site, snapshot.path, LICENCE)
    wanted = set((snapshot.path / "graph.nt").read_text().splitlines())

    def lines(name: str, form: RdfFormat) -> set[str]:
        found = pyoxigraph.parse(gzip.decompress((dump.folder / name).read_bytes()), format=form)
        return {f"{quad.triple} ." for quad in found}

    assert lines("registry.nt.gz", RdfFormat.N_TRIPLES) == wanted
    assert lines("registry.nq.gz", RdfFormat.N_QUADS) == wanted
    assert lines("registry.jsonld.gz", RdfFormat.JSON_LD) == wanted
    parts = [file for file in dump.files if file.name.endswith(".ttl")]
    together = rdflib.Graph()
    for file in parts:
        together.parse(dump.folder / file.name, format="turtle")
    assert len(together) == dump.triples == len(wanted) == sum(file.count for file in parts)


def test_the_graphs_of_the_quads_say_which_kind_a_triple_is_of(town) -> None:
    snapshot, site = compiled(*town)
    dump = make_dump(site, snapshot.path, LICENCE)
    quads = pyoxigraph.parse(gzip.decompress((dump.folder / "registry.nq.gz").read_bytes()), format=RdfFormat.N_QUADS)
    for quad in quads:
        part = quad.graph_name.value.removeprefix(f"{site.base}data/")
        assert quad.subject.value.startswith(f"{site.base}{part}") or (part == "ontology" and not quad.subject.value.startswith(site.base))


def test_a_table_has_a_row_for_every_record_and_a_column_for_every_language(town) -> None:
    snapshot, site = compiled(*town)
    dump = make_dump(site, snapshot.path, LICENCE)
    rows = list(csv.DictReader(io.StringIO((dump.folder / "regions.csv").read_text(encoding="utf-8"))))
    wanted = site.records(site.kind_of_folder("regions"))
    assert {row["iri"] for row in rows} >= {iri.value for iri in wanted} and len(rows) == len({row["iri"] for row in rows})
    names = {value.language: value.value for value in site.graph.objects(wanted[0], pyoxigraph.NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel"))}
    row = next(row for row in rows if row["iri"] == wanted[0].value)
    assert {code: row[f"skos:prefLabel@{code}"] for code in names} == names


def test_cells_keep_commas_quotes_and_line_breaks() -> None:
    text = 'a "word", and\na line'
    quad = next(iter(pyoxigraph.parse(f"<http://x/a> <http://x/p> {json.dumps(text)} .".encode(), format=RdfFormat.N_TRIPLES)))
    assert list(csv.DictReader(io.StringIO(rows_as_csv([[quad.triple]]).decode(), newline="")))[0]["http://x/p"] == text


def test_checksums_hold_for_a_strangers_tool(town) -> None:
    snapshot, site = compiled(*town)
    dump = make_dump(site, snapshot.path, LICENCE)
    done = subprocess.run(["sha256sum", "--check", "--strict", SUMS], cwd=dump.folder, capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.count(": OK") == len(dump.files) > 10


def test_the_difference_to_the_dump_before_is_counted(town) -> None:
    root, into = town
    snapshot, site = compiled(root, into)
    first = make_dump(site, snapshot.path, LICENCE)
    assert (first.previous, first.changes) == ("", ())
    file = next(iter(sorted((root / "registry" / "sources").glob("*.ttl"))))
    added = file.with_name("quite-new.ttl")
    added.write_text(
        file.read_text(encoding="utf-8").replace(f"/sources/{file.stem}", "/sources/quite-new").replace(f"source:{file.stem}", "source:quite-new"),
        encoding="utf-8",
    )
    snapshot, site = compiled(root, into)
    second = make_dump(site, snapshot.path, LICENCE)
    before = set((first.folder.parent.parent / first.snapshot / "graph.nt").read_bytes().splitlines())
    new = set((snapshot.path / "graph.nt").read_bytes().splitlines()) - before
    assert second.previous == first.snapshot
    assert second.changes == (Change("sources", len(new), 0, 1, 0),)
    assert json.loads((second.folder / DIFFERENCE).read_text())["previous"] == first.snapshot
    assert [one.snapshot for one in earlier(second)] == [first.snapshot]


def test_the_whole_in_json_ld_reads_like_json_and_loses_nothing(town) -> None:
    snapshot, site = compiled(*town)
    dump = make_dump(site, snapshot.path, LICENCE)
    text = gzip.decompress((dump.folder / "registry.jsonld.gz").read_bytes()).decode()
    document = json.loads(text)
    (method,) = [node for node in document["@graph"] if node["id"] == "https://example.org/ekland/methods/lyssna"]
    assert method["prefLabel"] == {"sv": "lyssning", "en": "listening", "fi": "kuuntelu"}
    assert (method["type"], method["statedBy"]) == ("DiagnosticMethod", "https://example.org/ekland/sources/law-2018")
    wanted = set((snapshot.path / "graph.nt").read_text(encoding="utf-8").splitlines())
    strict = pyld.jsonld.to_rdf(document, {"format": "application/n-quads"})
    assert {f"{quad.triple} ." for quad in pyoxigraph.parse(strict, format=RdfFormat.N_QUADS)} == wanted
    other = rdflib.Graph().parse(data=text, format="json-ld")
    assert len(other) == len(wanted)


def test_old_dumps_go_and_those_that_are_needed_stay(town) -> None:
    root, into = town
    made = []
    for day in range(1, KEPT + 4):
        snapshot, site = compiled(root, into, date(2021, 6, day))
        made.append(make_dump(site, snapshot.path, LICENCE))
    there = {path.parent.name for path in (into / FOLDER).glob(f"*/{MANIFEST}")}
    assert there == {dump.snapshot for dump in made[-KEPT:]} and made[-1].previous in there
    assert [dump.snapshot for dump in earlier(made[-1])] == [dump.snapshot for dump in made[-2 : -KEPT - 1 : -1]]


@pytest.mark.parametrize("change", ["title", "new record", "gone record", "new kind of record"])
def test_a_dump_beside_an_earlier_one_is_the_same_as_one_alone(town, change: str) -> None:
    root, into = town
    snapshot, site = compiled(root, into)
    make_dump(site, snapshot.path, LICENCE)
    sources = root / "registry" / "sources"
    file, another = sorted(sources.glob("*.ttl"))[:2]
    text = file.read_text(encoding="utf-8")
    if change == "title":
        assert "dcterms:title" in text
        file.write_text(text.replace('dcterms:title "', 'dcterms:title "Ny \u2028\\" '), encoding="utf-8")
    elif change == "new record":
        (sources / "ny.ttl").write_text(text.replace(f"/sources/{file.stem}", "/sources/ny").replace(f"source:{file.stem}", "source:ny"), encoding="utf-8")
    elif change == "gone record":
        another.unlink()
    else:
        # The kinds decide which tables there are.
        kind = root / "ontology" / "more.ttl"
        kind.parent.mkdir(exist_ok=True)
        kind.write_text(f'<{site.kind_of_folder("sources").iri.value}> <http://www.w3.org/2000/01/rdf-schema#label> "källa"@fi .\n', encoding="utf-8")
    snapshot, site = compiled(root, into)
    beside = make_dump(site, snapshot.path, LICENCE)
    assert beside.previous
    alone = make_dump(site, shutil.copytree(snapshot.path, into / "alone" / snapshot.name), LICENCE)
    assert not alone.previous
    assert {file.name: (beside.folder / file.name).read_bytes() for file in beside.files} == {
        file.name: (alone.folder / file.name).read_bytes() for file in alone.files
    }
    assert beside.files == alone.files


def test_what_was_taken_away_counts_too() -> None:
    base = "https://example.org/"
    before = {b'<https://example.org/methods/a> <p> "1" .', b'<https://example.org/methods/b> <p> "1" .'}
    after = {b'<https://example.org/methods/a> <p> "2" .'}
    assert compare(base, before, after) == (Change("methods", 1, 2, 0, 1),)


@pytest.fixture(scope="module")
def client(pages: str):
    with httpx.Client(base_url=pages, timeout=120) as client:
        yield client


def test_a_file_is_served_whole_in_part_and_not_again(client: httpx.Client, real_snapshot) -> None:
    path = f"/data/{real_snapshot.name}/registry.nt.gz"
    whole = client.get(path)
    tag = whole.headers["etag"]
    assert tag == f'"{sha256(whole.content).hexdigest()}"' and "immutable" in whole.headers["cache-control"]
    assert whole.headers["content-type"] == "application/gzip" and "content-encoding" not in whole.headers
    assert gzip.decompress(whole.content) == (real_snapshot.path / "graph.nt").read_bytes()
    part = client.get(path, headers={"Range": "bytes=100-199", "If-Range": tag})
    assert (part.status_code, part.content) == (206, whole.content[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(whole.content)}"
    stale = client.get(path, headers={"Range": "bytes=100-199", "If-Range": '"another"'})
    assert (stale.status_code, stale.content) == (200, whole.content)
    assert client.get(path, headers={"Range": f"bytes={len(whole.content)}-"}).status_code == 416
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert client.head(path).headers["content-length"] == str(len(whole.content))


def test_the_newest_has_an_address_of_its_own(client: httpx.Client, real_snapshot) -> None:
    answer = client.get("/data/latest/methods.ttl")
    assert (answer.status_code, answer.headers["location"]) == (307, f"/data/{real_snapshot.name}/methods.ttl")
    assert client.get("/data/latest/graph.nt").status_code == 404


@pytest.mark.parametrize("path", ["{name}/graph.nt", "{name}/..%2fmanifest.json", "{name}/nothing.ttl", f"{'0' * 32}/methods.ttl", "..%2f{name}/manifest.json"])
def test_nothing_but_the_files_of_a_dump_is_served(client: httpx.Client, real_snapshot, path: str) -> None:
    assert client.get("/data/" + path.replace("{name}", real_snapshot.name)).status_code == 404


@pytest.mark.parametrize("code, word", [("sv", "Ladda ned"), ("en", "Downloads")])
def test_the_page_lists_every_file_that_there_is(client: httpx.Client, real_snapshot, code: str, word: str) -> None:
    answer = client.get("/data/", headers={"Accept-Language": code})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/{code}/data/")
    page = client.get(f"/{code}/data/").text
    manifest = client.get(f"/data/{real_snapshot.name}/manifest.json").json()
    assert f"<h1>{word}</h1>" in page and manifest["licence"] == LICENCE
    assert [file["name"] for file in manifest["files"] if f'/data/{real_snapshot.name}/{file["name"]}"' not in page] == []
    assert client.get(f"/data/{real_snapshot.name}/difference.json").json()["previous"] == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_open_to_everyone(browser, pages: str, scheme: str) -> None:
    """No fault by axe, nothing wider than a phone, no complaint of the browser."""
    complaints: list[str] = []
    context = browser.new_context(viewport={"width": 320, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(f"{pages}/sv/data/")
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}})
    width = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert found.violations_count == 0, found.generate_report()
    assert width <= 320 and complaints == []
