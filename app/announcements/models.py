"""Tables of the hub: what is said, its frozen revisions, the channels we push to, and what we owe each of them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.announcements.content import Content
from app.kernel.db import Base
from app.kernel.i18n import lazy


class Kind(StrEnum):
    """What an announcement is about."""

    NEWS = "meldung"
    EVENT = "termin"
    CHANGE = "aenderung"
    CANCELLATION = "absage"


KIND_LABELS: Final[dict[str, Any]] = {
    Kind.NEWS: lazy("Meldung"),
    Kind.EVENT: lazy("Terminhinweis"),
    Kind.CHANGE: lazy("Terminänderung"),
    Kind.CANCELLATION: lazy("Terminabsage"),
}


class State(StrEnum):
    """Where the working copy stands. What the public sees is the current revision, whatever happens to the copy."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"  # and waits for a time
    SCHEDULED = "scheduled"  # approved, with a time
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Change(StrEnum):
    """What a revision does to the one before it."""

    FIRST = ""
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"


class DispatchState(StrEnum):
    """What became of what we owe a channel for one revision."""

    OWED = "owed"
    HANDED = "handed"  # to the mail delivery, whose ledger knows more
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    FAILED = "failed"  # with ``due_at``: tried again then; without: given up until somebody says so
    SUPERSEDED = "superseded"  # a newer revision took its place before it was sent


class Announcement(Base):
    """One thing that is said, with its working copy (``content``) and who wrote it since the last approval.

    ``change`` and ``reason`` describe what the working copy will do to the published revision; ``channels`` are the
    ids of the chosen channels, None for all that are active; ``publish_at`` is the wished, then the approved time.
    """

    __tablename__ = "announcements"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(default=Kind.NEWS)
    state: Mapped[str] = mapped_column(default=State.DRAFT, index=True)
    content_json: Mapped[dict[str, Any]] = mapped_column("content")
    content_hash: Mapped[str] = mapped_column(default="")
    authors: Mapped[list[Any]]
    channels: Mapped[list[Any] | None]
    publish_at: Mapped[datetime | None] = mapped_column(index=True)
    change: Mapped[str] = mapped_column(default=Change.FIRST)
    reason: Mapped[str] = mapped_column(default="")
    event_uid: Mapped[str] = mapped_column(default="", index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)
    current_revision_id: Mapped[int | None] = mapped_column(index=True)

    current: Mapped["Revision | None"] = relationship(
        primaryjoin="foreign(Announcement.current_revision_id) == Revision.id", viewonly=True, lazy="joined"
    )

    @property
    def content(self) -> Content:
        """The working copy."""
        return Content.from_json(self.content_json)

    @property
    def subject(self) -> str:
        """How approvals and the audit log name it: ``announcement:12``."""
        return f"announcement:{self.id}"

    @property
    def identifier(self) -> str:
        """How partners name it, the same in every revision: ``M-00012``."""
        return identifier(self.id)

    @property
    def is_public(self) -> bool:
        """Whether it was ever published."""
        return self.current_revision_id is not None


class Revision(Base):
    """One frozen published state. ``visible_at`` is when the outlets that people pull may show it (the embargo)."""

    __tablename__ = "announcement_revisions"
    __table_args__ = (UniqueConstraint("announcement_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcements.id"), index=True)
    number: Mapped[int]
    slug: Mapped[str]
    kind: Mapped[str]
    content_json: Mapped[dict[str, Any]] = mapped_column("content")
    content_hash: Mapped[str]
    change: Mapped[str] = mapped_column(default=Change.FIRST)
    reason: Mapped[str] = mapped_column(default="")
    first_published_at: Mapped[datetime]
    published_at: Mapped[datetime] = mapped_column(index=True)
    visible_at: Mapped[datetime] = mapped_column(index=True)
    expires_on: Mapped[date | None]

    @property
    def content(self) -> Content:
        """What it says."""
        return Content.from_json(self.content_json)

    @property
    def identifier(self) -> str:
        """How partners name the announcement, the same in every revision: ``M-00012``."""
        return identifier(self.announcement_id)

    @property
    def is_correction(self) -> bool:
        """Whether it corrects the revision before it."""
        return self.change == Change.CORRECTION

    @property
    def is_withdrawal(self) -> bool:
        """Whether it takes back what was said."""
        return self.change == Change.WITHDRAWAL


class Channel(Base):
    """An outlet we push to. ``config`` belongs to the kind (address, prefix, secret …)."""

    __tablename__ = "channels"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    config: Mapped[dict[str, Any]]
    active: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)


class Dispatch(Base):
    """What we owe one channel for one revision, and what became of it. ``evidence`` is what the channel answered."""

    __tablename__ = "dispatches"
    __table_args__ = (UniqueConstraint("channel_id", "revision_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("announcement_revisions.id"), index=True)
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcements.id"), index=True)
    state: Mapped[str] = mapped_column(default=DispatchState.OWED, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(default="")
    evidence: Mapped[dict[str, Any]]

    channel: Mapped[Channel] = relationship(lazy="joined")
    revision: Mapped[Revision] = relationship(lazy="joined")


def identifier(announcement_id: int) -> str:
    """The name of an announcement among partners."""
    return f"M-{announcement_id:05d}"
