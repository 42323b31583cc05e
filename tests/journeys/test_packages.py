"""Each of the packages we build on does, in the running product, the work it is meant for."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import email_validator
import flask_sqlalchemy
import icalendar
import pytest
from apscheduler.events import EVENT_JOB_EXECUTED, JobExecutionEvent
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask, template_rendered
from jinja2 import Environment, StrictUndefined, Template, UndefinedError
from sqlalchemy import event

from app import events, newsletter, wiring
from app.kernel import clock as wall
from app.kernel import mail
from app.kernel.db import db, session, transaction
from app.kernel.mail.render import environment
from app.runners.embedded import scheduler
from tests.architecture.source import ROOT
from tests.events import telling
from tests.newsletter import story as issues
from tests.subscriptions import story as people
from tests.support.house import HeldClock
from tests.support.smtp import SmtpSink

WAIT_SECONDS = 30


def test_flask_answers_and_jinja_renders_the_page_from_our_templates(saxony: Any) -> None:
    rendered: list[Template] = []

    def note(sender: Flask, template: Template, **more: Any) -> None:
        rendered.append(template)

    with template_rendered.connected_to(note, saxony):
        response = saxony.test_client().get("/newsletter/anmelden")
    assert isinstance(saxony, Flask)
    assert (response.status_code, response.mimetype) == (200, "text/html")
    [page] = rendered
    assert isinstance(page.environment, Environment)
    assert Path(page.filename or "") == ROOT / "app/subscriptions/templates/subscriptions/sign_up.html"


def test_flask_sqlalchemy_gives_every_request_its_session(saxony: Any) -> None:
    asked: list[str] = []
    with saxony.app_context():
        engine = db.engine
        assert isinstance(db, flask_sqlalchemy.SQLAlchemy)
        assert session is db.session
    event.listen(engine, "before_cursor_execute", lambda *arguments: asked.append(arguments[2]))
    saxony.test_client().get("/termine")
    assert [statement for statement in asked if "FROM events" in statement] != []


@pytest.mark.parametrize(
    "address", ["zwei..punkte@kommune.example", "leer zeichen@kommune.example", "wer@ort@zwei.example"]
)
def test_email_validator_refuses_at_sign_up_what_is_no_address(saxony: Any, clock: HeldClock, address: str) -> None:
    with pytest.raises(email_validator.EmailNotValidError):
        email_validator.validate_email(address, check_deliverability=False)
    people.found_newsletters(saxony)
    response = people.sign_up(saxony.test_client(), clock, address)
    assert response.status_code == 422
    assert "Bitte geben Sie eine E-Mail-Adresse im Format name@beispiel.de ein." in response.text


def test_email_validator_writes_an_international_domain_as_mail_servers_know_it(
    saxony: Any, smtp: SmtpSink, clock: HeldClock, work: Callable[[], int]
) -> None:
    people.found_newsletters(saxony)
    people.sign_up(saxony.test_client(), clock, "post@grüße.example")
    work()
    checked = email_validator.validate_email("post@grüße.example", check_deliverability=False)
    assert [mail.recipients for mail in smtp.received] == [[f"post@{checked.ascii_domain}"]]


def test_apscheduler_fires_what_is_scheduled(saxony: Any, smtp: SmtpSink) -> None:
    with saxony.app_context():
        newsletter_id = issues.found_newsletter()
        issues.add_reader(newsletter_id, issues.ANNA)
        issue_id = issues.draft(newsletter_id)
        issues.approve(issue_id)
        with transaction():
            newsletter.send_now(issue_id)
    arrived, executed = threading.Event(), set()

    def note(fired: JobExecutionEvent) -> None:
        executed.add(fired.job_id)
        if smtp.to(issues.ANNA):
            arrived.set()

    running = scheduler(wiring.JOBS, saxony.app_context)
    running.add_listener(note, EVENT_JOB_EXECUTED)
    assert isinstance(running, BackgroundScheduler)
    assert smtp.received == []
    running.start()
    try:
        assert arrived.wait(WAIT_SECONDS)
    finally:
        running.shutdown()
    assert {"newsletter.start_due", "delivery.send_due"} <= executed
    assert [mail.recipients for mail in smtp.received] == [[issues.ANNA]]


def test_icalendar_serialises_the_events_of_the_feed(saxony: Any, clock: HeldClock) -> None:
    with saxony.app_context():
        telling.say()
        [stored] = events.vevents()
    assert icalendar.Event.from_ical(stored).to_ical() == stored
    feed = saxony.test_client().get("/termine/kalender.ics").data
    assert stored in feed
    [said] = icalendar.Calendar.from_ical(feed).walk("VEVENT")
    assert said["DTSTART"].dt == telling.at("2026-12-08", "10:00")


def test_jinja_renders_the_mails_from_mail_templates(
    saxony: Any, smtp: SmtpSink, clock: HeldClock, work: Callable[[], int]
) -> None:
    people.found_newsletters(saxony)
    people.sign_up(saxony.test_client(), clock, "anna@kommune.example")
    work()
    template = environment().get_template("subscriptions/confirm/subject.txt")
    assert isinstance(template.environment, Environment)
    assert Path(template.filename or "") == ROOT / "mail_templates/subscriptions/confirm/subject.txt"
    assert smtp.received[0].subject == template.render().strip()


def test_a_mail_with_a_gap_is_an_error_and_not_a_mail(saxony: Any) -> None:
    given = {"asked_at": wall.now(), "valid_until": wall.now(), "newsletters": ["OZG-Newsletter"]}
    with saxony.app_context(), pytest.raises(UndefinedError, match="is undefined"):
        mail.render("subscriptions/confirm", "de", **given)
    assert environment().undefined is StrictUndefined


def test_the_clock_of_the_scheduler_is_ours() -> None:
    before = wall.now()
    running = scheduler(wiring.JOBS, lambda: None)  # type: ignore[arg-type,return-value]
    running.start(paused=True)
    times = [job.next_run_time for job in running.get_jobs()]
    running.shutdown()
    assert len(times) == len(wiring.JOBS)
    assert all(before <= moment <= before + timedelta(seconds=5) for moment in times)
