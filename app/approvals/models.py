"""The table of approvals. A row outlives the account of the person in it, as the audit log does."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class ApprovalState(StrEnum):
    """``void``: the content was changed after it was submitted or approved."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    VOID = "void"


class Approval(Base):
    """One submission of one content, and what the second person said to it.

    ``authors`` are the ids of all who wrote the content since the last approval; ``author_id`` is who submitted it.
    """

    __tablename__ = "approvals"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(index=True)
    content_hash: Mapped[str]
    author_id: Mapped[int]
    authors: Mapped[list[Any]]
    submitted_at: Mapped[datetime]
    approver_id: Mapped[int | None]
    approved_at: Mapped[datetime | None]
    rejected_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default=ApprovalState.SUBMITTED, index=True)
