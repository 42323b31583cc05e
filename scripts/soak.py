"""Long fault tests: senders killed a thousand times lose nothing and send nothing twice, on SQLite and PostgreSQL.

Who is stopped during a run hears nothing two seconds later; ten thousand mutated mails are read in time and prove
nothing. Both databases have their turn at the same time, each on a processor of its own.

`python scripts/soak.py 50` kills fifty times on each database (default 1,000).
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOSTILE_MAILS = "tests/delivery/inbound/test_hostile.py"
FAULTS = ["tests/faults", "tests/delivery/test_crash.py", "tests/delivery/test_refusals.py"]
FAULTS += ["tests/syndication/test_channels.py"]
PYTEST = [sys.executable, "-m", "pytest", "-q", "-s", "--complete"]


def main(kills: int) -> int:
    begun = time.monotonic()
    status = subprocess.run([*PYTEST, HOSTILE_MAILS], cwd=ROOT, env={**os.environ, "MUTATIONS": "10000"}).returncode
    long = {**os.environ, "KILLS": str(kills), "STOPPING_SECONDS": "15"}
    with tempfile.TemporaryFile() as sqlite, tempfile.TemporaryFile() as postgresql:
        outputs = {"sqlite": sqlite, "postgresql": postgresql}
        running = [
            subprocess.Popen([*PYTEST, "--database", kind, *FAULTS], cwd=ROOT, env=long, stdout=out, stderr=out)
            for kind, out in outputs.items()
        ]
        for process, (kind, out) in zip(running, outputs.items(), strict=True):
            status = process.wait() or status
            out.seek(0)
            print(f"\n{kind}:\n{out.read().decode(errors='replace')}", flush=True)
    print(f"soak: {kills} kills on each database, {time.monotonic() - begun:.0f} s, status {status}", flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000))
