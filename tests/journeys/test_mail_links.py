"""Opening a link in a mail changes nothing, whoever opens it: people, previews, virus scanners."""

from typing import Any

from app import syndication, wiring
from app.kernel.db import db, transaction
from tests.architecture.routes import addresses_in, side_effects
from tests.events import telling
from tests.newsletter import story as issues
from tests.subscriptions import story as people
from tests.support import team
from tests.support.dump import differences, dump
from tests.support.house import PUBLIC_URL, HeldClock
from tests.support.smtp import Received, SmtpSink
from tests.support.team import create_person

ANNA, BERND = "anna@kommune.example", "bernd@kommune.example"


def test_get_and_head_on_every_link_of_every_mail_that_was_sent_change_no_row(
    saxony: Any, smtp: SmtpSink, clock: HeldClock
) -> None:
    _whole_story(saxony, clock)
    assert {_kind(mail) for mail in smtp.received} == KINDS
    paths = {path for mail in smtp.received for path in _links(mail)}
    assert [begin for begin in PROMISED if not any(path.startswith(begin) for path in paths)] == []
    clock.tick(minutes=1)
    assert side_effects(saxony, paths) == []


def test_a_post_on_the_same_links_does_change_rows(saxony: Any, smtp: SmtpSink, clock: HeldClock) -> None:
    people.found_newsletters(saxony)
    people.sign_up(saxony.test_client(), clock, ANNA)
    _work(saxony)
    [link] = [path for path in _links(smtp.to(ANNA)[0]) if "/bestaetigen/" in path]
    before = _dump(saxony)
    assert saxony.test_client().submit(link).status_code == 200
    assert any(line.startswith("subscriptions ") for line in differences(before, _dump(saxony)))


PROMISED = [f"/newsletter/{what}/" for what in ("bestaetigen", "abmelden", "einstellungen", "ausgaben")]
PROMISED += ["/termine/", "/meldungen/", "/partner/", "/redaktion/einladung/", "/redaktion/passwort/"]
KINDS = {"confirm", "welcome", "issue", "partner", "correction", "invitation", "reset"}


def _whole_story(app: Any, clock: HeldClock) -> None:
    """Everything that sends mails: joining, welcoming, an issue, partners, a correction, an invitation, a reset."""
    people.found_newsletters(app)
    for address in (ANNA, BERND):
        people.subscribe(app, app.test_client(), clock, address)
    admin = team.signed_in(app, "admin", "editor", "approver")
    invited = {"email": "neu@rundbrief.example", "name": "Nora Beispiel", "roles": ["editor"]}
    admin.submit("/redaktion/konten", invited, has="email")
    create_person(app, "zweite@rundbrief.example", ["approver"])
    forgotten = {"email": "zweite@rundbrief.example"}
    app.test_client().submit("/redaktion/passwort-vergessen", forgotten, has="email")
    with app.app_context():
        with transaction():
            syndication.add_channel("SSG", "mail_format", {"address": "redaktion@ssg.example", "prefix": "OZG-Sachsen"})
        event_id = telling.say()
        moved = telling.workshop(starts_at=telling.at("2026-12-15", "10:00"), ends_at=telling.at("2026-12-15", "12:30"))
    _work(app)
    with app.app_context():
        telling.change(event_id, moved)
        issues.send_now(issues.draft(1, {"id": 1, "kind": "dates", "heading": "Termine", "limit": 5}, issues.words()))
    _work(app)


def _kind(mail: Received) -> str:
    subject = mail.subject
    words = {"Korrektur": "correction", "M-0": "partner", "estätig": "confirm", "illkommen": "welcome"}
    words |= {"Zugang": "invitation", "Passwort": "reset"}
    return next((kind for word, kind in words.items() if word in subject), "issue")


def _links(mail: Received) -> set[str]:
    in_header = mail.raw_header("List-Unsubscribe") or ""
    return addresses_in(f"{mail.body('plain')}\n{mail.body('html')}\n{in_header}", PUBLIC_URL)


def _work(app: Any) -> None:
    while sum(_run(app, job) for job in wiring.JOBS):
        pass


def _run(app: Any, job: Any) -> int:
    with app.app_context():
        return int(job.run())


def _dump(app: Any) -> dict[str, Any]:
    with app.app_context():
        return dump(db.engine)
