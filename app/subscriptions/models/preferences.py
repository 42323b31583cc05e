"""A change of address on its way, and why people left: counted, without saying who."""

from datetime import date, datetime

from sqlalchemy import Enum, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base
from app.subscriptions.models.kinds import LeaveReason, values_of
from app.subscriptions.models.people import Newsletter, Subscriber


class AddressChange(Base):
    """A wish to move to another address. It comes true when both mailboxes have confirmed it by the button.

    ``old_digest`` and ``new_digest`` are the hashes of the tokens that were mailed to the old and the new address.
    """

    __tablename__ = "address_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id", ondelete="CASCADE"), index=True)
    old_address: Mapped[str] = mapped_column(String(320))
    new_address: Mapped[str] = mapped_column(String(320))
    old_digest: Mapped[str] = mapped_column(String(64), unique=True)
    new_digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    old_confirmed_at: Mapped[datetime | None]
    new_confirmed_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]

    subscriber: Mapped[Subscriber] = relationship()


class LeaveCount(Base):
    """How many left a newsletter for one reason in one month; ``month`` is its first day."""

    __tablename__ = "leave_counts"

    newsletter_id: Mapped[int] = mapped_column(ForeignKey("newsletters.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    reason: Mapped[LeaveReason] = mapped_column(
        Enum(LeaveReason, native_enum=False, length=20, values_callable=values_of), primary_key=True
    )
    count: Mapped[int] = mapped_column(default=0)

    newsletter: Mapped[Newsletter] = relationship()
