"""Long fault tests: senders killed a thousand times lose nothing and send nothing twice, on SQLite and PostgreSQL.

Who is stopped during a run hears nothing two seconds later; ten thousand mutated mails are read in time and prove
nothing.

`python scripts/soak.py 50` kills fifty times on each database (default 1,000).
"""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOSTILE_MAILS = "tests/delivery/inbound/test_hostile.py"
FAULTS = ["tests/faults", "tests/delivery/test_crash.py", "tests/delivery/test_refusals.py"]
FAULTS += ["tests/syndication/test_channels.py"]


def main(kills: int) -> int:
    begun = time.monotonic()
    many = {**os.environ, "MUTATIONS": "10000"}
    if status := subprocess.run([sys.executable, "-m", "pytest", "-q", HOSTILE_MAILS], cwd=ROOT, env=many).returncode:
        return status
    long = {**os.environ, "KILLS": str(kills), "STOPPING_SECONDS": "15"}
    command = [sys.executable, "-m", "pytest", "-q", "-s", "--complete", *FAULTS]
    status = subprocess.run(command, cwd=ROOT, env=long).returncode
    print(f"soak: {kills} kills on each database, {time.monotonic() - begun:.0f} s, status {status}", flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000))
