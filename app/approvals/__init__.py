"""Four eyes on one content hash: nobody approves their own work, and what was approved is exactly what was previewed.

Others say what the thing is (``announcement:12``), what its content hashes to, and who wrote it; what it means they
decide themselves, by asking ``is_approved`` at the moment of publication.
"""

from app.approvals.models import Approval, ApprovalState
from app.approvals.queries import current, history, is_approved, pending
from app.approvals.rules import ContentChanged, NotSubmitted, OwnWork, content_hash
from app.approvals.services import approve, reject, submit, void

__all__ = [
    "Approval",
    "ApprovalState",
    "ContentChanged",
    "NotSubmitted",
    "OwnWork",
    "approve",
    "content_hash",
    "current",
    "history",
    "is_approved",
    "pending",
    "reject",
    "submit",
    "void",
]
