"""How fast an issue leaves to a server that is 5, 20 and 50 ms away: ours, smtp-source and smtplib in threads.

``python benchmarks/bench_latency.py 3 2``: medians of 3 rounds of about 2 seconds each. The ledger is on SQLite.
"""

import smtplib
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from benchmarks.bench_sending import ours
from benchmarks.tools import ground, wire

PLACES = ((5, 10), (20, 10), (20, 50), (50, 50))  # milliseconds there and back, connections
CONTENT = b"Subject: x\r\n\r\n" + (b"x" * 76 + b"\r\n") * 250


def main(rounds: int, seconds: float) -> None:
    print(f"latency, {rounds} rounds of about {seconds:.0f} s, mails per second, x smtp-source")
    for milliseconds, connections in PLACES:
        with far_server(milliseconds) as url, ground.app_on("sqlite", url, SEND_CONNECTIONS=str(connections)) as app:
            each = int(
                connections * seconds * 1000 / milliseconds / 4
            )  # smtp-source: four ways there and back per mail
            found: dict[str, list[float]] = {"smtp-source": [], "smtplib, threads": [], "ours": []}
            for number in range(rounds):
                found["smtp-source"].append(wire.source(url, each, connections))
                found["smtplib, threads"].append(by_smtplib(url, each // 2, connections))
                found["ours"].append(ours(app, url, f"issue:{number}", each * 3))
        told = {name: statistics.median(speeds) for name, speeds in found.items()}
        print(f"  {milliseconds} ms, {connections} connections")
        for name, speed in told.items():
            print(f"    {name:18} {speed:8.0f} {speed / told['smtp-source']:6.2f} x")


@contextmanager
def far_server(milliseconds: int) -> Iterator[str]:
    """A server so far away; its address as SMTP_URL."""
    command = [sys.executable, "-m", "benchmarks.tools.delaying", str(milliseconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        try:
            yield f"smtp://127.0.0.1:{running.stdout.readline().strip()}"
        finally:
            running.kill()


def by_smtplib(url: str, mails: int, connections: int) -> float:
    """Mails per second of smtplib with a thread for each connection, nothing composed, nothing recorded."""
    host, _, port = url.removeprefix("smtp://").partition(":")

    def send(count: int) -> None:
        with smtplib.SMTP(host, int(port)) as smtp:
            for number in range(count):
                smtp.sendmail("redaktion@rundbrief.example", f"person{number}@amt.example", CONTENT)

    share = max(1, mails // connections)
    begun = time.perf_counter()
    with ThreadPoolExecutor(connections) as pool:
        list(pool.map(send, [share] * connections))
    return share * connections / (time.perf_counter() - begun)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5, float(sys.argv[2]) if len(sys.argv) > 2 else 2)
