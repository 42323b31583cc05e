"""Processes beside this one: kept alive as long as it runs, told to end with it, and gone soon after it was killed."""

import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from app.kernel.jobs import calls_when_stopping, is_stopping

AGAIN_AFTER: Final = 5.0  # seconds from one start to the next: what fails at once does not keep the machine busy

log = logging.getLogger("rundbrief.worker")


@contextmanager
def beside(module: str, count: int) -> Iterator[Callable[[], None]]:
    """So many processes that run this module of ours; what you get keeps them alive: call it now and then.

    They are told to end when this process is, and have ended when the block is left. The module is called with
    ``--beside`` and our number, so that it can end by itself when we were killed.
    """
    companions = Companions([sys.executable, "-m", module, "--beside", str(os.getpid())], count)
    try:
        with calls_when_stopping(companions.tell):
            yield companions.keep
    finally:
        companions.end()


class Companions:
    """So many processes of one command."""

    def __init__(self, command: list[str], count: int, again_after: float = AGAIN_AFTER) -> None:
        self._command = command
        self._again_after = again_after
        self._running: list[subprocess.Popen[bytes] | None] = [None] * count
        self._start_at = [0.0] * count

    def keep(self) -> None:
        """Start those that do not run, unless this process was asked to end."""
        for place, process in enumerate(self._running):
            if process is not None and process.poll() is not None:
                log.warning("%s ended with status %d.", self._command[2], process.returncode)
                self._running[place] = process = None
            if process is None and not is_stopping() and time.monotonic() >= self._start_at[place]:
                self._start_at[place] = time.monotonic() + self._again_after
                self._running[place] = subprocess.Popen(self._command, env=_finding_alike())  # noqa: S603  (our own)

    def tell(self) -> None:
        """Ask all of them to end."""
        for process in filter(None, self._running):
            process.terminate()

    def end(self) -> None:
        """Ask all of them to end, and come back when they have."""
        self.tell()
        for process in filter(None, self._running):
            process.wait()


def _finding_alike() -> dict[str, str]:
    """Our environment, with modules found where we find them."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
