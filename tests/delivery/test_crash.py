"""A sender that is killed in the middle of an issue: nobody is lost, nobody gets it twice, who is in doubt is named."""

import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app import delivery
from app.delivery import State
from app.delivery.jobs import JOBS
from app.delivery.models import Delivery
from app.kernel import clock as product_clock
from app.kernel.db import session, transaction
from tests.delivery.mails import owe
from tests.support.house import PUBLIC_URL, SECRET, HeldClock
from tests.support.smtp import SmtpSink

ROOT = Path(__file__).parent.parent.parent
PEOPLE = [(f"person{number}@amt.example", f"Person {number}", number) for number in range(1, 241)]
KILLS = 3
SENDER = """
import os
from app import create_app
from app.delivery.jobs import JOBS
from app.kernel import config
app = create_app(config.read(os.environ))
while True:
    with app.app_context():
        for job in JOBS:
            job.run()
"""


def start_sender(database_url: str, smtp_url: str, instance: Path) -> "subprocess.Popen[bytes]":
    environ = {
        "DATABASE_URL": database_url.replace("+psycopg", ""),
        "SMTP_URL": smtp_url,
        "SECRET_KEY": SECRET,
        "PUBLIC_URL": PUBLIC_URL,
        "MAIL_FROM": "Redaktion <redaktion@rundbrief.example>",
        "INSTANCE_PATH": str(instance),
        "SEND_RATE": "60000",
        "PYTHONPATH": str(ROOT),
        "PATH": os.environ["PATH"],
    }
    return subprocess.Popen([sys.executable, "-c", SENDER], env=environ, cwd=ROOT)


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
        while sum(job.run() for job in JOBS):
            pass
        progress = delivery.progress("issue:1")
        with transaction(write=False):
            in_doubt = set(session.scalars(select(Delivery.address).where(Delivery.state == State.UNCERTAIN)))
    got = Counter(mail.recipients[0] for mail in smtp.received)
    assert (progress.prepared, progress.balances, progress.finished) == (len(PEOPLE), True, True)
    assert progress.uncertain == len(in_doubt) <= KILLS
    assert progress.accepted == len(PEOPLE) - len(in_doubt)
    assert [address for address, count in got.items() if count > 1] == []
    assert {address for address, *_ in PEOPLE} - set(got) <= in_doubt


def test_a_living_sender_keeps_what_it_holds(app: Any, tmp_path: Path, clock: HeldClock) -> None:
    from app.delivery import ledger, pump, senders

    with app.app_context():
        owe(*PEOPLE[:3])
        with senders.living() as owner:
            with transaction():
                held = ledger.claim(owner).deliveries
            clock.tick(hours=1)
            assert pump.recover() == 0
        assert pump.recover() == 3
        with transaction(write=False):
            states = [row.state for row in session.scalars(select(Delivery).order_by(Delivery.id))]
    assert [item.address for item in held] == [address for address, *_ in PEOPLE[:3]]
    assert states == [State.UNCERTAIN, State.QUEUED, State.QUEUED]


def test_a_sender_on_another_host_is_given_up_when_its_lease_is_over(app: Any, clock: HeldClock) -> None:
    from app.delivery import ledger, pump

    with app.app_context():
        owe(*PEOPLE[:2])
        with transaction():
            ledger.claim("elsewhere-1-abc")
        assert pump.recover() == 0
        clock.move_to(product_clock.now() + ledger.LEASE)
        assert pump.recover() == 0
        clock.tick(seconds=1)
        assert pump.recover() == 2
