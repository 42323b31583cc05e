"""The whole suite: both kinds of database, a real browser, nothing left out. Ends with pytest's closing line; before it
stands how long each part took of the time it has.

Arguments go to pytest: `python scripts/test.py tests/delivery`.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORKERS = "2"


def main(arguments: list[str]) -> int:
    if missing := missing_tools():
        print("These are missing for the whole suite:\n" + "\n".join(f"  - {line}" for line in missing))
        return 1
    pytest = [sys.executable, "-m", "pytest", "-q", "-n", WORKERS, "--complete"]
    report = ["--durations", "10", "--durations-min", "1", "--budget"]
    return subprocess.run([*pytest, *report, *arguments], cwd=ROOT, check=False).returncode


def missing_tools() -> list[str]:
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    return [] if found else ["Chromium, which the browser tests drive: apt-get install chromium"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
