"""What a server loads before its first page."""

from __future__ import annotations

import subprocess
import sys

UNNEEDED = {"httpx", "numpy", "openpyxl", "pyshacl", "rdflib", "rich", "shacl"}
"""Libraries that take from 50 to 300 ms to load, and that no first page needs."""


def test_no_library_is_loaded_that_the_first_page_does_not_need():
    asked = "import sys; import phkg.cli.serve, phkg.server.serving; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.split()
    assert "starlette" in loaded and not UNNEEDED & set(loaded)
