"""What came back by mail, and how often in a row an address could not be reached."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class ReturnedMail(Base):
    """One mail that came back, what it was taken for, and what followed from it.

    ``digest`` is the SHA-256 of the mail, so that one that comes twice is one. ``raw`` is the evidence: the mail as it
    came, cut after a megabyte. ``address_key``, ``sender``, ``text`` and ``raw`` go when the retention says so; the row
    stays as a figure.
    """

    __tablename__ = "returned_mails"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(12), index=True)
    cause: Mapped[str] = mapped_column(String(12), default="")
    proof: Mapped[str] = mapped_column(String(12), default="")
    consequence: Mapped[str] = mapped_column(String(12), default="")
    delivery_id: Mapped[int | None] = mapped_column(index=True)
    address_key: Mapped[str | None] = mapped_column(String(320), index=True)
    sender: Mapped[str] = mapped_column(String(320), default="", index=True)
    title: Mapped[str] = mapped_column(String(300), default="")
    code: Mapped[int | None]
    status: Mapped[str] = mapped_column(String(12), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    size: Mapped[int] = mapped_column(default=0)
    raw: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)


class SoftBounce(Base):
    """How many issues in a row could not be delivered to an address, known by its keyed hash only.

    ``last_delivery_id`` is the delivery that counted last, so that one issue counts once.
    """

    __tablename__ = "soft_bounces"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(default=1)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(index=True)
    last_delivery_id: Mapped[int]


class Consequence(StrEnum):
    """What followed from a mail."""

    SUPPRESSED = "suppressed"
    COUNTED = "counted"
    RETURNED = "returned"
    NOTED = "noted"
    UNSUBSCRIBED = "unsubscribed"
    LINK_SENT = "link_sent"
    FORWARDED = "forwarded"
    IGNORED = "ignored"
    KEPT = "kept"
