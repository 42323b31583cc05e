"""Questions about issues."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app import taxonomy
from app.kernel import clock, text
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.kernel.i18n import _, lazy
from app.kernel.search import Hit
from app.newsletter.models import Issue, IssueState


def find(issue_id: int) -> Issue | None:
    """The issue with this id, whatever its state."""
    return session.get(Issue, issue_id)


def get(issue_id: int) -> Issue:
    """The issue with this id. Raises NotFound."""
    if issue := find(issue_id):
        return issue
    raise NotFound(lazy("Diese Ausgabe gibt es nicht. Bitte öffnen Sie die Übersicht der Ausgaben neu."))


def get_for_change(issue_id: int) -> Issue:
    """The issue as it is now, locked until the transaction ends. Raises NotFound."""
    asked = select(Issue).where(Issue.id == issue_id).with_for_update()
    issue = session.scalar(asked.execution_options(populate_existing=True))
    if issue is None:
        raise NotFound(lazy("Diese Ausgabe gibt es nicht. Bitte öffnen Sie die Übersicht der Ausgaben neu."))
    return issue


def desk_list(limit: int = 100) -> Sequence[Issue]:
    """What the desk works on: unfinished issues first, then the latest."""
    order = (Issue.started_at.is_not(None), Issue.started_at.desc(), Issue.updated_at.desc())
    return session.scalars(select(Issue).order_by(*order).limit(limit)).all()


def archive(newsletter_id: int | None = None, limit: int = 100) -> Sequence[Issue]:
    """The public issues, the latest first; those of one newsletter, or all. A cancelled one is none of them."""
    asked = select(Issue).where(Issue.started_at.is_not(None), Issue.state != IssueState.CANCELLED.value)
    asked = asked.order_by(Issue.started_at.desc(), Issue.id.desc())
    if newsletter_id is not None:
        asked = asked.where(Issue.newsletter_id == newsletter_id)
    return session.scalars(asked.limit(limit)).all()


def get_public(slug: str) -> Issue:
    """The public issue at this address, also a cancelled one: some have it. Raises NotFound."""
    issue = session.scalar(select(Issue).where(Issue.slug == slug, Issue.started_at.is_not(None)))
    if issue is None:
        raise NotFound(lazy("Diese Ausgabe gibt es nicht. Bitte suchen Sie sie im Archiv."))
    return issue


def search(words: str, limit: int = 10) -> list[Hit]:
    """Public issues whose title, preheader or written text contains the words, the latest first."""
    wanted = taxonomy.fold(words)
    hits = [_hit(issue) for issue in archive() if wanted and wanted in taxonomy.fold(_said(issue.content or {}))]
    return hits[:limit]


def _said(content: dict[str, Any]) -> str:
    texts = [text.to_plain(block["body"]) for block in content["blocks"] if block["kind"] == "text"]
    items = [item["title"] for block in content["blocks"] for item in block.get("items", ())]
    return " ".join([content["title"], content["preheader"], content["number"], *texts, *items])


def _hit(issue: Issue) -> Hit:
    return Hit(issue.title, f"/newsletter/ausgaben/{issue.slug}", _("Ausgabe"), issue.preheader)


def last_of(newsletter_id: int) -> Issue | None:
    """The issue of this newsletter that was made last."""
    made = select(Issue).where(Issue.newsletter_id == newsletter_id).order_by(Issue.id.desc()).limit(1)
    return session.scalar(made)


def last_started_at(newsletter_id: int, before: int) -> datetime | None:
    """When the issue before this one began to be sent; None if there was none.

    A cancelled one does not count: what it said is news to all whom it did not reach.
    """
    earlier = Issue.newsletter_id == newsletter_id, Issue.id < before, Issue.state != IssueState.CANCELLED.value
    return session.scalar(select(func.max(Issue.started_at)).where(*earlier))


def slug_is_taken(slug: str, by_other_than: int | None) -> bool:
    """Whether another issue has this address."""
    return session.scalar(select(Issue.id).where(Issue.slug == slug, Issue.id != (by_other_than or 0))) is not None


def number_is_taken(newsletter_id: int, number: str, by_other_than: int) -> bool:
    """Whether another issue of this newsletter has this number."""
    asked = select(Issue.id).where(
        Issue.newsletter_id == newsletter_id, Issue.number == number, Issue.id != by_other_than
    )
    return session.scalar(asked) is not None


def due_ids() -> Sequence[int]:
    """The scheduled issues whose time has come, the longest waiting first."""
    due = select(Issue.id).where(Issue.state == IssueState.SCHEDULED.value, Issue.send_at <= clock.now())
    return session.scalars(due.order_by(Issue.send_at, Issue.id)).all()


def sending_ids() -> Sequence[int]:
    """The issues that are being sent."""
    return session.scalars(select(Issue.id).where(Issue.state == IssueState.SENDING.value).order_by(Issue.id)).all()


def count_by_state() -> dict[str, int]:
    """How many issues are in which state."""
    counted = session.execute(select(Issue.state, func.count()).group_by(Issue.state))
    return {row[0]: row[1] for row in counted}


def overdue_since() -> datetime | None:
    """When the oldest issue should have begun that is not prepared yet; None if none is late."""
    late = Issue.state == IssueState.SCHEDULED.value, Issue.send_at <= clock.now()
    return session.scalar(select(func.min(Issue.send_at)).where(*late))
