"""What the ledger costs beside the wire: claims, records, the journal, recovery, and bytes per delivery after a run."""

import contextlib
import os
import sys
import time
from collections.abc import Callable
from typing import Any

from app.delivery import claims, journal, pump, records, senders
from app.delivery.rules import Answer, Stage
from app.delivery.upsert import is_postgresql
from app.kernel import clock
from app.kernel.db import db, transaction
from benchmarks.tools import ground

OK = Answer(Stage.DOT, 250, "2.0.0 Ok")
TABLES = ("deliveries", "sqlite_autoindex_deliveries_1", "ix_deliveries_subject_id")


def main(mails: int) -> None:
    for kind in ("sqlite", "postgresql"):
        with ground.app_on(kind, "smtp://127.0.0.1:9"):
            print(f"the ledger on {kind}, µs of this process per delivery (in brackets: as it passes)")
            ground.owe("issue:1", mails)
            done = 0
            for batch in (100, 1000, 5000):
                done += run(batch, min(mails // 4, batch * 20))
            left = mails - done
            while left > 0:
                left -= run(5000, left, silent=True)
            print(f"  after the run and VACUUM: {size(kind) / mails:.0f} bytes per delivery, table and indexes")
            recovery()
    append()


def run(batch: int, mails: int, *, silent: bool = False) -> int:
    """Claim and record so many, in such batches."""
    taking, writing, count = Clock(), Clock(), 0
    while count < mails:
        taken = taking.of(lambda: take(batch))
        writing.of(lambda ids=[claimed.id for claimed, _ in taken.rows], pieces=taken: note(ids, pieces))
        count += len(taken.rows)
        if not taken.rows:
            break
    if not silent:
        print(f"  batches of {batch:5}: claim {taking.per(count)}, record {writing.per(count)}")
    return count


def take(batch: int) -> claims.Claim:
    with transaction():
        records.register("bench", clock.now(), 0)
        return claims.claim("bench", "smtp", single=False, most=batch)


def note(ids: list[int], taken: claims.Claim) -> None:
    """As the clerk does it: on PostgreSQL in two steps."""
    for half in ([number for number in ids if number % 2 == rest] for rest in (0, 1)) if is_postgresql() else (ids,):
        with transaction():
            records.record("smtp", {OK: half})
    with transaction():
        claims.finish(list({piece: None for _, piece in taken.rows}))


def recovery() -> None:
    """A sender that died with 5,000 claimed, of which 4,996 were answered and none recorded."""
    ground.owe("issue:2", 5000)
    with contextlib.suppress(KeyboardInterrupt), senders.living() as sender:
        with transaction():
            records.register(sender.owner, clock.now(), 0)
            rows = claims.claim(sender.owner, "smtp", single=False, most=5000).rows
        for position, (claimed, _) in enumerate(rows):
            sender.journal.begun(claimed.id)
            if position < len(rows) - 4:
                sender.journal.answered(claimed.id, OK)
        raise KeyboardInterrupt
    begun = time.perf_counter()
    assert pump.recover() == 5000
    print(f"  recovery of a sender that died with 4,996 answers unrecorded: {time.perf_counter() - begun:.2f} s")


def append() -> None:
    with ground.app_on("sqlite", "smtp://127.0.0.1:9"), senders.living() as sender:
        taking = Clock()
        taking.of(lambda: [(sender.journal.begun(n), sender.journal.answered(n, OK)) for n in range(100_000)])
        print(f"the journal: begun and answered {taking.per(100_000)}, {journal.RECORD.size} bytes each")


def size(kind: str) -> int:
    """Bytes of the deliveries with their indexes."""
    db.session.remove()
    with db.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        if kind == "postgresql":
            driver.rollback()
            driver.autocommit = True
        else:
            driver.execute("PRAGMA query_only=0")
            driver.rollback()
        driver.execute("VACUUM")
        if kind == "postgresql":
            return int(driver.execute("SELECT pg_total_relation_size('deliveries')").fetchone()[0])
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with contextlib.suppress(Exception):
            names = ",".join(f"'{name}'" for name in TABLES)
            return int(driver.execute(f"SELECT sum(pgsize) FROM dbstat WHERE name IN ({names})").fetchone()[0])
        return int(os.stat(str(db.engine.url.database)).st_size)


class Clock:
    """How long calls take: of this process, and as it passes."""

    def __init__(self) -> None:
        self.process = self.wall = 0.0

    def of(self, call: Callable[[], Any]) -> Any:
        process, wall = time.process_time(), time.perf_counter()
        found = call()
        self.process += time.process_time() - process
        self.wall += time.perf_counter() - wall
        return found

    def per(self, count: int) -> str:
        return f"{self.process / max(count, 1) * 1e6:5.1f} ({self.wall / max(count, 1) * 1e6:5.1f})"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
