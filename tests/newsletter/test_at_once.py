"""At once: who wants announcements or changed dates before the next issue gets a mail when they are published."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app import announcements, delivery, newsletter, subscriptions, wiring
from app.announcements import Announcement, Content, When
from app.delivery import queries
from app.kernel import clock as our_clock
from app.kernel import tokens
from app.kernel.db import session, transaction
from app.newsletter import at_once
from app.newsletter.models import AtOnce
from app.subscriptions import Subscription
from tests.events import telling
from tests.newsletter import story
from tests.newsletter.story import ANNA, APPROVER, AUTHOR, BERND, CARLA
from tests.support import team
from tests.support.house import HeldClock
from tests.support.smtp import SmtpSink

DORA = "dora@amt.example"
BAUTZEN, LEIPZIG = "14625", "14713"


@pytest.fixture
def list_id(saxony: Any, clock: HeldClock) -> Iterator[int]:
    with saxony.app_context():
        yield story.found_newsletter()


def _reader(list_id: int, address: str, how: str = "all_at_once", **values: Any) -> int:
    subscription_id = story.add_reader(list_id, address)
    with transaction():
        taken = session.get_one(Subscription, subscription_id)
        taken.subscriber.how = subscriptions.How(how)
        for name, value in values.items():
            setattr(taken if name in ("regions", "topics") else taken.subscriber, name, value)
    return subscription_id


def _said(title: str = "Neue Arbeitshilfe", **values: Any) -> Content:
    return Content(**{"title": title, "lead": "Das Wichtigste in einem Satz.", "regions": ("14",), **values})


def _approve(made: Announcement) -> int:
    announcements.submit(made, AUTHOR)
    announcements.approve(made, made.content_hash, APPROVER, our_clock.now())
    return made.id


def _say(content: Content) -> int:
    """Publish it; the id of the announcement."""
    with transaction():
        made = _approve(announcements.draft(content, AUTHOR))
    assert announcements.publish_due(wiring.ON_PUBLISH) == 1
    return made


def _correct(announcement_id: int, content: Content, reason: str = "Der Ort war falsch.") -> None:
    with transaction():
        named = announcements.get(announcement_id)
        _approve(announcements.correct(named, content, AUTHOR, reason) or named)
    assert announcements.publish_due(wiring.ON_PUBLISH) == 1


def _withdraw(announcement_id: int) -> None:
    with transaction():
        named = announcements.get(announcement_id)
        _approve(announcements.withdraw(named, AUTHOR, "Ein Irrtum.") or named)
    assert announcements.publish_due(wiring.ON_PUBLISH) == 1


def _got(smtp: SmtpSink) -> list[tuple[str, str]]:
    """Who got which subject since the last look."""
    found = sorted((mail.recipients[0], mail.subject) for mail in smtp.received)
    smtp.received.clear()
    return found


def test_who_wants_everything_at_once_gets_a_list_mail(saxony: Any, list_id: int, smtp: SmtpSink) -> None:
    subscription_id = _reader(list_id, ANNA)
    _reader(list_id, BERND, "with_issue")
    _reader(list_id, CARLA, "dates_at_once")
    _say(_said())
    assert smtp.received == []
    story.work(saxony)
    [mail] = smtp.received
    assert (mail.recipients, mail.subject) == ([ANNA], "Neue Arbeitshilfe")
    assert mail.raw_header("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
    assert (mail.raw_header("List-Id") or "").startswith("OZG-Newsletter <ozg-newsletter.")
    assert mail.raw_header("Auto-Submitted") is None
    text = mail.body()
    assert "Das Wichtigste in einem Satz." in text
    for purpose, path in (("unsubscribe", "abmelden"), ("preferences", "einstellungen")):
        assert f"/newsletter/{path}/{tokens.derive(purpose, subscription_id)}" in text
    assert "/meldungen/neue-arbeitshilfe" in text
    assert "%%" not in text + mail.body("html")


@pytest.mark.parametrize(
    ("content", "readers"),
    [
        (_said(), [ANNA]),
        (_said(regions=(BAUTZEN,), topics=("amt24",)), [ANNA]),
        (_said(regions=(LEIPZIG,)), []),
        (_said(topics=("umwelt",)), []),
    ],
)
def test_it_goes_to_those_whom_it_concerns(
    saxony: Any, list_id: int, smtp: SmtpSink, content: Content, readers: list[str]
) -> None:
    _reader(list_id, ANNA, regions=["14625250", "14521"], topics=["amt24"])
    _say(content)
    story.work(saxony)
    assert [address for address, _ in _got(smtp)] == readers


def test_dates_go_to_those_who_want_dates(saxony: Any, list_id: int, smtp: SmtpSink) -> None:
    _reader(list_id, ANNA)
    _reader(list_id, BERND, "dates_at_once")
    _reader(list_id, CARLA, "with_issue")
    _say(_said("Sprechstunde", dates=(When(our_clock.now() + timedelta(days=14)),), place="Bautzen"))
    story.work(saxony)
    mails = {mail.recipients[0]: mail for mail in smtp.received}
    assert sorted(mails) == [ANNA, BERND]
    assert "Termin: Dienstag, 8. Dezember 2026, 10:00 Uhr" in mails[BERND].body()
    assert "Ort: Bautzen" in mails[BERND].body()


def test_a_moved_workshop_reaches_who_got_it_and_who_wants_dates_since(
    saxony: Any, list_id: int, smtp: SmtpSink
) -> None:
    first = _reader(list_id, ANNA, "dates_at_once")
    event_id = telling.say()
    story.work(saxony)
    assert [address for address, _ in _got(smtp)] == [ANNA]
    with transaction():
        session.get_one(Subscription, first).subscriber.how = subscriptions.How.WITH_ISSUE
    _reader(list_id, BERND, "dates_at_once")
    moved = telling.workshop(starts_at=telling.at("2026-12-15", "10:00"), ends_at=telling.at("2026-12-15", "12:30"))
    telling.change(event_id, moved)
    story.work(saxony)
    mails = {mail.recipients[0]: mail for mail in smtp.received}
    assert sorted(mails) == [ANNA, BERND]
    assert "Dienstag, 15. Dezember 2026, 10:00 bis 12:30 Uhr" in mails[BERND].body()
    assert "/termine/" in mails[BERND].body().split("Zum Termin:")[1].split("\n")[1]


def test_a_correction_goes_to_exactly_those_who_got_it(saxony: Any, list_id: int, smtp: SmtpSink) -> None:
    for address in (ANNA, BERND, CARLA):
        _reader(list_id, address)
    smtp.refuse("550 5.1.1 unknown", address=CARLA)
    made = _say(_said())
    story.work(saxony)
    assert [address for address, _ in _got(smtp)] == [ANNA, BERND]
    with transaction():
        subscriptions.unsubscribe(tokens.Derived(2, 1))
    _reader(list_id, DORA)
    _correct(made, _said(place="Kamenz"))
    story.work(saxony)
    assert [mail.body().count("Der Ort war falsch.") for mail in smtp.received] == [1]
    assert _got(smtp) == [(ANNA, "Korrektur: Neue Arbeitshilfe")]
    _withdraw(made)
    story.work(saxony)
    assert _got(smtp) == [(ANNA, "Zurückgezogen: Neue Arbeitshilfe")]


def test_what_still_waits_is_replaced_by_the_correction(saxony: Any, list_id: int, smtp: SmtpSink) -> None:
    _reader(list_id, ANNA)
    made = _say(_said())
    [owed] = at_once.due_ids()
    with transaction():
        assert at_once.prepare(owed)
    _correct(made, _said(place="Kamenz"))
    story.work(saxony)
    assert _got(smtp) == [(ANNA, "Korrektur: Neue Arbeitshilfe")]
    first = delivery.find(f"at_once:{owed}", ANNA)
    assert first is not None
    assert (first.state, first.reason) == ("skipped", "superseded")


def test_of_two_publications_before_the_job_only_the_newest_leaves_and_to_all(
    saxony: Any, list_id: int, smtp: SmtpSink
) -> None:
    _reader(list_id, ANNA)
    made = _say(_said())
    _correct(made, _said(place="Kamenz"))
    story.work(saxony)
    assert _got(smtp) == [(ANNA, "Korrektur: Neue Arbeitshilfe")]


def test_what_is_taken_back_before_anybody_heard_of_it_is_not_mentioned(
    saxony: Any, list_id: int, smtp: SmtpSink
) -> None:
    _reader(list_id, ANNA)
    _withdraw(_say(_said()))
    story.work(saxony)
    assert _got(smtp) == []


def test_twice_is_once(saxony: Any, list_id: int, smtp: SmtpSink) -> None:
    _reader(list_id, ANNA)
    _say(_said())
    [owed] = at_once.due_ids()
    for expected in (True, False):
        with transaction():
            assert at_once.prepare(owed) is expected
    assert at_once.due_ids() == []
    story.work(saxony)
    assert len(_got(smtp)) == 1


def test_nobody_hears_of_it_before_the_embargo_ends(
    saxony: Any, list_id: int, smtp: SmtpSink, clock: HeldClock
) -> None:
    _reader(list_id, ANNA)
    _say(_said(embargo=our_clock.now() + timedelta(hours=3)))
    clock.tick(hours=2, minutes=59)
    story.work(saxony)
    assert _got(smtp) == []
    clock.tick(minutes=1)
    story.work(saxony)
    assert _got(smtp) == [(ANNA, "Neue Arbeitshilfe")]


def test_each_reads_it_in_their_language_and_form_and_once(saxony: Any, list_id: int, smtp: SmtpSink) -> None:
    with transaction():
        second = subscriptions.create_newsletter("sakd-aktuell", "SAKD-aktuell").id
    _reader(list_id, ANNA, lang="en", format="text")
    _reader(second, BERND)
    _reader(list_id, CARLA, paused_until=our_clock.today() + timedelta(days=1))
    with transaction():
        of_anna = session.scalar(select(Subscription).where(Subscription.newsletter_id == list_id))
        session.add(
            Subscription(
                subscriber_id=of_anna.subscriber_id,
                newsletter_id=second,
                state=of_anna.state,
                requested_at=of_anna.requested_at,
                confirmed_at=of_anna.confirmed_at,
                welcomed_at=of_anna.welcomed_at,
                regions=[],
                topics=[],
            )
        )
    _say(_said())
    story.work(saxony)
    mails = {mail.recipients[0]: mail for mail in smtp.received}
    assert (sorted(mails), len(smtp.received)) == ([ANNA, BERND], 2)
    assert "Read the whole announcement" in mails[ANNA].body()
    assert mails[ANNA].message.get_content_type() == "text/plain"
    assert (mails[BERND].raw_header("List-Id") or "").startswith("SAKD-aktuell <")


def test_a_publication_that_fails_owes_nothing(saxony: Any, list_id: int) -> None:
    _reader(list_id, ANNA)
    with transaction():
        _approve(announcements.draft(_said(), AUTHOR))

    def fail(revision: Any) -> None:
        raise RuntimeError("the last in the list fails")

    with pytest.raises(ExceptionGroup):
        announcements.publish_due([*wiring.ON_PUBLISH, fail])
    assert session.query(AtOnce).count() == 0


def test_who_leaves_gets_what_waits_no_more(saxony: Any, list_id: int, smtp: SmtpSink) -> None:
    leaving = _reader(list_id, ANNA)
    _say(_said())
    [owed] = at_once.due_ids()
    with transaction():
        at_once.prepare(owed)
    with transaction():
        subscriptions.unsubscribe(tokens.Derived(leaving, 1))
    story.work(saxony)
    assert _got(smtp) == []
    done = delivery.progress(f"at_once:{owed}")
    assert (done.prepared, done.skipped, done.balances) == (1, 1, True)


def test_who_leaves_while_a_correction_is_prepared_and_the_correction_do_not_wait_for_each_other(
    saxony: Any, list_id: int
) -> None:
    leaving = _reader(list_id, ANNA)
    made = _say(_said())
    [owed] = at_once.due_ids()
    with transaction():
        at_once.prepare(owed)
    _correct(made, _said(place="Kamenz"))
    [correction] = at_once.due_ids()
    is_leaving, left = threading.Event(), threading.Event()

    def leave() -> None:
        with saxony.app_context(), transaction():
            delivery.skip("unsubscribed", subject_id=leaving + 1)  # nobody: it is this one's turn from here on
            is_leaving.set()
            time.sleep(0.3)  # the correction begins
            delivery.skip("unsubscribed", subject_id=leaving)
        left.set()

    thread = threading.Thread(target=leave)
    thread.start()
    assert is_leaving.wait(10)
    with transaction():
        assert at_once.prepare(correction)
    thread.join()
    assert left.is_set()


def test_the_issue_still_goes_to_those_who_hear_at_once(saxony: Any, list_id: int, smtp: SmtpSink) -> None:
    for address, how in ((ANNA, "all_at_once"), (BERND, "dates_at_once"), (CARLA, "with_issue")):
        _reader(list_id, address, how)
    story.send_now(story.draft(list_id))
    story.work(saxony)
    assert sorted(mail.recipients[0] for mail in smtp.received) == [ANNA, BERND, CARLA]
    assert newsletter.queries.sending_ids() == []


def test_what_the_server_refuses_for_our_sake_goes_on_from_the_desk(
    saxony: Any, list_id: int, smtp: SmtpSink, clock: HeldClock
) -> None:
    _reader(list_id, ANNA)
    smtp.refuse("550 5.7.1 policy", at="data")
    _say(_said())
    story.work(saxony)
    [row] = session.query(AtOnce)
    assert delivery.progress(row.group).held is not None
    smtp.accept()
    page = team.signed_in(saxony, "editor").get("/redaktion/versand").text
    assert page.count(f'action="/redaktion/versand/gruppen/{row.group}/freigeben"') == 1
    with transaction():
        delivery.release(queries.get_stopped(row.group).group)
    clock.tick(hours=1)
    story.work(saxony)
    assert _got(smtp) == [(ANNA, "Neue Arbeitshilfe")]


def test_who_approves_sees_the_mail_and_how_many_get_it(saxony: Any, list_id: int) -> None:
    with transaction():
        made = announcements.draft(_said(), AUTHOR)
    assert at_once.channel_previews(announcements.preview(made)) == []
    for address in (ANNA, BERND):
        _reader(list_id, address)
    _reader(list_id, CARLA, regions=[LEIPZIG])
    _reader(list_id, DORA, "dates_at_once")
    [shown] = at_once.channel_previews(announcements.preview(announcements.get(made.id)))
    assert (shown.channel, shown.subject) == ("Sofort per E-Mail an 3 Adressen", "Neue Arbeitshilfe")
    assert "Das Wichtigste in einem Satz." in shown.text
    assert "%%" not in shown.text + shown.html
