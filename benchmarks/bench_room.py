"""The memory of a sender and the room of the ledger after a whole run: 30,000 recipients, then 1,000,000.

``python benchmarks/bench_room.py sqlite 30000 1000000``: the database, and the sizes.
"""

import os
import re
import sys
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from app import create_app, delivery
from app.delivery.pump import send_due
from app.kernel import config
from app.kernel.db import transaction
from benchmarks.bench_preparation import room
from benchmarks.tools import ground, wire


def main(kind: str, sizes: list[int]) -> None:
    print(f"room on {kind}")
    for size in sizes:
        with wire.sink() as url, ground.app_on(kind, url) as app:
            before = room()
            ground.owe("issue:1", size)
            settings = app.config["RUNDBRIEF"]
            environ = {
                "DATABASE_URL": settings.database_url.replace("+psycopg", ""),
                "SMTP_URL": url,
                "SECRET_KEY": settings.secret_key,
                "PUBLIC_URL": settings.public_url,
                "MAIL_FROM": settings.mail_from,
                "INSTANCE_PATH": str(settings.instance_path),
                "SEND_RATE": "0",
                "SEND_CONNECTIONS": "10",
            }
            with get_context("spawn").Pool(1) as pool:
                megabytes = pool.apply(send_all, (environ,))
            with transaction(write=False):
                assert delivery.progress("issue:1").accepted == size
            print(f"  {size:9,} sent: {megabytes:6.1f} MB at most, {(room() - before) / size:5.0f} bytes per delivery")


def send_all(environ: dict[str, str]) -> float:
    """Send everything that is due, in a process of its own; the most memory it ever had, in MB."""
    os.environ.update(environ)
    app: Any = create_app(config.read(environ))
    with app.app_context():
        while send_due():
            pass
    return int(re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[0]) / 1024


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "sqlite", [int(size) for size in sys.argv[2:]] or [30_000, 1_000_000])
