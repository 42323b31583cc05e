"""Runs every script in benchmarks/; each prints what it measured on this machine."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    scripts = sorted((ROOT / "benchmarks").glob("*.py"))
    return max(subprocess.run([sys.executable, str(script)], cwd=ROOT, env=environ).returncode for script in scripts)


if __name__ == "__main__":
    sys.exit(main())
