"""The audit log: who did what to which thing, and when. Rows are only ever added.

Where an entry names somebody who wants to be forgotten, that name is taken out of it; that it happened stays.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import current_app, has_request_context
from flask_login import current_user
from sqlalchemy import Text, cast, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import clock, privacy
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


def naming(address: str) -> Sequence[AuditEntry]:
    """The entries whose subject or detail names this address, in whatever case, oldest first."""
    written = json.dumps(address)[1:-1]  # as it stands in a JSON column
    detail = cast(AuditEntry.detail, Text)
    found = [AuditEntry.subject.icontains(address, autoescape=True)]
    found += [detail.icontains(form, autoescape=True) for form in {address, written}]
    return session.scalars(select(AuditEntry).where(or_(*found)).order_by(AuditEntry.id)).all()


def forget(address: str) -> int:
    """Take this address out of all entries that name it; how many those were."""
    entries = naming(address)
    for entry in entries:
        entry.subject = privacy.without(entry.subject, [address])
        entry.detail = _without(entry.detail, [address])
    session.flush()
    return len(entries)


def forget_words(subject: str, words: Sequence[str]) -> None:
    """Take these words (a name) out of what the entries about this subject say."""
    for entry in session.scalars(select(AuditEntry).where(AuditEntry.subject == subject)):
        entry.detail = _without(entry.detail, words)
    session.flush()


def _without(value: Any, words: Sequence[str]) -> Any:
    if isinstance(value, dict):
        return {privacy.without(name, words): _without(one, words) for name, one in value.items()}
    if isinstance(value, list):
        return [_without(one, words) for one in value]
    return privacy.without(value, words) if isinstance(value, str) else value


def _actor() -> tuple[int | None, str]:
    if not hasattr(current_app, "login_manager"):  # nobody can sign in here
        return None, "system"
    if has_request_context() and current_user and current_user.is_authenticated:
        return int(current_user.id), str(current_user.name)
    return None, "system"
