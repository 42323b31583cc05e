"""The memory of a sender and the room of the ledger after a whole run: 30,000 recipients, then 1,000,000.

``python benchmarks/bench_room.py sqlite 30000 1000000``: the database, and the sizes. What is measured is a sender as
the product starts it, one process for each size.
"""

import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

from app import delivery
from app.kernel.db import transaction
from benchmarks.bench_preparation import room
from benchmarks.tools import ground, wire

ROOT: Final = Path(__file__).resolve().parent.parent
# Seconds between two looks, and how many times as long as one takes: the desk's own rule. While somebody counts a
# million rows, PostgreSQL keeps all that is overwritten meanwhile, and the ledger grows by it.
CALM: Final = 1.0
SHARE: Final = 20
PATIENCE: Final = 1800.0  # seconds


def main(kind: str, sizes: list[int]) -> None:
    print(f"room on {kind}")
    for size in sizes:
        with wire.sink() as url, ground.app_on(kind, url) as app:
            empty = room()
            ground.enter(size)
            before = room()
            ground.owe("issue:1", size)
            most = send_all(app, size)
            each, once = (room() - before) / size, (before - empty) / size
            print(
                f"  {size:9,} sent: {most:6.1f} MB at most, {each:5.0f} bytes per delivery, {once:.0f} once per address"
            )


def send_all(app: Any, size: int) -> float:
    """Let a sender send everything; the most memory it ever had, in MB. Raises TimeoutError after half an hour."""
    command = [sys.executable, "-m", "app.sender"]
    with subprocess.Popen(command, env=ground.environ(app), cwd=ROOT) as sender:
        try:
            begin = looked = time.monotonic()
            while accepted() < size:
                if time.monotonic() > begin + PATIENCE:
                    raise TimeoutError("the issue was not sent in time")
                time.sleep(max(CALM, SHARE * (time.monotonic() - looked)))
                looked = time.monotonic()
            return megabytes(sender.pid)
        finally:
            sender.terminate()


def accepted() -> int:
    with transaction(write=False):
        return delivery.progress("issue:1").accepted


def megabytes(process: int) -> float:
    """The most memory that this process ever had (VmHWM)."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "sqlite", [int(size) for size in sys.argv[2:]] or [30_000, 1_000_000])
