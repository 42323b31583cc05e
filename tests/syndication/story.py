"""What the tests of syndication begin with: an announcement that is approved and due, and channels."""

from typing import Any

from app import announcements, syndication
from app.announcements import Content
from app.kernel import clock, text
from app.kernel.db import rollback, transaction

AUTHOR, APPROVER = 1, 2


def content(title: str = "Neuer Onlinedienst für Wohngeld", **changes: Any) -> Content:
    """Something to say."""
    values: dict[str, Any] = {
        "title": title,
        "lead": "Der Onlinedienst steht ab Dezember bereit.",
        "body": text.from_markdown("Der Dienst ist **kostenfrei**."),
        "regions": ("14625",),
        "contact": "Redaktion, redaktion@rundbrief.example",
    }
    return Content(**(values | changes))


def publish(said: Content | None = None) -> int:
    """Draft, submit, approve and publish now; the id of the announcement."""
    with transaction():
        announcement = announcements.draft(said or content(), AUTHOR)
        _approve(announcement)
    assert announcements.publish_due([]) == 1
    return announcement.id


def correct(announcement_id: int, said: Content, reason: str) -> None:
    """Publish the next revision."""
    with transaction():
        announcement = announcements.get(announcement_id)
        announcements.correct(announcement, said, AUTHOR, reason)
        _approve(announcement)
    assert announcements.publish_due([]) == 1


def withdraw(announcement_id: int, reason: str) -> None:
    """Take it back."""
    with transaction():
        announcement = announcements.get(announcement_id)
        announcements.withdraw(announcement, AUTHOR, reason)
        _approve(announcement)
    assert announcements.publish_due([]) == 1


def ssg() -> int:
    """A channel by mail."""
    with transaction():
        config = {"address": "redaktion@ssg.example", "prefix": "OZG-Sachsen"}
        return syndication.add_channel("SSG", "mail_format", config).id


def slkt(url: str) -> str:
    """A channel by webhook; its secret."""
    with transaction():
        secret: str = syndication.add_channel("SLKT", "webhook", {"url": url}).config["secret"]
    return secret


def states() -> list[tuple[str, int, str]]:
    """Channel, revision and state of everything that is or was owed."""
    return sorted((d.channel.name, d.revision.number, d.state) for d in dispatches())


def dispatches() -> list[announcements.Dispatch]:
    """What is or was owed, as the database knows it now (the jobs wrote in sessions of their own)."""
    rollback()
    return list(announcements.dispatches())


def _approve(announcement: announcements.Announcement) -> None:
    announcements.submit(announcement, AUTHOR)
    announcements.approve(announcement, announcement.content_hash, APPROVER, clock.now())
