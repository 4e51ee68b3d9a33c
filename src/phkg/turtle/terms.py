"""From what is written to what is meant: escapes in strings and addresses, and relative addresses."""

from __future__ import annotations

import re

_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_LOCAL_ESCAPE = re.compile(r"\\(.)")
_SIMPLE = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_PARTS = re.compile(r"(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")

STRING_ESCAPES = r"\t \n \r \b \f \" \' \\ \uXXXX \UXXXXXXXX"


class EscapeError(ValueError):
    """An escape that means nothing; ``start`` and ``end`` are its place in the text that was given."""

    def __init__(self, start: int, end: int) -> None:
        super().__init__("invalid escape")
        self.start, self.end = start, end


def unescape(text: str, *, only_numeric: bool = False) -> str:
    """The text with its escapes replaced; ``only_numeric`` for addresses, where only ``\\u`` and ``\\U`` are allowed.

    Raises EscapeError at the first escape that is not allowed or names no character.
    """
    if "\\" not in text:
        return text

    def character(match: re.Match[str]) -> str:
        name = match[1]
        if len(name) > 1:
            code = int(name[1:], 16)
            if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF:
                return chr(code)
        elif not only_numeric and name in _SIMPLE:
            return _SIMPLE[name]
        raise EscapeError(match.start(), match.end())

    return _ESCAPE.sub(character, text)


def unescape_local(name: str) -> str:
    """A local name without the backslashes before reserved signs; percent signs stay as written."""
    return _LOCAL_ESCAPE.sub(r"\1", name)


def is_absolute(iri: str) -> bool:
    """Whether the address begins with a scheme such as ``https:``."""
    return _SCHEME.match(iri) is not None


def resolve(base: str, reference: str) -> str:
    """The address that ``reference`` means seen from ``base`` (RFC 3986, section 5.2.2); an absolute one is left as it is."""
    if is_absolute(reference):
        return reference
    scheme, authority, path, query, _ = _split(base)
    _, own_authority, own_path, own_query, fragment = _split(reference)
    if own_authority is not None:
        authority, path, query = own_authority, _without_dots(own_path), own_query
    elif own_path:
        if not own_path.startswith("/"):
            own_path = "/" + own_path if authority is not None and not path else path[: path.rfind("/") + 1] + own_path
        path, query = _without_dots(own_path), own_query
    elif own_query is not None:
        query = own_query
    return (
        f"{scheme}:"
        + ("" if authority is None else f"//{authority}")
        + path
        + ("" if query is None else f"?{query}")
        + ("" if fragment is None else f"#{fragment}")
    )


def _split(iri: str) -> tuple[str | None, str | None, str, str | None, str | None]:
    match = _PARTS.fullmatch(iri)
    assert match is not None  # every part is optional, so every text matches
    return match[1], match[2], match[3], match[4], match[5]


def _without_dots(path: str) -> str:
    """The path with ``.`` and ``..`` worked out (RFC 3986, section 5.2.4)."""
    done: list[str] = []
    segments = path.split("/")
    for index, segment in enumerate(segments):
        last = index == len(segments) - 1
        if segment == "..":
            if len(done) > 1 or (done and done[0] != ""):
                done.pop()
            if last:
                done.append("")
        elif segment == ".":
            if last:
                done.append("")
        else:
            done.append(segment)
    return "/".join(done)
