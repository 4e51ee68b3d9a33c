"""Feeds of changes: Atom (RFC 4287) and JSON Feed 1.1, of the whole registry and of each method and place.

An entry is a commit; its words are those of the page of changes. Links within are whole addresses, so that a reader elsewhere can
follow them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from xml.etree import ElementTree

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from phkg.publishing.addresses import Address, find
from phkg.publishing.headers import not_modified, strong_tag
from phkg.publishing.problems import OPEN_TO_ALL, Problem, not_found, say
from phkg.publishing.rendering import Language
from phkg.publishing.site import Published, Publisher
from phkg.views.change_list import ChangeEntry, ChangesPage

ATOM = "http://www.w3.org/2005/Atom"
VERSION = "https://jsonfeed.org/version/1.1"
FEEDS = {"atom": "application/atom+xml", "feed.json": "application/feed+json"}
"""The endings of feeds and their media types."""
WITH_FEED = ("method", "region")
MOST_RELATED = 20
"""Pages that an entry links to one by one."""
RETRY_SECONDS = 5


@dataclass(frozen=True)
class Feed:
    """What both forms say: its title, its page, the page where each entry stands, and its entries (title, words as HTML) in order."""

    iri: str
    title: str
    page: str
    told_on: str
    language: str
    updated: str
    changes: ChangesPage
    entries: tuple[tuple[ChangeEntry, str, str], ...]


def feeds_of(address: Address, code: str, whole: Mapping[str, str]) -> dict[str, str]:
    """The feeds that belong to a page: media type → address. `whole` are the addresses of the page of changes, by language.

    That page and the start page have the feeds of the whole registry, methods and places their own, other pages none.
    """
    if address.view == "home":
        address = replace(address, view="changes", paths=dict(whole))
    if address.view == "changes" or address.view in WITH_FEED:
        return {media_type: address.twin(code, ending) for ending, media_type in FEEDS.items()}
    return {}


class Feeds:
    """Serves the feeds."""

    def __init__(self, publisher: Publisher, languages: Mapping[str, Language]) -> None:
        self._publisher = publisher
        self._languages = languages

    def routes(self) -> list[Route]:
        """The routes; mount them before those of the pages' twins."""
        routes: list[Route] = []
        for ending in FEEDS:
            for path in ("/{code:step}/{segment:step}", "/{code:step}/{segment:step}/{slug:step}"):
                routes.append(Route(f"{path}.{ending}", self._feed(ending), methods=["GET", "HEAD"]))
        return routes

    def _feed(self, ending: str) -> Callable[[Request], Response]:
        def feed(request: Request) -> Response:
            code, *steps = request.path_params.values()
            published = self._publisher.current()
            address = find(published, self._languages, code, *steps)
            if address is None or address.view not in ("changes", *WITH_FEED):
                raise not_found(request.url.path)
            changes = published.changes(code, address.record)
            if changes.state == "waiting":
                detail = say("busy-changes", seconds=RETRY_SECONDS)
                raise Problem(503, "busy", detail, headers={"Retry-After": str(RETRY_SECONDS)})
            origin = str(request.base_url).rstrip("/")
            told = _feed_of(published, self._languages[code], address, changes, origin)
            body = (_atom if ending == "atom" else _json)(told, origin, request.url.path)
            tag = strong_tag(body)
            headers = {"ETag": tag, "Cache-Control": "no-cache", "Content-Language": code, **OPEN_TO_ALL}
            unchanged = not_modified(request, tag)
            if unchanged:
                unchanged.headers.update(headers)
            return unchanged or Response(body, media_type=FEEDS[ending], headers=headers)

        return feed


def _feed_of(published: Published, language: Language, address: Address, changes: ChangesPage, origin: str) -> Feed:
    site, reader = published.site, published.readers[language.code]
    template = language.templates.get_template("feed.html").make_module({"registry": reader.label(site.registry), "about": changes.about})
    entries = []
    for entry in changes.entries:
        words = str(template.content(entry)).replace('href="/', f'href="{origin}/')  # type: ignore[attr-defined]
        entries.append((entry, _plain(template.title(entry)), words))  # type: ignore[attr-defined]
    whole = f"{site.base}changes"
    return Feed(
        iri=f"{address.record.value}#changes" if address.record else whole,
        title=_plain(template.feed_title()),  # type: ignore[attr-defined]
        page=origin + address.paths[language.code],
        told_on=f"{origin}/{language.code}/{language.word('changes')}/",
        language=language.code,
        updated=changes.entries[0].when if changes.entries else f"{site.date}T00:00:00Z",
        changes=changes,
        entries=tuple(entries),
    )


def _plain(markup: object) -> str:
    """The words of a piece of a template, without its markup."""
    return " ".join(markup.striptags().split())  # type: ignore[attr-defined]


def _id(feed: Feed, entry: ChangeEntry) -> str:
    return f"{feed.iri}{'-' if '#' in feed.iri else '#'}{entry.commit}"


def _related(entry: ChangeEntry, origin: str) -> list[tuple[str, str]]:
    pages = entry.changes.pages if entry.changes else ()
    return [(origin + page.path, page.label.value) for page in pages[:MOST_RELATED] if page.path]


def _atom(feed: Feed, origin: str, here: str) -> bytes:
    root = ElementTree.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": feed.language})

    def add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
        node = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
        node.text = _xml(text) or None
        return node

    add(root, "id", feed.iri)
    add(root, "title", feed.title)
    add(root, "updated", feed.updated)
    add(root, "link", rel="self", href=origin + here, type=FEEDS["atom"])
    add(root, "link", rel="alternate", href=feed.page, type="text/html", hreflang=feed.language)
    for entry, title, words in feed.entries:
        node = add(root, "entry")
        add(node, "id", _id(feed, entry))
        add(node, "title", title)
        add(node, "updated", entry.when)
        add(node, "published", entry.when)
        for author in entry.authors:
            add(add(node, "author"), "name", author)
        add(node, "link", rel="alternate", href=f"{feed.told_on}#c-{entry.commit}", type="text/html", hreflang=feed.language)
        for address, label in _related(entry, origin):
            add(node, "link", rel="related", href=address, title=_xml(label))
        if entry.summary:
            add(node, "summary", entry.summary)
        add(node, "content", words, type="html")
    ElementTree.register_namespace("", ATOM)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _json(feed: Feed, origin: str, here: str) -> bytes:
    items = [
        {
            "id": _id(feed, entry),
            "url": f"{feed.told_on}#c-{entry.commit}",
            "title": title,
            "content_html": words,
            "summary": entry.summary,
            "date_published": entry.when,
            "authors": [{"name": author} for author in entry.authors],
            "language": feed.language,
            "_pages": [{"url": address, "title": label} for address, label in _related(entry, origin)],
        }
        for entry, title, words in feed.entries
    ]
    told = {
        "version": VERSION,
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": origin + here,
        "language": feed.language,
        "items": items,
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def _xml(text: str) -> str:
    """A text without the signs that XML 1.0 forbids."""
    return "".join(sign for sign in text if sign in "\t\n\r" or " " <= sign <= "\ud7ff" or "\ue000" <= sign <= "\ufffd" or sign > "\uffff")
