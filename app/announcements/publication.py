"""Publication: the one moment in which an approved announcement becomes a revision for all channels."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import func, select

from app import approvals
from app.announcements.models import Announcement, Change, Channel, Dispatch, DispatchState, Revision, State
from app.announcements.services import fingerprint
from app.kernel import audit, clock
from app.kernel.db import session

OnPublish: TypeAlias = Sequence[Callable[[Revision], None]]

REACHED = (DispatchState.SENT, DispatchState.HANDED, DispatchState.ACKNOWLEDGED)
WAITING = (DispatchState.OWED, DispatchState.FAILED)


def due(now: datetime) -> list[int]:
    """The ids of the announcements whose time has come, the earliest first."""
    scheduled = select(Announcement.id).where(Announcement.state == State.SCHEDULED, Announcement.publish_at <= now)
    return list(session.scalars(scheduled.order_by(Announcement.publish_at, Announcement.id)))


def publish(announcement_id: int, on_publish: OnPublish) -> Revision | None:
    """Freeze the next revision, owe every chosen channel its dispatch, and tell ``on_publish``: all or nothing.

    None if it is not due any more. What is no longer approved in exactly this form goes back to the drafts.
    """
    locked = select(Announcement).where(Announcement.id == announcement_id).with_for_update(of=Announcement)
    announcement = session.scalars(locked.execution_options(populate_existing=True)).one()
    now = clock.now()
    if announcement.state != State.SCHEDULED or announcement.publish_at is None or announcement.publish_at > now:
        return None
    if not approvals.is_approved(announcement.subject, fingerprint(announcement)):
        announcement.state = State.DRAFT
        audit.record("announcement.not_published", announcement.subject, {"why": "no approval of this content"})
        return None
    revision = as_revision(announcement, now, _next_number(announcement))
    session.add(revision)
    session.flush()
    announcement.current_revision_id = revision.id
    announcement.state = State.WITHDRAWN if revision.is_withdrawal else State.PUBLISHED
    announcement.updated_at = now
    _owe(announcement, revision)
    session.expire(announcement, ["current"])
    detail = {"revision": revision.number, "change": revision.change}
    audit.record("announcement.published", announcement.subject, detail)
    for tell in on_publish:
        tell(revision)
    return revision


def as_revision(announcement: Announcement, now: datetime, number: int) -> Revision:
    """The working copy in the form of a revision, not yet stored; previews use it too."""
    content = announcement.content
    first = announcement.current.first_published_at if announcement.current else now
    return Revision(
        announcement_id=announcement.id,
        number=number,
        slug=announcement.slug,
        kind=announcement.kind,
        content_json=announcement.content_json,
        content_hash=fingerprint(announcement),
        change=announcement.change if number > 1 else Change.FIRST,
        reason=announcement.reason,
        first_published_at=first,
        published_at=now,
        visible_at=max(now, content.embargo) if content.embargo and number == 1 else now,
        expires_on=content.expires_on,
    )


def _next_number(announcement: Announcement) -> int:
    asked = select(func.max(Revision.number)).where(Revision.announcement_id == announcement.id)
    return (session.scalar(asked) or 0) + 1


def _owe(announcement: Announcement, revision: Revision) -> None:
    earlier = list(session.scalars(select(Dispatch).where(Dispatch.announcement_id == announcement.id)))
    begun = {d.channel_id for d in earlier if d.state in REACHED or (d.state in WAITING and d.attempts)}
    for dispatch in earlier:
        if dispatch.state in WAITING:
            dispatch.state = DispatchState.SUPERSEDED
            dispatch.due_at = None
    for channel_id in _receiving(announcement, begun, only_begun=revision.is_withdrawal):
        session.add(
            Dispatch(
                channel_id=channel_id,
                revision_id=revision.id,
                announcement_id=announcement.id,
                state=DispatchState.OWED,
                attempts=0,
                due_at=revision.published_at,
                last_error="",
                evidence={},
            )
        )
    session.flush()


def _receiving(announcement: Announcement, begun: Iterable[int], *, only_begun: bool) -> list[int]:
    """The active channels that get this revision: those chosen, and those that may have an earlier one."""
    active = session.scalars(select(Channel.id).where(Channel.active).order_by(Channel.position, Channel.id))
    chosen = announcement.channels
    had = set(begun)
    return [
        channel_id
        for channel_id in active
        if channel_id in had or (not only_begun and (chosen is None or channel_id in chosen))
    ]
