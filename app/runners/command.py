"""``flask worker``: the jobs as a process of their own, or once by hand."""

import logging
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Final

from app.kernel import jobs
from app.kernel.jobs import Job
from app.runners.beside import Ended

Within = Callable[[], AbstractContextManager[object]]
"""Opens what a job needs around it: the application's context."""

LOOK_EVERY: Final = 0.2  # seconds

log = logging.getLogger("rundbrief.worker")
_NOTES: Final = jobs.Notes()


def run_job(job: Job, within: Within, notes: jobs.Notes = _NOTES) -> int:
    """Run one job now; how many things it did. A failure is logged and counts as nothing done: others still run."""
    begun, failed = time.monotonic(), ""
    try:
        with within():
            return job.run()
    except Ended as ended:
        failed = type(ended).__name__
        log.warning("%s", ended)
        return 0
    except Exception as error:
        failed = type(error).__name__
        log.exception("The job %s failed; it runs again at its next turn.", job.name)
        return 0
    finally:
        _note(job, within, notes, time.monotonic() - begun, failed)


def _note(job: Job, within: Within, notes: jobs.Notes, seconds: float, failed: str) -> None:
    """So that the desk and the metrics see that somebody works; that this cannot be written stops nobody."""
    try:
        with within():
            notes.take(job.name, seconds, failed)
    except Exception as error:
        log.warning("The run of the job %s was not written down: %s", job.name, type(error).__name__)


def begin(owed: Sequence[Job], within: Within) -> None:
    """Forget what was written down of jobs that there are no more."""
    try:
        with within():
            jobs.forget_others([job.name for job in owed])
    except Exception as error:
        log.warning("The runs of former jobs were not forgotten: %s", type(error).__name__)


def work_off(owed: Sequence[Job], within: Within, rounds: int = 1000) -> int:
    """Run all jobs until a whole round finds nothing to do; how many things were done altogether."""
    total = 0
    for _ in range(rounds):
        done = sum(run_job(job, within) for job in owed)
        total += done
        if not done:
            break
    return total


class Told:
    """Remembers that somebody wants this process to end. It takes no lock: a signal may come at any moment."""

    def __init__(self) -> None:
        self._told = False

    def tell(self, *_: object) -> None:
        """From now on it is so; this is what a signal calls."""
        self._told = True

    def wait(self, look: Callable[[], object] = lambda: None) -> None:
        """Come back when it is so, a fifth of a second later at most; ``look`` is called as often meanwhile."""
        while not self._told:
            look()
            time.sleep(LOOK_EVERY)


def told_to_stop() -> Told:
    """SIGTERM and SIGINT are remembered from now on; what is in flight is finished by whoever waits for it."""
    told = Told()
    jobs.start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told.tell)
    return told
