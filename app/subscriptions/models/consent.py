"""What was declared about a subscription, and the links that confirm."""

from datetime import datetime
from typing import Any

from sqlalchemy import Enum, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base
from app.subscriptions.models.kinds import DeclarationKind, values_of
from app.subscriptions.models.people import Subscriber


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
        Enum(DeclarationKind, native_enum=False, length=20, values_callable=values_of)
    )
    at: Mapped[datetime]
    shown_text: Mapped[str | None] = mapped_column(ForeignKey("shown_texts.hash"))
    content: Mapped[dict[str, Any] | None]
    salt: Mapped[str] = mapped_column(String(32))
    commitment: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
