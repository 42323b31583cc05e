"""The ground that the other tests stand on: databases, servers, the clock, forms."""

import smtplib
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from app import taxonomy
from app.kernel import clock as product_clock
from app.kernel import http, identity
from app.kernel.db import db, transaction
from tests.support import house
from tests.support.dump import differences, dump
from tests.support.receiver import Receiver
from tests.support.smtp import SmtpSink


def test_every_test_has_a_database_of_its_own(database_url: str, make_app: Callable[..., Any]) -> None:
    app = make_app(database_url)
    with app.app_context():
        assert identity.current().publisher == ""
        with transaction():
            identity.set_values(publisher="Seen by this test only")


def test_what_the_test_before_wrote_is_gone(app: Any) -> None:
    with app.app_context():
        assert identity.current().publisher == ""


def test_two_dumps_are_equal_until_a_row_changes(app: Any) -> None:
    with app.app_context():
        before = dump(db.engine)
        assert differences(before, dump(db.engine)) == []
        with transaction():
            identity.set_values(publisher="Musterverband")
        changes = differences(before, dump(db.engine))
    assert len(changes) == 1
    assert "Musterverband" in changes[0]


def test_the_smtp_server_keeps_the_envelope_and_the_bytes(smtp: SmtpSink) -> None:
    message = EmailMessage()
    message["Subject"] = "Grüße"
    message["X-Long"] = "a, " * 60
    message.set_content("Guten Tag")
    with smtplib.SMTP("127.0.0.1", smtp.port) as connection:
        connection.send_message(message, "from@rundbrief.example", ["one@amt.example", "two@amt.example"])
    [received] = smtp.received
    assert received.sender == "from@rundbrief.example"
    assert received.recipients == ["one@amt.example", "two@amt.example"]
    assert (received.subject, received.body()) == ("Grüße", "Guten Tag\n")
    assert "\r\n" in (received.raw_header("x-long") or "")
    assert smtp.to("two@amt.example") == [received]


@pytest.mark.parametrize("at", ["mail", "rcpt", "data"])
def test_the_smtp_server_refuses_when_told_to(smtp: SmtpSink, at: str) -> None:
    smtp.refuse("451 4.3.0 try again", at=at)
    with smtplib.SMTP("127.0.0.1", smtp.port) as connection, pytest.raises(smtplib.SMTPException, match="try again"):
        connection.sendmail("from@rundbrief.example", ["one@amt.example"], b"Subject: x\r\n\r\nx\r\n")
    assert smtp.received == []


def test_the_receiver_keeps_requests_and_answers_as_told(app: Any, receiver: Receiver) -> None:
    receiver.answer(503, b"busy")
    with app.app_context():
        answer = http.post(receiver.url + "/hook", b"{}", {"X-Sign": "1"})
    assert (answer.status, answer.body) == (503, b"busy")
    [request] = receiver.requests
    assert (request.method, request.path, request.body, request.headers["x-sign"]) == ("POST", "/hook", b"{}", "1")


def test_the_clock_stands_until_it_is_moved(clock: house.HeldClock) -> None:
    start = product_clock.now()
    assert product_clock.now() == start == house.HeldClock.START
    clock.tick(hours=2)
    assert product_clock.now() == start + timedelta(hours=2)


def test_saxony_has_its_regions_and_may_send(saxony: Any) -> None:
    with saxony.app_context():
        assert len(taxonomy.districts()) == 13
        assert identity.missing() == []
