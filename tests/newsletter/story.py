"""What the tests of this feature share: a newsletter with readers, an issue that two people bring on its way."""

from typing import Any

from sqlalchemy import select

from app import announcements, events, newsletter, subscriptions
from app.announcements import Content
from app.events import Event, EventValues
from app.kernel import clock, text
from app.kernel.db import session, transaction
from app.newsletter import Issue
from app.subscriptions import State, Subscriber, Subscription
from tests.support import house

AUTHOR, APPROVER = 1, 2
ANNA, BERND, CARLA = "anna@amt.example", "bernd@amt.example", "carla@amt.example"


def found_newsletter() -> int:
    """The newsletter; its id."""
    with transaction():
        return subscriptions.create_newsletter("ozg-newsletter", "OZG-Newsletter").id


def add_reader(newsletter_id: int, address: str, name: str = "", state: State = State.ACTIVE, lang: str = "de") -> int:
    """A subscription in this state, already welcomed; its id."""
    with transaction():
        person = Subscriber(
            address=address, normalised=address, name=name, lang=lang, chain=address[:32], created_at=clock.now()
        )
        session.add(person)
        session.flush()
        confirmed = clock.now() if state is State.ACTIVE else None
        taken = Subscription(
            subscriber_id=person.id,
            newsletter_id=newsletter_id,
            state=state,
            requested_at=clock.now(),
            confirmed_at=confirmed,
            welcomed_at=confirmed,
            regions=[],
            topics=[],
        )
        session.add(taken)
        session.flush()
        return taken.id


def words(markdown: str = "die Redaktion grüßt **alle**.", heading: str = "") -> dict[str, Any]:
    """A text block."""
    return {"id": 1, "kind": "text", "heading": heading, "body": text.from_markdown(markdown)}


def draft(newsletter_id: int, *blocks: dict[str, Any], **values: Any) -> int:
    """An issue in the making; its id."""
    with transaction():
        issue = newsletter.draft(
            newsletter_id,
            AUTHOR,
            **{"title": "Neues im Dezember", "preheader": "Ein Satz.", "blocks": list(blocks) or [words()], **values},
        )
        return issue.id


def submit(issue_id: int) -> str:
    """Submit it; the hash of what was submitted."""
    with transaction():
        return newsletter.submit(issue_id, AUTHOR).content_hash


def approve(issue_id: int) -> None:
    """Submit and approve it by a second person."""
    seen = submit(issue_id)
    with transaction():
        newsletter.approve(issue_id, seen, APPROVER)


def send_now(issue_id: int) -> None:
    """Approve it and schedule it for now."""
    approve(issue_id)
    with transaction():
        newsletter.send_now(issue_id)


def state_of(issue_id: int) -> tuple[str, str]:
    """State and reason for a hold."""
    session.rollback()
    session.expire_all()
    issue = session.scalar(select(Issue).where(Issue.id == issue_id))
    assert issue is not None
    return issue.state, issue.hold_reason


def publish(title: str, lead: str = "Das Wichtigste in einem Satz.") -> str:
    """A published announcement; its slug."""
    with transaction():
        made = announcements.draft(Content(title=title, lead=lead, regions=("14",)), AUTHOR)
        announcements.submit(made, AUTHOR)
        announcements.approve(made, made.content_hash, APPROVER, clock.now())
    assert announcements.publish_due([events.on_publish]) == 1
    return made.slug


def add_event(title: str, **values: Any) -> str:
    """A published date, put there without its announcement; its slug."""
    with transaction():
        said = EventValues(title=title, **values)
        slug = title.lower().replace(" ", "-")
        event = Event(uid=f"{slug}@rundbrief.example", slug=slug, created_at=clock.now(), updated_at=clock.now())
        event.values = said
        event.published_at = clock.now()
        session.add(event)
        return slug


def work(app: Any) -> int:
    """Run all jobs until nothing is due."""
    return house.work(app)
