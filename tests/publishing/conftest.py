"""Makes the helpers of this folder importable for its tests; an invented country, built as a static site on a plain host."""

import shutil
import sys
import threading
from collections.abc import Iterator
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from town import TOWN

from phkg.graph.compile import compile_snapshot
from phkg.graph.snapshot import Snapshot
from phkg.records.knowledge import Knowledge, find_knowledge

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    """A copy of the invented country outside of any git, so that nothing is known of its changes."""
    return find_knowledge(shutil.copytree(TOWN, tmp_path_factory.mktemp("build") / "town"))


@pytest.fixture(scope="session")
def town_snapshot(town: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return compile_snapshot(town, date(2021, 6, 1), tmp_path_factory.mktemp("snapshots"))


@pytest.fixture(scope="session")
def hosted(town: Knowledge, town_snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a built site on a plain server of files, under a prefix."""
    # Found by the path of this folder, which is there only now.
    from building import PREFIX, build

    host = tmp_path_factory.mktemp("host")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=host)) as server:
        origin = f"http://127.0.0.1:{server.server_port}"
        build(town, town_snapshot, host / PREFIX[1:], origin, PREFIX)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield origin + PREFIX
        server.shutdown()
