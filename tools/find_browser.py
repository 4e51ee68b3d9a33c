"""Print the path of a Chromium or Chrome for the browser tests; install one where none is found.

Looked for in this order: the variable PHKG_BROWSER, an installed Chromium or Chrome, Debian's package `chromium`
(where apt works), Playwright's own build. Exit code 2 and a sentence on standard error when none can be had.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
MAC_PATHS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def installed() -> str | None:
    """The path of a browser that is already there."""
    named = os.environ.get("PHKG_BROWSER")
    if named:
        if shutil.which(named):
            return shutil.which(named)
        sys.exit(f"PHKG_BROWSER names {named}, which cannot be run.")
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    return found or next((path for path in MAC_PATHS if os.access(path, os.X_OK)), None)


def install_with_apt() -> None:
    """Install Debian's chromium where this user may (root, or sudo without a password)."""
    if not shutil.which("apt-get"):
        return
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if prefix and not shutil.which("sudo"):
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
        print(f"Installing a browser: apt-get {' '.join(command)}", file=sys.stderr)
        subprocess.run([*prefix, "apt-get", *command], env=environment, stdout=sys.stderr, check=False)


def install_with_playwright() -> str | None:
    """The path of Playwright's own Chromium, downloaded where the network allows it."""
    print("Installing a browser: playwright install chromium", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], stdout=sys.stderr, check=False)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if os.access(path, os.X_OK) else None


def main() -> None:
    """Find or install a browser and print its path."""
    path = installed()
    if not path:
        install_with_apt()
        path = installed() or install_with_playwright()
    if not path:
        print(
            "The browser tests need Chromium or Chrome, and none was found or could be installed: install one "
            "(Debian and Ubuntu: apt install chromium) or name one in PHKG_BROWSER.",
            file=sys.stderr,
        )
        sys.exit(2)
    print(path)


if __name__ == "__main__":
    main()
