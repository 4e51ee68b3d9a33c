"""Headers of every answer: a strict Content-Security-Policy, a strong ETag made of the snapshot's name, no sniffing."""

from __future__ import annotations

from hashlib import blake2b

from fastapi import Request, Response

SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def etag(snapshot: str, request: Request) -> str:
    """The strong ETag of an answer: the snapshot and the address decide it wholly."""
    address = f"{request.url.path}?{request.url.query}".encode()
    return f'"{snapshot[:16]}-{blake2b(address, digest_size=8).hexdigest()}"'


def strong_tag(body: bytes) -> str:
    """The strong ETag of an answer made of its very bytes."""
    return f'"{blake2b(body, digest_size=16).hexdigest()}"'


def not_modified(request: Request, tag: str) -> Response | None:
    """An empty 304 when the client has this very answer already."""
    known = [part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")]
    if tag in known or known == ["*"]:
        return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "no-cache"})
    return None
