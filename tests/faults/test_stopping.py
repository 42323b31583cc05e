"""Whoever leaves, or is stopped, during a run: two seconds after the commit no content for them begins any more."""

import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from app import delivery
from app.delivery.pump import send_due
from app.kernel import clock
from app.kernel.db import transaction
from tests.delivery.mails import Person, owe, prepare
from tests.support.recorder import Recorder, RunningRecorder

CANCELLED = [(f"person{number}@amt.example", "", number) for number in range(1, 201)]
PAUSED = [(f"person{number}@kreis.example", "", number) for number in range(301, 501)]
WITHIN = 2.0  # seconds
SECONDS = float(os.environ.get("STOPPING_SECONDS", "2.5"))  # how long people leave; ``make soak``: 15
FOREVER = float("inf")


@dataclass(frozen=True)
class Pace:
    """``rate``: mails per minute. Where that is few, the clock of the product leaps from claim to claim, so that many
    begin while the test lasts; the seconds that are asserted are those of the wall. ``delay``: of the server's answer;
    it thinks long about three recipients of ``quick`` and three.
    """

    rate: str
    delay: float
    quick: int
    leap: timedelta | None = None
    client: str = "own"


LEAP = timedelta(seconds=6)
PACES = [Pace("0", 0.3, 12), Pace("1200", 0.01, 12), Pace("10", 0.01, 3, LEAP), Pace("10", 0.01, 3, LEAP, "stdlib")]
SENDERS = 3


@dataclass
class Story:
    """What was stopped when (of ``time.monotonic``), each noted after its commit, and what began when."""

    dice: random.Random
    begun: list[tuple[str, float]]
    gone: dict[str, float] = field(default_factory=dict)
    pauses: list[list[float]] = field(default_factory=list)

    def run(self, seconds: float) -> None:
        """Withdraw people, pause one issue and let it go on, at random moments; cancel the other at a random moment."""
        cancelled, staying = False, CANCELLED + PAUSED
        cancel_at, end = time.monotonic() + seconds * self.dice.random(), time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(self.dice.random() * 0.1)
            if not cancelled and time.monotonic() > cancel_at:
                cancelled = self._cancel()
            elif self.dice.random() < 0.15:
                self._pause_or_resume()
            elif staying:
                self._withdraw(*staying.pop(self._whom(staying)))
        if not cancelled:
            self._cancel()
        if not self._is_paused():
            self._pause_or_resume()

    def _whom(self, staying: list[Person]) -> int:
        """The place of somebody: anybody, or somebody whose turn is near."""
        if self.dice.random() < 0.4:
            return self.dice.randrange(len(staying))
        served = {address for address, _ in self.begun}
        near = [place for place, person in enumerate(staying) if person[0] not in served]
        return self.dice.choice(near[:4] or [0])

    def too_late(self) -> list[str]:
        """Who was served although stopped more than two seconds before."""
        paused = {address for address, *_ in PAUSED}
        late = [address for address, at in self.begun if at > self.gone.get(address, FOREVER) + WITHIN]
        return late + [
            address
            for address, at in self.begun
            for since, until in self.pauses
            if address in paused and since + WITHIN < at < until
        ]

    def _withdraw(self, address: str, _: str, number: int) -> None:
        with transaction():
            if self.dice.random() < 0.5:
                delivery.suppress(address, "wish")
            else:
                delivery.skip("left", subject_id=number)
        self.gone.setdefault(address, time.monotonic())

    def _cancel(self) -> bool:
        with transaction():
            delivery.skip("cancelled", group="issue:1")
        for address, *_ in CANCELLED:
            self.gone.setdefault(address, time.monotonic())
        return True

    def _pause_or_resume(self) -> None:
        if self._is_paused():
            self.pauses[-1][1] = time.monotonic()
            with transaction():
                delivery.release("issue:2")
        else:
            with transaction():
                delivery.hold("issue:2", "asked")
            self.pauses.append([time.monotonic(), FOREVER])

    def _is_paused(self) -> bool:
        return bool(self.pauses) and self.pauses[-1][1] == FOREVER


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    running = RunningRecorder()
    yield running.recorder
    running.stop()


def work(app: Any, over: threading.Event, leap: timedelta | None) -> None:
    """Send until it is over."""
    moment = clock.now()
    while not over.is_set():
        with ExitStack() as stack:
            stack.enter_context(app.app_context())
            if leap is not None:
                moment += leap
                stack.enter_context(clock.held_at(moment))
            send_due()


@pytest.mark.parametrize("pace", PACES, ids=lambda pace: f"{pace.rate} per minute, {pace.client}")
def test_two_seconds_after_leaving_pausing_or_cancelling_nothing_begins(
    make_app: Any, database_url: str, recorder: Recorder, pace: Pace
) -> None:
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    dice = random.Random(seed)
    recorder.delay = pace.delay
    recorder.stall = lambda: dice.choice([*[0] * pace.quick, 0.4, 1.2, 3.5]) if recorder.begun else 0
    environ = {"SEND_RATE": pace.rate, "SEND_CONNECTIONS": "2", "SMTP_CLIENT": pace.client}
    app = make_app(database_url, SMTP_URL=recorder.url, **environ)
    over, story = threading.Event(), Story(random.Random(seed + 1), recorder.begun)
    with app.app_context():
        owe(*CANCELLED)
        with transaction():
            prepare(*PAUSED, group="issue:2")
        senders = [threading.Thread(target=work, args=(app, over, pace.leap), daemon=True) for _ in range(SENDERS)]
        for sender in senders:
            sender.start()
        try:
            story.run(SECONDS)
            time.sleep(WITHIN + 0.5)
        finally:
            over.set()
            for sender in senders:
                sender.join(20)
        cancelled, paused = delivery.progress("issue:1"), delivery.progress("issue:2")
    print(f"{len(recorder.begun)} begun, {len(story.gone)} stopped")
    assert (story.too_late(), [sender for sender in senders if sender.is_alive()]) == ([], [])
    assert recorder.begun != []
    assert (cancelled.open, cancelled.balances, paused.balances) == (0, True, True)
    assert cancelled.accepted + paused.accepted == len(recorder.accepted) == len({to for to, _ in recorder.accepted})
