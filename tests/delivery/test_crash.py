"""A sender that is killed in the middle of an issue: nobody is lost, nobody gets it twice, who is in doubt is named."""

import contextlib
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app import delivery
from app.delivery import Progress, State, claims, journal, pump, records, senders
from app.delivery.jobs import JOBS
from app.delivery.models import Delivery
from app.delivery.pump import recovery
from app.delivery.rules import Answer, Stage
from app.kernel import clock as product_clock
from app.kernel.db import session, transaction
from tests.delivery.mails import owe
from tests.support.house import PUBLIC_URL, SECRET, HeldClock
from tests.support.smtp import SmtpSink

ROOT = Path(__file__).parent.parent.parent
PEOPLE = [(f"person{number}@amt.example", f"Person {number}", number) for number in range(1, 241)]
KILLS = 3
CONNECTIONS = 2


def start_sender(database_url: str, smtp_url: str, instance: Path) -> "subprocess.Popen[bytes]":
    environ = {
        "DATABASE_URL": database_url.replace("+psycopg", ""),
        "SMTP_URL": smtp_url,
        "SECRET_KEY": SECRET,
        "PUBLIC_URL": PUBLIC_URL,
        "MAIL_FROM": "Redaktion <redaktion@rundbrief.example>",
        "INSTANCE_PATH": str(instance),
        "SEND_RATE": "60000",
        "SEND_CONNECTIONS": str(CONNECTIONS),
        "PATH": os.environ["PATH"],
    }
    return subprocess.Popen([sys.executable, "-m", "app.sender"], env=environ, cwd=ROOT)


def wait_for(smtp: SmtpSink, count: int) -> None:
    end = time.monotonic() + 30
    while len(smtp.received) < count and time.monotonic() < end:
        time.sleep(0.001)


def test_kill_9_loses_nobody_doubles_nobody_and_names_who_is_in_doubt(
    app: Any, database_url: str, smtp: SmtpSink, tmp_path: Path
) -> None:
    with app.app_context():
        owe(*PEOPLE)
    for number in range(1, KILLS + 1):
        sender = start_sender(database_url, smtp.url, tmp_path / "instance")
        wait_for(smtp, number * 50)
        sender.kill()
        sender.wait(10)
    with app.app_context():
        end = time.monotonic() + 60
        while not delivery.progress("issue:1").finished and time.monotonic() < end:
            [job.run() for job in JOBS]  # the database may need a moment to notice that a sender is gone
        progress = delivery.progress("issue:1")
        with transaction(write=False):
            in_doubt = set(session.scalars(select(Delivery.address).where(Delivery.state == State.UNCERTAIN)))
    got = Counter(mail.recipients[0] for mail in smtp.received)
    assert (progress.prepared, progress.balances, progress.finished) == (len(PEOPLE), True, True)
    assert progress.uncertain == len(in_doubt) <= KILLS * CONNECTIONS
    assert progress.accepted == len(PEOPLE) - len(in_doubt)
    assert [address for address, count in got.items() if count > 1] == []
    assert {address for address, *_ in PEOPLE} - set(got) <= in_doubt


def test_a_living_sender_keeps_what_it_holds(app: Any, clock: HeldClock) -> None:
    with app.app_context():
        owe(*PEOPLE[:3])
        with contextlib.suppress(Death), senders.living() as sender:
            taken = hold_some(sender.owner)
            sender.journal.begun(taken[0])
            clock.tick(hours=1)
            assert pump.recover() == 0
            raise Death
        assert pump.recover() == 3
        assert states() == [State.UNCERTAIN, State.QUEUED, State.QUEUED]


def test_what_a_dead_sender_had_heard_is_recorded_once(app: Any, clock: HeldClock) -> None:
    with app.app_context():
        owe(*PEOPLE[:4])
        with contextlib.suppress(Death), senders.living() as sender:
            taken = hold_some(sender.owner)
            for number in taken[:3]:
                sender.journal.begun(number)
            sender.journal.answered(taken[0], Answer(Stage.DOT, 250, "2.0.0 ok"))
            sender.journal.answered(taken[1], Answer(Stage.DOT, 451, "4.3.0 later"))
            raise Death
        assert pump.recover() == 4
        assert pump.recover() == 0
        assert states() == [State.ACCEPTED, State.DEFERRED, State.UNCERTAIN, State.QUEUED]
        assert delivery.progress("issue:1") == Progress("issue:1", prepared=4, accepted=1, uncertain=1, open=2)


def test_after_a_power_failure_everything_on_its_way_is_in_doubt(
    app: Any, clock: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        owe(*PEOPLE[:2])
        with monkeypatch.context() as before:
            before.setattr(journal, "boot_id", lambda: "before")
            with contextlib.suppress(Death), senders.living() as sender:
                hold_some(sender.owner)
                raise Death
        assert pump.recover() == 2
        assert states() == [State.UNCERTAIN, State.UNCERTAIN]


def test_a_sender_on_another_host_is_given_up_when_its_lease_is_over(app: Any, clock: HeldClock) -> None:
    with app.app_context():
        owe(*PEOPLE[:2])
        hold_some("elsewhere-1-abc")
        assert pump.recover() == 0
        clock.move_to(product_clock.now() + recovery.LEASE)
        assert pump.recover() == 0
        clock.tick(seconds=1)
        assert pump.recover() == 2
        assert states() == [State.UNCERTAIN, State.UNCERTAIN]


class Death(Exception):
    """A sender that ends without tidying up."""


def hold_some(owner: str) -> list[int]:
    """Claim for this sender what the pace allows; the numbers of the deliveries."""
    with transaction():
        records.register(owner, product_clock.now() + recovery.LEASE, 0)
        return [claimed.id for claimed, _ in claims.claim(owner, "smtp", single=False, most=100).rows]


def states() -> list[State]:
    with transaction(write=False):
        return [row.state for row in session.scalars(select(Delivery).order_by(Delivery.id))]
