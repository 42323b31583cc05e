"""What is to leave, who holds it, and how fast the ways out let it go: the tables behind the pump."""

from datetime import datetime

from sqlalchemy import Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.delivery.columns import Seconds
from app.kernel.db import Base


class Span(Base):
    """A stretch of the queue: deliveries of one message from ``first_id`` to ``last_id`` that are due at ``due_at``.

    It hands out those of them that wait and whose own ``due_at`` is the same; what was skipped or put off meanwhile is
    passed over. With an ``owner``, that sender holds it; it goes when all of it is recorded. An issue of a million is
    one row here, a deferred delivery another.
    """

    __tablename__ = "delivery_spans"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int]
    first_id: Mapped[int]
    last_id: Mapped[int]
    priority: Mapped[int] = mapped_column(SmallInteger, default=0)
    due_at: Mapped[datetime] = mapped_column(Seconds)
    owner: Mapped[str | None] = mapped_column(String(120))


class Sender(Base):
    """Somebody who sends: until when its lease runs, and up to which byte of its journal all is in the ledger."""

    __tablename__ = "delivery_senders"

    owner: Mapped[str] = mapped_column(String(120), primary_key=True)
    lease_until: Mapped[datetime]
    recorded_to: Mapped[int] = mapped_column(default=0)


class Transport(Base):
    """A way out: how many mails its pace allows right now, and whether it rests because the server does not answer.

    ``allowance`` was true at ``counted_at``; it grows by SEND_RATE times ``factor``, which sinks when the server asks
    us to slow down. ``hour_sent`` and ``day_sent`` count since ``hour_began`` and ``day_began``. ``troubled_since``:
    since when it has rested again and again, or gone slower than it might.
    """

    __tablename__ = "transports"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    allowance: Mapped[float]
    counted_at: Mapped[datetime]
    factor: Mapped[float] = mapped_column(default=1.0)
    hour_began: Mapped[datetime]
    hour_sent: Mapped[int] = mapped_column(default=0)
    day_began: Mapped[datetime]
    day_sent: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    resting_until: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(Text, default="")
    troubled_since: Mapped[datetime | None]


class DomainPace(Base):
    """How many mails may leave to one domain of recipients right now (SEND_DOMAINS)."""

    __tablename__ = "domain_paces"

    domain: Mapped[str] = mapped_column(String(255), primary_key=True)
    allowance: Mapped[float]
    counted_at: Mapped[datetime]


_free = Span.owner.is_(None)
_held = Span.owner.is_not(None)
Index(
    "ix_delivery_spans_due",
    Span.priority.desc(),
    Span.due_at,
    Span.id,
    sqlite_where=_free,
    postgresql_where=_free,
)
Index("ix_delivery_spans_owner", Span.owner, sqlite_where=_held, postgresql_where=_held)
