"""What is kept while people sign up: requests that wait for their mail, limits, and figures without names."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class SignUpRequest(Base):
    """A form that was sent and is not answered yet. ``key`` is what the address is recognised by."""

    __tablename__ = "sign_up_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(320), index=True)
    asked: Mapped[dict[str, Any]]
    shown_text: Mapped[str] = mapped_column(ForeignKey("shown_texts.hash"), index=True)
    at: Mapped[datetime]


class SignUpLimit(Base):
    """How often something was asked for: by one address, from one network, by all in one hour.

    ``key`` says which, as a keyed hash where it is about people; ``times`` are moments (ISO 8601) where each counts by
    itself. Nothing of it is kept after ``ends_at``.
    """

    __tablename__ = "sign_up_limits"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
    times: Mapped[list[str]] = mapped_column(default=list)
    ends_at: Mapped[datetime] = mapped_column(index=True)


class FunnelDay(Base):
    """Of the sign-ups of one day (in the publisher's time zone) for one newsletter: how many got how far, how fast.

    ``confirmed`` is the sum of the four columns after it: within 10 minutes of the mail, an hour, a day, or later.
    """

    __tablename__ = "sign_up_funnel"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    newsletter_id: Mapped[int] = mapped_column(ForeignKey("newsletters.id", ondelete="CASCADE"), primary_key=True)
    requested: Mapped[int] = mapped_column(default=0)
    mailed: Mapped[int] = mapped_column(default=0)
    confirmed: Mapped[int] = mapped_column(default=0)
    in_minutes: Mapped[int] = mapped_column(default=0)
    in_an_hour: Mapped[int] = mapped_column(default=0)
    in_a_day: Mapped[int] = mapped_column(default=0)
    later: Mapped[int] = mapped_column(default=0)
