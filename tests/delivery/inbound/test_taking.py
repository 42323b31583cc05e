"""What follows from a mail that came back: recorded, proven, counted; and only what is proven acts."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update

from app import delivery, subscriptions, wiring
from app.delivery import State
from app.delivery.inbound.models import ReturnedMail
from app.delivery.inbound.pump import receive
from app.delivery.inbound.reading import Cause
from app.delivery.models import Delivery
from app.kernel import tokens
from app.kernel.db import session, transaction
from tests.delivery.inbound import formats, letters
from tests.delivery.inbound.formats import Ours
from tests.delivery.inbound.replies import FULL, HARD, POLICY, SOFT
from tests.delivery.inbound.test_samples import ours_of
from tests.delivery.mails import ANNA, BERND, ledger, owe
from tests.support.house import HeldClock

UNKNOWN, QUOTA, TIMEOUT, BLOCKED = HARD[0], FULL[0], SOFT[0], POLICY[1]


def accepted(*people: Any, group: str = "issue:1") -> None:
    """These people's mails were taken over by the server."""
    owe(*people, group=group)
    with transaction():
        session.execute(update(Delivery).where(Delivery.state == State.QUEUED).values(state=State.ACCEPTED))


def ours(address: str, group: str = "issue:1") -> Ours:
    return ours_of(ledger(address, group))


def take(raw: bytes, envelope_to: str = "") -> ReturnedMail:
    receive(raw, wiring.INBOUND, envelope_to)
    with transaction(write=False):
        return session.scalars(select(ReturnedMail).order_by(ReturnedMail.id.desc())).first()  # type: ignore[return-value]


def reason(address: str) -> str:
    with transaction(write=False):
        known = delivery.suppression(address)
        return known.reason.value if known else ""


def test_a_mailbox_that_is_gone_gets_nothing_more_and_the_ledger_says_so(app: Any) -> None:
    with app.app_context():
        accepted(ANNA, BERND)
        mail = take(formats.postfix(ours("anna@amt.example"), UNKNOWN))
        assert (mail.kind, mail.cause, mail.proof, mail.consequence) == ("dsn", "hard", "verp", "suppressed")
        assert (ledger("anna@amt.example").state, ledger("bernd@amt.example").state) == (State.BOUNCED, State.ACCEPTED)
        assert (reason("anna@amt.example"), reason("bernd@amt.example")) == ("bounce", "")
        assert delivery.progress("issue:1").balances


def test_the_same_mail_a_second_time_changes_nothing(app: Any) -> None:
    with app.app_context():
        accepted(ANNA)
        raw = formats.postfix(ours("anna@amt.example"), UNKNOWN)
        first = take(raw)
        with transaction():
            delivery.lift("anna@amt.example")
        assert take(raw).id == first.id
        assert reason("anna@amt.example") == ""


def test_a_forged_report_leads_to_an_entry_and_nothing_else(app: Any) -> None:
    with app.app_context():
        accepted(ANNA)
        true = ours("anna@amt.example")
        row = ledger("anna@amt.example")
        forged = Ours(
            f"bounces+{row.id}-1-aaaaaaaaaaaaaaaaaaaaaaaa@rundbrief.example",
            true.to,
            true.message_id,
            "1-1-bbbbbbbbbbbbbbbbbbbbbbbb",
        )
        for raw in (
            formats.postfix(forged, UNKNOWN),
            letters.arf(forged, agent="Yahoo!-Mail-Feedback"),
            formats.gmx(Ours("x@y.example", true.to, "<1.0123456789abcdef@rundbrief.example>", "1-1-c"), UNKNOWN),
            formats.gmx(Ours("x@y.example", true.to, "<fremd@anderswo.example>", "1-1-c"), UNKNOWN),
        ):
            assert take(raw).consequence == "noted"
        assert (reason("anna@amt.example"), ledger("anna@amt.example").state) == ("", State.ACCEPTED)


def test_the_message_id_alone_names_a_delivery_but_does_not_act(app: Any) -> None:
    with app.app_context():
        accepted(ANNA)
        true = ours("anna@amt.example")
        mail = take(formats.gmx(Ours("redaktion@rundbrief.example", true.to, true.message_id, "1-1-zz"), UNKNOWN))
        assert (mail.proof, mail.delivery_id, mail.consequence) == ("message_id", ledger(true.to).id, "noted")
        assert reason("anna@amt.example") == ""


def test_where_the_envelope_was_rewritten_the_link_of_the_returned_mail_lets_it_count_and_no_more(
    app: Any, clock: HeldClock
) -> None:
    with app.app_context():
        for number in range(1, 6):
            accepted(ANNA, group=f"issue:{number}")
            true = ours("anna@amt.example", f"issue:{number}")
            raw = formats.gmx(Ours("redaktion@rundbrief.example", true.to, true.message_id, true.unsubscribe), UNKNOWN)
            assert reason("anna@amt.example") == ""
            mail = take(raw)
            assert (mail.proof, mail.cause) == ("link", "hard")
            assert mail.consequence == ("counted" if number < 5 else "suppressed")
            clock.tick(days=4)
        assert reason("anna@amt.example") == "bounce"


def test_a_link_without_the_message_id_of_its_mail_does_not_even_count(app: Any) -> None:
    with app.app_context():
        accepted(ANNA)
        true = ours("anna@amt.example")
        forged = Ours("redaktion@rundbrief.example", true.to, "<forged@anderswo.example>", true.unsubscribe)
        mail = take(formats.gmx(forged, UNKNOWN))
        assert (mail.proof, mail.consequence, reason("anna@amt.example")) == ("address", "noted", "")


def test_the_link_of_somebody_else_proves_nothing(app: Any) -> None:
    with app.app_context():
        accepted(ANNA, BERND)
        anna, bernd = ours("anna@amt.example"), ours("bernd@amt.example")
        mail = take(
            formats.gmx(Ours("redaktion@rundbrief.example", anna.to, anna.message_id, bernd.unsubscribe), UNKNOWN)
        )
        assert (mail.proof, mail.consequence) == ("message_id", "noted")


def test_an_envelope_id_with_our_token_proves_it_and_a_bare_number_does_not(app: Any) -> None:
    with app.app_context():
        accepted(ANNA, BERND)
        for address, envid, consequence in (
            ("bernd@amt.example", str(ledger("bernd@amt.example").id), "noted"),
            ("anna@amt.example", tokens.derive("bounce", ledger("anna@amt.example").id), "suppressed"),
        ):
            bare = Ours("rewritten@relay.example", address, "<gone@relay.example>", "1-1-x", envid=envid)
            assert take(formats.postfix(bare, UNKNOWN)).consequence == consequence


def test_the_envelope_recipient_that_the_mail_system_tells_counts(app: Any) -> None:
    with app.app_context():
        accepted(ANNA)
        true = ours("anna@amt.example")
        hidden = formats.postfix(Ours("undisclosed@relay.example", true.to, "<x@y.example>", "1-1-x"), UNKNOWN)
        assert take(hidden, true.sender).consequence == "suppressed"


def test_policy_quota_and_timeouts_do_not_suppress(app: Any) -> None:
    with app.app_context():
        accepted(ANNA)
        for said, cause in ((BLOCKED, "policy"), (QUOTA, "full"), (TIMEOUT, "soft")):
            mail = take(formats.postfix(ours("anna@amt.example"), said))
            assert (mail.cause, reason("anna@amt.example")) == (cause, "")
        assert ledger("anna@amt.example").state is State.BOUNCED


def test_five_issues_in_a_row_over_fifteen_days_are_a_mailbox_that_is_gone(app: Any, clock: HeldClock) -> None:
    with app.app_context():
        for number in range(1, 6):
            accepted(ANNA, group=f"issue:{number}")
            assert reason("anna@amt.example") == ""
            take(formats.postfix(ours("anna@amt.example", f"issue:{number}"), QUOTA))
            take(formats.exchange(ours("anna@amt.example", f"issue:{number}"), TIMEOUT))  # the same issue counts once
            clock.tick(days=4)
        assert reason("anna@amt.example") == "bounce"


def test_five_issues_within_a_week_are_not_enough(app: Any, clock: HeldClock) -> None:
    with app.app_context():
        for number in range(1, 7):
            accepted(ANNA, group=f"issue:{number}")
            take(formats.postfix(ours("anna@amt.example", f"issue:{number}"), QUOTA))
            clock.tick(days=1)
        assert reason("anna@amt.example") == ""


def test_one_issue_that_arrives_begins_the_count_anew(app: Any, clock: HeldClock) -> None:
    with app.app_context():
        for number in range(1, 9):
            accepted(ANNA, group=f"issue:{number}")
            if number != 4:
                take(formats.postfix(ours("anna@amt.example", f"issue:{number}"), QUOTA))
            clock.tick(days=5)
        assert reason("anna@amt.example") == ""


def test_who_complains_is_suppressed_and_takes_nothing_any_more(saxony: Any) -> None:
    with saxony.app_context():
        subscription = subscribed("anna@amt.example")
        accepted(("anna@amt.example", "Anna", subscription))
        mail = take(letters.arf(ours("anna@amt.example"), agent="Yahoo!-Mail-Feedback"))
        assert (mail.kind, mail.consequence, reason("anna@amt.example")) == ("complaint", "suppressed", "complaint")
        assert ledger("anna@amt.example").state is State.COMPLAINED
        assert state_of(subscription) == "withdrawn"


@pytest.mark.parametrize("known_id", [True, False])
def test_a_complaint_by_who_was_forwarded_the_mail_ends_what_its_link_could_end_and_no_more(
    saxony: Any, known_id: bool
) -> None:
    with saxony.app_context():
        subscription = subscribed("anna@amt.example")
        accepted(("anna@amt.example", "Anna", subscription))
        true = ours("anna@amt.example")
        message_id = true.message_id if known_id else "<forged@anderswo.example>"
        forged = Ours("bounces@rundbrief.example", true.to, message_id, true.unsubscribe)
        mail = take(letters.arf(forged, agent="Yahoo!-Mail-Feedback", envelope=False))
        assert (mail.kind, mail.proof, mail.consequence) == ("complaint", "link", "unsubscribed")
        assert (state_of(subscription), reason("anna@amt.example")) == ("withdrawn", "")
        assert ledger("anna@amt.example").state is State.COMPLAINED


def test_a_complaint_that_shows_a_revoked_link_changes_nothing(saxony: Any) -> None:
    with saxony.app_context():
        subscription = subscribed("anna@amt.example")
        accepted(("anna@amt.example", "Anna", subscription))
        true = ours("anna@amt.example")
        with transaction():
            session.get_one(subscriptions.Subscription, subscription).generation = 2
        mail = take(letters.arf(true, agent="Yahoo!-Mail-Feedback", envelope=False))
        assert (mail.consequence, state_of(subscription), reason("anna@amt.example")) == ("noted", "active", "")
        assert ledger("anna@amt.example").state is State.ACCEPTED


@pytest.mark.parametrize("write", [letters.jmrp, lambda ours: letters.arf(ours, agent="X")])
def test_the_return_path_of_the_mail_proves_a_complaint(app: Any, write: Callable[[Ours], bytes]) -> None:
    with app.app_context():
        accepted(ANNA)
        mail = take(write(ours("anna@amt.example")))
        assert (mail.proof, mail.consequence, reason("anna@amt.example")) == ("verp", "suppressed", "complaint")


def test_a_mail_with_the_token_in_its_subject_unsubscribes_whoever_sent_it(saxony: Any) -> None:
    with saxony.app_context():
        subscription = subscribed("anna@amt.example")
        token = tokens.derive("unsubscribe", subscription)
        sent = Ours("bounces@rundbrief.example", "anna@amt.example", "<x@y.example>", token)
        apple = "Auto-Submitted: auto-replied\n"
        mail = take(
            letters.written(sent, f"Unsubscribe {token.upper()}", "", sender="privat@anderswo.example", headers=apple)
        )
        assert (mail.kind, mail.consequence, state_of(subscription)) == ("unsubscribe", "unsubscribed", "withdrawn")


def test_a_mail_that_only_claims_to_be_from_somebody_unsubscribes_nobody(saxony: Any) -> None:
    with saxony.app_context():
        subscription = subscribed("anna@amt.example")
        other = Ours("", "anna@amt.example", "<x@y.example>", "")
        take(letters.written(other, "Abmelden", "Bitte abmelden"))
        take(letters.written(other, f"unsubscribe {tokens.derive('preferences', subscription)}", ""))
        assert state_of(subscription) == "active"


def test_who_writes_unsubscribe_without_the_token_is_sent_their_own_links(saxony: Any) -> None:
    with saxony.app_context():
        subscription = subscribed("anna@amt.example")
        known = Ours("", "anna@amt.example", "<x@y.example>", "")
        assert take(letters.written(known, "Abmelden", "")).consequence == "link_sent"
        links = [row for row in delivery.of_address("anna@amt.example") if row.message.kind != "issue"]
        assert [tokens.derive("unsubscribe", subscription) in row.message.text for row in links] == [True]
        machine = letters.written(known, "unsubscribe", "x", headers="Auto-Submitted: auto-replied\n")
        assert take(machine).consequence == "ignored"
        stranger = letters.written(Ours("", "fremd@amt.example", "<x@y.example>", ""), "Abmelden", "")
        assert take(stranger).consequence == "forwarded"


def test_somebody_behind_a_role_mailbox_is_not_the_role_mailbox(app: Any) -> None:
    with app.app_context():
        accepted(ANNA)
        mail = take(formats.postfix(ours("anna@amt.example"), UNKNOWN, final="weg@amt.example"))
        assert (mail.cause, mail.consequence, reason("anna@amt.example")) == ("forwarded", "noted", "")
        assert ledger("anna@amt.example").state is State.ACCEPTED
        technical = formats.exchange(ours("anna@amt.example"), HARD[4], final="anna@amt.onmicrosoft.com")
        assert take(technical).consequence == "suppressed"


def test_the_server_that_refuses_at_once_has_the_same_consequences(app: Any) -> None:
    with app.app_context():
        accepted(ANNA, BERND)
        anna, bernd = ledger("anna@amt.example").id, ledger("bernd@amt.example").id
        with transaction():
            assert delivery.refused(session.get_one(Delivery, anna), 550, "5.1.1 user unknown") is Cause.HARD
            assert delivery.refused(session.get_one(Delivery, bernd), 554, "5.7.1 blocked") is Cause.POLICY
        assert (reason("anna@amt.example"), reason("bernd@amt.example")) == ("bounce", "")


def test_what_cannot_be_understood_is_kept_as_it_came(app: Any) -> None:
    with app.app_context():
        mail = take(b"\xff\xfe\x00 no header at all")
        assert (mail.kind, mail.consequence) == ("unknown", "kept")
        with transaction(write=False):
            assert session.get_one(ReturnedMail, mail.id).raw == b"\xff\xfe\x00 no header at all"


def test_a_mail_of_ours_that_comes_round_is_neither_answered_nor_counted(app: Any) -> None:
    with app.app_context():
        accepted(ANNA)
        sent = ours("anna@amt.example")
        raw = sent.whole.replace("\n", "\r\n").encode()
        assert take(raw).consequence == "ignored"
        written = letters.written(sent, "Re: Was im Dezember ansteht", "Test", sender="redaktion@rundbrief.example")
        assert take(written).consequence == "ignored"


def subscribed(address: str) -> int:
    """An active subscription; its id."""
    from app.kernel import clock

    with transaction():
        newsletter = subscriptions.create_newsletter("ozg", "OZG-Newsletter")
        person = subscriptions.Subscriber(
            address=address, normalised=address, name="", organisation="", lang="de", chain="c", created_at=clock.now()
        )
        session.add(person)
        session.flush()
        row = subscriptions.Subscription(
            subscriber_id=person.id,
            newsletter_id=newsletter.id,
            state=subscriptions.State.ACTIVE,
            regions=[],
            topics=[],
            requested_at=clock.now(),
            confirmed_at=clock.now(),
            generation=1,
        )
        session.add(row)
        session.flush()
        return row.id


def state_of(subscription: int) -> str:
    with transaction(write=False):
        return session.get_one(subscriptions.Subscription, subscription).state.value
