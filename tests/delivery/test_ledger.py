"""The ledger: what is prepared for whom, what is stopped, and that the figures always balance."""

import itertools
import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, literal, select
from sqlalchemy.exc import IntegrityError

from app import delivery
from app.delivery import State
from app.delivery.models import Delivery, Message
from app.kernel import clock as product_clock
from app.kernel.db import session, transaction
from app.kernel.mail import Mail
from tests.delivery.mails import ANNA, BERND, CARLA, MAIL, audience, numbered, prepare


def test_everybody_of_the_audience_gets_one_row(app: Any) -> None:
    with app.app_context(), transaction():
        message = delivery.freeze("issue:1", "issue", MAIL)
        assert delivery.prepare(message, audience(ANNA, BERND, CARLA)) == 3
        rows = session.scalars(select(Delivery).order_by(Delivery.id)).all()
        assert [(d.address, d.address_key, d.name, d.subject_id, d.state) for d in rows] == [
            ("anna@amt.example", "anna@amt.example", "Anna Amsel", 1, State.QUEUED),
            ("Bernd@Amt.example", "bernd@amt.example", "Bernd Buche", 2, State.QUEUED),
            ("carla@amt.example", "carla@amt.example", "", 3, State.QUEUED),
        ]
        assert delivery.progress("issue:1") == delivery.Progress("issue:1", prepared=3, open=3)


def test_a_second_preparation_adds_only_who_is_new(app: Any) -> None:
    with app.app_context(), transaction():
        message = prepare(ANNA, BERND)
        assert delivery.prepare(message, audience(ANNA, BERND, CARLA)) == 1
        assert delivery.progress("issue:1") == delivery.Progress("issue:1", prepared=3, open=3)


def test_an_address_that_is_twice_in_the_audience_gets_one_mail(app: Any) -> None:
    with app.app_context(), transaction():
        message = delivery.freeze("issue:1", "issue", MAIL)
        assert delivery.prepare(message, audience(BERND, ("bernd@amt.example", "Bernd", 9))) == 1


def test_who_is_suppressed_is_written_as_skipped(app: Any) -> None:
    with app.app_context(), transaction():
        delivery.suppress("BERND@amt.example", "complaint")
        prepare(ANNA, BERND)
        assert delivery.is_suppressed("bernd@amt.example")
        assert delivery.progress("issue:1") == delivery.Progress("issue:1", prepared=2, skipped=1, open=1)
        found = delivery.find("issue:1", "bernd@amt.example")
        assert found is not None
        assert (found.state, found.reason) == (State.SKIPPED, "suppressed")


def test_one_mail_is_owed_once_per_group_and_address(app: Any) -> None:
    with app.app_context(), transaction():
        first = delivery.queue_one("confirm", MAIL, "anna@amt.example", group="confirm:7")
        again = delivery.queue_one("confirm", MAIL, "Anna@amt.example", group="confirm:7")
        other = delivery.queue_one("confirm", MAIL, "anna@amt.example", group="confirm:8")
        assert again is first
        assert other is not first
        assert session.scalar(select(func.count()).select_from(Message)) == 2


def test_who_leaves_is_skipped_in_that_newsletter_only(app: Any) -> None:
    with app.app_context(), transaction():
        prepare(ANNA, BERND, group="issue:1")
        prepare(("anna@amt.example", "Anna", 8), group="issue:2")
        assert delivery.skip("withdrawn", subject_id=1) == 1
        assert delivery.progress("issue:1") == delivery.Progress("issue:1", prepared=2, skipped=1, open=1)
        assert delivery.progress("issue:2") == delivery.Progress("issue:2", prepared=1, open=1)


def test_skipping_without_saying_what_is_refused(app: Any) -> None:
    with app.app_context(), transaction(), pytest.raises(ValueError, match="Say what to skip"):
        delivery.skip("withdrawn")


def test_a_group_without_deliveries_has_only_zeros_and_is_finished(app: Any) -> None:
    with app.app_context():
        nothing = delivery.progress("issue:99")
        assert nothing == delivery.Progress("issue:99")
        assert (nothing.balances, nothing.finished) == (True, True)


def test_a_lost_row_breaks_the_equation(app: Any) -> None:
    with app.app_context(), transaction():
        prepare(ANNA, BERND)
        session.delete(delivery.find("issue:1", "anna@amt.example"))
        session.flush()
        lacking = delivery.progress("issue:1")
        assert (lacking.prepared, lacking.open, lacking.balances, lacking.finished) == (2, 1, False, False)


def test_a_frozen_message_has_a_hash_of_all_that_is_seen(app: Any) -> None:
    with app.app_context(), transaction():
        same = [delivery.freeze("issue:1", "issue", MAIL).content_hash for _ in range(2)]
        other = delivery.freeze("issue:1", "issue", Mail(MAIL.subject, MAIL.text + ".", MAIL.html)).content_hash
        assert same[0] == same[1] != other


def test_the_queue_and_its_deliveries_are_due_at_the_same_second(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.delivery.queue import Span

    with app.app_context(), transaction():
        message = delivery.freeze("issue:1", "issue", MAIL)
        ticking = itertools.count()
        started = product_clock.now()
        monkeypatch.setattr(product_clock, "now", lambda: started + timedelta(seconds=next(ticking)))
        delivery.prepare(message, audience(ANNA))
        assert session.scalars(select(Span.due_at)).one() == session.scalars(select(Delivery.due_at)).one()


def test_an_audience_with_numbers_is_prepared_like_any_other(app: Any) -> None:
    with app.app_context(), transaction():
        message = delivery.freeze("issue:1", "issue", MAIL)
        assert delivery.prepare(message, numbered(ANNA, BERND)) == 2
        assert delivery.prepare(message, numbered(ANNA, BERND, CARLA)) == 1
        assert delivery.prepare(message, audience(ANNA, BERND, CARLA)) == 0
        assert delivery.progress("issue:1") == delivery.Progress("issue:1", prepared=3, open=3)
        assert delivery.find("issue:1", "Bernd@amt.example") is not None


def test_an_audience_with_numbers_that_names_somebody_twice_is_refused(app: Any) -> None:
    with app.app_context():
        with transaction():
            message = delivery.freeze("issue:1", "issue", MAIL)
            with pytest.raises(IntegrityError), session.begin_nested():
                delivery.prepare(message, numbered(BERND, ("bernd@amt.example", "Bernd", 9)))
        assert delivery.of_address("bernd@amt.example") == []


def test_who_leaves_while_the_issue_is_prepared_gets_nothing(app: Any) -> None:
    """The preparation has asked who is there, and is not over yet."""
    asked, left = threading.Event(), threading.Event()

    def prepare_slowly() -> None:
        with app.app_context(), transaction():
            prepare(ANNA, BERND)
            asked.set()
            left.wait(0.5)  # whoever leaves waits for us, so that it never comes before the time is over

    preparing = threading.Thread(target=prepare_slowly)
    preparing.start()
    assert asked.wait(10)
    with app.app_context():
        with transaction():
            assert delivery.skip("unsubscribed", subject_id=1) == 1
            left.set()
        preparing.join()
        assert delivery.progress("issue:1") == delivery.Progress("issue:1", prepared=2, skipped=1, open=1)


def test_an_address_keeps_its_number_while_somebody_or_a_delivery_has_it(app: Any) -> None:
    with app.app_context(), transaction():
        prepare(ANNA)
        known = delivery.numbers_of(["anna@amt.example", "bernd@amt.example", "carla@amt.example"])
        bernd = select(literal("bernd@amt.example"))
        assert delivery.unused_numbers(bernd) == [known["carla@amt.example"]]
        assert delivery.forget_numbers(list(known.values()), bernd) == 1
        again = delivery.numbers_of(["anna@amt.example", "bernd@amt.example", "carla@amt.example"])
        kept = [address for address in known if again[address] == known[address]]
        assert kept == ["anna@amt.example", "bernd@amt.example"]
        assert again["carla@amt.example"] > max(known.values())
