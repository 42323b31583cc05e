"""`make screenshots`: the pictures in docs/pictures, taken by Chromium from the demo.

Uses the demo that answers at --site, else starts one of its own in a temporary folder and stops it afterwards.
"""

import argparse
import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.operations.demo import seed  # noqa: E402  (the demo knows its own passwords)

PICTURES = ROOT / "docs" / "pictures"


@dataclass(frozen=True)
class Picture:
    """One picture: its file, the page, what is pressed there first (a selector), and how it is looked at."""

    name: str
    path: str
    press: str = ""
    signed_in: bool = False
    dark: bool = False
    size: tuple[int, int] = (1280, 900)


ISSUE_ON_THE_WEB = "main a[href^='/newsletter/ausgaben/']:not([href$='.atom'])"
NEW_ISSUE = "main form:has(select) [type=submit]"
SHOWN = (
    Picture("start", "/"),
    Picture("start-dunkel", "/", dark=True),
    Picture("anmelden", "/newsletter/anmelden"),
    Picture("ausgabe", "/newsletter", press=ISSUE_ON_THE_WEB),
    Picture("termine", "/termine"),
    Picture("projektlandkarte", "/projekte"),
    Picture("redaktion", "/redaktion/", signed_in=True),
    Picture("redaktion-ausgabe", "/redaktion/ausgaben", press=NEW_ISSUE, signed_in=True),
)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--site", default=f"http://127.0.0.1:{os.environ.get('PORT', '8000')}")
    site = arguments.parse_args().site
    PICTURES.mkdir(parents=True, exist_ok=True)
    with contextlib.nullcontext(site) if answers(site) else own_demo() as found:
        take_all(found)
    return 0


def answers(site: str) -> bool:
    """Whether a demo runs there; pictures are never taken of anything else."""
    with contextlib.suppress(OSError), urllib.request.urlopen(f"{site}/dev/components", timeout=3) as answer:
        return bool(answer.status == 200)
    return False


@contextlib.contextmanager
def own_demo() -> Iterator[str]:
    """A demo for us alone, on free ports, gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_ports()
        environ = {**os.environ, "PORT": str(port), "INSTANCE_PATH": folder, "PUBLIC_URL": f"http://127.0.0.1:{port}"}
        command = [sys.executable, str(ROOT / "scripts" / "run.py")]
        with subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True) as demo:
            try:
                wait_for_ready(demo)
                yield f"http://127.0.0.1:{port}"
            finally:
                demo.send_signal(signal.SIGINT)


def wait_for_ready(demo: "subprocess.Popen[str]") -> None:
    assert demo.stdout is not None
    for line in demo.stdout:
        print(line, end="")
        if line.startswith("Ready after"):
            return
    raise SystemExit("The demo did not start; see above.")


def free_ports() -> int:
    """A port with two free ones above it: the demo needs three."""
    for first in range(8100, 9000, 10):
        with contextlib.ExitStack() as stack:
            try:
                for port in (first, first + 1, first + 2):
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", port))
            except OSError:
                continue
            return first
    raise SystemExit("No three free ports between 8100 and 9000.")


def take_all(site: str) -> None:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--hide-scrollbars"])
        for picture in SHOWN:
            take(browser, site, picture)
        browser.close()


def take(browser: Any, site: str, picture: Picture) -> None:
    width, height = picture.size
    context = browser.new_context(
        base_url=site,
        viewport={"width": width, "height": height},
        color_scheme="dark" if picture.dark else "light",
        reduced_motion="reduce",
        locale="de-DE",
        timezone_id="Europe/Berlin",
    )
    page = context.new_page()
    if picture.signed_in:
        sign_in(page)
    page.goto(picture.path, wait_until="networkidle")
    if picture.press:
        page.locator(picture.press).first.click()
        page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    page.screenshot(path=PICTURES / f"{picture.name}.png")
    print(f"{picture.name}: {re.sub(r'^https?://[^/]+', '', page.url)}")
    context.close()


def sign_in(page: Any) -> None:
    person = next(person for person in seed.PEOPLE if "editor" in person.roles)
    page.goto("/redaktion/anmelden")
    page.locator("input[name=email]").fill(person.email)
    page.locator("input[name=password]").fill(person.password)
    page.locator("main form [type=submit]").first.click()
    page.wait_for_load_state("networkidle")


if __name__ == "__main__":
    sys.exit(main())
