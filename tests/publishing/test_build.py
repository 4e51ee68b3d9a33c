"""The static site: the same bytes as the served one, found under any prefix, written once."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from building import FURTHER, PREFIX, build

from phkg.graph.snapshot import Snapshot
from phkg.publishing.app import create_app
from phkg.publishing.build_files import MANIFEST, BuildFault
from phkg.records.knowledge import Knowledge, find_knowledge

POLICY = re.compile(r'\n<meta http-equiv="Content-Security-Policy" content="[^"]*">')
QUESTION = re.compile(r'(?<==")(/[^"?#]*?)(/|\.json|\.csv|\.svg)\?([a-z]+)=([A-Za-z0-9-]+)')
"""An address of the site with one parameter."""
NEEDS_SERVER = re.compile(r'<nav class="days.*?</nav>\n|<p class="correct.*?</p>|<form\b(?![^>]*role="search").*?</form>', re.DOTALL)
SORRY = re.compile(r'<p class="notice">(This copy|Den här kopian)[^\n]*</p>')
"""What stands in place of a form that a host of files cannot answer."""
VERSION = re.compile(rb'"snapshot": "[0-9a-f]{32}"')
"""The version of its data that a twin states: on the server that of all data, in a file that of what it says."""
STATED = re.compile(
    r'(?<=<p class="quiet">)(Data version \w+|Dataversion \w+|[^<]*\w{12}\. <a href="/\w+/data/">[^<]*</a>)|(?<=, )(data version|dataversion|page version|sidans version) \w{12}'
)
"""The same in a page."""
PARAMETERS = "name|regions|waits|sort|only|show|language|after|kind|area|purpose|technology|state|within|clinical-area|specimen"


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def served(town: Knowledge, town_snapshot: Snapshot, served_app) -> Iterator[str]:
    app = create_app(town, lambda: town_snapshot, further=FURTHER)
    app.state.change_log.look()
    with served_app(app) as address:
        yield address


@pytest.fixture(scope="module")
def site(town: Knowledge, town_snapshot: Snapshot, served: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as built for the root of the very address at which it is served, too."""
    into = tmp_path_factory.mktemp("site")
    build(town, town_snapshot, into, served)
    return into


def _with_folders(match: re.Match[str]) -> str:
    path, ending, name, value = match.groups()
    return f"{path}/{name}/{value}{ending}"


def test_files_for_programs_are_those_that_are_served_byte_by_byte(site: Path, served: str) -> None:
    asked = [name for name in files_in(site) if re.search(r"\.(json|csv|ttl|nt|rdf|jsonld|xml|txt|css|woff2|svg|gz|atom)$", name)]
    # The names and the engine are only built, and what had a question lies elsewhere.
    asked = [
        name
        for name in asked
        if not re.search(rf"/names/|/({PARAMETERS})/[A-Za-z0-9-]+\.|/(access|equal-access|jamlik-tillgang)/(waits|regions)/|^static/query/oxigraph/", name)
    ]
    endings = {name.rpartition(".")[2] for name in asked}
    assert endings >= {"json", "csv", "ttl", "nt", "rdf", "jsonld", "xml", "txt", "gz", "atom", "css"} and len(asked) > 300
    with httpx.Client(base_url=served, follow_redirects=True) as client:
        different = [name for name in asked if VERSION.sub(b"", client.get(f"/{name}").content) != VERSION.sub(b"", (site / name).read_bytes())]
    assert different == []


def test_a_built_page_is_the_served_one_but_for_policy_forms_and_questions_in_addresses(site: Path, served: str) -> None:
    pages = ["sv/", "en/methods/tvatta/", "sv/metoder/", "sv/vokabular/", "sv/andringar/", "fi/methods/", "en/sources/", "en/indications/hes/"]
    with httpx.Client(base_url=served) as client:
        for page in pages:
            built = (site / page / "index.html").read_text(encoding="utf-8")
            asked = client.get(f"/{page}").raise_for_status().text
            assert STATED.sub("", SORRY.sub("", POLICY.sub("", built))) == STATED.sub("", NEEDS_SERVER.sub("", QUESTION.sub(_with_folders, asked))), page
            assert len(POLICY.findall(built)) == 1


def test_a_crawler_finds_no_broken_link_on_a_plain_server_under_a_prefix(hosted: str) -> None:
    """Every link, script, style, image and form of every page that can be reached from the first one."""
    todo, seen, broken = [f"{hosted}/", f"{hosted}/sitemap.xml", f"{hosted}/404.html"], set(), []
    with httpx.Client(follow_redirects=True) as client:
        while todo:
            address = todo.pop()
            if address in seen:
                continue
            seen.add(address)
            answer = client.get(address)
            if answer.status_code != 200:
                broken.append((address, answer.status_code))
                continue
            kind = answer.headers["content-type"].split(";")[0]
            found = []
            if kind == "text/html":
                assert "site.invalid" not in answer.text
                found = re.findall(r'\s(?:href|src|action|formaction)="([^"]*)"|url=([^"]*)"', answer.text)
            elif kind in ("application/xml", "text/xml"):
                found = [(one, "") for one in re.findall(r"<loc>([^<]*)</loc>", answer.text)]
            for one in found:
                target = urljoin(address, unescape(one[0] or one[1])).partition("#")[0]
                if urlsplit(target).netloc == urlsplit(hosted).netloc:
                    if not target.startswith(f"{hosted}/"):
                        broken.append((address, target))
                    todo.append(target)
    assert broken == []
    assert len(seen) > 300
    assert {f"{hosted}/sv/oversikt/", f"{hosted}/en/regions/alvik/show/brief/", f"{hosted}/api/language/fi/"} <= seen


def test_an_iri_and_a_retired_record_lead_on_by_a_small_page(hosted: str) -> None:
    page = httpx.get(f"{hosted}/methods/tvatta/").raise_for_status().text
    assert f'<link rel="canonical" href="{hosted}/sv/metoder/tvatta/">' in page
    assert f'<a href="{PREFIX}/sv/metoder/tvatta/">' in page
    assert f'url={hosted}/sv/metoder/tvatta/"' in httpx.get(f"{hosted}/sv/metoder/smorja/").raise_for_status().text
    assert f'url={hosted}/sv/"' in httpx.get(f"{hosted}/").raise_for_status().text
    redirects = httpx.get(f"{hosted}/_redirects").text.splitlines()
    assert f"{PREFIX}/sv/metoder/smorja/ {PREFIX}/sv/metoder/tvatta/ 308" in redirects


def test_what_takes_a_server_is_said_and_not_offered(site: Path) -> None:
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for action in re.findall(r'<form\b[^>]*action="([^"]*)"', text):
            assert action.split("/")[2] in ("sok", "search", "haku", "fragor", "queries", "kysely"), (path, action)
        assert not re.search(r'(href|action)="[^"]*(/sparql|as-of=)', text), path


def test_only_what_changed_is_written_and_only_what_a_build_wrote_is_removed(
    town: Knowledge, town_snapshot: Snapshot, site: Path, served: str, tmp_path: Path
) -> None:
    into = shutil.copytree(site, tmp_path / "site")
    before = {path: path.stat().st_mtime_ns for path in into.rglob("*") if path.is_file() and path.name != MANIFEST}
    spoilt, gone = into / "sv" / "index.html", into / "old" / "page" / "index.html"
    spoilt.write_text("spoilt")
    (into / "CNAME").write_text("example.org\n")
    gone.parent.mkdir(parents=True)
    gone.write_text("from an earlier build")
    with (into / MANIFEST).open("a") as manifest:
        manifest.write(f"{'0' * 64}  old/page/index.html\n")
    outcome = build(town, town_snapshot, into, served)
    # The journal is of the other folder, so all are made; none but the spoilt one is written.
    assert (outcome.written, outcome.removed, outcome.files, outcome.made > 1000) == (1, 1, len(before), True)
    assert {path for path in before if path.stat().st_mtime_ns != before[path]} == {spoilt}
    assert not (into / "old").exists()
    assert (into / "CNAME").read_text() == "example.org\n"
    (into / "CNAME").unlink()
    assert files_in(into) == files_in(site)


def test_the_manifest_is_what_sha256sum_checks(site: Path) -> None:
    done = subprocess.run(["sha256sum", "--check", "--quiet", "--strict", MANIFEST], cwd=site, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    listed = {line.split("  ")[1] for line in (site / MANIFEST).read_text().splitlines()}
    assert listed == {name for name in files_in(site) if name != MANIFEST}


@pytest.mark.parametrize(("template", "address"), [("not_found.html", "/sv/404.html"), ("places.html", "/sv/regioner/")])
def test_a_template_that_fails_is_told_with_its_address_and_the_site_stays(
    town: Knowledge, town_snapshot: Snapshot, tmp_path: Path, template: str, address: str
) -> None:
    build(town, town_snapshot, tmp_path / "site")
    before = files_in(tmp_path / "site")
    # The only template of its own; the others are the program's.
    own = Path(shutil.copytree(town.registry.parent, tmp_path / "own"))
    (own / "web" / "templates").mkdir(parents=True)
    (own / "web" / "templates" / template).write_text("{{ nothing.of.this }}", encoding="utf-8")
    with pytest.raises(BuildFault, match=rf"have no answer.*{address} \(500"):
        build(find_knowledge(own), town_snapshot, tmp_path / "site")
    assert files_in(tmp_path / "site") == before
