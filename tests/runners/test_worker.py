"""Jobs run when their time comes: by APScheduler in the worker, or once by hand."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

from click.testing import CliRunner

from app.kernel.jobs import Job
from app.runners import cli
from app.runners.command import work_off
from app.runners.embedded import scheduler
from tests.architecture.source import ROOT
from tests.support.house import SECRET


def test_the_scheduler_fires_a_job_at_once_and_then_at_its_rhythm() -> None:
    fired = threading.Semaphore(0)

    def run() -> int:
        fired.release()
        return 1

    running = scheduler([Job("test.fire", run, every=timedelta(seconds=0.1))], nullcontext)
    running.start()
    try:
        assert [fired.acquire(timeout=5) for _ in range(3)] == [True, True, True]
    finally:
        running.shutdown()


def test_a_job_never_runs_twice_at_the_same_time_and_missed_runs_become_one() -> None:
    second = timedelta(seconds=1)
    running = scheduler([Job("test.once", lambda: 0, every=second)], nullcontext)
    running.start(paused=True)
    [job] = running.get_jobs()
    assert (job.id, job.max_instances, job.coalesce, job.trigger.interval) == ("test.once", 1, True, second)
    running.shutdown()


def test_a_failing_job_does_not_keep_others_from_running() -> None:
    done: list[str] = []
    jobs = [_job("broken", lambda: 1 // 0), _job("fine", _times(done, "fine", 1))]
    assert work_off(jobs, nullcontext) == 1
    assert done == ["fine"]


def test_working_off_goes_on_until_a_round_finds_nothing() -> None:
    done: list[str] = []
    jobs = [_job("a", _times(done, "a", 3)), _job("b", _times(done, "b", 1))]
    assert work_off(jobs, nullcontext) == 4
    assert done == ["a", "b", "a", "a"]


def test_once_says_how_much_was_done() -> None:
    result = CliRunner().invoke(cli.worker([_job("a", _times([], "a", 2))], nullcontext), ["--once"])
    assert result.output == "2 things done, nothing is due any more.\n"


def test_the_worker_stops_cleanly_when_it_is_told(tmp_path: Path) -> None:
    environ = {"SECRET_KEY": SECRET, "PUBLIC_URL": "http://rundbrief.example", "SMTP_URL": "smtp://127.0.0.1:9"}
    environ |= {"MAIL_FROM": "redaktion@rundbrief.example", "INSTANCE_PATH": str(tmp_path), "PATH": os.environ["PATH"]}
    command = [sys.executable, "-u", "-m", "flask", "--app", "wsgi", "worker"]
    with subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline().startswith("The worker runs")
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(10) == 0


def _job(name: str, run: Callable[[], int]) -> Job:
    return Job(f"test.{name}", run, every=timedelta(minutes=1))


def _times(done: list[str], name: str, count: int) -> Callable[[], int]:
    left = [count]

    def run() -> int:
        if not left[0]:
            return 0
        left[0] -= 1
        done.append(name)
        return 1

    return run
