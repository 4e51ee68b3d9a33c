"""Addresses of the served site as those of a built one: which file answers, under which address, in pages and in data.

A built site has no questions after `?`: a page with one parameter (and the place in a list) lies in a folder of its own, other
addresses that need the server are no links.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import parse_qsl

from phkg.publishing import as_known, as_of
from phkg.publishing.headers import SECURITY

ORIGIN = "https://site.invalid"
"""The origin under which the application is asked, so that whole addresses can be told from everything else (RFC 2606)."""
PAGE_VERSION = "version0of0this0page0stands0here0"
"""What the application states as the version of its answers when they become files: each file has one of its own there, of what it says."""
SHORT_VERSION = 12
"""Letters of a version that people are shown."""
PLACE = "after"
"""The parameter with the place in a list, which may stand beside another one."""
NEEDS_SERVER = (as_of.NAME, as_known.NAME, "q", "query", "limit", "budget")
"""Parameters that have too many values for each to be a page."""
KEPT = 1 << 16
"""Addresses of which is kept what becomes of them."""
VALUE = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*", re.ASCII)

IN_ATTRIBUTE = re.compile(r' (href|src|action|formaction)="(/[^"]*)"')
WHOLE = re.compile(re.escape(ORIGIN) + r"(/[^\s\"'<>\\)]*)?")
IN_JSON = re.compile(r'"(/[^"\\]*)"')
DATA_BLOCK = re.compile(r'(<script type="application/json"[^>]*>)(.*?)(</script>)', re.DOTALL)
FORM = re.compile(r"<form\b[^>]*?\baction=\"([^\"]*)\"[^>]*>.*?</form>", re.DOTALL)
CHARSET = '<meta charset="utf-8">'
NEXT_TO_A_SLASH = re.compile(r"(?m)^((?:Allow|Disallow): )/")


@lru_cache(None)
def _meta(also: str) -> str:
    return f'<meta http-equiv="Content-Security-Policy" content="{html.escape(policy(also), quote=True)}">'


@dataclass
class Made:
    """A file's bytes, and the addresses of this site that it leads to (as the application knows them)."""

    body: bytes
    links: set[str] = field(default_factory=set)


def policy(also: str = "") -> str:
    """The Content-Security-Policy of a built page, as far as a page can say it of itself; `also` is allowed to scripts besides."""
    rules = [rule for rule in SECURITY["Content-Security-Policy"].split("; ") if not rule.startswith("frame-ancestors")]
    return "; ".join(f"{rule} {also}" if also and rule.startswith("script-src") else rule for rule in rules)


@lru_cache(KEPT)
def plain_path(address: str) -> str | None:
    """An address of the served site (path and question, no fragment) without its question; None when it needs the server."""
    path, _, question = address.partition("?")
    asked = parse_qsl(question, keep_blank_values=True)
    if not asked:
        return path
    named = [name for name, _ in asked if name != PLACE]
    if len(named) > 1 or len(asked) > 2 or any(name in NEEDS_SERVER or not VALUE.fullmatch(value) for name, value in asked):
        return None
    # A page of its own needs a folder: of a file with a question there is none.
    if not path.endswith("/"):
        stem, dot, ending = path.rpartition(".")
        return None if not dot else f"{stem}/{'/'.join(f'{name}/{value}' for name, value in asked)}.{ending}"
    return path + "".join(f"{name}/{value}/" for name, value in asked)


def versioned(text: str) -> str:
    """A file's text with its own version in it: a hash of all that it says, so that it changes when anything of that does and only then."""
    if PAGE_VERSION[:SHORT_VERSION] not in text:
        return text
    version = blake2b(text.encode(), digest_size=16).hexdigest()
    return text.replace(PAGE_VERSION, version).replace(PAGE_VERSION[:SHORT_VERSION], version[:SHORT_VERSION])


def file_of(path: str) -> str:
    """The file that a static host gives for an address."""
    name = path.lstrip("/")
    return f"{name}index.html" if not name or name.endswith("/") else name


class Links:
    """Makes of what the application answers what lies on a static host, under an origin and a prefix."""

    def __init__(self, origin: str, base_path: str, codes: Collection[str], with_script: Collection[str], instead: Callable[[str], str]) -> None:
        """`with_script` are pages whose script understands a question in the address, so that it may stay; `instead` says in the
        language of a page what stands in place of a form that needs the server."""
        self._origin = origin
        self._base_path = base_path
        self._codes = codes
        self._with_script = with_script
        self._instead = instead
        # Pages repeat the same addresses, in their frame and in their tables.
        self._attribute = lru_cache(KEPT)(self._attribute_of)
        self._in_json = lru_cache(KEPT)(self._in_json_of)

    def address(self, path: str) -> str:
        """The address within the site as a link writes it."""
        return self._base_path + path

    def whole(self, path: str) -> str:
        """The whole address."""
        return self._origin + self._base_path + path

    def page(self, body: bytes, path: str, scripts_may: str = "") -> Made:
        """A page: its links, its forms, its policy."""
        made = Made(b"")
        text = FORM.sub(lambda match: match[0] if match[1] in self._with_script else self._instead(path.split("/")[1]), body.decode())
        written, links = self._attribute, made.links

        def attribute(match: re.Match[str]) -> str:
            text, link = written(match[1], match[2])
            if link:
                links.add(link)
            return text

        text = IN_ATTRIBUTE.sub(attribute, text)
        text = DATA_BLOCK.sub(lambda match: match[1] + IN_JSON.sub(lambda one: self._in_json(one[1]), match[2]) + match[3], text)
        text = WHOLE.sub(self._whole, text)
        text = versioned(text)
        made.body = text.replace(CHARSET, f"{CHARSET}\n{_meta(scripts_may)}", 1).encode()
        return made

    def data(self, body: bytes, media_type: str) -> Made:
        """A file for programs: whole addresses, and in JSON those within the site."""
        found = {match[1] for match in WHOLE.finditer(body.decode()) if match[1]} if media_type == "application/xml" else set()
        text = WHOLE.sub(self._whole, body.decode())
        if media_type in ("application/json", "application/feed+json"):
            text = IN_JSON.sub(lambda match: self._in_json(match[1]), text)
        if media_type == "text/plain":
            text = NEXT_TO_A_SLASH.sub(lambda match: f"{match[1]}{self._base_path}/", text)
        return Made(versioned(text).encode(), found)

    def target(self, address: str) -> str | None:
        """What a link to an address (without fragment) leads to here; None when only a server could answer."""
        path = address.partition("?")[0]
        return plain_path(address) or (address if path in self._with_script else None)

    def _attribute_of(self, name: str, escaped: str) -> tuple[str, str]:
        """An attribute with an address as it stands in a built page, and the address that it leads to (empty: none)."""
        value = html.unescape(escaped)
        address, hash_sign, fragment = value.partition("#")
        target = self.target(address)
        if target is None:
            # An anchor without href is text: what needs the server is no link.
            return "", ""
        link = (address if plain_path(address) else address.partition("?")[0]) if name in ("href", "src") else ""
        return f' {name}="{html.escape(self.address(target) + hash_sign + fragment, quote=True)}"', link

    def _in_json_of(self, address: str) -> str:
        if address.split("/")[1].partition("?")[0] not in self._codes:
            return f'"{address}"'
        target = self.target(address.partition("#")[0])
        return f'"{self.address(target + address[len(address.partition("#")[0]) :] if target else address)}"'

    def _whole(self, match: re.Match[str]) -> str:
        address = match[1] or ""
        path, hash_sign, fragment = address.partition("#")
        return self.whole((self.target(html.unescape(path)) or path) + hash_sign + fragment)
