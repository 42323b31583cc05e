"""Decisions about dispatches: pure functions on values."""

from datetime import datetime, timedelta
from typing import Final

from app.announcements import Channel, Dispatch, Revision
from app.syndication.kinds.base import Form, Parcel

LEASE: Final = timedelta(minutes=5)  # how long a claimed dispatch is left to the one who claimed it
MOST_ATTEMPTS: Final = 16  # about three days
_MINUTES: Final = (1, 5, 15, 30, 60, 120, 240, 360)


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """When a dispatch that failed ``attempts`` times is tried again; None: not any more by itself."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return now + timedelta(minutes=_MINUTES[min(attempts, len(_MINUTES)) - 1])


def form_of(revision: Revision, *, had_earlier: bool) -> Form:
    """How a revision is said to a channel that did or did not get an earlier one."""
    if revision.is_withdrawal:
        return Form.WITHDRAWN
    return Form.CORRECTED if had_earlier else Form.PUBLISHED


def key_of(dispatch: Dispatch) -> str:
    """The name of a dispatch among partners, the same at every try: ``M-00012-2-1`` (reference, revision, channel)."""
    return f"{dispatch.revision.identifier}-{dispatch.revision.number}-{dispatch.channel_id}"


def preview_parcel(channel: Channel, revision: Revision) -> Parcel:
    """The parcel that a preview shows: as if the channel had got all earlier revisions."""
    form = form_of(revision, had_earlier=revision.number > 1)
    return Parcel(channel, revision, form, key="", attempt=1, acknowledge_url="")
