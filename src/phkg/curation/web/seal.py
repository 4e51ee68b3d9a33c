"""Whether a form was really filled in on this site: a sealed field that only fits a cookie of the same browser, and the origin that the browser names.

The token that a curator types in is the only thing that gives rights, and no browser sends it by itself. The seal keeps other sites from
having somebody's browser send anything at all.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable
from hashlib import sha256
from hmac import compare_digest, digest
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

COOKIE, FIELD = "phkg-form", "seal"
SECONDS = 12 * 3600
"""How long a form may lie open before it is sent."""
_NONCE = re.compile(r"[0-9a-f]{32}", re.ASCII)


class Seal:
    """Seals forms with a key that all processes of a server share."""

    def __init__(self, key: bytes, now: Callable[[], float] = time.time) -> None:
        self._key = key
        self._now = now

    def give(self, request: Request) -> tuple[str, str]:
        """The cookie of this browser, and the field for a form that it is given."""
        had = request.cookies.get(COOKIE, "")
        nonce = had if _NONCE.fullmatch(had) else secrets.token_hex(16)
        return nonce, self._sealed(nonce, int(self._now()))

    def keep(self, request: Request, answer: Response, nonce: str) -> None:
        """Have the browser keep the cookie until it is closed; other sites cannot have it sent, and scripts cannot read it."""
        answer.set_cookie(COOKIE, nonce, httponly=True, samesite="strict", secure=request.url.scheme == "https", path="/")

    def fits(self, request: Request, field: str) -> bool:
        """Whether a form comes from this site, from the browser that it was given to, and in time."""
        nonce, moment = request.cookies.get(COOKIE, ""), field.partition("-")[0]
        if not _NONCE.fullmatch(nonce) or not re.fullmatch(r"\d{1,12}", moment, re.ASCII):
            return False
        in_time = 0 <= self._now() - int(moment) <= SECONDS
        return in_time and compare_digest(self._sealed(nonce, int(moment)).encode(), field.encode()) and same_origin(request)

    def _sealed(self, nonce: str, moment: int) -> str:
        return f"{moment}-{digest(self._key, f'{nonce} {moment}'.encode(), sha256).hex()}"


def same_origin(request: Request) -> bool:
    """Whether the browser says that a page of this site sent the request; one that says nothing is believed, since it sends no cookie across sites."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get("origin")
    # The scheme may be another one before a proxy than behind it.
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")
