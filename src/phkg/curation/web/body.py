"""The body of a request, read within limits: how large, how slow, of which kind; and the fields of a form in it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from phkg.curation.web.door import Refused, say
from phkg.curation.web.limits import Limits

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
MOST_FIELDS = 2000


@dataclass(frozen=True)
class Filled:
    """A form as it was sent: the values of its fields in their order, and the content and name of its file, if one was chosen."""

    fields: Mapping[str, tuple[str, ...]]
    file: bytes = b""
    file_name: str = ""

    def one(self, name: str) -> str:
        """The first value of a field; empty when it has none."""
        return next(iter(self.fields.get(name, ())), "")


def media_type_of(request: Request) -> str:
    """The media type of the body, without parameters, in lower case."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def read_body(request: Request, limits: Limits) -> bytes:
    """All of the body. Raises Refused for one that is too large, too slow or packed."""
    if request.headers.get("content-encoding", "identity") != "identity":
        raise Refused(415, "packed", say("packed"))
    parts, size = [], 0
    try:
        async with asyncio.timeout(limits.body_seconds):
            async for part in request.stream():
                size += len(part)
                if size > limits.drained:
                    break
                if size <= limits.body:
                    parts.append(part)
    except TimeoutError:
        raise Refused(408, "too-slow", say("too-slow", seconds=limits.body_seconds), headers={"Connection": "close"}) from None
    if size > limits.body:
        raise Refused(413, "too-large", say("too-large", most=limits.body // 1024), headers={"Connection": "close"} if size > limits.drained else {})
    return b"".join(parts)


async def read_form(request: Request, limits: Limits) -> Filled:
    """The fields of a form. Raises Refused for what is none."""
    data = await read_body(request, limits)
    request._body = data  # The library reads what was read already.
    try:
        async with request.form(max_files=1, max_fields=MOST_FIELDS, max_part_size=limits.body) as form:
            fields: dict[str, list[str]] = {}
            file, name = b"", ""
            for key, value in form.multi_items():
                if isinstance(value, UploadFile):
                    file, name = await value.read(), value.filename or ""
                else:
                    # A browser sends the lines of a text with carriage returns.
                    fields.setdefault(key, []).append(value.replace("\r\n", "\n"))
    except KeyError:
        # The library looks for the boundary of a form in several parts without asking whether there is one.
        raise Refused(400, "no-form", say("no-form", reason="boundary?")) from None
    except (HTTPException, UnicodeDecodeError, ValueError, AssertionError) as fault:
        raise Refused(400, "no-form", say("no-form", reason=str(getattr(fault, "detail", fault)))) from None
    return Filled({key: tuple(values) for key, values in fields.items()}, file, name)
