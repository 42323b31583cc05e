"""Links to one's own data, and what was erased: the protocol knows no address."""

from datetime import datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class DataLink(Base):
    """A wish to see all that is kept about an address, then the link that was mailed: only the hash of its token.

    Until the mail is written there is no ``digest``.
    """

    __tablename__ = "data_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    address: Mapped[str] = mapped_column(String(320), index=True)
    lang: Mapped[str] = mapped_column(String(8), default="de")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Erasure(Base):
    """That somebody was forgotten: when, by whom, how many rows of what. ``digest`` is the keyed hash of the address.

    ``by`` is person, desk, command or replay; ``chains`` are those whose hashes and times remain.
    """

    __tablename__ = "erasures"
    __table_args__ = (UniqueConstraint("digest", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    by: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None]
    digest: Mapped[str] = mapped_column(String(64))
    chains: Mapped[list[str]] = mapped_column(default=list)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
