import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook

from app import announcements, syndication
from app.kernel import clock as our_clock
from app.kernel import http
from app.kernel.db import transaction
from tests.support.receiver import Receiver
from tests.support.smtp import SmtpSink
from tests.syndication.story import content, correct, dispatches, publish, slkt, ssg, states, withdraw

_post = http.post


@pytest.fixture
def inside(saxony: Any) -> Iterator[None]:
    with saxony.app_context():
        yield


def _mails(smtp: SmtpSink) -> list[Any]:
    return [mail.message for mail in smtp.to("redaktion@ssg.example")]


def test_ssg_and_slkt_receive_the_same_revision(
    inside: None, smtp: SmtpSink, receiver: Receiver, work: Callable[[], int]
) -> None:
    ssg()
    secret = slkt(f"{receiver.url}/meldungen")
    publish()
    work()
    assert states() == [("SLKT", 1, "sent"), ("SSG", 1, "sent")]

    [request] = receiver.requests
    hooked = Webhook(secret).verify(request.body, request.headers)
    assert (request.path, request.headers["webhook-id"]) == ("/meldungen", "M-00001-1-2")
    assert (hooked["type"], hooked["id"], hooked["revision"]) == ("announcement.published", "M-00001", 1)

    [mail] = _mails(smtp)
    assert mail["Subject"] == "[OZG-Sachsen] Meldung: Neuer Onlinedienst für Wohngeld (M-00001)"
    assert (mail["X-OZG-Meldung-ID"], mail["X-OZG-Fassung"]) == ("M-00001", "1")
    [attached] = mail.iter_attachments()
    assert attached.get_filename() == "meldung.json"
    mailed = json.loads(attached.get_payload(decode=True))
    for document in (mailed, hooked):
        document.pop("acknowledge_url")
    assert mailed == hooked


def test_a_correction_and_a_withdrawal_reach_both_in_a_form_of_their_own(
    inside: None, smtp: SmtpSink, receiver: Receiver, work: Callable[[], int]
) -> None:
    ssg()
    slkt(receiver.url)
    announcement_id = publish()
    work()
    correct(announcement_id, content(lead="Der Onlinedienst kommt erst im Januar."), "Der Start wurde verschoben.")
    work()
    withdraw(announcement_id, "Der Dienst kommt nicht.")
    work()
    assert states() == [(name, number, "sent") for name in ("SLKT", "SSG") for number in (1, 2, 3)]
    documents = [json.loads(request.body) for request in receiver.requests]
    assert [(d["type"], d["revision"], d["change"]["reason"]) for d in documents] == [
        ("announcement.published", 1, ""),
        ("announcement.corrected", 2, "Der Start wurde verschoben."),
        ("announcement.withdrawn", 3, "Der Dienst kommt nicht."),
    ]
    assert [mail["Subject"] for mail in _mails(smtp)] == [
        "[OZG-Sachsen] Meldung: Neuer Onlinedienst für Wohngeld (M-00001)",
        "[OZG-Sachsen] Korrektur: Neuer Onlinedienst für Wohngeld (M-00001)",
        "[OZG-Sachsen] Zurückgezogen: Neuer Onlinedienst für Wohngeld (M-00001)",
    ]


def test_a_sick_channel_is_retried_alone_and_stops_no_other(
    inside: None, smtp: SmtpSink, receiver: Receiver, clock: Any, work: Callable[[], int]
) -> None:
    ssg()
    slkt(receiver.url)
    receiver.answer(503)
    publish()
    work()
    assert states() == [("SLKT", 1, "failed"), ("SSG", 1, "sent")]
    waits = []
    for _ in range(5):
        [sick] = [d for d in dispatches() if d.state == "failed"]
        assert sick.due_at is not None
        waits.append(sick.due_at - our_clock.now())
        clock.move_to(sick.due_at)
        work()
    assert waits == [timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60)]
    assert len(receiver.requests) == 6
    assert {request.headers["webhook-id"] for request in receiver.requests} == {"M-00001-1-2"}
    [sick] = [d for d in dispatches() if d.state == "failed"]
    assert sick.last_error == "Der Server des Kanals hat mit Status 503 geantwortet."
    receiver.answer(200)
    assert sick.due_at is not None
    clock.move_to(sick.due_at)
    work()
    assert states() == [("SLKT", 1, "sent"), ("SSG", 1, "sent")]
    assert len(_mails(smtp)) == 1


def test_a_partner_that_answers_gone_is_not_asked_again(
    inside: None, receiver: Receiver, clock: Any, work: Callable[[], int]
) -> None:
    slkt(receiver.url)
    receiver.answer(410)
    publish()
    work()
    clock.tick(days=5)
    work()
    assert len(receiver.requests) == 1
    assert [dispatch.due_at for dispatch in dispatches()] == [None]


def test_a_channel_that_never_answers_is_given_up_until_somebody_asks_again(
    inside: None, receiver: Receiver, clock: Any, work: Callable[[], int]
) -> None:
    slkt(receiver.url)
    receiver.answer(500)
    publish()
    work()
    while (due_at := dispatches()[0].due_at) is not None:
        clock.move_to(due_at)
        work()
    assert len(receiver.requests) == 16
    receiver.answer(200)
    with transaction():
        syndication.try_again(announcements.dispatches()[0])
    work()
    assert states() == [("SLKT", 1, "sent")]


def test_a_correction_of_what_never_arrived_is_said_for_the_first_time(
    inside: None, receiver: Receiver, clock: Any, work: Callable[[], int]
) -> None:
    slkt(receiver.url)
    receiver.answer(500)
    announcement_id = publish()
    work()
    correct(announcement_id, content("Zweite Fassung"), "Der Titel war falsch.")
    receiver.answer(200)
    work()
    assert states() == [("SLKT", 1, "superseded"), ("SLKT", 2, "sent")]
    assert json.loads(receiver.requests[-1].body)["type"] == "announcement.published"


def test_a_mail_that_is_refused_shows_at_the_dispatch(inside: None, smtp: SmtpSink, work: Callable[[], int]) -> None:
    ssg()
    smtp.refuse("550 5.1.1 no such mailbox", address="redaktion@ssg.example")
    publish()
    work()
    [dispatch] = dispatches()
    assert dispatch.state == "failed"
    assert "5.1.1 no such mailbox" in dispatch.last_error


def test_a_repetition_after_a_crash_carries_the_same_key(
    inside: None, receiver: Receiver, clock: Any, work: Callable[[], int]
) -> None:
    slkt(receiver.url)
    publish()
    with pytest.MonkeyPatch.context() as port:
        port.setattr(http, "post", _post_and_die)
        with pytest.raises(KeyboardInterrupt):
            work()
    assert work() == 0  # the lease of the one who died is respected
    clock.tick(minutes=5)
    work()
    assert [request.headers["webhook-id"] for request in receiver.requests] == ["M-00001-1-1"] * 2
    assert states() == [("SLKT", 1, "sent")]


def _post_and_die(*args: Any) -> None:
    _post(*args)
    raise KeyboardInterrupt


def test_a_calendar_file_goes_with_the_mail_of_a_date(inside: None) -> None:
    kind = syndication.MailFormat(lambda uid: b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n" if uid == "u1" else None)
    ssg()
    publish(content(event_uid="u1"))
    [dispatch] = dispatches()
    parcel = syndication.Parcel(dispatch.channel, dispatch.revision, syndication.Form.PUBLISHED, "k", 1, "")
    assert [file.filename for file in kind.pack(parcel).attachments] == ["meldung.json", "termin.ics"]
