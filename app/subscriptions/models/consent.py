"""The links that confirm."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base
from app.subscriptions.models.people import Subscriber


class Confirmation(Base):
    """A link that confirms a request: the hash of its token, and what will become true when it is confirmed."""

    __tablename__ = "confirmations"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id", ondelete="CASCADE"), index=True)
    asked: Mapped[dict[str, Any]]
    shown_text: Mapped[str] = mapped_column(ForeignKey("shown_texts.hash"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]

    subscriber: Mapped[Subscriber] = relationship()
