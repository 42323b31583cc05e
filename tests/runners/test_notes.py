"""What is written down of the runs of jobs, so that a worker that is gone and a job that fails are seen."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.kernel import jobs
from app.kernel.db import transaction
from app.kernel.jobs import Job
from app.runners import command
from app.runners.beside import Ended
from tests.support.house import HeldClock
from tests.support.team import signed_in


@pytest.fixture
def run(app: Any) -> Callable[[Job], int]:
    """Runs a job in this app, in a process that has just begun."""
    notes = jobs.Notes()
    return lambda job: command.run_job(job, app.app_context, notes)


def job(run: Callable[[], int], name: str = "test.job") -> Job:
    return Job(name, run, every=timedelta(seconds=1))


def noted(app: Any) -> list[tuple[str, int, str]]:
    with app.app_context(), transaction(write=False):
        return [(run.name, run.failures, run.error) for run in jobs.runs()]


def test_failures_in_a_row_are_counted_until_the_job_works_again(app: Any, clock: HeldClock, run: Any) -> None:
    for _ in range(3):
        assert run(job(lambda: 1 // 0)) == 0
    assert noted(app) == [("test.job", 3, "ZeroDivisionError")]
    assert run(job(lambda: 7)) == 7
    assert noted(app) == [("test.job", 0, "")]


def test_a_process_that_ended_is_told_in_one_line_without_a_traceback(
    app: Any, run: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def end() -> int:
        raise Ended("python -m app.sender ended with status -9. Another one starts within seconds.")

    assert run(job(end)) == 0
    told = [(record.levelname, record.getMessage(), record.exc_info) for record in caplog.records]
    assert told == [("WARNING", "python -m app.sender ended with status -9. Another one starts within seconds.", None)]
    assert noted(app) == [("test.job", 1, "Ended")]


def test_a_job_that_works_is_written_down_once_a_minute_only(app: Any, clock: HeldClock, run: Any) -> None:
    run(job(lambda: 0))
    clock.tick(seconds=1)
    run(job(lambda: 0))
    with app.app_context(), transaction(write=False):
        assert jobs.last_run_at() == clock.START


def test_what_cannot_be_written_down_stops_no_job(run: Any, caplog: pytest.LogCaptureFixture) -> None:
    done: list[int] = []

    def lose() -> int:
        with transaction():
            jobs.JobRun.__table__.drop(jobs.session.connection())  # type: ignore[attr-defined]
        done.append(1)
        return 1

    assert run(job(lose)) == 1
    assert (done, "was not written down: " in caplog.text) == ([1], True)


def test_the_run_of_a_job_that_there_is_no_more_is_forgotten(app: Any, clock: HeldClock, run: Any) -> None:
    for name in ("test.kept", "test.gone"):
        run(job(lambda: 0, name))
    command.begin([job(lambda: 0, "test.kept")], app.app_context)
    assert noted(app) == [("test.kept", 0, "")]


def test_the_desk_and_the_doctor_notice_a_worker_that_is_gone(app: Any, clock: HeldClock, run: Any) -> None:
    editor = signed_in(app, "editor")
    run(job(lambda: 0))
    clock.tick(minutes=5)
    assert "Niemand versendet etwas" not in editor.get("/redaktion/versand/live").text
    clock.tick(minutes=1)
    page = editor.get("/redaktion/versand/live").text
    assert "Niemand versendet etwas" in page
    assert "Sein letztes Lebenszeichen: 10:00 Uhr" in page
    said = app.test_cli_runner().invoke(args=["doctor"]).output
    assert "nobody has run any since 24 November 2026 10:00. Start: flask --app wsgi worker" in said


def test_the_desk_the_doctor_and_the_metrics_name_a_job_that_fails(app: Any, clock: HeldClock, run: Any) -> None:
    editor = signed_in(app, "editor")
    run(job(lambda: 1 // 0))
    page = editor.get("/redaktion/versand/live").text
    assert "<code>test.job</code>: 1 Mal in Folge (ZeroDivisionError), zuletzt 10:00 Uhr" in page
    said = app.test_cli_runner().invoke(args=["doctor"]).output
    assert "these fail, see the log of the worker: test.job (ZeroDivisionError, 1 times)" in said
    metrics = app.test_client().get("/metrics").text
    assert 'rundbrief_job_failures{job="test.job"} 1.0' in metrics
