"""A whole run: mails per second, and what the sender's memory is after 30,000 and at the end.

``python benchmarks/bench_million.py 1000000`` for the figure in docs/performance.md; 60,000 by default.
"""

import sys
import time
from pathlib import Path

from app import delivery
from app.delivery.pump import send_due
from benchmarks.tools import ground, wire


def main(mails: int) -> None:
    for kind in ("sqlite", "postgresql"):
        with wire.sink() as url, ground.app_on(kind, url):
            ground.owe("issue:0", 30_000)
            run()
            early = resident()
            ground.owe("issue:1", mails)
            begun = time.perf_counter()
            run()
            taken = time.perf_counter() - begun
            late = resident()
            assert delivery.progress("issue:1").accepted == mails
        print(
            f"{mails:,} mails on {kind}: {mails / taken:.0f} per second; resident memory {early:.0f} MB after 30,000,"
            f" {late:.0f} MB after {mails:,}"
        )


def run() -> None:
    while send_due():
        pass


def resident() -> float:
    """What this process has in memory, in MB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60_000)
