"""Senders killed at any moment: nobody is lost, nobody gets a mail twice, and who is in doubt is named.

``KILLS`` in the environment says how often (``make soak``: 1,000). The seed stands in the output of a failure.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app import delivery
from app.delivery import State
from app.delivery.jobs import JOBS
from app.delivery.models import Delivery, Message
from app.kernel.db import session, transaction
from tests.delivery.mails import unlock
from tests.faults.killing import CONNECTIONS, Death, Nursery, environment
from tests.faults.phases import Phase
from tests.support.recorder import Recorder, RunningRecorder

KILLS = int(os.environ.get("KILLS", "50"))
AT_FIRST = (Phase.PREPARATION, Phase.RECOVERY)  # what a new sender does before it sends
AIMS = (*AT_FIRST, Phase.CLAIM, Phase.RECORDING)
BUSY = (*AIMS, Phase.WIRE)


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    running = RunningRecorder()
    yield running.recorder
    running.stop()


@pytest.fixture
def nursery(app: Any, database_url: str, recorder: Recorder, tmp_path: Path) -> Iterator[Nursery]:
    """Sends to the recorder over several connections, at once and without a limit."""
    made = Nursery(environment(database_url, recorder.url, tmp_path / "instance"), recorder.port)
    yield made
    made.close()


def kill_again_and_again(nursery: Nursery, recorder: Recorder, dice: random.Random) -> list[Death]:
    """Kill senders, one or all at once: after moments of any length, or when one of them does a certain thing."""
    deaths: list[Death] = []
    while len(deaths) < KILLS:
        recorder.delay = dice.choice((0, 0.002, 0.005))
        while len(nursery.alive) < dice.choice((1, 1, 1, 2)):
            nursery.spawn()
        if dice.random() < 0.1:
            time.sleep(0.05 * dice.random())  # perhaps before it has begun anything
        elif dice.random() < 0.5:
            nursery.wait_for(BUSY, 1)
            time.sleep(dice.choice((0.05, 0.2, 0.5)) * dice.random())
        else:
            aim = dice.choice(sorted(set(AIMS) - {death.phase for death in deaths}) or AIMS)
            if aim in AT_FIRST:
                deaths += nursery.kill(len(nursery.alive))
                nursery.spawn("prepare" if aim is Phase.PREPARATION else "")
            nursery.wait_for((aim,), 1)
            time.sleep(dice.choice((0, 0, 0.0005, 0.002)))
        deaths += nursery.kill(len(nursery.alive) if dice.random() < 0.5 else 1)
    return deaths + nursery.kill(len(nursery.alive))


def begun_groups() -> list[str]:
    with transaction(write=False):
        return list(session.scalars(select(Message.group).distinct().order_by(Message.group)))


def finish(groups: list[str]) -> None:
    """Let a sender that nobody kills do the rest."""
    end = time.monotonic() + 60
    while time.monotonic() < end and not all(delivery.progress(group).finished for group in groups):
        for job in JOBS:
            job.run()


def report(deaths: list[Death]) -> None:
    phases = Counter(death.phase for death in deaths)
    print(f"{len(deaths)} kills:", ", ".join(f"{phases[phase]} in {phase.name.lower()}" for phase in Phase))
    most = Counter(len(death.doubted) for death in deaths)
    sockets = Counter(death.connections for death in deaths)
    print(
        "connections of a dying sender:", ", ".join(f"{sockets[number]} times {number}" for number in sorted(sockets))
    )
    print("in doubt per dead sender:", ", ".join(f"{most[number]} times {number}" for number in sorted(most)))


def test_no_kill_loses_or_doubles_anybody(
    app: Any, make_app: Any, database_url: str, recorder: Recorder, nursery: Nursery
) -> None:
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    app = make_app(database_url, SMTP_URL=recorder.url, SEND_RATE="0", SEND_CONNECTIONS=str(CONNECTIONS))
    with app.app_context():
        unlock()
        deaths = kill_again_and_again(nursery, recorder, random.Random(seed))
        groups = begun_groups()
        finish(groups)
        figures = [delivery.progress(group) for group in groups]
        with transaction(write=False):
            rows = session.execute(select(Delivery.id, Delivery.address, Delivery.state)).all()
    got = Counter(recipient for recipient, _ in recorder.accepted)
    in_doubt = {row.id for row in rows if row.state is State.UNCERTAIN}
    accepted = {row.address for row in rows if row.state is State.ACCEPTED}
    report(deaths)
    print(f"{len(groups)} issues, {len(recorder.accepted)} mails, {len(in_doubt)} in doubt")
    assert [figure.group for figure in figures if not figure.finished or figure.failed or figure.skipped] == []
    assert sum(figure.prepared for figure in figures) == len(rows) == len(accepted) + len(in_doubt)
    assert [address for address, count in got.items() if count > 1] == []
    assert accepted - set(got) == set()
    assert set(got) - accepted <= {row.address for row in rows if row.id in in_doubt}
    assert len({reference for _, reference in recorder.accepted}) == len(recorder.accepted)
    assert [death for death in deaths if len(death.doubted) > min(death.connections, CONNECTIONS)] == []
    assert max(death.connections for death in deaths) >= CONNECTIONS  # one may be closing while the next one opens
    assert sorted(number for death in deaths for number in death.doubted) == sorted(in_doubt)
    assert {death.phase for death in deaths} >= set(BUSY)
