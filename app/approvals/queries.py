"""Questions about approvals."""

from collections.abc import Sequence

from sqlalchemy import select

from app.approvals.models import Approval, ApprovalState
from app.kernel.db import session


def current(subject: str) -> Approval | None:
    """The latest submission of this thing, whatever became of it; None if it was never submitted."""
    return session.scalar(select(Approval).where(Approval.subject == subject).order_by(Approval.id.desc()).limit(1))


def history(subject: str) -> Sequence[Approval]:
    """All submissions of this thing, the latest first."""
    return session.scalars(select(Approval).where(Approval.subject == subject).order_by(Approval.id.desc())).all()


def is_approved(subject: str, content_hash: str) -> bool:
    """Whether the latest submission of this thing was approved, and for exactly this content."""
    approval = current(subject)
    return approval is not None and approval.state == ApprovalState.APPROVED and approval.content_hash == content_hash


def pending() -> Sequence[Approval]:
    """What waits for a second person, the longest waiting first."""
    waiting = select(Approval).where(Approval.state == ApprovalState.SUBMITTED).order_by(Approval.submitted_at)
    return session.scalars(waiting).all()
