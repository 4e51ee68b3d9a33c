"""What tests of several rooms share: the real registry compiled once, its pages served, a browser."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest
import uvicorn

from phkg.curation.web.routes import contributing
from phkg.graph.compile import compile_snapshot
from phkg.graph.snapshot import Snapshot
from phkg.publishing.app import create_app
from phkg.records.knowledge import Knowledge, find_knowledge

DAY = date(2026, 11, 22)
"""The day on which the real registry is looked at in tests, so that they say the same tomorrow."""


@pytest.fixture(scope="session")
def real_knowledge() -> Knowledge:
    """The program's own registry."""
    return find_knowledge()


@pytest.fixture(scope="session")
def real_snapshot(real_knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The real registry, compiled."""
    return compile_snapshot(real_knowledge, DAY, tmp_path_factory.mktemp("snapshots"))


class ServedApp:
    """An ASGI application on a free port, in a thread of its own."""

    def __init__(self, app) -> None:
        config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="off")
        self._server = uvicorn.Server(config)
        self._socket = config.bind_socket()
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)

    def __enter__(self) -> str:
        """Start; gives the address without a slash at its end. The socket listens already, so requests simply wait."""
        self._socket.listen(128)
        self._thread.start()
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=20)


@pytest.fixture(scope="session")
def served_app() -> type[ServedApp]:
    """Serves an application: `with served_app(app) as address`."""
    return ServedApp


@pytest.fixture(scope="session")
def pages(real_knowledge: Knowledge, real_snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address under which the real registry's pages are served: from memory, or with PHKG_TEST_STORE=oxigraph from a store."""
    with ExitStack() as stack:
        current = lambda: real_snapshot  # noqa: E731
        if os.environ.get("PHKG_TEST_STORE") == "oxigraph":
            sys.path.insert(0, str(Path(__file__).parent / "remote"))
            from pairs import published

            current = stack.enter_context(published(real_snapshot, tmp_path_factory.mktemp("elsewhere"))).get
        yield stack.enter_context(ServedApp(create_app(real_knowledge, current, further=(contributing(),))))


@pytest.fixture(scope="module")
def browser() -> Iterator:
    """A headless Chromium; `make test` finds or installs it and leaves its path in `.venv/browser`.

    Closed after each file of tests: as long as it is open, no other event loop can run in its thread.
    """
    from playwright.sync_api import sync_playwright

    left = Path(__file__).resolve().parents[1] / ".venv" / "browser"
    path = os.environ.get("PHKG_BROWSER") or (left.read_text().strip() if left.is_file() else "")
    if not path:
        pytest.fail("The browser tests need Chromium or Chrome: run them with `make test`, or name one in PHKG_BROWSER.")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=["--disable-background-networking", "--disable-sync"])
        yield running
        running.close()
