"""The life of an announcement up to its publication: drafting, editing, submitting, approving, scheduling."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app import approvals, taxonomy
from app.announcements import rules
from app.announcements.content import Content
from app.announcements.models import Announcement, Change, Channel, Kind, State
from app.kernel import audit, clock
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.kernel.i18n import lazy


@dataclass(frozen=True, slots=True)
class Plan:
    """How it is to be published.

    ``channels`` are ids, None for all that are active; ``publish_at`` is a wish (None: none); ``reason`` tells readers
    what a correction changes.
    """

    kind: str = Kind.NEWS
    slug: str = ""
    reason: str = ""
    channels: tuple[int, ...] | None = None
    publish_at: datetime | None = None


def draft(content: Content, author_id: int, plan: Plan | None = None) -> Announcement:
    """A new announcement that only the team sees. Raises Invalid for unknown regions, topics or a reserved slug."""
    plan = plan or Plan()
    _check_keys(content)
    now = clock.now()
    announcement = Announcement(
        slug=_new_slug(plan.slug, content.title),
        kind=Kind(plan.kind),
        state=State.DRAFT,
        content_json=content.to_json(),
        authors=[author_id],
        channels=list(plan.channels) if plan.channels is not None else None,
        publish_at=plan.publish_at,
        change=Change.FIRST,
        reason="",
        event_uid=content.event_uid,
        created_at=now,
        updated_at=now,
    )
    announcement.content_hash = fingerprint(announcement)
    session.add(announcement)
    session.flush()
    audit.record("announcement.drafted", announcement.subject, {"title": content.title})
    return announcement


def edit(announcement: Announcement, content: Content, editor_id: int, plan: Plan | None = None) -> Announcement:
    """Put this content into the working copy; whatever was submitted or approved is void, even if little changed.

    On a published announcement this begins a correction. Raises NotInThisState once it is withdrawn, Invalid as
    ``draft`` does.
    """
    if announcement.state == State.WITHDRAWN or announcement.change == Change.WITHDRAWAL:
        raise rules.NotInThisState
    _check_keys(content)
    if plan is not None:
        _apply(announcement, plan)
    announcement.content_json = content.to_json()
    announcement.event_uid = content.event_uid
    if announcement.is_public:
        announcement.change = Change.CORRECTION
    _changed_by(announcement, editor_id)
    audit.record("announcement.edited", announcement.subject, {"title": content.title})
    return announcement


def correct(announcement: Announcement, content: Content, editor_id: int, reason: str = "") -> Announcement:
    """Begin a correction of what was published; ``reason`` tells readers what changed.

    Nothing changes outside until it is submitted, approved and published as the next revision. Raises NotInThisState
    if there is nothing published to correct.
    """
    if not announcement.is_public:
        raise rules.NotInThisState
    edit(announcement, content, editor_id)
    announcement.reason = reason.strip()
    announcement.publish_at = None
    announcement.content_hash = fingerprint(announcement)
    return announcement


def withdraw(announcement: Announcement, editor_id: int, reason: str) -> Announcement:
    """Begin to take back what was published; ``reason`` is shown to readers and partners.

    The withdrawal is approved like everything else. Raises NotInThisState, Invalid (field ``reason``) without a reason.
    """
    if not announcement.is_public or announcement.state == State.WITHDRAWN or announcement.current is None:
        raise rules.NotInThisState
    if not reason.strip():
        raise Invalid(reason=lazy("Bitte schreiben Sie, warum die Meldung zurückgezogen wird."))
    announcement.content_json = announcement.current.content_json
    announcement.change = Change.WITHDRAWAL
    announcement.reason = reason.strip()
    announcement.publish_at = None
    _changed_by(announcement, editor_id)
    audit.record("announcement.withdrawal_begun", announcement.subject, {"reason": announcement.reason})
    return announcement


def discard(announcement: Announcement, editor_id: int) -> Announcement:
    """Give up the correction or withdrawal in work: the working copy equals what is published again."""
    if announcement.current is None or announcement.state in (State.PUBLISHED, State.WITHDRAWN):
        raise rules.NotInThisState
    approvals.void(announcement.subject)
    announcement.content_json = announcement.current.content_json
    announcement.state = State.PUBLISHED
    announcement.change = announcement.current.change
    announcement.reason = announcement.current.reason
    announcement.authors = []
    announcement.content_hash = announcement.current.content_hash
    audit.record("announcement.discarded", announcement.subject, {"editor": editor_id})
    return announcement


def submit(announcement: Announcement, person_id: int) -> approvals.Approval:
    """Lay it before a second person, for exactly the channels that are active now among the chosen ones.

    Raises Invalid with what blocks (see ``rules.findings``), NotInThisState if it is no draft.
    """
    if announcement.state != State.DRAFT:
        raise rules.NotInThisState
    blocking = [finding for finding in rules.findings(announcement.content, clock.now()) if finding.blocks]
    if announcement.change == Change.CORRECTION and not announcement.reason:
        advice = lazy("Bitte schreiben Sie, was sich geändert hat: Leserinnen, Leser und Verbände sehen es.")
        blocking.append(rules.Finding("reason", advice, True))
    if blocking and announcement.change != Change.WITHDRAWAL:
        raise Invalid(**{finding.field: finding.message for finding in blocking})
    announcement.channels = _active(announcement.channels)
    announcement.authors = sorted({*announcement.authors, person_id})
    announcement.content_hash = fingerprint(announcement)
    announcement.state = State.SUBMITTED
    return approvals.submit(announcement.subject, announcement.content_hash, person_id, announcement.authors)


def approve(
    announcement: Announcement, shown_hash: str, person_id: int, at: datetime | None = None
) -> approvals.Approval:
    """A second person's consent to what they were shown, to be published ``at`` (aware; None: at the wished time).

    Without any time it waits for ``schedule``. Raises what ``approvals.approve`` raises.
    """
    if announcement.state != State.SUBMITTED:
        raise approvals.NotSubmitted
    if fingerprint(announcement) != announcement.content_hash:
        raise approvals.ContentChanged
    approval = approvals.approve(announcement.subject, shown_hash, person_id)
    announcement.state = State.APPROVED
    announcement.authors = []
    if at is not None or announcement.publish_at is not None:
        _set_time(announcement, at or announcement.publish_at)
    return approval


def reject(announcement: Announcement, person_id: int, note: str) -> approvals.Approval:
    """Give it back to its authors with a note. Raises what ``approvals.reject`` raises."""
    approval = approvals.reject(announcement.subject, person_id, note)
    announcement.state = State.DRAFT
    return approval


def schedule(announcement: Announcement, at: datetime, person_id: int) -> None:
    """Set or change the time of what is approved; the approval stands, since no author of it may do so.

    Raises NotInThisState if it is not approved, OwnWork if the person is one of its authors.
    """
    approval = approvals.current(announcement.subject)
    if announcement.state not in (State.APPROVED, State.SCHEDULED) or approval is None:
        raise rules.NotInThisState
    if person_id in approval.authors:
        raise approvals.OwnWork
    _set_time(announcement, at)


def recall(announcement: Announcement, person_id: int) -> None:
    """Take it back into the drafts before it is published; the approval is void."""
    if announcement.state not in (State.SUBMITTED, State.APPROVED, State.SCHEDULED):
        raise rules.NotInThisState
    _changed_by(announcement, person_id)
    audit.record("announcement.recalled", announcement.subject)


def fingerprint(announcement: Announcement) -> str:
    """The hash of all that an approval covers: kind, address, content, channels, and what it does to the former."""
    return approvals.content_hash(
        {
            "kind": announcement.kind,
            "slug": announcement.slug,
            "content": announcement.content_json,
            "channels": announcement.channels,
            "change": announcement.change,
            "reason": announcement.reason,
        }
    )


def _changed_by(announcement: Announcement, person_id: int) -> None:
    approvals.void(announcement.subject)
    announcement.state = State.DRAFT
    announcement.authors = sorted({*announcement.authors, person_id})
    announcement.updated_at = clock.now()
    announcement.content_hash = fingerprint(announcement)


def _apply(announcement: Announcement, plan: Plan) -> None:
    if plan.slug and plan.slug != announcement.slug and not announcement.is_public:
        announcement.slug = _new_slug(plan.slug, "")
    announcement.kind = Kind(plan.kind)
    announcement.channels = list(plan.channels) if plan.channels is not None else None
    announcement.publish_at = plan.publish_at
    announcement.reason = plan.reason.strip()


def _set_time(announcement: Announcement, at: datetime | None) -> None:
    announcement.publish_at = at
    announcement.state = State.SCHEDULED
    announcement.updated_at = clock.now()
    audit.record("announcement.scheduled", announcement.subject, {"at": at.isoformat() if at else ""})


def _active(chosen: Collection[int] | None) -> list[Any]:
    active = session.scalars(select(Channel.id).where(Channel.active).order_by(Channel.id)).all()
    return [channel_id for channel_id in active if chosen is None or channel_id in chosen]


def _new_slug(wished: str, title: str) -> str:
    if wished:
        slug = rules.check_slug(wished)
        if _is_taken(slug):
            raise Invalid(slug=lazy("Diese Adresse gibt es schon. Bitte wählen Sie eine andere."))
        return slug
    slug = rules.slug_of(title)
    return taxonomy.free_slug(slug, _is_taken, rules.MAX_SLUG)


def _is_taken(slug: str) -> bool:
    return session.scalar(select(Announcement.id).where(Announcement.slug == slug)) is not None


def _check_keys(content: Content) -> None:
    unknown = lazy("Bitte wählen Sie aus der Liste.")
    errors = {}
    if not all(taxonomy.find_region(ags) for ags in content.regions):
        errors["regions"] = unknown
    if not all(taxonomy.find_topic(slug) for slug in content.topics):
        errors["topics"] = unknown
    if errors:
        raise Invalid(**errors)
