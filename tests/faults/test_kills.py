"""Senders killed at any moment: nobody is lost, nobody gets a mail twice, and who is in doubt is named.

``KILLS`` in the environment says how often (``make soak``: 1,000). The seed stands in the output of a failure.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app import delivery
from app.delivery import State, records
from app.delivery.jobs import JOBS
from app.delivery.models import Delivery, Message
from app.kernel.db import session, transaction
from app.runners.embedded import scheduler
from tests.delivery.mails import unlock
from tests.support.house import PUBLIC_URL, SECRET
from tests.support.recorder import Recorder, RunningRecorder

ROOT = Path(__file__).parent.parent.parent
KILLS = int(os.environ.get("KILLS", "50"))
CONNECTIONS = 4


class Nursery:
    """Senders on demand; ``kill`` ends one as nothing else does."""

    def __init__(self, environ: dict[str, str]) -> None:
        command = [sys.executable, "-m", "tests.faults.nursery"]
        self._mother = subprocess.Popen(
            command, env=environ, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.alive: list[int] = []

    def spawn(self) -> None:
        assert self._mother.stdin is not None
        assert self._mother.stdout is not None
        print(file=self._mother.stdin, flush=True)
        self.alive.append(int(self._mother.stdout.readline()))

    def kill(self, number: int) -> None:
        os.kill(self.alive.pop(number), signal.SIGKILL)

    def close(self) -> None:
        while self.alive:
            self.kill(0)
        assert self._mother.stdin is not None
        assert self._mother.stdout is not None
        self._mother.stdin.close()
        self._mother.wait(10)
        self._mother.stdout.close()


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    running = RunningRecorder()
    yield running.recorder
    running.stop()


@pytest.fixture
def nursery(app: Any, database_url: str, recorder: Recorder, tmp_path: Path) -> Iterator[Nursery]:
    """Sends to the recorder over several connections, at once and without a limit."""
    environ = {
        "DATABASE_URL": database_url.replace("+psycopg", ""),
        "SMTP_URL": recorder.url,
        "SECRET_KEY": SECRET,
        "PUBLIC_URL": PUBLIC_URL,
        "MAIL_FROM": "Redaktion <redaktion@rundbrief.example>",
        "INSTANCE_PATH": str(tmp_path / "instance"),
        "SEND_RATE": "0",
        "SEND_CONNECTIONS": str(CONNECTIONS),
        "PATH": os.environ["PATH"],
    }
    made = Nursery(environ)
    yield made
    made.close()


def kill_again_and_again(nursery: Nursery, dice: random.Random) -> int:
    """Kill senders, one or all at once, after moments of any length; how many died."""
    killed = 0
    while killed < KILLS:
        while len(nursery.alive) < dice.choice((1, 1, 1, 2)):
            nursery.spawn()
        time.sleep(dice.choice((0.02, 0.1, 0.3, 0.6)) * dice.random())
        for _ in range(len(nursery.alive) if dice.random() < 0.5 else 1):
            nursery.kill(0)
            killed += 1
    while nursery.alive:
        nursery.kill(0)
    return killed


def begun_groups() -> list[str]:
    with transaction(write=False):
        return list(session.scalars(select(Message.group).distinct().order_by(Message.group)))


def finish(groups: list[str]) -> None:
    """Let a sender that nobody kills do the rest."""
    end = time.monotonic() + 60
    while time.monotonic() < end and not all(delivery.progress(group).finished for group in groups):
        for job in JOBS:
            job.run()


def test_no_kill_loses_or_doubles_anybody(
    app: Any, make_app: Any, database_url: str, recorder: Recorder, nursery: Nursery
) -> None:
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    app = make_app(database_url, SMTP_URL=recorder.url, SEND_RATE="0", SEND_CONNECTIONS=str(CONNECTIONS))
    with app.app_context():
        unlock()
        killed = kill_again_and_again(nursery, random.Random(seed))
        groups = begun_groups()
        finish(groups)
        figures = [delivery.progress(group) for group in groups]
        with transaction(write=False):
            states = {row[0]: row[1] for row in session.execute(select(Delivery.address, Delivery.state))}
    got = Counter(recipient for recipient, _ in recorder.accepted)
    doubted = {address for address, state in states.items() if state is State.UNCERTAIN}
    print(f"{killed} kills, {len(groups)} issues, {len(recorder.accepted)} mails, {len(doubted)} in doubt")
    assert [figure.group for figure in figures if not figure.finished or figure.failed or figure.skipped] == []
    assert sum(figure.prepared for figure in figures) == len(states)
    assert [address for address, count in got.items() if count > 1] == []
    assert {address for address, state in states.items() if state is State.ACCEPTED} - set(got) == set()
    assert set(got) - {address for address, state in states.items() if state is State.ACCEPTED} <= doubted
    assert len({reference for _, reference in recorder.accepted}) == len(recorder.accepted)
    assert len(doubted) <= killed * CONNECTIONS


def test_a_dead_sender_is_noticed_within_two_seconds(
    app: Any, make_app: Any, database_url: str, recorder: Recorder, nursery: Nursery
) -> None:
    recorder.delay = 0.05
    app = make_app(database_url, SMTP_URL=recorder.url)
    with app.app_context():
        unlock()
    nursery.spawn()
    end = time.monotonic() + 30
    while not recorder.accepted and time.monotonic() < end:
        time.sleep(0.01)
    watching = scheduler([job for job in JOBS if job.name == "delivery.recover"], app.app_context)
    watching.start()
    nursery.kill(0)
    killed = time.monotonic()
    try:
        while senders_known(app) and time.monotonic() < end:
            time.sleep(0.02)
    finally:
        watching.shutdown(wait=True)
    assert time.monotonic() - killed < 2


def senders_known(app: Any) -> bool:
    with app.app_context(), transaction(write=False):
        return bool(records.senders())
