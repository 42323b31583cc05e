"""Whoever leaves, or is stopped, during a run: two seconds after the commit no content for them begins any more."""

import random
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from app import delivery
from app.delivery.pump import send_due
from app.kernel.db import transaction
from tests.delivery.mails import owe
from tests.support.recorder import Recorder, RunningRecorder

PEOPLE = [(f"person{number}@amt.example", "", number) for number in range(1, 201)]
PACES = [("0", 0.3), ("1200", 0.01), ("10", 0.01)]  # mails per minute, seconds until the server answers


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    running = RunningRecorder()
    yield running.recorder
    running.stop()


def leave(dice: random.Random, gone: dict[str, float], seconds: float) -> None:
    """Withdraw people at random moments, one after the other; in the end the whole issue is held."""
    end = time.monotonic() + seconds
    staying = list(PEOPLE)
    while time.monotonic() < end:
        time.sleep(dice.random() * 0.1)
        address, _, number = staying.pop(dice.randrange(len(staying)))
        by_wish = dice.random() < 0.5
        with transaction():
            if by_wish:
                delivery.suppress(address, "wish")
            else:
                delivery.skip("left", subject_id=number)
        gone.setdefault(address, time.monotonic())
    with transaction():
        delivery.hold("issue:1", "asked")
    for address, _, _ in staying:
        gone.setdefault(address, time.monotonic())


@pytest.mark.parametrize(("rate", "delay"), PACES)
def test_two_seconds_after_leaving_nothing_begins(
    make_app: Any, database_url: str, recorder: Recorder, rate: str, delay: float
) -> None:
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    recorder.delay = delay
    app = make_app(database_url, SMTP_URL=recorder.url, SEND_RATE=rate, SEND_CONNECTIONS="3")
    over = threading.Event()

    def work() -> None:
        while not over.is_set():
            with app.app_context():
                send_due()

    gone: dict[str, float] = {}
    with app.app_context():
        owe(*PEOPLE)
        sender = threading.Thread(target=work, daemon=True)
        sender.start()
        try:
            leave(random.Random(seed), gone, 2.0)
            time.sleep(2.5)
        finally:
            over.set()
            sender.join(10)
    late = [address for address, at in recorder.begun if at > gone[address] + 2.0]
    assert (late, sender.is_alive()) == ([], False)
    assert recorder.begun != []
