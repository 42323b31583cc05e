"""The audit log: who did what to which thing, and when. Rows are only ever added."""

from datetime import datetime
from typing import Any

from flask import current_app, has_request_context
from flask_login import current_user
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import clock
from app.kernel.db import Base, session

SUBJECT = 200  # characters that are kept: an index of PostgreSQL takes some 2,700 bytes, an address may be longer


class AuditEntry(Base):
    """One act. ``actor_id`` is empty for the system itself and for the public."""

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None]
    actor_name: Mapped[str]
    verb: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    detail: Mapped[dict[str, Any]]


def record(verb: str, subject: str, detail: dict[str, Any] | None = None) -> AuditEntry:
    """Write down that the current person (or the system) did ``verb`` to ``subject``, such as ``announcement:12``."""
    actor_id, actor_name = _actor()
    entry = AuditEntry(
        at=clock.now(),
        actor_id=actor_id,
        actor_name=actor_name,
        verb=verb,
        subject=subject[:SUBJECT],
        detail=detail or {},
    )
    session.add(entry)
    return entry


def _actor() -> tuple[int | None, str]:
    if not hasattr(current_app, "login_manager"):  # nobody can sign in here
        return None, "system"
    if has_request_context() and current_user and current_user.is_authenticated:
        return int(current_user.id), str(current_user.name)
    return None, "system"
