"""What syndication does again and again."""

from collections.abc import Sequence
from datetime import timedelta

from app.kernel.jobs import Job
from app.syndication.kinds.base import Kind
from app.syndication.pump import dispatch_due


def jobs(kinds: Sequence[Kind]) -> list[Job]:
    """The jobs for these kinds of channels, which the wiring hands down."""
    return [Job("syndication.dispatch_due", lambda: dispatch_due(kinds), every=timedelta(seconds=5))]
