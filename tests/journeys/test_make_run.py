"""`make run` from an empty database: the ready line, the tour with every row delivered, a clean end, a quick return.

Everything is a process of its own, as for a person who has just cloned the repository.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

pytestmark = pytest.mark.needs("assets")

PATIENCE = 240
SECONDS_TO_RETURN = 30  # 6 s when the machine does nothing else; the suite keeps it busy
ROWS = {
    "confirmation link, confirmed by POST": 3,
    "Willkommen": 3,
    "OZG-Newsletter 1/": 3,
    "announcement M-": 2,
    "correction M-": 2,
    "web archive": 1,
    "iCalendar": 2,
}


def test_make_run_plays_the_tour_once_and_every_row_is_delivered(tmp_path: Path) -> None:
    port = _three_free_ports()
    with _running(tmp_path, port) as first:
        said = _until_ready(first)
        assert said[-1].startswith("Ready after")
        table = [line for line in said if line.endswith(("delivered", "MISSING"))]
        assert [line for line in table if line.endswith("MISSING")] == []
        assert {text: sum(text in line for line in table) for text in ROWS} == ROWS
        assert "demo-redaktion" in "\n".join(said)
        assert _stopped(first) == 0
    begun = time.monotonic()
    with _running(tmp_path, port) as second:
        said = _until_ready(second)
        assert time.monotonic() - begun <= SECONDS_TO_RETURN
        assert [line for line in said if "The tour plays" in line] == []
        assert _stopped(second) == 0
    assert _nobody_listens(port)


def test_make_run_says_what_is_wrong_and_ends(tmp_path: Path) -> None:
    environ = _environ(tmp_path, _three_free_ports()) | {"SMTP_URL": "smtp://mail.example.org"}
    result = _run_to_its_end(environ)
    assert result.returncode == 1
    assert "DEMO=1 keeps its mails in its own mailbox. Remove SMTP_URL, or remove DEMO." in result.stderr


def test_make_run_does_not_mistake_another_server_for_its_own(tmp_path: Path) -> None:
    port = _three_free_ports()
    with socket.create_server(("127.0.0.1", port + 1)):
        result = _run_to_its_end(_environ(tmp_path, port))
    assert result.returncode == 1
    assert result.stderr == f"Port {port + 1} is in use. Choose another: PORT={port + 10} make run\n"


def _run_to_its_end(environ: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        _COMMAND, cwd=ROOT, env=environ, timeout=PATIENCE, capture_output=True, text=True, check=False
    )


_COMMAND = [sys.executable, "-u", "scripts/run.py"]


@contextmanager
def _running(folder: Path, port: int) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        _COMMAND,
        cwd=ROOT,
        env=_environ(folder, port),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            _stopped(process)
        assert process.stdout is not None
        process.stdout.close()


def _environ(folder: Path, port: int) -> dict[str, str]:
    where = {"HOME": str(folder), "INSTANCE_PATH": str(folder / "instance"), "PORT": str(port)}
    return {"PATH": os.environ["PATH"], **where}


def _until_ready(process: "subprocess.Popen[str]") -> list[str]:
    assert process.stdout is not None
    said: list[str] = []
    for line in process.stdout:
        said.append(line.rstrip())
        if line.startswith("Ready after"):
            return said
    raise AssertionError("It ended before it was ready:\n" + "\n".join(said))


def _stopped(process: "subprocess.Popen[str]") -> int:
    process.send_signal(signal.SIGINT)
    return process.wait(30)


def _three_free_ports() -> int:
    """The first of three neighbouring ports on loopback that nobody listens on."""
    return next(port for port in range(20000 + os.getpid() % 5000 * 3, 60000, 3) if _nobody_listens(port))


def _nobody_listens(port: int) -> bool:
    for number in range(port, port + 3):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", number)) == 0:
                return False
    return True
