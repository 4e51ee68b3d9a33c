"""Real SPARQL stores as processes of their own, each empty, on a free port, in a folder that goes with the test."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
from served import free_port, until

from phkg.graph.remote.http import Credentials
from phkg.graph.remote.store import Addresses


class Process:
    """A store that runs; `addresses` say where it takes what."""

    addresses: Addresses
    credentials: Credentials | None = None

    def __init__(self, command: list[str], probe: str, folder: Path) -> None:
        self._log = (folder / "store.log").open("w+")
        self.process = subprocess.Popen(command, stdout=self._log, stderr=subprocess.STDOUT, cwd=folder)
        until(lambda: self._answers(probe), f"the store; it says: {self._said()}")

    def _said(self) -> str:
        return Path(self._log.name).read_text()[-500:]

    def _answers(self, probe: str) -> bool:
        assert self.process.poll() is None, f"the store has ended: {self._said()}"
        try:
            return httpx.get(probe, timeout=5).status_code < 500
        except httpx.TransportError:
            return False

    def close(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.wait(30)
        self._log.close()


class Oxigraph(Process):
    """`oxigraph serve` (Rust), in memory. With `graphs` triples are sent by the Graph Store Protocol."""

    def __init__(self, folder: Path, graphs: bool = False, port: int | None = None) -> None:
        self.port = port or free_port()
        home = f"http://127.0.0.1:{self.port}"
        self.addresses = Addresses(f"{home}/query", f"{home}/update", f"{home}/store" if graphs else None)
        found = shutil.which("oxigraph", path=os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", ""))))
        assert found, "These tests need the server of the package oxigraph: it is in requirements/test.txt."
        super().__init__([found, "serve", "--bind", f"127.0.0.1:{self.port}"], f"{home}/", folder)


VIRTUOSO_INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
TransactionFile = {folder}/virtuoso.trx
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DirsAllowed = {folder}
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {folder}
[SPARQL]
ResultSetMaxRows = 1000000
MaxQueryExecutionTime = 30
"""


class Virtuoso(Process):
    """Virtuoso 7 open source (Debian's virtuoso-opensource-7-bin), with its usual administrator."""

    def __init__(self, folder: Path, program: str, ini: str = VIRTUOSO_INI) -> None:
        port = free_port()
        home = f"http://127.0.0.1:{port}"
        (folder / "virtuoso.ini").write_text(ini.format(folder=folder, port=port, sql=free_port()))
        self.addresses = Addresses(f"{home}/sparql", f"{home}/sparql-auth", f"{home}/sparql-graph-crud-auth")
        self.credentials = Credentials("dba", "dba")
        super().__init__([program, "+foreground", "+configfile", str(folder / "virtuoso.ini")], f"{home}/sparql?query=ASK%20%7B%7D", folder)
