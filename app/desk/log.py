"""The audit log, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.desk import words
from app.kernel.audit import AuditEntry
from app.kernel.db import session
from app.kernel.paging import part

PER_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the log; ``number`` counts from 1."""

    entries: Sequence[AuditEntry]
    total: int
    number: int
    pages: int


def entries(text: str = "", number: int = 1) -> Page:
    """The acts whose subject, verb or person contains the text, the latest first; a page beyond the end is the last.

    The text may be in the words of the page (``Ausgabe 12``, ``freigegeben``) or in those of the code (``issue:12``).
    """
    wanted = [_matches(text)] if text else []
    total = session.scalar(select(func.count(AuditEntry.id)).where(*wanted)) or 0
    shown = part(number, total, PER_PAGE)
    asked = select(AuditEntry).where(*wanted).order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    found = session.scalars(asked.limit(PER_PAGE).offset(shown.first)).all()
    return Page(found, total, shown.number, shown.pages)


def _matches(text: str) -> ColumnElement[bool]:
    columns = (AuditEntry.subject, AuditEntry.verb, AuditEntry.actor_name)
    verbs, subjects = words.meant(text)
    return or_(
        *(column.icontains(text, autoescape=True) for column in columns),
        *(
            and_(AuditEntry.verb == verb, AuditEntry.subject.startswith(f"{kind}:" if kind else "", autoescape=True))
            for kind, verb in verbs
        ),
        *(
            AuditEntry.subject == begin
            if begin[-1].isdigit()
            else AuditEntry.subject.startswith(begin, autoescape=True)
            for begin in subjects
        ),
    )
