"""How soon a dead sender is noticed, by the clock of the product: its host lives on, or is lost with it."""

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app import delivery
from app.delivery import State, claims, records, senders
from app.delivery.jobs import JOBS
from app.delivery.models import Delivery
from app.delivery.pump.clerk import RENEW_AFTER
from app.delivery.pump.recovery import LEASE
from app.kernel import clock as product_clock
from app.kernel.db import session, transaction
from app.runners.embedded import scheduler
from tests.delivery.mails import owe, unlock
from tests.faults.killing import Nursery, environment
from tests.support.house import HeldClock
from tests.support.recorder import Recorder, RunningRecorder

RECOVER = next(job for job in JOBS if job.name == "delivery.recover")
PEOPLE = [(f"person{number}@amt.example", "", number) for number in range(1, 5)]
MOMENTS = [timedelta(seconds=seconds) for seconds in (0, 0.001, 0.5, 0.999, 1)]  # after the look before


class Death(Exception):
    """A sender that ends without tidying up."""


def next_look(before: datetime, now: datetime) -> datetime:
    """When the worker looks for dead senders next, if it did so before."""
    [job] = scheduler([RECOVER], suppress).get_jobs()
    after = job.trigger.get_next_fire_time(before, now)
    assert isinstance(after, datetime)
    return after


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_a_dead_sender_of_the_same_host_is_taken_over_within_two_seconds(
    app: Any, clock: HeldClock, moment: timedelta
) -> None:
    looked = product_clock.now()
    with app.app_context():
        owe(*PEOPLE)
        with suppress(Death), senders.living() as sender:
            first, second = hold(sender.owner)[:2]
            sender.journal.begun(first)
            sender.journal.begun(second)
            assert RECOVER.run() == 0
            died = clock.move_to(looked + moment)
            raise Death
        clock.move_to(next_look(looked, died))
        assert RECOVER.run() == 4
        assert product_clock.now() - died <= timedelta(seconds=2)
        assert states() == [State.UNCERTAIN, State.UNCERTAIN, State.QUEUED, State.QUEUED]


@pytest.mark.parametrize("since_renewed", [0, RENEW_AFTER], ids=["it had just renewed", "it was about to renew"])
def test_a_lost_host_is_given_up_within_a_minute(app: Any, clock: HeldClock, since_renewed: float) -> None:
    with app.app_context():
        owe(*PEOPLE)
        hold("elsewhere-1-abc")
        died = clock.tick(seconds=since_renewed)
        looks = 0
        while not RECOVER.run():
            looks += 1
            clock.move_to(next_look(product_clock.now(), product_clock.now()))
        took = product_clock.now() - died
        assert took <= timedelta(seconds=60)
        assert took > LEASE - timedelta(seconds=since_renewed)
        assert looks == took.total_seconds()
        assert states() == [State.UNCERTAIN] * 4


def test_the_lease_of_a_sender_whose_host_lives_never_ends(app: Any, clock: HeldClock) -> None:
    with app.app_context():
        owe(*PEOPLE)
        with suppress(Death), senders.living() as sender:
            hold(sender.owner)
            for _ in range(200):
                clock.tick(seconds=1)
                assert RECOVER.run() == 0
                assert lease() > product_clock.now()
            raise Death


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    running = RunningRecorder(delay=0.05)
    yield running.recorder
    running.stop()


@pytest.fixture
def nursery(app: Any, database_url: str, recorder: Recorder, tmp_path: Path) -> Iterator[Nursery]:
    made = Nursery(environment(database_url, recorder.url, tmp_path / "instance"), recorder.port)
    yield made
    made.close()


def test_a_worker_of_the_same_host_finds_a_killed_sender_by_itself(
    app: Any, make_app: Any, database_url: str, recorder: Recorder, nursery: Nursery
) -> None:
    app = make_app(database_url, SMTP_URL=recorder.url)
    with app.app_context():
        unlock()
    nursery.spawn()
    end = time.monotonic() + 30
    while not recorder.accepted and time.monotonic() < end:
        time.sleep(0.01)
    watching = scheduler([RECOVER], app.app_context)
    watching.start()
    [death] = nursery.kill(1)
    killed = time.monotonic()
    try:
        while senders_known(app) and time.monotonic() < end:
            time.sleep(0.02)
    finally:
        watching.shutdown(wait=True)
    print(f"noticed and taken over {time.monotonic() - killed:.2f} s after its death")
    with app.app_context(), transaction(write=False):
        named = session.scalars(select(Delivery.id).where(Delivery.state == State.UNCERTAIN))
        assert (set(named), senders_known(app)) == (death.doubted, False)


def hold(owner: str) -> list[int]:
    """Claim all for this sender, as one that lives at this moment; the numbers of the deliveries."""
    with transaction():
        records.register(owner, product_clock.now() + LEASE, 0)
        return [claimed.id for claimed, _ in claims.claim(owner, "smtp", single=False, most=100).rows]


def lease() -> datetime:
    with transaction(write=False):
        [sender] = records.senders()
        return sender.lease_until


def states() -> list[State]:
    with transaction(write=False):
        assert delivery.progress("issue:1").balances
        return [row.state for row in session.scalars(select(Delivery).order_by(Delivery.id))]


def senders_known(app: Any) -> bool:
    with app.app_context(), transaction(write=False):
        return bool(records.senders())
