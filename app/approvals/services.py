"""Submitting, approving, rejecting, voiding; each is written to the audit log."""

from collections.abc import Collection

from sqlalchemy import select

from app.approvals import rules
from app.approvals.models import Approval, ApprovalState
from app.kernel import audit, clock
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.kernel.i18n import lazy

OPEN = (ApprovalState.SUBMITTED, ApprovalState.APPROVED)


def submit(subject: str, content_hash: str, author_id: int, authors: Collection[int] = ()) -> Approval:
    """Ask a second person for consent to this content; an earlier, still open request for it is void.

    ``authors`` are all who wrote the content since the last approval; who submits counts as one of them.
    """
    void(subject)
    approval = Approval(
        subject=subject,
        content_hash=content_hash,
        author_id=author_id,
        authors=sorted({author_id, *authors}),
        submitted_at=clock.now(),
        state=ApprovalState.SUBMITTED,
        note="",
    )
    session.add(approval)
    session.flush()
    audit.record("approval.submitted", subject, {"content_hash": content_hash, "authors": approval.authors})
    return approval


def approve(subject: str, content_hash: str, person_id: int) -> Approval:
    """Consent of ``person_id`` to the submitted content, whose hash they were shown.

    Raises NotSubmitted (409) if it is not waiting, OwnWork (403) if the person is one of its authors, ContentChanged
    (409) if the hash is not that of the submitted content.
    """
    approval = _waiting(subject)
    rules.check(person_id, approval.authors, content_hash, approval.content_hash)
    approval.state = ApprovalState.APPROVED
    approval.approver_id = person_id
    approval.approved_at = clock.now()
    audit.record("approval.approved", subject, {"content_hash": content_hash, "approver": person_id})
    return approval


def reject(subject: str, person_id: int, note: str) -> Approval:
    """Give the content back to its authors with a note that says what to change.

    Raises NotSubmitted if it is not waiting, Invalid (field ``note``) without a note.
    """
    approval = _waiting(subject)
    if not note.strip():
        raise Invalid(note=lazy("Bitte schreiben Sie, was geändert werden soll."))
    approval.state = ApprovalState.REJECTED
    approval.approver_id = person_id
    approval.rejected_at = clock.now()
    approval.note = note.strip()
    audit.record("approval.rejected", subject, {"note": approval.note, "approver": person_id})
    return approval


def void(subject: str) -> bool:
    """The content was changed: a waiting request or a given consent counts no more. Returns whether there was one."""
    approval = _latest(subject)
    if approval is None or approval.state not in OPEN:
        return False
    approval.state = ApprovalState.VOID
    audit.record("approval.voided", subject, {"content_hash": approval.content_hash})
    return True


def _waiting(subject: str) -> Approval:
    approval = _latest(subject)
    if approval is None or approval.state != ApprovalState.SUBMITTED:
        raise rules.NotSubmitted
    return approval


def _latest(subject: str) -> Approval | None:
    latest = select(Approval).where(Approval.subject == subject).order_by(Approval.id.desc()).limit(1)
    return session.scalar(latest.with_for_update().execution_options(populate_existing=True))
