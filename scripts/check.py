"""What is checked before the tests: format, lint, types, layers. Each takes its time, which is printed."""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CHECKS = {
    "format": [BIN / "ruff", "format", "--check", "."],
    "lint": [BIN / "ruff", "check", "."],
    "types": [BIN / "mypy"],
    "layers": [BIN / "lint-imports"],
}


def main() -> int:
    failed = [name for name, command in CHECKS.items() if not passes(name, [str(part) for part in command])]
    if failed:
        print(f"check: {', '.join(failed)} failed")
    return 1 if failed else 0


def passes(name: str, command: list[str]) -> bool:
    begun = time.monotonic()
    result = subprocess.run(command, cwd=ROOT, check=False)
    print(f"check: {name} took {time.monotonic() - begun:.1f} s", flush=True)
    return result.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
