"""One exchange with a store over HTTP: a deadline for the whole of it, a cap on what comes back, no redirects, credentials on demand."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

import phkg
from phkg.graph.remote.faults import StoreOverdue, StoreRefused, StoreUnavailable

LATER = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses after which the same request may succeed."""
SHOWN = 300
"""Characters of a store's own message that are shown."""


@dataclass(frozen=True)
class Credentials:
    """Whom a store knows: a user with a password (HTTP Basic or Digest, as the store asks), or a bearer token. Never printed."""

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)


@dataclass(frozen=True)
class Reply:
    """What a store answered; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """The media type without parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class TooLarge(Exception):
    """The answer is longer than the cap."""


class _Known(httpx.Auth):
    """Shows who we are when the store asks, in the way it asks, so that no password is sent in clear to one that knows Digest."""

    def __init__(self, credentials: Credentials) -> None:
        self._token = credentials.token
        self._basic = httpx.BasicAuth(credentials.user, credentials.password)
        self._digest = httpx.DigestAuth(credentials.user, credentials.password)
        self._chosen: httpx.Auth | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
            yield request
            return
        if self._chosen is None:
            response = yield request
            if response.status_code != 401:
                return
            wanted = response.headers.get("www-authenticate", "").lower()
            self._chosen = self._digest if "digest" in wanted else self._basic
        yield from self._chosen.auth_flow(request)


def check_address(address: str) -> str:
    """The address, if it is one of a store. Raises ValueError with a sentence when it is not."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("The address of a store begins with http:// or https:// and names a host.")
    if parts.username is not None or parts.password is not None:
        raise ValueError("The address holds a user or password; give them by --user and PHKG_ENDPOINT_PASSWORD instead.")
    if parts.fragment:
        raise ValueError("The address of a store has no #.")
    return address


def connect(credentials: Credentials | None, at_once: int) -> httpx.AsyncClient:
    """A client for at most so many exchanges at once. Belongs to the event loop in which it is first used."""
    known = credentials is not None and (credentials.user or credentials.token)
    return httpx.AsyncClient(
        auth=_Known(credentials) if known and credentials else None,
        headers={"User-Agent": f"phkg/{phkg.__version__}"},
        limits=httpx.Limits(max_connections=at_once, max_keepalive_connections=at_once, keepalive_expiry=20),
        timeout=None,  # Every exchange has a deadline of its own, for the whole of it.
        follow_redirects=False,
        trust_env=False,
        verify=ssl.create_default_context(),
    )


async def exchange(http: httpx.AsyncClient, request: httpx.Request, seconds: float, cap: int) -> Reply:
    """Send a request and read the whole answer within some seconds, at most `cap` bytes.

    Raises StoreUnavailable when no whole answer comes in time, TooLarge past the cap.
    """
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            response = await http.send(request, stream=True)
            try:
                async for part in response.aiter_bytes():
                    body += part
                    if len(body) > cap:
                        raise TooLarge
            finally:
                await response.aclose()
    except TimeoutError:
        raise StoreOverdue(f"The store at {request.url} did not answer within {seconds:.0f} seconds.") from None
    except httpx.HTTPError as error:
        raise StoreUnavailable(f"The store at {request.url} cannot be reached: {_reason(error)}.") from None
    return Reply(response.status_code, {name.lower(): value for name, value in response.headers.items()}, bytes(body))


def check(reply: Reply, address: str) -> Reply:
    """The reply, if it is a success. Raises StoreUnavailable or StoreRefused with a sentence otherwise."""
    status = reply.status
    if 200 <= status < 300:
        return reply
    if status in LATER:
        raise StoreUnavailable(f"The store at {address} answers {status}{_said(reply)}", _seconds(reply))
    if status in (401, 403):
        text = f"The store at {address} does not let us in ({status}); check --user and PHKG_ENDPOINT_PASSWORD, or PHKG_ENDPOINT_TOKEN."
    elif status in (301, 302, 303, 307, 308):
        text = f"The store at {address} says that it is at {reply.headers.get('location', 'another address')}; give that address."
    elif status in (404, 405):
        text = f"There is nothing at {address} that takes this ({status}); is it the address of the right protocol?"
    else:
        text = f"The store at {address} refuses ({status}){_said(reply)}"
    raise StoreRefused(text)


def _said(reply: Reply) -> str:
    text = " ".join(reply.body[: 4 * SHOWN].decode("utf-8", "replace").split())[:SHOWN]
    return f": {text}" if text else "."


def _seconds(reply: Reply) -> int:
    told = reply.headers.get("retry-after", "")
    return min(int(told), 60) if told.isascii() and told.isdigit() else 5


def _reason(error: httpx.HTTPError) -> str:
    return str(error).rstrip(".") or {httpx.RemoteProtocolError: "it broke off"}.get(type(error), type(error).__name__)
