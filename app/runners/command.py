"""``flask worker``: the jobs as a process of their own, or once by hand."""

import logging
import signal
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from app.kernel import jobs
from app.kernel.jobs import Job

Within = Callable[[], AbstractContextManager[object]]
"""Opens what a job needs around it: the application's context."""

log = logging.getLogger("rundbrief.worker")


def run_job(job: Job, within: Within) -> int:
    """Run one job now; how many things it did. A failure is logged and counts as nothing done: others still run."""
    try:
        with within():
            return job.run()
    except Exception:
        log.exception("The job %s failed; it runs again at its next turn.", job.name)
        return 0


def work_off(owed: Sequence[Job], within: Within, rounds: int = 1000) -> int:
    """Run all jobs until a whole round finds nothing to do; how many things were done altogether."""
    total = 0
    for _ in range(rounds):
        done = sum(run_job(job, within) for job in owed)
        total += done
        if not done:
            break
    return total


def told_to_stop() -> threading.Event:
    """An event that SIGTERM and SIGINT set from now on; what is in flight is finished by whoever waits for it."""
    stop = threading.Event()

    def end(*_: object) -> None:
        stop.set()
        jobs.stop()

    jobs.start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    return stop
