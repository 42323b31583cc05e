"""What was declared about a subscription: the history of an address, the texts that were shown, the seals."""

from datetime import datetime
from typing import Any

from sqlalchemy import Enum, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.subscriptions.models.kinds import DeclarationKind, values_of


class ShownText(Base):
    """A text as it was shown to somebody who declared something, kept by its hash (SHA-256).

    ``last_shown_at`` is a day late at most: so often it is written down.
    """

    __tablename__ = "shown_texts"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    lang: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    first_shown_at: Mapped[datetime]
    last_shown_at: Mapped[datetime]


class Declaration(Base):
    """One entry in the history of an address; only added, never changed.

    ``content`` holds the personal values and is emptied when the person is erased, ``salts`` with it; ``commitments``
    are the salted hashes of the values, field by field. ``also_shown`` names further archived texts by what they are
    (``form``, ``privacy``, ``mail``). Version 1 had one commitment over the whole content (see ``chain.py``).
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
    version: Mapped[int] = mapped_column(default=2)
    shown_text: Mapped[str | None] = mapped_column(ForeignKey("shown_texts.hash"), index=True)
    also_shown: Mapped[dict[str, Any]] = mapped_column(default=dict)
    content: Mapped[dict[str, Any] | None]
    salts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    commitments: Mapped[dict[str, Any]] = mapped_column(default=dict)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class Seal(Base):
    """How a chain ended: its length and all its hashes in one, under the instance's key (HMAC-SHA-256).

    Whoever can write to the database but does not know SECRET_KEY cannot shorten a chain or make another one.
    """

    __tablename__ = "declaration_seals"

    chain: Mapped[str] = mapped_column(String(32), primary_key=True)
    length: Mapped[int]
    walked: Mapped[str] = mapped_column(String(64))
    mac: Mapped[str] = mapped_column(String(64))
