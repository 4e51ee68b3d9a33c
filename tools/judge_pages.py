"""Judge one page of every kind as others do: valid HTML by the Nu Html Checker, and Lighthouse on the main kinds.

    python tools/judge_pages.py [ADDRESS]      ADDRESS: where the pages are served (http://127.0.0.1:8000)

Needs Java, npm and Chromium; the two judges are installed into build/judges/, pinned. They are no part of `make test`, since a
machine that runs the tests need have neither. Exit code 1: a page has errors or a score too low; 2: a judge cannot be had.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[1]
JUDGES = ROOT / "build" / "judges"
PACKAGES = ("vnu-jar@26.9.27", "lighthouse@12.8.2")
MAIN_KINDS = ("start", "matrix", "method", "region", "organisation", "governance", "guidance", "drug", "indicator", "sources", "unknown", "search")
LEAST = {"performance": 95, "accessibility": 100, "best-practices": 100}
TRIALS = 3
"""How often Lighthouse is begun for a page: now and then it misses the beginning of the page and gives up."""
sys.path.insert(0, str(ROOT / "tests" / "publishing"))


def fail(text: str) -> None:
    """End with exit code 2 and a sentence."""
    print(text, file=sys.stderr)
    raise SystemExit(2)


def install() -> None:
    """Fetch the judges; their install scripts are not run."""
    for program in ("npm", "java"):
        if not shutil.which(program):
            fail(f"{program} is needed and was not found.")
    done = subprocess.run(["npm", "install", "--silent", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(JUDGES), *PACKAGES])
    if done.returncode:
        fail("The judges could not be installed (see above).")


def validate(address: str, kinds: dict[str, dict[str, str]]) -> bool:
    """Whether the Nu Html Checker finds no error in one page of each kind and language."""
    folder = JUDGES / "pages"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for kind, paths in kinds.items():
        for code, path in paths.items():
            (folder / f"{kind}.{code}.html").write_bytes(fetch(address + path))
    files = sorted(str(file) for file in folder.iterdir())
    jar = JUDGES / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    valid = subprocess.run(["java", "-jar", str(jar), "--errors-only", *files]).returncode == 0
    print(f"Nu Html Checker: {len(files)} pages, {'no errors' if valid else 'errors above'}")
    return valid


def fetch(address: str) -> bytes:
    """A page, also one that says that there is none."""
    try:
        with urlopen(address) as answer:
            return answer.read()
    except HTTPError as error:
        return error.read()
    except URLError as error:
        fail(f"{address} does not answer ({error.reason}): run `make serve` beside this.")
        raise


def score(address: str) -> dict[str, int]:
    """What Lighthouse gives a page, by category (0 to 100)."""
    left = ROOT / ".venv" / "browser"
    browser = os.environ.get("PHKG_BROWSER") or (left.read_text().strip() if left.is_file() else shutil.which("chromium") or "")
    program = JUDGES / "node_modules" / ".bin" / "lighthouse"
    command = [str(program), address, "--quiet", "--output=json", f"--only-categories={','.join(LEAST)}", "--chrome-flags=--headless=new --no-sandbox"]
    for _ in range(TRIALS):
        done = subprocess.run(command, env={**os.environ, "CHROME_PATH": browser}, capture_output=True, text=True)
        if not done.returncode:
            break
    else:
        fail(f"Lighthouse failed on {address}:\n{done.stderr[-500:]}")
    return {name: round(100 * found["score"]) for name, found in json.loads(done.stdout)["categories"].items()}


def main() -> int:
    """Judge, tell, and say by the exit code how it went."""
    from page_kinds import KINDS, MISSING

    address = sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    install()
    good = validate(address, {**KINDS, "missing": MISSING})
    for kind in MAIN_KINDS:
        found = score(address + KINDS[kind]["sv"])
        print(f"Lighthouse: {kind}: " + ", ".join(f"{name} {value}" for name, value in found.items()), flush=True)
        good &= all(found[name] >= least for name, least in LEAST.items())
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
