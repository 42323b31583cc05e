"""Senders on demand, killed as nothing else does, and what each of them leaves behind.

A sender is stopped, looked at and killed: between stop and death it does nothing, and nobody takes over from it while
it holds its lock. So what its journal says at that moment is its last word.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Container
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.delivery import journal
from tests.faults.phases import Phase, Phases
from tests.support.house import PUBLIC_URL, SECRET

CONNECTIONS = 4
ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Death:
    """A sender at the moment of its death: what it did, whom its journal names as in doubt, and how many connections
    it had to the mail server.
    """

    process: int
    phase: Phase
    doubted: frozenset[int]
    connections: int


class Nursery:
    """Senders on demand, all of one environment; ``port`` is that of the mail server."""

    def __init__(self, environ: dict[str, str], port: int) -> None:
        self._senders = Path(environ["INSTANCE_PATH"]) / "senders"
        self._port = port
        phases = Path(environ["INSTANCE_PATH"]).with_suffix(".phases")
        self._phases = Phases(phases)
        command = [sys.executable, "-m", "tests.faults.nursery"]
        environ = {**environ, "PHASES": str(phases)}
        self._mother = subprocess.Popen(
            command, env=environ, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.alive: list[int] = []

    def spawn(self, order: str = "") -> None:
        """One more; by the order ``prepare`` it begins with another issue."""
        assert self._mother.stdin is not None
        assert self._mother.stdout is not None
        print(order, file=self._mother.stdin, flush=True)
        self.alive.append(int(self._mother.stdout.readline()))

    def wait_for(self, phases: Container[Phase], seconds: float) -> None:
        """Until the oldest sender does one of these; not longer than so many seconds."""
        end = time.monotonic() + seconds
        while self._phases.of(self.alive[0]) not in phases and time.monotonic() < end:
            time.sleep(0.0002)

    def kill(self, count: int) -> list[Death]:
        """Kill so many at one moment, the oldest first; what each left."""
        dying, self.alive = self.alive[:count], self.alive[count:]
        for process in dying:
            _stop(process)
        deaths = [self._last_word(process) for process in dying]
        for process in dying:
            _kill(process)
        return deaths

    def close(self) -> None:
        self.kill(len(self.alive))
        assert self._mother.stdin is not None
        assert self._mother.stdout is not None
        self._mother.stdin.close()
        self._mother.wait(10)
        self._mother.stdout.close()

    def _last_word(self, process: int) -> Death:
        doubted: set[int] = set()
        for path in self._senders.glob(f"*-{process}-*.journal"):
            doubted |= set(journal.read(path, 0).doubted)
        return Death(process, self._phases.of(process), frozenset(doubted), connections_to(self._port, process))


def environment(database_url: str, smtp_url: str, instance: Path) -> dict[str, str]:
    """The settings of a sender that is as fast as it can over several connections."""
    return {
        "DATABASE_URL": database_url.replace("+psycopg", ""),
        "SMTP_URL": smtp_url,
        "SECRET_KEY": SECRET,
        "PUBLIC_URL": PUBLIC_URL,
        "MAIL_FROM": "Redaktion <redaktion@rundbrief.example>",
        "INSTANCE_PATH": str(instance),
        "SEND_RATE": "0",
        "SEND_CONNECTIONS": str(CONNECTIONS),
        "PATH": os.environ["PATH"],
    }


def connections_to(port: int, process: int) -> int:
    """How many connections this process has to this port of loopback."""
    held = set()
    for file in Path(f"/proc/{process}/fd").iterdir():
        with suppress(OSError):
            held.add(os.readlink(file))
    there = f"0100007F:{port:04X}"
    rows = [line.split() for line in Path(f"/proc/{process}/net/tcp").read_text().splitlines()[1:]]
    return sum(row[2] == there and f"socket:[{row[9]}]" in held for row in rows)


def _stop(process: int) -> None:
    os.kill(process, signal.SIGSTOP)
    while _state(process) != "T":
        time.sleep(0.0002)


def _kill(process: int) -> None:
    os.kill(process, signal.SIGKILL)
    while _state(process):
        time.sleep(0.0002)


def _state(process: int) -> str:
    """The letter for what the process is doing (proc(5)); empty if there is none any more."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2][:1]
    except (FileNotFoundError, ProcessLookupError):
        return ""
