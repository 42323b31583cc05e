"""How long it takes to prepare an issue for 1,000,000 confirmed readers: one delivery each, in one transaction."""

import statistics
import sys
import time
from pathlib import Path
from typing import Any

from sqlalchemy import text

from app import delivery, subscriptions
from app.kernel.db import db, session, transaction
from benchmarks.tools import ground, readers


def main(rounds: int, count: int) -> None:
    print(f"preparation for {count:,} readers, {rounds} rounds, median")
    for kind in ("sqlite", "postgresql"):
        with ground.app_on(kind, "smtp://127.0.0.1:9"):
            newsletter_id = readers.make(count)
            taken = [prepare(newsletter_id, number, count) for number in range(rounds)]
        print(f"  {kind:12} {statistics.median(taken):6.2f} s")


def prepare(newsletter_id: int, number: int, count: int) -> float:
    begun = time.perf_counter()
    with transaction():
        message = delivery.freeze(f"issue:{number}", "issue", ground.MAIL)
        prepared = delivery.prepare(message, subscriptions.audience(newsletter_id))
    taken = time.perf_counter() - begun
    assert prepared == count
    with transaction():
        for table in ("deliveries", "delivery_spans"):
            session.execute(text(f"DELETE FROM {table}"))
    return taken


def room() -> int:
    """Bytes of the database after a plain VACUUM and checkpoint."""
    engine: Any = db.engine
    raw = engine.raw_connection().driver_connection
    if engine.dialect.name == "postgresql":
        raw.rollback()
        raw.autocommit = True
        raw.execute("VACUUM deliveries")
        return int(raw.execute("SELECT pg_total_relation_size('deliveries')").fetchone()[0])
    raw.execute("PRAGMA query_only = OFF")
    raw.execute("VACUUM")
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(str(engine.url.database)).stat().st_size


if __name__ == "__main__":
    main(*(int(value) for value in (sys.argv[1:3] if len(sys.argv) > 2 else ("1", "1000000"))))
