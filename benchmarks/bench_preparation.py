"""How long it takes to owe an issue to 1,000,000 recipients, and how much room they take; on SQLite and PostgreSQL.

``python benchmarks/bench_preparation.py 1000000``: one run on each, counted and verified as always.
"""

import sys
import time
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from app.delivery.models import Delivery
from app.kernel.db import db, session, transaction
from benchmarks.tools import ground

KINDS = ("sqlite", "postgresql")
NOWHERE = "smtp://127.0.0.1:9"


def main(recipients: int) -> None:
    print(f"preparation of {recipients:,} deliveries")
    for kind in KINDS:
        with ground.app_on(kind, NOWHERE):
            ground.owe("issue:1", 1000)  # the first statement opens files, compiles and plans
            before = room()
            begun = time.perf_counter()
            ground.owe("issue:2", recipients)
            taken = time.perf_counter() - begun
            with transaction(write=False):
                assert session.scalar(select(func.count()).select_from(Delivery)) == recipients + 1000
            print(f"  {kind:12} {taken:6.2f} s {(room() - before) / recipients:6.0f} bytes per delivery, not sent yet")


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
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
