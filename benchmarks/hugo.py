"""Hugo beside Jinja2 on the pages of a built site: ready contents into one frame, a file for each. For orientation; both do far less than a build."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup

from benchmarks.processes import processor_seconds

PARTS = re.compile(r"^(?P<before>.*?)<title>(?P<title>.*?)</title>(?P<between>.*?<main[^>]*>)(?P<content>.*)(?P<after></main>.*)$", re.DOTALL)
NOTHING_ELSE = ["home", "section", "taxonomy", "term", "RSS", "sitemap", "robotsTXT", "404"]


@dataclass(frozen=True)
class Page:
    """A page taken apart: its path in the site, its title and the markup of its contents."""

    path: str
    title: str
    content: str


def beside(site: Path, folder: Path) -> Iterator[dict]:
    """Seconds and processor seconds of each for all pages of a site; of Hugo only where it is installed. `folder` is for what they write."""
    pages, frame = _taken_apart(site)
    ways: dict[str, Callable[[Path], None]] = {"Jinja2, one process": lambda into: _by_jinja(pages, frame, into)}
    program = shutil.which("hugo")
    if program:
        version = subprocess.run([program, "version"], check=True, capture_output=True, text=True).stdout.split()[1]
        source = folder / "hugo"
        _for_hugo(pages, frame, source)
        ways[f"Hugo {version}, all cores"] = lambda into: _by_hugo(program, source, into)
    for number, (who, work) in enumerate(ways.items()):
        into = folder / f"framed-{number}"
        before, begun = processor_seconds(), time.perf_counter()
        work(into)
        wall, cpu = time.perf_counter() - begun, processor_seconds() - before
        for page in (pages[0], pages[-1]):
            if page.content.strip() not in (into / page.path).read_text(encoding="utf-8"):
                raise RuntimeError(f"{who} wrote something else to {page.path}.")
        made = sum(1 for _ in into.rglob("*.html"))
        yield {
            "who": who,
            "pages": made,
            "wall_s": round(wall, 1),
            "cpu_s": round(cpu, 1),
            "pages_per_s": round(made / wall),
            "pages_per_cpu_s": round(made / cpu),
        }
        shutil.rmtree(into)


def _taken_apart(site: Path) -> tuple[list[Page], tuple[str, str, str]]:
    """The pages, and the frame of the first: what stands before the title, between it and the contents, and after them."""
    pages, frame = [], None
    for path in sorted(site.rglob("*.html")):
        found = PARTS.match(path.read_text(encoding="utf-8"))
        if found:
            pages.append(Page(path.relative_to(site).as_posix(), found["title"], found["content"]))
            frame = frame or (found["before"], found["between"], found["after"])
    if frame is None:
        raise RuntimeError(f"{site} has no page.")
    return pages, frame


def _by_jinja(pages: list[Page], frame: tuple[str, str, str], into: Path) -> None:
    before, between, after = frame
    template = Environment(autoescape=True).from_string("{{ before }}<title>{{ title }}</title>{{ between }}{{ content }}{{ after }}")
    said = {"before": Markup(before), "between": Markup(between), "after": Markup(after)}
    for page in pages:
        place = into / page.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(template.render(said, title=Markup(page.title), content=Markup(page.content)), encoding="utf-8")


def _for_hugo(pages: list[Page], frame: tuple[str, str, str], source: Path) -> None:
    before, between, after = frame
    layouts = source / "layouts" / "_default"
    layouts.mkdir(parents=True)
    (layouts / "single.html").write_text(f"{before}<title>{{{{ .Params.heading | safeHTML }}}}</title>{between}{{{{ .Content }}}}{after}", encoding="utf-8")
    (source / "config.json").write_text(json.dumps({"baseURL": "https://example.org/", "disableKinds": NOTHING_ELSE}), encoding="utf-8")
    for number, page in enumerate(pages):
        place = source / "content" / f"{number // 500}" / f"{number}.html"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps({"heading": page.title, "url": f"/{page.path}"}) + "\n\n" + page.content, encoding="utf-8")


def _by_hugo(program: str, source: Path, into: Path) -> None:
    subprocess.run([program, "--quiet", "--source", str(source), "--destination", str(into)], check=True)
