"""How mails come in: by the pipe of a mail system, and from a mailbox over IMAP."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import func, select

from app import delivery, wiring
from app.delivery import jobs
from app.delivery.checks import mailbox
from app.delivery.inbound.mailbox import DONE, OPEN
from app.delivery.inbound.models import ReturnedMail
from app.kernel import config
from app.kernel.db import session, transaction
from app.kernel.health import Finding
from tests.delivery.inbound import formats, letters
from tests.delivery.inbound.conftest import BOUNCES
from tests.delivery.inbound.replies import HARD
from tests.delivery.inbound.test_taking import accepted, ours, reason
from tests.delivery.mails import ANNA, BERND, owe
from tests.support.house import HeldClock
from tests.support.imap import ImapServer
from tests.support.smtp import SmtpSink


@pytest.fixture
def imap() -> Iterator[ImapServer]:
    server = ImapServer()
    yield server
    server.close()


@pytest.fixture
def fetching(database_url: str, make_app: Callable[..., Any], imap: ImapServer) -> Any:
    """An app that fetches from the mailbox."""
    return make_app(database_url, BOUNCE_ADDRESS=BOUNCES, IMAP_URL=imap.url)


def fetch() -> int:
    return jobs.mailbox(wiring.INBOUND)[0].run()


def count() -> int:
    with transaction(write=False):
        return session.scalar(select(func.count(ReturnedMail.id))) or 0


def test_the_pipe_takes_a_bounce(app: Any) -> None:
    with app.app_context():
        accepted(ANNA)
        raw = formats.postfix(ours("anna@amt.example"), HARD[0])
    result = app.test_cli_runner().invoke(args=["inbound"], input=raw)
    assert (result.exit_code, result.output) == (0, "dsn\n")
    with app.app_context():
        assert reason("anna@amt.example") == "bounce"


def test_the_pipe_says_when_there_is_nothing_to_read(app: Any) -> None:
    result = app.test_cli_runner().invoke(args=["inbound"], input=b" \n")
    assert (result.exit_code, count_in(app)) == (65, 0)


def test_trouble_with_the_database_lets_the_mail_system_try_again(
    empty_database_url: str, make_app: Callable[..., Any]
) -> None:
    app = make_app(empty_database_url)
    result = app.test_cli_runner().invoke(args=["inbound"], input=b"From: a@b.example\n\nHallo\n")
    assert result.exit_code == 75
    assert "try again later" in result.output


def test_a_mail_of_fifty_megabytes_is_cut_and_its_rest_dropped(app: Any) -> None:
    with app.app_context():
        accepted(ANNA)
        raw = formats.postfix(ours("anna@amt.example"), HARD[0]) + b"x" * 50_000_000
    result = app.test_cli_runner().invoke(args=["inbound"], input=raw)
    assert (result.exit_code, result.output) == (0, "dsn\n")
    with app.app_context(), transaction(write=False):
        kept = session.scalars(select(ReturnedMail)).one()
        assert (len(kept.raw or b""), kept.consequence) == (1_000_000, "suppressed")


def test_the_mailbox_is_emptied_into_folders_and_nothing_is_deleted(fetching: Any, imap: ImapServer) -> None:
    with fetching.app_context():
        accepted(ANNA)
        bounce = formats.postfix(ours("anna@amt.example"), HARD[0])
        strange = b"\x00\xff\n\nno mail"
        imap.put(bounce)
        imap.put(strange)
        assert (fetch(), fetch()) == (2, 0)
        assert reason("anna@amt.example") == "bounce"
    assert [imap.contents(name) for name in ("INBOX", DONE, OPEN)] == [[], [bounce], [strange]]
    assert {"EXPUNGE", "DELETE", "CLOSE"}.isdisjoint(imap.commands)


@pytest.mark.parametrize("lacking", ["moves", "makes_folders"])
def test_where_mails_cannot_be_moved_they_are_flagged_and_stay(fetching: Any, imap: ImapServer, lacking: str) -> None:
    setattr(imap, lacking, False)
    imap.put(b"From: a@b.example\nSubject: Hallo\n\nText")
    with fetching.app_context():
        assert (fetch(), fetch(), count()) == (1, 0, 1)
    assert [mail.flags for mail in imap.folders["INBOX"]] == [{"\\Seen"}]
    assert "EXPUNGE" not in imap.commands


def test_only_the_beginning_of_a_large_mail_is_fetched(fetching: Any, imap: ImapServer) -> None:
    imap.put(b"From: a@b.example\nSubject: gross\n\n" + b"x" * 3_000_000)
    with fetching.app_context():
        assert (fetch(), count()) == (1, 1)


def test_what_was_recorded_but_not_put_aside_comes_again_and_changes_nothing(fetching: Any, imap: ImapServer) -> None:
    raw = b"From: a@b.example\nSubject: Hallo\n\nText"
    imap.put(raw)
    imap.put(raw)
    with fetching.app_context():
        assert (fetch(), count()) == (2, 1)


def test_a_mailbox_that_does_not_answer_is_asked_again_later(fetching: Any, imap: ImapServer) -> None:
    imap.put(b"From: a@b.example\nSubject: Hallo\n\nText")
    imap.close()
    with fetching.app_context():
        assert fetch() == 0


def test_without_a_mailbox_nothing_is_fetched(app: Any) -> None:
    with app.app_context():
        assert fetch() == 0


def test_an_answer_reaches_the_team_and_their_answer_the_person(saxony: Any, clock: HeldClock, smtp: SmtpSink) -> None:
    with saxony.app_context():
        accepted(ANNA)
        sent = ours("anna@amt.example")
        answer = letters.written(sent, "Re: Was im Dezember ansteht", "Können wir kommen? %%email%% <b>ja</b>")
        assert receive(saxony, answer) == "reply"
        for job in jobs.JOBS:
            job.run()
    mail = smtp.to("redaktion@rundbrief.example")[0]
    assert mail.subject == "Antwort von anna@amt.example: Re: Was im Dezember ansteht"
    assert (mail.message["Reply-To"], mail.message["Auto-Submitted"]) == ("anna@amt.example", "auto-generated")
    assert "Können wir kommen? % %email% % <b>ja</b>" in mail.body()


def test_answers_are_forwarded_within_limits_and_never_in_a_loop(saxony: Any, clock: HeldClock) -> None:
    with saxony.app_context():
        sent = formats.Ours("x", "anna@amt.example", "<x@y.example>", "1-1-x")
        for number in range(8):
            receive(saxony, letters.written(sent, f"Frage {number}", "Text"))
        receive(saxony, letters.written(sent, "Frage", "Text", sender="redaktion@rundbrief.example"))
        receive(
            saxony,
            letters.written(sent, "Frage", "Text", sender="b@amt.example", headers="Auto-Submitted: auto-replied\n"),
        )
        receive(saxony, letters.written(sent, "Frage", "Text", sender='"a\r\nBcc: x"@amt.example'))
        assert len(delivery.of_address("redaktion@rundbrief.example")) == 5
        with transaction(write=False):
            followed = session.scalars(select(ReturnedMail.consequence).order_by(ReturnedMail.id)).all()
    assert followed == [*["forwarded"] * 5, *["kept"] * 3, "ignored", "ignored", "kept"]


@pytest.mark.parametrize("url", ["imap.amt.example", "imaps://host/INBOX", "smtp://a:b@host", "imaps://a:b@host:0/"])
def test_a_mistake_in_the_setting_is_told_before_the_start(url: str) -> None:
    with pytest.raises(config.SettingsError, match="IMAP_URL: Write imaps://user:password@host/INBOX"):
        config.read({"DEMO": "1", "IMAP_URL": url})


def receive(app: Any, raw: bytes) -> str:
    from app.delivery.inbound.pump import receive as take

    return take(raw, wiring.INBOUND).value


def count_in(app: Any) -> int:
    with app.app_context():
        return count()


def test_a_mailbox_that_the_server_refuses_while_sending_gets_nothing_more(
    saxony: Any, clock: HeldClock, smtp: SmtpSink
) -> None:
    smtp.refuse("550 5.1.1 unknown", address="anna@amt.example")
    smtp.refuse("550 5.2.2 full", address="bernd@amt.example")
    with saxony.app_context():
        owe(ANNA, BERND)
        for job in jobs.JOBS:
            job.run()
        assert (reason("anna@amt.example"), reason("bernd@amt.example")) == ("bounce", "")


def test_the_doctor_asks_the_mailbox(fetching: Any, imap: ImapServer) -> None:
    imap.put(b"From: a@b.example\n\nText")
    with fetching.app_context():
        assert mailbox() == Finding("mailbox", True, "1 mails wait")
        imap.close()
        assert mailbox().said.startswith("it does not let us in. Check IMAP_URL.")
