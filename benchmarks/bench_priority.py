"""How soon a confirmation leaves while an issue of 1,000,000 is being sent: by a worker as it is installed, on SQLite.

``python benchmarks/bench_priority.py 1000000 40``: recipients of the issue, confirmations asked for one by one.
Measured from the commit that asks for one to the moment when the ledger says that the server has taken it.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from app import delivery
from app.delivery import State
from app.kernel.db import transaction
from benchmarks.tools import ground, wire

ROOT: Final = Path(__file__).resolve().parent.parent
PATIENCE: Final = 60.0


def main(recipients: int, confirmations: int) -> None:
    with wire.sink() as url, ground.app_on("sqlite", url) as app:
        ground.owe("issue:1", recipients)
        with worker(app):
            wait_until(lambda: progress() > 0)
            begun, before = time.perf_counter(), progress()
            taken = sorted(confirm(number) for number in range(confirmations))
            speed = (progress() - before) / (time.perf_counter() - begun)
            assert progress() < recipients, "the issue was over too soon: take more recipients"
    p95 = taken[min(len(taken) - 1, int(len(taken) * 0.95))]
    print(f"priority: {confirmations} confirmations during an issue of {recipients:,} at {speed:.0f} mails per second")
    print(f"  median {statistics.median(taken):.2f} s   p95 {p95:.2f} s   slowest {taken[-1]:.2f} s")


@contextmanager
def worker(app: Any) -> Iterator[None]:
    """``flask --app wsgi worker`` on the same database."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    environ = ground.environ(app)
    with subprocess.Popen(command, env=environ, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as running:
        try:
            yield
        finally:
            running.terminate()


def confirm(number: int) -> float:
    """Ask for a confirmation as the sign-up does; seconds until it has left."""
    address, group = f"neu{number}@gemeinde.example", f"confirm:{number}"
    with transaction():
        delivery.queue_one("confirm", ground.MAIL, address, group=group)
    begun = time.perf_counter()
    wait_until(lambda: state(group, address) is State.ACCEPTED)
    return time.perf_counter() - begun


def state(group: str, address: str) -> State | None:
    with transaction(write=False):
        found = delivery.find(group, address)
        return found.state if found is not None else None


def progress() -> int:
    with transaction(write=False):
        return delivery.progress("issue:1").accepted


def wait_until(true: Any) -> None:
    """Raises TimeoutError after a minute."""
    end = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > end:
            raise TimeoutError("nothing happened for a minute")
        time.sleep(0.02)


if __name__ == "__main__":
    main(*(int(value) for value in (sys.argv[1:3] if len(sys.argv) > 2 else ("1000000", "40"))))
