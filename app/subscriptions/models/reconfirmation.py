"""Asking people whose confirmation is old whether they still want a newsletter."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base
from app.subscriptions.models.people import Newsletter, Subscription


class Reconfirmation(Base):
    """One campaign: everybody of a newsletter whose last confirmation was before a day is asked once.

    Who has not answered is reminded at ``remind_at`` that the newsletter ends at ``ends_at``; the mails are owed at
    ``asked_at`` and ``reminded_at``.
    """

    __tablename__ = "reconfirmations"

    id: Mapped[int] = mapped_column(primary_key=True)
    newsletter_id: Mapped[int] = mapped_column(ForeignKey("newsletters.id"))
    before: Mapped[date]
    created_at: Mapped[datetime]
    remind_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    newsletter: Mapped[Newsletter] = relationship()


class ReconfirmationAsk(Base):
    """That one subscription was asked, and what came of it."""

    __tablename__ = "reconfirmation_asks"
    __table_args__ = (UniqueConstraint("reconfirmation_id", "subscription_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reconfirmation_id: Mapped[int] = mapped_column(ForeignKey("reconfirmations.id", ondelete="CASCADE"))
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscriptions.id", ondelete="CASCADE"), index=True)
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    reconfirmation: Mapped[Reconfirmation] = relationship()
    subscription: Mapped[Subscription] = relationship()
