"""Everything that sends mails, once: so that a test can look at every link of every mail."""

from typing import Any

from app import syndication, wiring
from app.kernel.db import transaction
from tests.architecture.routes import addresses_in
from tests.events import telling
from tests.newsletter import story as issues
from tests.subscriptions import story as people
from tests.support import team
from tests.support.house import HeldClock
from tests.support.smtp import Received

ANNA, BERND, WAITING = "anna@kommune.example", "bernd@kommune.example", "carla@kommune.example"
MOVED = "anna.neu@kommune.example"
PROMISED = [f"/newsletter/{what}/" for what in ("bestaetigen", "abmelden", "einstellungen", "ausgaben")]
PROMISED += [f"/newsletter/{what}/" for what in ("adresse", "meine-daten")]
PROMISED += ["/termine/", "/meldungen/", "/partner/", "/redaktion/einladung/", "/redaktion/passwort/"]
# What a subject says, and so which mail it is; an issue says what it is about.
SUBJECTS = {
    "Korrektur": "correction",
    "M-0": "partner",
    "Bitte bestätigen Sie Ihre Anmeldung": "confirm",
    "schon angemeldet": "already",
    "illkommen": "welcome",
    "Ihre Links": "links",
    "Ihre neue Adresse": "address",
    "Ihre Einstellungen": "changed",
    "Ihren Daten": "my data",
    "Neuer Termin": "at once",
    "Zugang": "invitation",
    "Passwort": "reset",
}
KINDS = {"issue", *SUBJECTS.values()}


def whole_story(app: Any, clock: HeldClock) -> None:
    """Joining, welcoming, preferences, an issue, at once, partners, a correction, an invitation, a reset.

    WAITING signed up and did not confirm; ANNA asked to move and did not confirm; BERND wants all at once.
    """
    people.found_newsletters(app)
    for address in (ANNA, BERND):
        people.subscribe(app, app.test_client(), clock, address)
    work(app)
    _decide(app, clock)
    _invite(app)
    with app.app_context():
        with transaction():
            syndication.add_channel("SSG", "mail_format", {"address": "redaktion@ssg.example", "prefix": "OZG-Sachsen"})
        event_id = telling.say()
        moved = telling.workshop(starts_at=telling.at("2026-12-15", "10:00"), ends_at=telling.at("2026-12-15", "12:30"))
    work(app)
    with app.app_context():
        telling.change(event_id, moved)
        issues.send_now(issues.draft(1, {"id": 1, "kind": "dates", "heading": "Termine", "limit": 5}, issues.words()))
    work(app)
    people.sign_up(app.test_client(), clock, WAITING)
    work(app)


def _decide(app: Any, clock: HeldClock) -> None:
    """What one can do from a mail and from the pages."""
    visitor = app.test_client()
    visitor.submit(f"{people.links_of(app, ANNA)[1]}/adresse", {"email": MOVED})
    clock.tick(hours=24)  # nobody gets more than a few of these a day
    people.sign_up(visitor, clock, ANNA)
    visitor.submit("/newsletter/link", {"email": ANNA})
    visitor.submit("/newsletter/meine-daten", {"email": ANNA})
    visitor.submit(people.links_of(app, BERND)[1], {"how": "all_at_once"})
    work(app)


def _invite(app: Any) -> None:
    admin = team.signed_in(app, "admin", "editor", "approver")
    invited = {"email": "neu@rundbrief.example", "name": "Nora Beispiel", "roles": ["editor"]}
    admin.submit("/redaktion/konten", invited, has="email")
    team.create_person(app, "zweite@rundbrief.example", ["approver"])
    forgotten = {"email": "zweite@rundbrief.example"}
    app.test_client().submit("/redaktion/passwort-vergessen", forgotten, has="email")


def kind(mail: Received) -> str:
    """Which mail this is."""
    return next((kind for word, kind in SUBJECTS.items() if word in mail.subject), "issue")


def links(mail: Received, public_url: str) -> set[str]:
    """The paths of all addresses of this installation in a mail, its headers included."""
    in_header = mail.raw_header("List-Unsubscribe") or ""
    return addresses_in(f"{mail.body('plain')}\n{mail.body('html')}\n{in_header}", public_url)


def work(app: Any) -> None:
    """Run all jobs until nothing is due."""
    while sum(_run(app, job) for job in wiring.JOBS):
        pass


def _run(app: Any, job: Any) -> int:
    with app.app_context():
        return int(job.run())
