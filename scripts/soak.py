"""The fault tests again and again: a worker killed at any moment loses nothing and sends nothing twice.

`python scripts/soak.py 50` runs fifty rounds (default twenty); it stops at the first round that fails.
Before them, SpamAssassin reads every mail (`scripts/spam.py`).
"""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FAULTS = ["tests/delivery/test_crash.py", "tests/delivery/test_refusals.py", "tests/syndication/test_channels.py"]


def main(rounds: int) -> int:
    begun = time.monotonic()
    if status := subprocess.run([sys.executable, "scripts/spam.py"], cwd=ROOT).returncode:
        return status
    for number in range(1, rounds + 1):
        status = subprocess.run([sys.executable, "-m", "pytest", "-q", "--complete", *FAULTS], cwd=ROOT).returncode
        print(f"soak: round {number} of {rounds}, {time.monotonic() - begun:.0f} s, status {status}", flush=True)
        if status:
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
