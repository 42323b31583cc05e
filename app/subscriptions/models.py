"""Newsletters, who takes them, what was declared about it, and the links that confirm."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Enum, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base


class State(StrEnum):
    """Where a subscription stands; only an active one receives mail."""

    REQUESTED = "requested"
    ACTIVE = "active"
    WITHDRAWN = "withdrawn"


class DeclarationKind(StrEnum):
    """What somebody declared."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


def _values(kinds: type[StrEnum]) -> list[str]:
    return [kind.value for kind in kinds]


class Newsletter(Base):
    """One of the publications. ``list_id`` is its name among mailing lists (RFC 2919), without angle brackets."""

    __tablename__ = "newsletters"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    lang: Mapped[str] = mapped_column(String(8), default="de")
    list_id: Mapped[str] = mapped_column(String(255))
    position: Mapped[int] = mapped_column(default=0)


class Subscriber(Base):
    """An address that listens. ``normalised`` is what it is recognised by: lower case, the domain in ASCII.

    ``chain`` names its declarations and says nothing about the person: it stays when the person is forgotten.
    """

    __tablename__ = "subscribers"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(320))  # as typed, the domain in ASCII (RFC 5891)
    normalised: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    organisation: Mapped[str] = mapped_column(String(200), default="")
    lang: Mapped[str] = mapped_column(String(8), default="de")
    format: Mapped[str] = mapped_column(String(8), default="html")
    chain: Mapped[str] = mapped_column(String(32), unique=True)
    created_at: Mapped[datetime]

    subscriptions: Mapped[list["Subscription"]] = relationship(
        back_populates="subscriber", order_by="Subscription.newsletter_id", passive_deletes=True
    )


class Subscription(Base):
    """Membership in one newsletter. Raising ``generation`` revokes the links in all mails sent before."""

    __tablename__ = "subscriptions"
    __table_args__ = (UniqueConstraint("subscriber_id", "newsletter_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id", ondelete="CASCADE"))
    newsletter_id: Mapped[int] = mapped_column(ForeignKey("newsletters.id"))
    state: Mapped[State] = mapped_column(Enum(State, native_enum=False, length=20, values_callable=_values))
    regions: Mapped[list[str]] = mapped_column(default=list)
    topics: Mapped[list[str]] = mapped_column(default=list)
    requested_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    welcomed_at: Mapped[datetime | None]
    generation: Mapped[int] = mapped_column(default=1)

    subscriber: Mapped[Subscriber] = relationship(back_populates="subscriptions")
    newsletter: Mapped[Newsletter] = relationship()

    @property
    def is_active(self) -> bool:
        """Whether it receives mail."""
        return self.state is State.ACTIVE


Index("ix_subscriptions_audience", Subscription.newsletter_id, Subscription.state)


class Confirmation(Base):
    """A link that confirms a request: the hash of its token, and what will become true when it is confirmed."""

    __tablename__ = "confirmations"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id", ondelete="CASCADE"), index=True)
    asked: Mapped[dict[str, Any]]
    shown_text: Mapped[str] = mapped_column(ForeignKey("shown_texts.hash"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]

    subscriber: Mapped[Subscriber] = relationship()


class ShownText(Base):
    """A text as it was shown to somebody who declared something, kept by its hash (SHA-256)."""

    __tablename__ = "shown_texts"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    lang: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    first_shown_at: Mapped[datetime]


class Declaration(Base):
    """One entry in the history of an address; only added, never changed.

    ``content`` holds the personal values and may be emptied; ``commitment`` is their salted hash, and ``hash`` runs
    over the commitment and the entry before, so that the chain stays provable when the values are gone.
    """

    __tablename__ = "declarations"
    __table_args__ = (UniqueConstraint("chain", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber_id: Mapped[int | None] = mapped_column(ForeignKey("subscribers.id", ondelete="SET NULL"), index=True)
    chain: Mapped[str] = mapped_column(String(32))
    number: Mapped[int]
    kind: Mapped[DeclarationKind] = mapped_column(
        Enum(DeclarationKind, native_enum=False, length=20, values_callable=_values)
    )
    at: Mapped[datetime]
    shown_text: Mapped[str | None] = mapped_column(ForeignKey("shown_texts.hash"))
    content: Mapped[dict[str, Any] | None]
    salt: Mapped[str] = mapped_column(String(32))
    commitment: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
