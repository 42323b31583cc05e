"""Publishes what is due, each announcement in a transaction of its own, so that one that fails stops no other."""

import logging

from app.announcements import publication
from app.announcements.publication import OnPublish
from app.kernel import clock
from app.kernel.db import transaction

log = logging.getLogger(__name__)


def publish_due(on_publish: OnPublish) -> int:
    """Publish every announcement whose time has come; returns how many were published.

    Raises ExceptionGroup at the end with what went wrong; an announcement that failed stays due.
    """
    with transaction(write=False):
        due = publication.due(clock.now())
    published = 0
    errors: list[Exception] = []
    for announcement_id in due:
        try:
            with transaction():
                published += publication.publish(announcement_id, on_publish) is not None
        except Exception as error:
            log.exception("announcement %d could not be published", announcement_id)
            errors.append(error)
    if errors:
        raise ExceptionGroup("Some announcements could not be published.", errors)
    return published
