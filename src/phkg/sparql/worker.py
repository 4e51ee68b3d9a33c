"""The process that runs queries, one after another, behind limits of the kernel; whoever started it may kill it any time."""

from __future__ import annotations

import os
import re
import resource
import socket
import sys
import threading
from collections.abc import Iterable, Iterator
from math import ceil
from typing import NoReturn

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store, Triple, serialize

from phkg.publishing.codings import encode
from phkg.sparql import frames
from phkg.sparql.formats import GRAPHS, TABLES
from phkg.sparql.frames import Answer, Question
from phkg.sparql.lifeline import die_with_parent
from phkg.sparql.limits import NICENESS, PROCESSOR_SLACK, STACK
from phkg.sparql.prefixes import undeclared_prefix
from phkg.sparql.rows import count_rows
from phkg.sparql.service import find_service, is_update

PLACE = re.compile(r"^error at (\d+):(\d+):\s*")
MESSAGE_LENGTH = 400
PART = 1 << 18
"""Bytes that are read from the server at once."""
STATM = "/proc/self/statm"
SIZE, RESIDENT = 0, 1
"""Columns of `statm`: pages of address space, pages in memory."""


class _TooMuch(Exception):
    """The answer has passed a cap; the code says which."""


class _Writer:
    """Keeps what the engine writes, up to a number of bytes."""

    def __init__(self, cap: int) -> None:
        self.parts: list[bytes] = []
        self.room = cap

    def write(self, data: bytes) -> int:
        self.room -= len(data)
        if self.room < 0:
            raise _TooMuch("answer-bytes")
        self.parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits to be written."""


def answer(store: Store, question: Question) -> tuple[Answer, bytes]:
    """Run one query and write its answer; every fault of the query is told in the answer, none is raised."""
    # Here and not in the web process, because reading a long query takes as long as making a page.
    if place := find_service(question.query):
        return Answer(code="service", line=place.line, column=place.column), b""
    try:
        return _evaluate(store, question)
    except SyntaxError as error:
        return Answer(code="update") if is_update(question.query) else _syntax_fault(question.query, str(error)), b""
    except _TooMuch as error:
        return Answer(code=str(error)), b""
    except MemoryError:
        return Answer(code="memory"), b""
    except OSError:
        # The only thing outside its memory that a query can reach for is another server.
        return Answer(code="service", message="The query reaches for another server."), b""
    except Exception as error:  # noqa: BLE001 - whatever a query breaks, the worker stays and says so.
        return Answer(code="evaluation", message=_short(str(error))), b""


def _evaluate(store: Store, question: Question) -> tuple[Answer, bytes]:
    results = store.query(
        question.query,
        base_iri=question.base_iri,
        default_graph=None if question.default_graphs is None else [NamedNode(iri) for iri in question.default_graphs],
        named_graphs=None if question.named_graphs is None else [NamedNode(iri) for iri in question.named_graphs],
    )
    media_type = question.graph_type if isinstance(results, QueryTriples) else question.table_type
    if media_type is None:
        return Answer(code="no-graph-type" if isinstance(results, QueryTriples) else "no-table-type"), b""
    body, coding = encode(_write(results, media_type, question), question.coding)
    return Answer(media_type=media_type, coding=coding), body


def _write(results: QuerySolutions | QueryBoolean | QueryTriples, media_type: str, question: Question) -> bytes:
    writer = _Writer(question.answer)
    if isinstance(results, QueryTriples):
        serialize(_capped(results, question.rows), writer, format=GRAPHS[media_type])
        return b"".join(writer.parts)
    results.serialize(writer, format=TABLES[media_type])
    body = b"".join(writer.parts)
    if isinstance(results, QuerySolutions) and count_rows(body, TABLES[media_type], question.rows) > question.rows:
        raise _TooMuch("answer-rows")
    return body


def _capped(triples: Iterable[Triple], cap: int) -> Iterator[Triple]:
    for number, triple in enumerate(triples, start=1):
        if number > cap:
            raise _TooMuch("answer-rows")
        yield triple


def _syntax_fault(query: str, message: str) -> Answer:
    if found := undeclared_prefix(query):
        prefix, at = found
        return Answer(code="prefix", message=prefix, line=at.line, column=at.column)
    place = PLACE.match(message)
    line, column = (int(place[1]), int(place[2])) if place else (None, None)
    return Answer(code="syntax", message=_short(PLACE.sub("", message)), line=line, column=column)


def _short(message: str) -> str:
    text = " ".join(message.split())
    return text if len(text) <= MESSAGE_LENGTH else text[: MESSAGE_LENGTH - 1] + "…"


def run(store: Store, channel: socket.socket, nursery: int, memory: int) -> NoReturn:
    """Answer the questions that come over the channel until it is closed; never returns. `memory` in bytes."""
    die_with_parent(nursery)
    # The engine speaks to stderr when it dies of a query; that is told over HTTP and belongs in no log.
    silence = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(silence, descriptor)
    os.close(silence)
    # Pages and the hand-over of answers come first when there is not enough of the processor for all.
    os.nice(NICENESS)
    threading.stack_size(STACK)
    thread = threading.Thread(target=_work, args=(store, channel, memory), daemon=True)
    thread.start()
    thread.join()
    os._exit(0)


def _work(store: Store, channel: socket.socket, memory: int) -> None:
    # Opened now: behind the limits nothing can be.
    statm = os.open(STATM, os.O_RDONLY) if sys.platform == "linux" else None
    begun = _pages(statm, RESIDENT)
    _limit(memory, _pages(statm, SIZE))
    while (question := _receive(channel)) is not None:
        _limit_processor(question.seconds)
        head, body = answer(store, question)
        try:
            channel.sendall(frames.pack_answer(head, body, _whole_mebibytes(_pages(statm, RESIDENT) - begun)))
        except OSError:
            return


def _receive(channel: socket.socket) -> Question | None:
    came = bytearray()
    size = whole = frames.LENGTHS.size
    while len(came) < whole:
        try:
            # Whatever has come: there is never more than one question.
            part = channel.recv(PART)
        except OSError:
            return None
        if not part:
            return None
        came += part
        if whole == size <= len(came):
            head, body = frames.LENGTHS.unpack_from(came)
            whole += head + body
    return frames.unpack_question(bytes(came[size : whole - body]), bytes(came[whole - body :]))


def _pages(statm: int | None, column: int) -> int:
    """Bytes of this process in a column of its `statm`; 0 where the system tells of none. What it shares counts from the beginning."""
    return int(os.pread(statm, 200, 0).split()[column]) * resource.getpagesize() if statm is not None else 0


def _whole_mebibytes(size: int) -> int:
    """Bytes, so roughly that answers to small queries are told in the same words."""
    return size >> 20 << 20


def _limit(memory: int, now: int) -> None:
    """Set the limits that hold for the rest of this process; what a platform does not know is left out. Bytes to add, and bytes it has."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (now + memory, now + memory))
    # Last: from here on nothing can be opened, no file, no socket, no name looked up.
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _limit_processor(seconds: float) -> None:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    until = ceil(usage.ru_utime + usage.ru_stime + seconds + PROCESSOR_SLACK)
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))
