"""Senders run beside the worker: there is always one, and none is left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.kernel import jobs
from app.runners.beside import Companions, Ended, beside
from tests.architecture.source import ROOT
from tests.support.house import SECRET

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
MOTHER = """
import os, subprocess, sys
subprocess.Popen([sys.executable, "-m", "app.sender", "--beside", str(os.getpid())])
"""


Born = Callable[[], set[int]]


@pytest.fixture(autouse=True)
def working() -> Iterator[None]:
    jobs.start()
    yield
    jobs.start()


@pytest.fixture
def born() -> Born:
    """The processes that the test has started, without those that have ended."""
    before = _children()
    return lambda: _children() - before


def test_one_that_dies_is_replaced(born: Born) -> None:
    companions = Companions(SLEEPER, 2, again_after=0.0)
    try:
        companions.keep()
        first = born()
        os.kill(min(first), signal.SIGKILL)
        _wait_until(lambda: len(born()) == 1)
        with pytest.raises(Ended, match="ended with status -9"):
            companions.keep()
        assert companions.keep() == 0
        assert (len(born()), len(born() & first)) == (2, 1)
    finally:
        companions.end()
    assert born() == set()


def test_one_that_fails_at_once_does_not_keep_the_machine_busy(born: Born, tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    companions = Companions(["sh", "-c", f"echo started >> {starts}; exit 3"], 1, again_after=60.0)
    assert companions.keep() == 1
    _wait_until(lambda: not born())
    with pytest.raises(Ended, match="ended with status 3"):
        companions.keep()
    assert (born(), starts.read_text()) == (set(), "started\n")


def test_nobody_is_replaced_once_we_were_told_to_end(born: Born) -> None:
    with beside("time", 0) as keep:
        keep()
        assert born() == set()
    companions = Companions(SLEEPER, 1)
    jobs.stop()
    companions.keep()
    assert born() == set()


def test_a_sender_ends_when_the_worker_is_gone(tmp_path: Path) -> None:
    environ = {"SECRET_KEY": SECRET, "PUBLIC_URL": "http://rundbrief.example", "SMTP_URL": "smtp://127.0.0.1:9"}
    environ |= {"MAIL_FROM": "redaktion@rundbrief.example", "INSTANCE_PATH": str(tmp_path), "PATH": os.environ["PATH"]}
    # What it would write to is closed when the sender, too, has ended: until then, run() does not come back.
    subprocess.run([sys.executable, "-c", MOTHER], cwd=ROOT, env=environ, capture_output=True, timeout=30, check=True)


def _children() -> set[int]:
    listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return {int(number) for number in listed if Path(f"/proc/{number}/stat").read_text().split()[2] != "Z"}


def _wait_until(true: Callable[[], object]) -> None:
    end = time.monotonic() + 10
    while not true() and time.monotonic() < end:
        time.sleep(0.01)
