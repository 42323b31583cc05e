"""What the hub does again and again."""

from datetime import timedelta

from app.announcements.publication import OnPublish
from app.announcements.pump import publish_due
from app.kernel.jobs import Job


def jobs(on_publish: OnPublish) -> list[Job]:
    """The hub's jobs; ``on_publish`` is handed down by the wiring."""
    return [Job("announcements.publish_due", lambda: publish_due(on_publish), every=timedelta(seconds=5))]
