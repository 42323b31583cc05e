"""What the delivery forgets: addresses, texts for one person, mails that came back; the figures stay."""

from typing import Any

from sqlalchemy import select, update

from app import delivery
from app.delivery import Progress, State, retention
from app.delivery.inbound.models import ReturnedMail, SoftBounce
from app.delivery.jobs import JOBS
from app.delivery.models import Delivery, Message
from app.kernel import clock as product_clock
from app.kernel.db import session, transaction
from tests.delivery.mails import ANNA, BERND, MAIL, ledger, owe
from tests.support.house import HeldClock
from tests.support.smtp import SmtpSink


def run() -> None:
    for job in JOBS:
        job.run()


def rows() -> list[tuple[str, str, str]]:
    with transaction(write=False):
        return [(d.address_key, d.written, d.name) for d in session.scalars(select(Delivery).order_by(Delivery.id))]


def test_ninety_days_after_an_issue_its_addresses_are_hashes_and_its_figures_remain(
    app: Any, clock: HeldClock, smtp: SmtpSink
) -> None:
    with app.app_context():
        owe(ANNA, BERND)
        run()
        clock.tick(days=89)
        run()
        assert ledger("anna@amt.example").address_key == "anna@amt.example"
        before = delivery.progress("issue:1")
        clock.tick(days=2)
        run()
        found = rows()
        assert delivery.progress("issue:1") == before == Progress("issue:1", prepared=2, accepted=2)
        assert delivery.of_address("anna@amt.example") == []
    assert [(len(key), written, name) for key, written, name in found] == [(32, "", ""), (32, "", "")]
    assert len({key for key, _, _ in found}) == 2
    assert not any("@" in key for key, _, _ in found)


def test_as_long_as_somebody_waits_nothing_of_the_issue_is_forgotten(
    app: Any, clock: HeldClock, smtp: SmtpSink
) -> None:
    with app.app_context():
        owe(ANNA, BERND)
        run()
        with transaction():
            late = session.scalars(select(Delivery).order_by(Delivery.id.desc())).first()
            assert late is not None
            late.state = State.DEFERRED
        clock.tick(days=100)
        with transaction():
            assert retention.forget_addresses() == 0
        assert ledger("anna@amt.example").address_key == "anna@amt.example"


def test_what_was_in_doubt_all_that_time_is_not_sent_again(app: Any, clock: HeldClock, smtp: SmtpSink) -> None:
    with app.app_context():
        owe(ANNA, BERND)
        run()
        with transaction():
            session.execute(update(Delivery).where(Delivery.address_key == ANNA[0]).values(state=State.UNCERTAIN))
        clock.tick(days=91)
        run()
        assert delivery.progress("issue:1") == Progress("issue:1", prepared=2, accepted=1, skipped=1)


def test_it_forgets_in_pieces_and_ends(app: Any, clock: HeldClock, smtp: SmtpSink, monkeypatch: Any) -> None:
    monkeypatch.setattr(retention, "ROWS", 2)
    with app.app_context():
        owe(*[(f"person{number}@amt.example", "", number) for number in range(1, 6)])
        run()
        clock.tick(days=91)
        worked = []
        while not worked or worked[-1]:
            with transaction():
                worked.append(retention.forget_addresses())
        assert worked == [2, 2, 2, 0]
        assert not any("@" in key for key, _, _ in rows())


def test_a_mail_to_one_person_loses_its_text_after_fourteen_days(app: Any, clock: HeldClock, smtp: SmtpSink) -> None:
    with app.app_context():
        owe(BERND)
        with transaction():
            delivery.queue_one("confirm", MAIL, "anna@amt.example", group="signup:1")
        run()
        clock.tick(days=13)
        run()
        assert ledger("anna@amt.example", "signup:1").message.text == MAIL.text
        clock.tick(days=2)
        run()
        with transaction(write=False):
            texts = {m.kind: (m.subject, m.text, m.html) for m in session.scalars(select(Message))}
    assert texts == {"confirm": ("", "", ""), "issue": (MAIL.subject, MAIL.text, MAIL.html)}


def test_what_came_back_is_emptied_and_counts_are_forgotten(app: Any, clock: HeldClock) -> None:
    with app.app_context():
        with transaction():
            mail = {
                "digest": "d",
                "kind": "dsn",
                "cause": "hard",
                "address_key": "a@b.example",
                "sender": "x@b.example",
            }
            session.add(ReturnedMail(at=product_clock.now(), title="T", text="t", raw=b"raw", size=3, **mail))
            now = product_clock.now()
            session.add(SoftBounce(digest="s", failures=2, first_at=now, last_at=now, last_delivery_id=1))
        clock.tick(days=91)
        run()
        with transaction(write=False):
            kept = session.scalars(select(ReturnedMail)).one()
            assert (kept.kind, kept.cause, kept.address_key, kept.sender) == ("dsn", "hard", None, "")
            assert (kept.title, kept.text, kept.raw, kept.size) == ("", "", None, 3)
            assert len(session.scalars(select(SoftBounce)).all()) == 1
        clock.tick(days=90)
        run()
        with transaction(write=False):
            assert session.scalars(select(SoftBounce)).all() == []
