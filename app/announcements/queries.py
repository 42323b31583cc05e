"""Questions about announcements. What the public sees are revisions; the working copies are for the team."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from app import taxonomy
from app.announcements.models import KIND_LABELS, Announcement, Change, Channel, Dispatch, DispatchState, Revision
from app.announcements.publication import as_revision
from app.kernel import clock, text
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.kernel.i18n import lazy
from app.kernel.search import Hit

DUE = (DispatchState.OWED, DispatchState.HANDED, DispatchState.FAILED)


def find(announcement_id: int) -> Announcement | None:
    """The announcement with its working copy, or None."""
    return session.get(Announcement, announcement_id)


def get(announcement_id: int) -> Announcement:
    """The announcement with its working copy. Raises NotFound."""
    if announcement := find(announcement_id):
        return announcement
    raise NotFound(lazy("Diese Meldung gibt es nicht. Bitte wählen Sie eine aus der Liste."))


def get_revision(revision_id: int) -> Revision:
    """One frozen published state. Raises NotFound."""
    if revision := session.get(Revision, revision_id):
        return revision
    raise NotFound(lazy("Diese Fassung gibt es nicht. Bitte wählen Sie eine aus der Liste."))


def published(
    scope: taxonomy.Scope | None = None,
    *,
    limit: int | None = None,
    since: datetime | None = None,
    with_withdrawn: bool = False,
) -> list[Revision]:
    """What the public may see now, as current revisions: the first published last, narrowed to a scope.

    ``since`` leaves out what was first published before that moment. What is under embargo, expired or (unless asked
    for) withdrawn is not among them.
    """
    asked = select(Revision).join(Announcement, Announcement.current_revision_id == Revision.id)
    asked = asked.where(Revision.visible_at <= clock.now())
    asked = asked.where(Revision.expires_on.is_(None) | (Revision.expires_on >= clock.today()))
    if not with_withdrawn:
        asked = asked.where(Revision.change != Change.WITHDRAWAL)
    if since is not None:
        asked = asked.where(Revision.first_published_at >= since)
    asked = asked.order_by(Revision.first_published_at.desc(), Revision.announcement_id.desc())
    if scope is None:
        return list(session.scalars(asked.limit(limit)))
    fitting = (revision for revision in session.scalars(asked) if taxonomy.matches(scope, scope_of(revision)))
    return list(fitting)[:limit]


def latest(limit: int = 5) -> list[Revision]:
    """The announcements that were first published last."""
    return published(limit=limit)


def scope_of(revision: Revision) -> taxonomy.Scope:
    """The regions and topics that a revision belongs to."""
    content = revision.content
    return taxonomy.Scope.of(content.regions, content.topics)


def find_published(slug: str) -> Revision | None:
    """The current revision at this address, also an expired or withdrawn one; None if there is none to be seen yet."""
    asked = select(Revision).join(Announcement, Announcement.current_revision_id == Revision.id)
    return session.scalar(asked.where(Announcement.slug == slug, Revision.visible_at <= clock.now()))


def revisions(announcement_id: int) -> Sequence[Revision]:
    """All published revisions of an announcement, the latest first."""
    asked = select(Revision).where(Revision.announcement_id == announcement_id)
    return session.scalars(asked.order_by(Revision.number.desc())).all()


def preview(announcement: Announcement) -> Revision:
    """The working copy as the revision that it would be if it were published now; it is not stored."""
    number = announcement.current.number + 1 if announcement.current else 1
    return as_revision(announcement, clock.now(), number)


def in_work(*, state: str | None = None, limit: int = 100) -> Sequence[Announcement]:
    """The announcements with their working copies, or those in one state; the last changed first."""
    asked = select(Announcement).order_by(Announcement.updated_at.desc(), Announcement.id.desc()).limit(limit)
    return session.scalars(asked.where(Announcement.state == state) if state else asked).all()


def for_event(uid: str) -> Announcement | None:
    """The latest announcement that speaks of the event with this UID, or None."""
    asked = select(Announcement).where(Announcement.event_uid == uid).order_by(Announcement.id.desc()).limit(1)
    return session.scalar(asked) if uid else None


def channels(*, active: bool = False) -> Sequence[Channel]:
    """The channels we push to, in their order; only the active ones if asked."""
    asked = select(Channel).order_by(Channel.position, Channel.id)
    return session.scalars(asked.where(Channel.active) if active else asked).all()


def dispatches(announcement_id: int | None = None, *, limit: int = 200) -> Sequence[Dispatch]:
    """What is or was owed to channels, the newest first; of one announcement if named."""
    asked = select(Dispatch).order_by(Dispatch.id.desc()).limit(limit)
    return session.scalars(asked.where(Dispatch.announcement_id == announcement_id) if announcement_id else asked).all()


def due_dispatches(limit: int = 50) -> Sequence[Dispatch]:
    """What is owed to channels now, the longest due first."""
    asked = select(Dispatch).where(Dispatch.state.in_(DUE), Dispatch.due_at <= clock.now())
    return session.scalars(asked.order_by(Dispatch.due_at, Dispatch.id).limit(limit)).all()


def search(words: str, limit: int = 10) -> list[Hit]:
    """Published announcements whose title, summary or text contains the words, the latest first."""
    wanted = taxonomy.fold(words)
    hits = []
    for revision in published() if wanted else []:
        content = revision.content
        whole = f"{content.title} {content.lead} {text.to_plain(content.body)}"
        if wanted in taxonomy.fold(whole):
            label = str(KIND_LABELS[revision.kind])
            hits.append(Hit(content.title, f"/meldungen/{revision.slug}", label, content.lead))
    return hits[:limit]
