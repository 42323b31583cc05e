"""The jobs in this process, by APScheduler: a memory store, because what is due stands in the database."""

import logging
from collections.abc import Callable, Sequence

from apscheduler.schedulers.background import BackgroundScheduler

from app.kernel import clock
from app.kernel import jobs as kernel_jobs
from app.kernel.jobs import Job
from app.runners.command import Told, Within, run_job


def run(jobs: Sequence[Job], within: Within, told: Told, look: Callable[[], object] = lambda: None) -> None:
    """Run these jobs until we are told to end, and finish what has begun then; ``look`` is called again and again."""
    running = scheduler(jobs, within)
    running.start()
    told.wait(look)
    kernel_jobs.stop()
    running.shutdown(wait=True)


def scheduler(jobs: Sequence[Job], within: Within) -> BackgroundScheduler:
    """A scheduler that runs each job at its rhythm, the first time at once; ``start()`` and ``shutdown()`` are yours.

    A job never runs twice at the same time, and runs that were missed become one.
    """
    # A run that lasts longer than its rhythm is nothing to warn of each second.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
    made = BackgroundScheduler(timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1})
    for job in jobs:
        made.add_job(
            run_job,
            "interval",
            args=(job, within),
            id=job.name,
            name=job.name,
            seconds=job.every.total_seconds(),
            next_run_time=clock.now(),
            misfire_grace_time=None,
        )
    return made
