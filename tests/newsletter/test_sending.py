"""An issue goes out: to exactly the confirmed ones, in the approved words, on time or not at all."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app import announcements, delivery, newsletter, subscriptions
from app.kernel import clock as our_clock
from app.kernel import tokens
from app.kernel.db import session, transaction
from app.newsletter import queries
from app.subscriptions import State
from tests.delivery.letter.tracking import difference
from tests.newsletter import story
from tests.newsletter.story import ANNA, APPROVER, AUTHOR, BERND, CARLA
from tests.support.client import Visitor
from tests.support.house import PUBLIC_URL, HeldClock
from tests.support.smtp import SmtpSink


@pytest.fixture
def list_id(saxony: Any, clock: HeldClock) -> Iterator[int]:
    with saxony.app_context():
        yield story.found_newsletter()


def _recipients(smtp: SmtpSink) -> list[str]:
    return sorted(address for mail in smtp.received for address in mail.recipients)


def test_exactly_the_confirmed_ones_receive_it(saxony: Any, list_id: int, smtp: SmtpSink) -> None:
    story.add_reader(list_id, ANNA, "Anna Muster")
    story.add_reader(list_id, BERND)
    story.add_reader(list_id, CARLA, state=State.REQUESTED)
    story.add_reader(list_id, "doris@amt.example", state=State.WITHDRAWN)
    issue_id = story.draft(list_id)
    story.send_now(issue_id)
    story.work(saxony)
    assert _recipients(smtp) == [ANNA, BERND]
    assert story.state_of(issue_id) == ("sent", "")
    done = delivery.progress(f"issue:{issue_id}")
    assert (done.prepared, done.accepted, done.balances) == (2, 2, True)
    [mail] = smtp.to(ANNA)
    assert mail.subject == "OZG-Newsletter 1/2026: Neues im Dezember"
    assert "Guten Tag Anna Muster,\n\ndie Redaktion grüßt alle." in mail.body()


def test_its_headers_let_the_reader_leave_with_one_click(saxony: Any, list_id: int, smtp: SmtpSink) -> None:
    subscription_id = story.add_reader(list_id, ANNA)
    story.send_now(story.draft(list_id))
    story.work(saxony)
    [mail] = smtp.to(ANNA)
    url = f"{PUBLIC_URL}/newsletter/abmelden/{tokens.derive('unsubscribe', subscription_id)}"
    raw = mail.raw_header("List-Unsubscribe")
    assert raw is not None
    assert f"<{url}>" in raw
    assert mail.raw_header("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
    assert (mail.raw_header("List-Id") or "").startswith("OZG-Newsletter <ozg-newsletter.")
    assert mail.raw_header("Auto-Submitted") is None
    assert url in mail.body()
    assert "%%" not in mail.body("html") + mail.body()
    assert (
        saxony.test_client().post(url.removeprefix(PUBLIC_URL), data={"List-Unsubscribe": "One-Click"}).status_code
        == 200
    )
    assert subscriptions.count_audience(list_id) == 0


def test_what_two_readers_get_differs_in_nothing_that_could_follow_them(
    saxony: Any, list_id: int, smtp: SmtpSink
) -> None:
    slug = story.publish("Neue Arbeitshilfe")
    for address, name in ((ANNA, "Anna Muster"), (BERND, "Bernd Beispiel")):
        story.add_reader(list_id, address, name)
    items = {"id": 2, "kind": "announcements", "heading": "Meldungen", "slugs": [slug]}
    story.send_now(story.draft(list_id, story.words("Siehe [Termine](https://rundbrief.example/termine)."), items))
    story.work(saxony)
    found = difference(*(smtp.to(address)[0].content for address in (ANNA, BERND)))
    assert found.headers <= {"To", "Message-ID", "List-Unsubscribe", "Date"}
    assert found.words == {("Anna", "Bernd"), ("Muster,", "Beispiel,")}
    paths = {tuple(link.removeprefix(PUBLIC_URL).split("/")[2] for link in pair) for pair in found.links}
    assert paths == {("abmelden", "abmelden"), ("einstellungen", "einstellungen")}


def test_who_left_between_preparation_and_sending_is_skipped(saxony: Any, list_id: int, smtp: SmtpSink) -> None:
    story.add_reader(list_id, ANNA)
    leaving = story.add_reader(list_id, BERND)
    issue_id = story.draft(list_id)
    story.send_now(issue_id)
    with transaction():
        assert newsletter.start(issue_id)
    with transaction():
        subscriptions.unsubscribe(tokens.Derived(leaving, 1))
    story.work(saxony)
    done = delivery.progress(f"issue:{issue_id}")
    assert _recipients(smtp) == [ANNA]
    assert (done.prepared, done.accepted, done.skipped, done.open) == (2, 1, 1, 0)
    assert story.state_of(issue_id) == ("sent", "")


def test_it_starts_at_its_time_and_not_before(saxony: Any, list_id: int, smtp: SmtpSink, clock: HeldClock) -> None:
    story.add_reader(list_id, ANNA)
    issue_id = story.draft(list_id)
    story.approve(issue_id)
    with transaction():
        newsletter.schedule(issue_id, datetime(2026, 11, 24, 13, 30, tzinfo=UTC))
    clock.tick(hours=4, minutes=29)
    story.work(saxony)
    assert (story.state_of(issue_id), smtp.received) == (("scheduled", ""), [])
    clock.tick(minutes=1)
    story.work(saxony)
    assert (story.state_of(issue_id), _recipients(smtp)) == (("sent", ""), [ANNA])


def test_a_late_start_holds_and_asks(saxony: Any, list_id: int, smtp: SmtpSink, clock: HeldClock) -> None:
    story.add_reader(list_id, ANNA)
    issue_id = story.draft(list_id)
    story.send_now(issue_id)
    clock.tick(minutes=61)
    story.work(saxony)
    assert (story.state_of(issue_id), smtp.received) == (("held", "late"), [])
    with transaction():
        newsletter.send_now(issue_id)
    story.work(saxony)
    assert (story.state_of(issue_id), _recipients(smtp)) == (("sent", ""), [ANNA])


def test_an_issue_whose_date_has_changed_since_is_held(saxony: Any, list_id: int, smtp: SmtpSink) -> None:
    story.add_reader(list_id, ANNA)
    start = our_clock.now() + timedelta(days=14)
    slug = story.add_event("Workshop Bautzen", starts_at=start, ends_at=start + timedelta(hours=2))
    issue_id = story.draft(list_id, {"id": 1, "kind": "dates", "heading": "Termine", "limit": 5})
    story.send_now(issue_id)
    with transaction():
        moved = session.merge(story.events.get(slug))
        moved.starts_at, moved.ends_at = start + timedelta(days=1), start + timedelta(days=1, hours=2)
    story.work(saxony)
    assert (story.state_of(issue_id), smtp.received) == (("held", "changed"), [])
    with pytest.raises(newsletter.WrongState), transaction():
        newsletter.send_now(issue_id)
    story.send_now(issue_id)
    story.work(saxony)
    [mail] = smtp.to(ANNA)
    assert "Mittwoch, 9. Dezember 2026, 10:00 bis 12:00 Uhr" in mail.body()


def test_a_withdrawn_announcement_holds_the_issue_that_names_it(saxony: Any, list_id: int, smtp: SmtpSink) -> None:
    story.add_reader(list_id, ANNA)
    slug = story.publish("Neue Arbeitshilfe")
    issue_id = story.draft(
        list_id, {"id": 1, "kind": "announcements", "heading": "", "mode": "chosen", "slugs": [slug]}
    )
    story.send_now(issue_id)
    with transaction():
        revision = announcements.find_published(slug)
        assert revision is not None
        named = announcements.withdraw(announcements.get(revision.announcement_id), AUTHOR, "Irrtum")
        named = named or announcements.get(revision.announcement_id)
        announcements.submit(named, AUTHOR)
        announcements.approve(named, named.content_hash, APPROVER, our_clock.now())
    announcements.publish_due([])
    story.work(saxony)
    assert (story.state_of(issue_id), smtp.received) == (("held", "changed"), [])


def test_an_issue_for_nobody_is_held(saxony: Any, list_id: int) -> None:
    issue_id = story.draft(list_id)
    story.send_now(issue_id)
    story.work(saxony)
    assert story.state_of(issue_id) == ("held", "empty")


def test_a_hold_stops_the_rest_until_it_is_resumed(saxony: Any, list_id: int, smtp: SmtpSink) -> None:
    story.add_reader(list_id, ANNA)
    issue_id = story.draft(list_id)
    story.send_now(issue_id)
    with transaction():
        newsletter.start(issue_id)
    with transaction():
        newsletter.hold(issue_id)
    story.work(saxony)
    assert (story.state_of(issue_id), smtp.received) == (("held", "asked"), [])
    with transaction():
        newsletter.resume(issue_id)
    story.work(saxony)
    assert (story.state_of(issue_id), _recipients(smtp)) == (("sent", ""), [ANNA])


def test_once_it_is_on_its_way_nothing_in_it_changes(saxony: Any, list_id: int) -> None:
    story.add_reader(list_id, ANNA)
    issue_id = story.draft(list_id)
    story.send_now(issue_id)
    story.work(saxony)
    with pytest.raises(newsletter.WrongState), transaction():
        newsletter.edit(issue_id, {"title": "Anders"}, AUTHOR)


def test_a_test_mail_goes_to_one_person_only(saxony: Any, list_id: int, smtp: SmtpSink) -> None:
    story.add_reader(list_id, ANNA)
    issue_id = story.draft(list_id)
    with transaction():
        newsletter.send_test(issue_id, "redaktion@amt.example", "Rosa Redaktion")
    story.work(saxony)
    [mail] = smtp.received
    assert mail.recipients == ["redaktion@amt.example"]
    assert mail.subject == "[Test] OZG-Newsletter 1/2026: Neues im Dezember"
    assert "Guten Tag Rosa Redaktion," in mail.body()
    assert story.state_of(issue_id) == ("draft", "")


def test_the_archive_shows_the_words_of_the_mail(saxony: Any, list_id: int, smtp: SmtpSink, client: Visitor) -> None:
    story.add_reader(list_id, ANNA, "Anna Muster")
    slug = story.publish("Neue Arbeitshilfe", "Sechs Schritte zum Servicekonto.")
    start = our_clock.now() + timedelta(days=14)
    story.add_event("Workshop Bautzen", starts_at=start, ends_at=start + timedelta(hours=2), place="Bautzen")
    story.add_event("Workshop Vogtland", state="proposed")
    issue_id = story.draft(
        list_id,
        story.words("mit einem [Link zu Amt24](https://amt24.sachsen.de).", "Grußwort"),
        {"id": 2, "kind": "announcements", "heading": "Meldungen", "mode": "latest", "limit": 5},
        {"id": 3, "kind": "dates", "heading": "Termine", "limit": 5},
        {"id": 4, "kind": "divider"},
        {"id": 5, "kind": "heading", "heading": "Zum Schluss"},
        closing="Freundliche Grüße\nIhr OZG-Redaktionsteam",
    )
    address = "/newsletter/ausgaben/ozg-newsletter-1-2026"
    assert client.get(address).status_code == 404
    story.send_now(issue_id)
    story.work(saxony)
    page = client.get(address)
    assert page.status_code == 200
    assert "Anna Muster" not in page.text
    [mail] = smtp.to(ANNA)
    shown, sent = _words(page.text), _words(mail.body("html"))
    body = sent[sent.index("Grußwort") : sent.index("Ihr OZG-Redaktionsteam")]
    in_page = shown[shown.index("Grußwort") :]
    for line in ("Neue Arbeitshilfe", "Sechs Schritte zum Servicekonto.", "Workshop Bautzen", "Workshop Vogtland"):
        assert line in body
        assert line in in_page
    for line in ("Dienstag, 8. Dezember 2026, 10:00 bis 12:00 Uhr", "Termin wird noch abgestimmt", "Zum Schluss"):
        assert line in body
        assert line in in_page
    links = [f"{PUBLIC_URL}/meldungen/{slug}", f"{PUBLIC_URL}/termine/workshop-bautzen", "https://amt24.sachsen.de"]
    assert all(link in page.text and link in mail.body("html") and link in mail.body() for link in links)


def _words(html: str) -> str:
    without_tags = re.sub(r"<[^>]+>", " ", re.sub(r"<(style|script).*?</\1>", " ", html, flags=re.DOTALL))
    return " ".join(without_tags.split())


def test_the_feed_holds_what_was_sent(saxony: Any, list_id: int, client: Visitor, clock: HeldClock) -> None:
    empty = client.get("/newsletter/ausgaben.atom")
    assert (empty.status_code, empty.mimetype) == (200, "application/atom+xml")
    assert "<entry>" not in empty.text
    story.add_reader(list_id, ANNA)
    story.draft(list_id, number="9/2026", title="Noch geheim")
    story.send_now(story.draft(list_id, number="1/2026"))
    story.work(saxony)
    feed = client.get("/newsletter/ausgaben.atom")
    assert "OZG-Newsletter 1/2026: Neues im Dezember" in feed.text
    assert "Noch geheim" not in feed.text
    assert client.get("/newsletter/ausgaben.atom", headers={"If-None-Match": feed.headers["ETag"]}).status_code == 304
    assert "Noch geheim" not in client.get("/newsletter").text


def test_a_failing_issue_stops_no_other(saxony: Any, list_id: int) -> None:
    story.add_reader(list_id, ANNA)
    first, second = story.draft(list_id, number="1/2026"), story.draft(list_id, number="2/2026")
    story.send_now(first)
    story.send_now(second)
    story.work(saxony)
    assert (story.state_of(first)[0], story.state_of(second)[0]) == ("sent", "sent")
    assert [issue.number for issue in queries.archive()] == ["2/2026", "1/2026"]


def test_what_was_sent_can_be_found_and_what_was_not_cannot(saxony: Any, list_id: int) -> None:
    story.add_reader(list_id, ANNA)
    story.send_now(story.draft(list_id, number="1/2026", title="Wohngeld geht online"))
    story.draft(list_id, number="2/2026", title="Noch geheim")
    story.work(saxony)
    [hit] = newsletter.search("wohngeld")
    assert (hit.title, hit.url) == ("Wohngeld geht online", "/newsletter/ausgaben/ozg-newsletter-1-2026")
    assert [found.title for found in newsletter.search("grüsst")] == ["Wohngeld geht online"]
    assert newsletter.search("geheim") == []
