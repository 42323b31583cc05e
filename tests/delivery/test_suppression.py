"""Who gets nothing any more: by a keyed hash, which stays when the address goes."""

from collections.abc import Callable
from typing import Any

import pytest
from flask_migrate import upgrade
from sqlalchemy import select, text

from app import delivery
from app.delivery import Reason, State
from app.delivery.models import Suppression
from app.kernel import tokens
from app.kernel.db import db, session, transaction
from tests.delivery.mails import ANNA, MAIL, owe
from tests.support.house import HeldClock
from tests.support.smtp import SmtpSink


def test_an_address_is_recognised_however_it_is_written(app: Any) -> None:
    with app.app_context(), transaction():
        delivery.suppress("Anna@BÜCHER.example", "wish", "am Telefon")
        found = delivery.suppression("anna@xn--bcher-kva.example")
        assert found is not None
        assert (found.reason, found.evidence) == (Reason.WISH, "am Telefon")
        assert delivery.suppression("bernd@amt.example") is None


def test_a_reason_that_nobody_knows_is_refused(app: Any) -> None:
    with app.app_context(), transaction(), pytest.raises(ValueError, match="quota"):
        delivery.suppress("anna@amt.example", "quota")


def test_what_a_person_said_replaces_what_a_machine_said_and_never_the_other_way(app: Any) -> None:
    with app.app_context(), transaction():
        reasons = []
        for reason in ("bounce", "complaint", "bounce", "wish"):
            delivery.suppress("anna@amt.example", reason)
            found = delivery.suppression("anna@amt.example")
            assert found is not None
            reasons.append(found.reason.value)
        assert reasons == ["bounce", "complaint", "complaint", "complaint"]
        assert len(session.scalars(select(Suppression)).all()) == 1


def test_when_the_address_is_forgotten_its_hash_still_stops_every_mail(app: Any) -> None:
    with app.app_context(), transaction():
        delivery.suppress("anna@amt.example", "complaint", "anna@amt.example beschwerte sich")
        assert delivery.forget_address("Anna@amt.example")
        assert not delivery.forget_address("anna@amt.example")
        found = session.scalars(select(Suppression)).one()
        assert (found.address_key, found.evidence) == (None, "")
        assert found.digest == tokens.keyed_hash("suppression", "anna@amt.example")
        row = delivery.queue_one("confirm", MAIL, "anna@amt.example", group="signup:1")
        assert (row.state, row.reason) == (State.SKIPPED, "suppressed")


def test_an_older_key_still_recognises_the_address(app: Any) -> None:
    before = tokens._keyring
    try:
        with app.app_context(), transaction():
            tokens.use(tokens.Keyring("heute"))
            delivery.suppress("anna@amt.example", "complaint")
            tokens.use(tokens.Keyring("morgen", ("heute",)))
            assert delivery.is_suppressed("anna@amt.example")
            delivery.suppress("anna@amt.example", "complaint")
            assert delivery.lift("anna@amt.example")
            assert not delivery.is_suppressed("anna@amt.example")
    finally:
        tokens.use(before)


def test_an_address_that_bounced_gets_the_mail_it_asked_for_and_nothing_else(
    app: Any, smtp: SmtpSink, clock: HeldClock
) -> None:
    with app.app_context():
        with transaction():
            delivery.suppress("anna@amt.example", "bounce")
            confirm = delivery.queue_one("confirm", MAIL, "anna@amt.example", group="signup:1")
            welcome = delivery.queue_one("welcome", MAIL, "anna@amt.example", group="welcome:1")
            assert (confirm.state, welcome.state) == (State.QUEUED, State.SKIPPED)
        owe(ANNA)
        from app.delivery import jobs

        for job in jobs.JOBS:
            job.run()
        assert [mail.subject for mail in smtp.to("anna@amt.example")] == ["Neues aus Sachsen"]
        with transaction(write=False):
            assert [row.state for row in delivery.of_address("anna@amt.example")] == [
                State.ACCEPTED,
                State.SKIPPED,
                State.SKIPPED,
            ]


def test_a_lifted_address_gets_the_next_mail_and_lifting_twice_says_so(app: Any) -> None:
    with app.app_context(), transaction():
        delivery.suppress("anna@amt.example", "bounce")
        assert [delivery.lift("anna@amt.example"), delivery.lift("anna@amt.example")] == [True, False]
        row = delivery.queue_one("welcome", MAIL, "anna@amt.example", group="welcome:1")
        assert row.state is State.QUEUED


def test_the_migration_carries_existing_suppressions_over(
    empty_database_url: str, make_app: Callable[..., Any]
) -> None:
    app = make_app(empty_database_url)
    with app.app_context():
        upgrade(revision="0012_delivery_engine")
        with db.engine.connect().execution_options(write=True) as connection:
            insert = "INSERT INTO suppressions (address_key, reason, at) VALUES ('{}@amt.example', '{}', '{}')"
            for name, reason in (("anna", "complaint"), ("bernd", "Anruf vom 3. Mai")):
                connection.execute(text(insert.format(name, reason, "2026-11-02 08:00:00+00:00")))
            connection.commit()
        upgrade(revision="0013_inbound")
        with transaction(write=False):
            anna, bernd = delivery.suppression("anna@amt.example"), delivery.suppression("bernd@amt.example")
            assert anna is not None
            assert bernd is not None
            assert (anna.reason, anna.evidence, anna.at.isoformat()) == ("complaint", "", "2026-11-02T08:00:00+00:00")
            assert (bernd.reason, bernd.evidence) == ("staff", "Anruf vom 3. Mai")
