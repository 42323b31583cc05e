"""What a server can do to us, and what stands in the ledger afterwards: refusals, lost connections, doubt."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app import delivery
from app.delivery import OnUncertain, Progress, State
from app.delivery.jobs import JOBS
from app.delivery.rules import Answer, Stage, Verdict, judge
from app.kernel import clock as product_clock
from app.kernel.db import transaction
from tests.delivery.mails import ANNA, BERND, MAIL, ledger, owe, unlock
from tests.support.hostile import HostileServer
from tests.support.house import HeldClock
from tests.support.smtp import SmtpSink


def send() -> int:
    return sum(job.run() for job in JOBS)


@pytest.fixture
def server() -> Iterator[HostileServer]:
    running = HostileServer()
    running.start()
    yield running
    running.stop()


@pytest.fixture
def sender(database_url: str, make_app: Callable[..., Any], server: HostileServer, clock: HeldClock) -> Iterator[Any]:
    """The app, sending to the hostile server, the clock held."""
    app = make_app(database_url, SMTP_URL=server.url)
    with app.app_context():
        yield app


JUDGED = [
    (Stage.DOT, 250, "2.0.0 ok", Verdict.ACCEPTED),
    (Stage.RCPT, 450, "4.2.1 greylisted", Verdict.DEFERRED),
    (Stage.RCPT, 452, "4.2.2 quota", Verdict.DEFERRED),
    (Stage.RCPT, 552, "too many", Verdict.DEFERRED),
    (Stage.RCPT, 550, "5.2.2 mailbox full", Verdict.DEFERRED),
    (Stage.RCPT, 550, "5.1.1 unknown", Verdict.FAILED),
    (Stage.RCPT, 550, "no such user", Verdict.FAILED),
    (Stage.RCPT, 550, "5.7.13 disabled", Verdict.FAILED),
    (Stage.RCPT, 550, "5.7.1 blocked", Verdict.POLICY),
    (Stage.MAIL, 550, "sender refused", Verdict.POLICY),
    (Stage.DATA, 554, "no", Verdict.POLICY),
    (Stage.DOT, 550, "5.7.515 not authenticated", Verdict.POLICY),
    (Stage.DOT, 554, "5.6.0 content", Verdict.POLICY),
    (Stage.DOT, 550, "5.1.1 unknown", Verdict.FAILED),
    (Stage.DOT, 552, "5.3.4 too big", Verdict.POLICY),
    (Stage.DOT, 552, "mailbox is full", Verdict.DEFERRED),
    (Stage.DOT, 451, "4.3.0 later", Verdict.DEFERRED),
    (Stage.MAIL, 421, "4.7.0 slow down", Verdict.DEFERRED),
    (Stage.MAIL, None, "lost", Verdict.DEFERRED),
    (Stage.RCPT, None, "lost", Verdict.DEFERRED),
    (Stage.DATA, None, "lost", Verdict.DEFERRED),
    (Stage.DOT, None, "lost", Verdict.UNCERTAIN),
]


@pytest.mark.parametrize(("stage", "code", "text", "verdict"), JUDGED)
def test_every_answer_means_one_thing(stage: Stage, code: int | None, text: str, verdict: Verdict) -> None:
    assert judge(Answer(stage, code, text)) is verdict


def test_a_deferred_mail_is_tried_again_at_the_promised_times_with_the_same_message_id(
    app: Any, smtp: SmtpSink, clock: HeldClock
) -> None:
    smtp.refuse("450 4.2.1 greylisted", address="anna@amt.example")
    waits = []
    with app.app_context():
        owe(ANNA)
        first = ledger("anna@amt.example").message_ref
        for _ in range(8):
            assert send() == 1
            row = ledger("anna@amt.example")
            assert (row.state, row.smtp_code, row.smtp_text) == (State.DEFERRED, 450, "4.2.1 greylisted")
            waits.append((row.due_at - product_clock.now()).total_seconds() / 60)
            assert send() == 0
            clock.move_to(row.due_at)
        smtp.accept()
        send()
        assert ledger("anna@amt.example").attempt == 9
    promised = [1, 5, 15, 30, 60, 120, 120, 120]
    assert [0.8 * most <= wait <= 1.2 * most for most, wait in zip(promised, waits, strict=True)] == [True] * 8
    assert [mail.message["Message-ID"] for mail in smtp.received] == [first]


def test_after_three_days_of_deferrals_the_delivery_has_failed(app: Any, smtp: SmtpSink, clock: HeldClock) -> None:
    smtp.refuse("452 4.2.2 quota exceeded", address="anna@amt.example")
    with app.app_context():
        owe(ANNA)
        started = product_clock.now()
        while (row := ledger("anna@amt.example")).state is not State.FAILED:
            clock.move_to(row.due_at)
            assert send() == 1
        assert row.reason == "expired"
        assert 69 <= (product_clock.now() - started).total_seconds() / 3600 <= 72
        assert delivery.progress("issue:1") == Progress("issue:1", prepared=1, failed=1)


def test_an_unknown_mailbox_fails_and_the_others_get_their_mail(app: Any, smtp: SmtpSink) -> None:
    smtp.refuse("550 5.1.1 unknown", address="anna@amt.example")
    with app.app_context():
        owe(ANNA, BERND)
        send()
        row = ledger("anna@amt.example")
        assert (row.state, row.smtp_code, row.smtp_text, row.reason) == (State.FAILED, 550, "5.1.1 unknown", "refused")
        assert delivery.progress("issue:1") == Progress("issue:1", prepared=2, accepted=1, failed=1)
    assert smtp.connections == 1


def test_a_policy_refusal_holds_the_issue_and_blames_no_address(sender: Any, server: HostileServer) -> None:
    server.script = {"dot": ["550 5.7.515 not authenticated"]}
    owe(ANNA, BERND)
    assert send() == 1
    assert ledger("anna@amt.example").state is State.DEFERRED
    assert ledger("bernd@amt.example").state is State.QUEUED
    held = delivery.progress("issue:1")
    assert held == Progress("issue:1", prepared=2, open=2, held="550 5.7.515 not authenticated")
    assert send() == 0


def test_after_a_refusal_the_dialogue_starts_afresh(sender: Any, server: HostileServer) -> None:
    server.script = {"rcpt": ["450 4.7.1 rate limit"]}
    owe(ANNA, BERND)
    assert send() == 2
    verbs = [line[:4].upper() for line in server.dialogue]
    assert verbs == ["EHLO", "MAIL", "RCPT", "RSET", "MAIL", "RCPT", "DATA", "QUIT"]


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data"])
def test_a_connection_lost_before_the_dot_defers_and_the_next_mail_leaves(
    sender: Any, server: HostileServer, stage: str
) -> None:
    server.script = {stage: [HostileServer.DROP]}
    owe(ANNA, BERND)
    assert send() == 2
    assert (ledger("anna@amt.example").state, ledger("anna@amt.example").smtp_code) == (State.DEFERRED, None)
    assert ledger("bernd@amt.example").state is State.ACCEPTED
    assert (len(server.accepted), server.connections) == (1, 2)


def test_a_connection_lost_after_the_dot_is_in_doubt_and_stays_so_for_an_issue(
    sender: Any, server: HostileServer, clock: HeldClock
) -> None:
    server.script = {"dot": [HostileServer.DROP]}
    owe(ANNA, BERND)
    assert send() == 2
    clock.tick(hours=100)
    assert send() == 0
    assert delivery.progress("issue:1") == Progress("issue:1", prepared=2, accepted=1, uncertain=1)
    assert len(server.accepted) == 2


def test_a_single_mail_in_doubt_is_sent_once_more_with_the_same_message_id(
    sender: Any, server: HostileServer, clock: HeldClock
) -> None:
    server.script = {"dot": [HostileServer.DROP, HostileServer.DROP]}
    unlock()
    with transaction():
        delivery.queue_one("confirm", MAIL, "anna@amt.example", group="confirm:1")
    send()
    clock.tick(minutes=1)
    send()
    clock.tick(hours=100)
    assert send() == 0
    assert (ledger("anna@amt.example", "confirm:1").state, ledger("anna@amt.example", "confirm:1").doubts) == (
        State.UNCERTAIN,
        2,
    )
    refs = [line for mail in server.accepted for line in mail.split(b"\r\n") if line.startswith(b"Message-ID:")]
    assert (len(refs), len(set(refs))) == (2, 1)


def test_a_delivery_in_doubt_is_sent_again_when_a_person_says_so(sender: Any, server: HostileServer) -> None:
    server.script = {"dot": [HostileServer.DROP]}
    owe(ANNA)
    send()
    with transaction():
        delivery.send_again(ledger_id())
    assert send() == 1
    assert delivery.progress("issue:1") == Progress("issue:1", prepared=1, accepted=1)
    with transaction(), pytest.raises(delivery.NotUncertain):
        delivery.send_again(ledger_id())


def ledger_id() -> int:
    found = delivery.find("issue:1", "anna@amt.example")
    assert found is not None
    return found.id


@pytest.mark.parametrize(
    "script", [{"greeting": ["554 go away"]}, {"greeting": [HostileServer.DROP]}, {"ehlo": ["421 4.3.2 closing"]}]
)
def test_a_server_that_lets_nobody_in_costs_no_try_and_is_asked_again_later(
    sender: Any, server: HostileServer, clock: HeldClock, script: dict[str, list[str]]
) -> None:
    server.script = {stage: list(replies) for stage, replies in script.items()} | {"helo": ["421 4.3.2 closing"]}
    owe(ANNA)
    assert send() == 0
    row = ledger("anna@amt.example")
    assert (row.state, row.attempt) == (State.QUEUED, 0)
    connections = server.connections
    assert send() == 0
    assert server.connections == connections
    clock.tick(seconds=10)
    assert send() == 1
    assert ledger("anna@amt.example").state is State.ACCEPTED


def test_421_ends_the_run_and_the_others_wait_unharmed(sender: Any, server: HostileServer, clock: HeldClock) -> None:
    server.script = {"rcpt": ["421 4.7.0 too many connections"]}
    owe(ANNA, BERND)
    assert send() == 1
    assert ledger("anna@amt.example").state is State.DEFERRED
    assert (ledger("bernd@amt.example").state, ledger("bernd@amt.example").attempt) == (State.QUEUED, 0)
    clock.tick(minutes=2)
    assert send() == 2


def test_an_uncertain_delivery_waits_for_a_person_only_where_the_message_says_so() -> None:
    assert [choice.value for choice in OnUncertain] == ["hold", "resend"]
