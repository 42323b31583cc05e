"""How fast an issue leaves: claimed, sent, recorded, against smtp-sink, beside smtp-source and the usual way in Flask.

Sender, sink and smtp-source share one processor; PostgreSQL runs beside. ``python benchmarks/bench_sending.py 5 8000``:
medians of 5 rounds of 8,000 mails.
"""

import statistics
import sys
import time
from contextlib import ExitStack
from typing import Any

from app import delivery
from app.delivery.pump import send_due
from benchmarks.tools import ground, wire

KINDS = ("sqlite", "postgresql")
USUAL = 400  # mails of the usual way in each round: a second or two


def main(rounds: int, mails: int) -> None:
    with ExitStack() as stack:
        address = stack.enter_context(wire.sink())  # a port, taken before PostgreSQL starts
        apps = {kind: stack.enter_context(ground.app_on(kind, address)) for kind in KINDS}
        wire.pin()
        pinned = stack.enter_context(wire.sink())
        speeds: dict[str, list[float]] = {name: [] for name in ("source", "usual", *KINDS)}
        for number in range(rounds):
            speeds["source"].append(wire.source(pinned, mails))
            for kind in KINDS:
                speeds[kind].append(ours(apps[kind], pinned, f"issue:{number}", mails))
            speeds["usual"].append(wire.usual_way(pinned, USUAL))
    print(f"sending, 10 connections, {rounds} rounds of {mails}, mails per second, x smtp-source, x the usual way")
    for name, label in (
        ("source", "smtp-source -d"),
        ("usual", "Jinja + EmailMessage + smtplib"),
        ("sqlite", "ours, SQLite"),
        ("postgresql", "ours, PostgreSQL"),
    ):
        speed = statistics.median(speeds[name])
        to_source, to_usual = times(speeds[name], speeds["source"]), times(speeds[name], speeds["usual"])
        print(f"  {label:32} {speed:8.0f} {to_source:6.2f} x {to_usual:6.1f} x")


def times(ours: list[float], theirs: list[float]) -> float:
    """How many times as fast, the median of what the rounds say: the machine is not the same for long."""
    return statistics.median(one / other for one, other in zip(ours, theirs, strict=True))


def ours(app: Any, url: str, group: str, mails: int) -> float:
    """Mails per second from the first claim to the last record."""
    settings = app.config["RUNDBRIEF"]
    object.__setattr__(settings, "smtp_url", url)
    with app.app_context():
        ground.owe(group, mails)
        begun = time.perf_counter()
        while send_due():
            pass
        taken = time.perf_counter() - begun
        done = delivery.progress(group)
    assert (done.accepted, done.finished) == (mails, True), done
    return mails / taken


if __name__ == "__main__":
    main(*(int(value) for value in (sys.argv[1:3] if len(sys.argv) > 2 else ("5", "8000"))))
