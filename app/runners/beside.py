"""Processes beside this one: kept alive as long as it runs, told to end with it, and gone soon after it was killed."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from app.kernel.jobs import calls_when_stopping, is_stopping

AGAIN_AFTER: Final = 5.0  # seconds from one start to the next: what fails at once does not keep the machine busy


class Ended(RuntimeError):
    """A process beside us has ended by itself; another one takes its place."""


@contextmanager
def beside(module: str, count: int) -> Iterator[Callable[[], int]]:
    """So many processes that run this module of ours; what you get keeps them alive (see ``Companions.keep``).

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

    def keep(self) -> int:
        """Start those that do not run, unless this process was asked to end; how many.

        Raises Ended if one of them had ended by itself, each time until another one has been started in its place.
        """
        started, ended = 0, None
        for place, process in enumerate(self._running):
            if is_stopping() or (process is not None and process.poll() is None):
                continue
            ended = process.returncode if process is not None else ended
            if time.monotonic() >= self._start_at[place]:
                self._start_at[place] = time.monotonic() + self._again_after
                self._running[place] = subprocess.Popen(self._command, env=_finding_alike())  # noqa: S603  (our own)
                started += 1
        if ended is not None:
            raise Ended(f"{' '.join(self._command)} ended with status {ended}. Another one starts within seconds.")
        return started

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
