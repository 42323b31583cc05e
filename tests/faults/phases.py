"""What a sender of the fault tests is doing: one byte per process in a shared file, readable also when it is dead.

The sender notes it from outside of the engine, by the statements that go to the database.
"""

import mmap
import os
from enum import IntEnum
from pathlib import Path
from typing import Any

from sqlalchemy import event

from app.kernel.db import db, session

PROCESSES = 1 << 22  # no process id is greater (Linux)


class Phase(IntEnum):
    """``WIRE``: it sends, and does not write to the database; ``IDLE``: none of all these."""

    IDLE = 0
    PREPARATION = 1
    CLAIM = 2
    WIRE = 3
    RECORDING = 4
    RECOVERY = 5


class Phases:
    """The shared file."""

    def __init__(self, path: Path) -> None:
        with path.open("a+b") as file:
            file.truncate(PROCESSES)
            self._bytes = mmap.mmap(file.fileno(), PROCESSES)

    def of(self, process: int) -> Phase:
        return Phase(self._bytes[process])

    def note(self, phase: Phase) -> None:
        """This process is doing this now."""
        self._bytes[os.getpid()] = phase


class Diary:
    """Keeps the byte of this process true: ``does`` says what it is up to, its statements the rest."""

    def __init__(self, phases: Phases) -> None:
        self._phases = phases
        self._quiet = Phase.IDLE
        self._recovers = False

    def does(self, job: str) -> None:
        """It runs this job from now on; empty: none."""
        self._recovers = job == "delivery.recover"
        self._quiet = Phase.WIRE if job.startswith("delivery.send") else Phase.IDLE
        self._phases.note(Phase.IDLE)

    def keep(self) -> None:
        """Watch what goes to the database, inside the context of the app."""
        event.listen(db.engine, "before_cursor_execute", self._before)
        for end in ("after_commit", "after_rollback"):
            event.listen(session, end, self._after)

    def _before(self, connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        verb, _, what = statement.lstrip().partition(" ")
        if verb not in ("INSERT", "UPDATE", "DELETE"):
            return
        if self._recovers:
            self._phases.note(Phase.RECOVERY)
        elif self._quiet is Phase.IDLE:
            self._phases.note(Phase.PREPARATION)
        else:
            self._phases.note(Phase.RECORDING if what.startswith(("deliveries ", '"deliveries" ')) else Phase.CLAIM)

    def _after(self, current: Any) -> None:
        self._phases.note(self._quiet)
