"""Headers of every answer: a strict Content-Security-Policy, a strong ETag made of all that decides an answer, no sniffing."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

import phkg

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


def face(*webs: Path) -> str:
    """The hash of all that gives answers their form: the program, and the templates, styles and translations of web folders."""
    state = blake2b(digest_size=16)
    for folder in (Path(phkg.__file__).parent, *dict.fromkeys(webs)):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                state.update(f"{path.relative_to(folder).as_posix()}\n{path.stat().st_size}\n".encode() + path.read_bytes())
    return state.hexdigest()


def etag(request: Request, *made_of: str) -> str:
    """The strong ETag of an answer: what it is made of (the names of a snapshot, a commit), its form and its address decide it."""
    parts = (request.app.state.face, *made_of, request.url.path, request.url.query)
    return strong_tag("\n".join(parts).encode())


def strong_tag(body: bytes) -> str:
    """The strong ETag of an answer made of its very bytes."""
    return f'"{blake2b(body, digest_size=16).hexdigest()}"'


def not_modified(request: Request, tag: str) -> Response | None:
    """An empty 304 when the client has this very answer already."""
    known = [part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")]
    if tag in known or known == ["*"]:
        return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "no-cache"})
    return None
