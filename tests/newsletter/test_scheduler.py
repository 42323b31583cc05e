"""A scheduled issue is fired by APScheduler: nobody presses anything, and the clock is the real one."""

import time
from typing import Any

import pytest

from app import delivery
from app.newsletter import jobs
from app.runners.embedded import scheduler
from tests.newsletter import story
from tests.newsletter.story import ANNA
from tests.support.smtp import SmtpSink


@pytest.fixture
def issue_id(saxony: Any) -> int:
    with saxony.app_context():
        list_id = story.found_newsletter()
        story.add_reader(list_id, ANNA)
        issue = story.draft(list_id)
        story.send_now(issue)
        return issue


def test_the_scheduler_starts_a_scheduled_issue_and_ends_it(saxony: Any, issue_id: int, smtp: SmtpSink) -> None:
    from app.delivery.jobs import JOBS as DELIVERY_JOBS

    running = scheduler([*jobs.JOBS, *DELIVERY_JOBS], saxony.app_context)
    running.start()
    try:
        _wait_until_sent(saxony, issue_id)
    finally:
        running.shutdown()
    assert [mail.recipients for mail in smtp.received] == [[ANNA]]
    with saxony.app_context():
        assert delivery.progress(f"issue:{issue_id}").finished


def _wait_until_sent(app: Any, issue_id: int) -> None:
    for _ in range(300):
        with app.app_context():
            if story.state_of(issue_id)[0] == "sent":
                return
        time.sleep(0.1)
    raise AssertionError("The issue was not sent within 30 seconds.")
