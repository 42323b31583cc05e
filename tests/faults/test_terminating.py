"""SIGTERM: a worker takes nothing more, finishes what is in flight, writes it down, and is gone within seconds."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app import delivery
from app.kernel.db import transaction
from tests.delivery.mails import owe
from tests.support.house import PUBLIC_URL, SECRET
from tests.support.recorder import Recorder, RunningRecorder

ROOT = Path(__file__).parent.parent.parent
PEOPLE = [(f"person{number}@amt.example", "", number) for number in range(1, 301)]


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    running = RunningRecorder(delay=0.1)
    yield running.recorder
    running.stop()


def test_a_worker_that_is_told_to_end_leaves_nothing_in_doubt(
    app: Any, database_url: str, recorder: Recorder, tmp_path: Path
) -> None:
    environ = {
        "DATABASE_URL": database_url.replace("+psycopg", ""),
        "SMTP_URL": recorder.url,
        "SECRET_KEY": SECRET,
        "PUBLIC_URL": PUBLIC_URL,
        "MAIL_FROM": "Redaktion <redaktion@rundbrief.example>",
        "INSTANCE_PATH": str(tmp_path / "instance"),
        "SEND_RATE": "0",
        "PATH": os.environ["PATH"],
    }
    with app.app_context():
        owe(*PEOPLE)
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    with subprocess.Popen(command, env=environ, cwd=ROOT, stdout=subprocess.DEVNULL) as worker:
        end = time.monotonic() + 60
        while not recorder.accepted and time.monotonic() < end:
            time.sleep(0.01)
        worker.send_signal(signal.SIGTERM)
        told = time.monotonic()
        assert worker.wait(30) == 0
        took = time.monotonic() - told
    with app.app_context(), transaction(write=False):
        progress = delivery.progress("issue:1")
    assert took < 8
    assert (progress.accepted, progress.uncertain, progress.open) == (
        len(recorder.accepted),
        0,
        len(PEOPLE) - len(recorder.accepted),
    )
