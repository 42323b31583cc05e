"""How long it takes to prepare an issue for 1,000,000 confirmed readers: one delivery each, in one transaction.

``python benchmarks/bench_preparation.py 5 1000000``: how often, for how many. Each time the ledger is empty again, as
after VACUUM. Beside the time that passes stands that of the processor, in this process or in PostgreSQL's: it stays the
same when the machine has other work.
"""

import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from sqlalchemy import text

from app import delivery, subscriptions
from app.delivery.upsert import is_postgresql
from app.kernel.db import db, session, transaction
from benchmarks.tools import ground, readers


def main(rounds: int, count: int) -> None:
    print(f"preparation for {count:,} readers, {rounds} rounds, median (in brackets: of the processor)")
    for kind in ("sqlite", "postgresql"):
        with ground.app_on(kind, "smtp://127.0.0.1:9"):
            newsletter_id = readers.make(count)
            taken = [prepare(newsletter_id, number, count) for number in range(rounds)]
        passed, worked = (statistics.median(figures) for figures in zip(*taken, strict=True))
        print(f"  {kind:12} {passed:6.2f} s ({worked:.2f} s)")


def prepare(newsletter_id: int, number: int, count: int) -> tuple[float, float]:
    """Prepare it, and take it back; how long the first took, as it passes and of the processor, in seconds."""
    with transaction(write=False):
        server = session.scalar(text("SELECT pg_backend_pid()")) if is_postgresql() else os.getpid()
    worked, begun = processor(server), time.perf_counter()
    with transaction():
        message = delivery.freeze(f"issue:{number}", "issue", ground.MAIL)
        prepared = delivery.prepare(message, subscriptions.audience(newsletter_id))
    taken = time.perf_counter() - begun, processor(server) - worked
    assert prepared == count
    with transaction():
        for table in ("deliveries", "delivery_spans"):
            session.execute(text(f"TRUNCATE {table}" if is_postgresql() else f"DELETE FROM {table}"))
    return taken


def processor(process: int) -> float:
    """The seconds of the processor that this process has had."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def room() -> int:
    """Bytes of the database after a plain VACUUM and checkpoint."""
    engine: Any = db.engine
    raw = engine.raw_connection().driver_connection
    if engine.dialect.name == "postgresql":
        raw.rollback()
        raw.autocommit = True
        raw.execute("VACUUM deliveries, delivery_addresses")
        tables = ("deliveries", "delivery_addresses")
        return sum(int(raw.execute(f"SELECT pg_total_relation_size('{one}')").fetchone()[0]) for one in tables)
    raw.execute("PRAGMA query_only = OFF")
    raw.execute("VACUUM")
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(str(engine.url.database)).stat().st_size


if __name__ == "__main__":
    main(*(int(value) for value in (sys.argv[1:3] if len(sys.argv) > 2 else ("5", "1000000"))))
