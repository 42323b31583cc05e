"""Sending: what leaves over a real SMTP connection, in which order, at which pace, and what never leaves."""

import email
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app import delivery
from app.delivery import Progress, State
from app.delivery.jobs import JOBS
from app.kernel import clock as product_clock
from app.kernel import tokens
from app.kernel.db import session, transaction
from app.kernel.mail import Attachment, Mail
from tests.delivery.mails import ANNA, BERND, CARLA, MAIL, ledger, owe, prepare, unlock
from tests.support.house import PUBLIC_URL, HeldClock
from tests.support.smtp import SmtpSink


def send() -> int:
    """Run the jobs of the delivery until nothing is due."""
    total = 0
    while done := sum(job.run() for job in JOBS):
        total += done
    return total


def test_everybody_gets_one_mail_and_the_ledger_balances(app: Any, smtp: SmtpSink) -> None:
    with app.app_context():
        owe(ANNA, BERND, CARLA)
        assert send() == 3
        assert [mail.recipients for mail in smtp.received] == [
            ["anna@amt.example"],
            ["Bernd@Amt.example"],
            ["carla@amt.example"],
        ]
        done = delivery.progress("issue:1")
        assert done == Progress("issue:1", prepared=3, accepted=3)
        assert (done.balances, done.finished) == (True, True)
        assert send() == 0


def test_one_connection_serves_the_whole_run(app: Any, smtp: SmtpSink) -> None:
    with app.app_context():
        owe(ANNA, BERND, CARLA)
        send()
    assert smtp.connections == 1


def test_the_row_says_what_the_server_said(app: Any, smtp: SmtpSink, clock: HeldClock) -> None:
    with app.app_context():
        owe(ANNA)
        send()
        row = ledger("anna@amt.example")
        assert (row.state, row.attempt, row.smtp_code, row.smtp_text, row.accepted_at) == (
            State.ACCEPTED,
            1,
            250,
            "2.0.0 accepted",
            product_clock.now(),
        )


def test_personal_parts_are_filled_for_each_recipient(app: Any, smtp: SmtpSink) -> None:
    with app.app_context():
        owe(("anna@amt.example", "Anna <b>%%email%%</b>", 1))
        send()
        [mail] = smtp.received
        leave = f"{PUBLIC_URL}/newsletter/abmelden/{tokens.derive('unsubscribe', 1)}"
        change = f"{PUBLIC_URL}/newsletter/einstellungen/{tokens.derive('preferences', 1)}"
        assert mail.body() == (
            f"Guten Tag Anna <b>%%email%%</b>,\n\nwas für Sie neu ist.\n.\nAbmelden: {leave}\nÄndern: {change}\n"
        )
        assert mail.body("html") == (
            f"<p>Guten Tag Anna &lt;b&gt;%%email%%&lt;/b&gt;,</p><p><a href='{leave}'>Abmelden</a> anna@amt.example</p>"
        )


def test_list_mail_can_be_left_with_one_click_and_the_address_is_not_broken(app: Any, smtp: SmtpSink) -> None:
    with app.app_context():
        owe(ANNA)
        send()
        token = tokens.derive("unsubscribe", 1)
    [mail] = smtp.received
    assert mail.raw_header("List-Unsubscribe") == (
        f"<{PUBLIC_URL}/newsletter/abmelden/{token}>,\r\n"
        f" <mailto:redaktion@rundbrief.example?subject=unsubscribe%20{token}>"
    )
    assert mail.raw_header("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
    assert mail.raw_header("Precedence") == "bulk"
    assert mail.raw_header("Auto-Submitted") is None


def test_a_single_mail_says_that_a_process_sent_it_and_carries_no_list_headers(app: Any, smtp: SmtpSink) -> None:
    with app.app_context():
        unlock()
        with transaction():
            delivery.queue_one("confirm", MAIL, "anna@amt.example", group="confirm:1", headers={"X-Kind": "confirm"})
        send()
    [mail] = smtp.received
    names = sorted(mail.message.keys())
    assert names == [
        "Auto-Submitted",
        "Content-Type",
        "Date",
        "From",
        "MIME-Version",
        "Message-ID",
        "Reply-To",
        "Subject",
        "To",
        "X-Auto-Response-Suppress",
        "X-Kind",
    ]
    assert mail.message["Auto-Submitted"] == "auto-generated"
    assert mail.message["Reply-To"] == "redaktion@rundbrief.example"


def test_the_bounce_address_names_the_delivery_and_stays_the_same_at_every_try(
    database_url: str, make_app: Callable[..., Any], smtp: SmtpSink, clock: HeldClock
) -> None:
    app = make_app(database_url, BOUNCE_ADDRESS="bounce@bounces.rundbrief.example")
    with app.app_context():
        owe(ANNA)
        smtp.refuse("451 4.3.0 later", at="data", address="anna@amt.example")
        send()
        smtp.accept()
        clock.move_to(ledger("anna@amt.example").due_at)
        send()
        verp = f"bounce+{tokens.derive('bounce', ledger('anna@amt.example').id)}@bounces.rundbrief.example"
    assert [mail.sender for mail in smtp.received] == [verp]


def test_attachments_and_invitations_travel_with_the_mail(app: Any, smtp: SmtpSink) -> None:
    with app.app_context():
        unlock()
        with transaction():
            delivery.queue_one(
                "invitation",
                MAIL,
                "anna@amt.example",
                group="invitation:1",
                attachments=[Attachment("plan.pdf", "application/pdf", b"%PDF-1.7 \x00\xff")],
                calendar=b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n",
            )
        send()
    [mail] = smtp.received
    parts = {part.get_content_type(): part for part in mail.message.walk()}
    assert parts["application/pdf"].get_content() == b"%PDF-1.7 \x00\xff"
    assert parts["text/calendar"].get_param("method") == "REQUEST"


@pytest.mark.parametrize("broken", ["\r\n", "\n", "\r", "\u2028", "\x85"])
def test_a_name_with_line_breaks_stays_a_name_and_the_mail_leaves(app: Any, smtp: SmtpSink, broken: str) -> None:
    with app.app_context():
        unlock()
        with transaction():
            name = f"Eve{broken}Bcc: all@amt.example"
            delivery.queue_one("confirm", MAIL, "eve@amt.example", group="confirm:1", name=name)
        send()
    [mail] = smtp.received
    assert (mail.recipients, mail.message["Bcc"]) == (["eve@amt.example"], None)
    assert mail.raw_header("To") == '"Eve Bcc: all@amt.example" <eve@amt.example>'


def test_an_address_that_no_mail_can_have_fails_alone(app: Any, smtp: SmtpSink) -> None:
    with app.app_context():
        unlock()
        with transaction():
            delivery.queue_one("confirm", MAIL, "eve@amt.example>\r\nDATA", group="confirm:1")
            delivery.queue_one("confirm", MAIL, "anna@amt.example", group="confirm:2")
        send()
        row = ledger("eve@amt.example>\r\nDATA", "confirm:1")
        assert (row.state, row.reason) == (State.FAILED, "malformed")
    assert [mail.recipients for mail in smtp.received] == [["anna@amt.example"]]


def test_single_mails_leave_before_an_issue_that_was_there_first(app: Any, smtp: SmtpSink, clock: HeldClock) -> None:
    with app.app_context():
        owe(ANNA, BERND)
        clock.tick(minutes=1)
        with transaction():
            delivery.queue_one("confirm", MAIL, "dora@amt.example", group="confirm:1")
        send()
    assert [mail.recipients[0] for mail in smtp.received] == [
        "dora@amt.example",
        "anna@amt.example",
        "Bernd@Amt.example",
    ]


def test_nothing_leaves_before_it_is_due(app: Any, smtp: SmtpSink, clock: HeldClock) -> None:
    with app.app_context():
        unlock()
        with transaction():
            later = product_clock.now() + timedelta(hours=1)
            delivery.queue_one("reminder", MAIL, "anna@amt.example", group="reminder:1", due_at=later)
        assert send() == 0
        clock.tick(hours=1)
        assert send() == 1


def test_nothing_leaves_while_the_identity_is_incomplete(app: Any, smtp: SmtpSink) -> None:
    with app.app_context():
        with transaction():
            prepare(ANNA)
        assert send() == 0
        assert delivery.locked_by() != []
        assert delivery.progress("issue:1") == Progress("issue:1", prepared=1, open=1)
        unlock()
        assert send() == 1
    assert len(smtp.received) == 1


def test_who_was_suppressed_after_preparation_gets_nothing(app: Any, smtp: SmtpSink) -> None:
    with app.app_context():
        owe(ANNA, BERND)
        with transaction():
            delivery.suppress("anna@amt.example", "complaint")
        send()
        assert delivery.progress("issue:1") == Progress("issue:1", prepared=2, accepted=1, skipped=1)
    assert smtp.to("anna@amt.example") == []


def test_the_claim_itself_reads_the_suppressions(app: Any, smtp: SmtpSink) -> None:
    from app.delivery.models import Reason, Suppression

    with app.app_context():
        owe(ANNA)
        with transaction():  # as another feature of this row's tables would: without skipping first
            stopped = {"digest": "0" * 64, "address_key": "anna@amt.example", "reason": Reason.COMPLAINT}
            session.add(Suppression(**stopped, at=product_clock.now()))
        assert send() == 1
        assert ledger("anna@amt.example").reason == "suppressed"
    assert smtp.received == []


def test_a_held_group_waits_and_goes_on_when_released(app: Any, smtp: SmtpSink) -> None:
    with app.app_context():
        owe(ANNA, group="issue:1")
        owe(ANNA, group="issue:2")
        with transaction():
            delivery.hold("issue:1", "Tippfehler im Titel")
        assert send() == 1
        assert delivery.progress("issue:1").held == "Tippfehler im Titel"
        with transaction():
            delivery.release("issue:1")
        assert send() == 1
        assert delivery.progress("issue:1") == Progress("issue:1", prepared=1, accepted=1)


def test_a_claim_never_takes_more_than_the_pace_lets_out(
    database_url: str, make_app: Callable[..., Any], smtp: SmtpSink, clock: HeldClock
) -> None:
    app = make_app(database_url, SEND_RATE="60")
    with app.app_context():
        owe(*[(f"p{i}@amt.example", "", i) for i in range(1, 8)])
        assert send() == 2
        assert send() == 0
        clock.tick(seconds=1)
        assert send() == 1
        clock.tick(hours=1)
        assert send() == 2
        assert delivery.progress("issue:1") == Progress("issue:1", prepared=7, accepted=5, open=2)


def test_every_mail_of_an_issue_has_a_message_id_of_its_own(app: Any, smtp: SmtpSink) -> None:
    with app.app_context():
        owe(ANNA, BERND)
        owe(ANNA, group="issue:2")
        send()
        refs = [email.message_from_bytes(mail.content)["Message-ID"] for mail in smtp.received]
        assert refs[0] == ledger("anna@amt.example").message_ref
        assert len(set(refs)) == 3
        assert all(ref.endswith("@rundbrief.example>") for ref in refs)


def test_english_recipients_are_greeted_in_english(app: Any, smtp: SmtpSink) -> None:
    with app.app_context():
        unlock()
        with transaction():
            mail = Mail("News", "%%greeting%%\n", "<p>%%greeting%%</p>", lang="en")
            delivery.queue_one("welcome", mail, "anna@amt.example", group="welcome:1", name="Anna")
        send()
    assert smtp.received[0].body() == "Hello Anna,\n"
