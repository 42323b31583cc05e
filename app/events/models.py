"""Dates: what is known of each in public now, and what is proposed to be said next."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.events.values import EventKind, EventState, EventValues, value_names
from app.kernel.db import Base


class ChangeState(StrEnum):
    """What became of a proposed change."""

    PENDING = "pending"
    APPLIED = "applied"
    VOID = "void"


class Event(Base):
    """A workshop, an information event or a deadline; its values are public as soon as ``published_at`` is set.

    They change in public only by a published revision of its announcement (see ``EventChange``); the private
    ``online_url`` is for people who registered and never part of what is published.
    """

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_ends_at_id", "ends_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(unique=True)
    slug: Mapped[str] = mapped_column(unique=True)
    announcement_id: Mapped[int | None] = mapped_column(index=True)
    title: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str]
    lead: Mapped[str] = mapped_column(default="")
    body: Mapped[dict[str, Any]]
    planned: Mapped[str] = mapped_column(default="")
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    all_day: Mapped[bool] = mapped_column(default=False)
    time_open: Mapped[bool] = mapped_column(default=False)
    place: Mapped[str] = mapped_column(default="")
    regions: Mapped[list[str]]
    topics: Mapped[list[str]]
    previous_start: Mapped[datetime | None]
    previous_end: Mapped[datetime | None]
    previous_all_day: Mapped[bool] = mapped_column(default=False)
    online_url: Mapped[str] = mapped_column(default="")
    sequence: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    updated_at: Mapped[datetime]
    vevent: Mapped[bytes | None] = mapped_column(LargeBinary)

    @property
    def values(self) -> EventValues:
        """What is said of it now."""
        return EventValues(**{name: getattr(self, name) for name in value_names()})

    @values.setter
    def values(self, values: EventValues) -> None:
        for name in value_names():
            setattr(self, name, getattr(values, name))

    @property
    def is_public(self) -> bool:
        """Whether it was published (and not taken back)."""
        return self.published_at is not None

    @property
    def is_moved(self) -> bool:
        """Whether readers knew another date before: then that is shown beside the new one."""
        return self.previous_start is not None and self.state != EventState.CANCELLED

    @property
    def when(self) -> str:
        """When it is, in words, in the reader's language."""
        return self.values.when


class EventChange(Base):
    """What an event will say once its announcement's next revision is published: at most one per event is pending."""

    __tablename__ = "event_changes"
    __table_args__ = (Index("ix_event_changes_announcement_id_state", "announcement_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), index=True)
    announcement_id: Mapped[int]
    state: Mapped[str] = mapped_column(default=ChangeState.PENDING)
    data: Mapped[dict[str, Any]]
    words: Mapped[dict[str, Any]]
    editor_id: Mapped[int]
    created_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()

    @property
    def values(self) -> EventValues:
        """What is to be said."""
        return EventValues.from_json(self.data)


__all__ = ["ChangeState", "Event", "EventChange", "EventKind", "EventState", "EventValues"]
