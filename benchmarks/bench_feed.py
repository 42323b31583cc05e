"""How long the calendar feed of 300 dates takes, and how long when the reader has it already (304), on SQLite."""

import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from app import events, wiring
from app.announcements import publish_due
from app.events import EventValues
from app.factory import create_app
from app.kernel import clock
from app.kernel.db import transaction
from app.operations.demo.seed.dates import approve
from tests.support import house

DATES, TIMES = 300, 50


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.sqlite"
        house.build_saxony(url)
        app = create_app(house.settings(url, "smtp://127.0.0.1:9", Path(folder)))
        with app.app_context():
            with transaction():
                for number in range(DATES):
                    add_date(number)
            publish_due(wiring.ON_PUBLISH)
        visitor = app.test_client()
        first = visitor.get("/termine/kalender.ics")
        whole = measure(lambda: visitor.get("/termine/kalender.ics"))
        again = measure(lambda: visitor.get("/termine/kalender.ics", headers={"If-None-Match": first.headers["ETag"]}))
        house.close(app)
    assert first.data.count(b"BEGIN:VEVENT") == DATES
    print(f"feed: {DATES} dates, {len(first.data) // 1024} KB: {whole:.1f} ms, unchanged (304) {again:.1f} ms")


def add_date(number: int) -> None:
    start = clock.now() + timedelta(days=1 + number)
    said: dict[str, Any] = {"title": f"Workshop {number}", "lead": "Ein Satz.", "regions": ["14"]}
    values = EventValues(starts_at=start, ends_at=start + timedelta(hours=2), **said)
    approve(events.announcement_of(events.draft(values, 1)), 1, 2)


def measure(ask: Any) -> float:
    """The median in milliseconds."""
    taken = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
