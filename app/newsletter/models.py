"""Issues, and the text that greets new subscribers."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.kernel.i18n import lazy


class IssueState(StrEnum):
    """Where an issue stands. Public is what began to be sent.

    ``cancelled``: its sending was broken off for good. It keeps its page, for who got it, but is listed nowhere.
    """

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    SENT = "sent"
    HELD = "held"
    CANCELLED = "cancelled"

    @property
    def label(self) -> Any:
        """What the desk calls it."""
        return STATE_LABELS[self]


STATE_LABELS = {
    IssueState.DRAFT: lazy("Entwurf"),
    IssueState.SUBMITTED: lazy("zur Freigabe vorgelegt"),
    IssueState.APPROVED: lazy("freigegeben"),
    IssueState.SCHEDULED: lazy("terminiert"),
    IssueState.SENDING: lazy("wird versendet"),
    IssueState.SENT: lazy("versendet"),
    IssueState.HELD: lazy("angehalten"),
    IssueState.CANCELLED: lazy("abgebrochen"),
}


class HoldReason(StrEnum):
    """Why an issue does not go out although it could."""

    LATE = "late"
    CHANGED = "changed"
    EMPTY = "empty"
    ASKED = "asked"

    @property
    def label(self) -> Any:
        """What happened and what to do about it."""
        return HOLD_LABELS[self]


HOLD_LABELS = {
    HoldReason.LATE: lazy(
        "Der Versandzeitpunkt ist verstrichen, ohne dass der Versand beginnen konnte. "
        "Bitte entscheiden Sie, ob die Ausgabe jetzt noch versendet werden soll."
    ),
    HoldReason.CHANGED: lazy(
        "Seit der Freigabe hat sich ein Termin oder eine Meldung in dieser Ausgabe geändert. "
        "Bitte prüfen Sie den Inhalt und legen Sie die Ausgabe noch einmal zur Freigabe vor."
    ),
    HoldReason.EMPTY: lazy(
        "Für diesen Newsletter gibt es keine bestätigte Adresse. "
        "Bitte terminieren Sie die Ausgabe neu, sobald es Abonnentinnen und Abonnenten gibt."
    ),
    HoldReason.ASKED: lazy(
        "Die Redaktion hat den Versand angehalten. Bitte setzen Sie ihn fort oder lassen Sie ihn ruhen."
    ),
}


class Issue(Base):
    """One numbered sending of a newsletter.

    ``blocks`` is what the editors arranged; ``content`` is what came of it when it was submitted: all live parts
    resolved, the very words that are approved, sent and archived. ``author_ids`` are all who edited since the last
    approval. ``send_local`` is the wall time in Europe/Berlin that was chosen, ``send_at`` the moment it means.
    ``sent_at`` is when its sending ended, also when it was cancelled.
    """

    __tablename__ = "issues"
    __table_args__ = (
        UniqueConstraint("newsletter_id", "number"),
        Index("ix_issues_state_send_at", "state", "send_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    newsletter_id: Mapped[int] = mapped_column(ForeignKey("newsletters.id"))
    number: Mapped[str] = mapped_column(String(40))
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    lang: Mapped[str] = mapped_column(String(2), default="de")
    title: Mapped[str] = mapped_column(String(200), default="")
    preheader: Mapped[str] = mapped_column(String(200), default="")
    salutation: Mapped[str] = mapped_column(String(200), default="")
    blocks: Mapped[list[Any]] = mapped_column(default=list)
    closing: Mapped[str] = mapped_column(Text, default="")
    easy_language: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(String(12), default=IssueState.DRAFT.value)
    hold_reason: Mapped[str] = mapped_column(String(12), default="")
    author_ids: Mapped[list[Any]] = mapped_column(default=list)
    content: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    send_local: Mapped[str] = mapped_column(String(16), default="")
    send_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @property
    def subject(self) -> str:
        """How approvals, the audit log and the delivery ledger name this issue."""
        return f"issue:{self.id}"

    @property
    def status(self) -> IssueState:
        """The state, with its label."""
        return IssueState(self.state)

    @property
    def hold(self) -> HoldReason | None:
        """Why it is held, if it is."""
        return HoldReason(self.hold_reason) if self.hold_reason else None

    @property
    def is_public(self) -> bool:
        """Whether it has begun to be sent, so that its page is there for everybody."""
        return self.started_at is not None


class WelcomeText(Base):
    """The team's own wording of a newsletter's welcome mail in one language; without it the shipped one holds."""

    __tablename__ = "welcome_texts"

    newsletter_id: Mapped[int] = mapped_column(ForeignKey("newsletters.id"), primary_key=True)
    lang: Mapped[str] = mapped_column(String(2), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    preheader: Mapped[str] = mapped_column(String(200), default="")
    blocks: Mapped[list[Any]] = mapped_column(default=list)
    closing: Mapped[str] = mapped_column(Text, default="")
    updated_at: Mapped[datetime]


class AtOnce(Base):
    """A published revision that is owed to those who want it at once; ``due_at`` is when the embargo ends.

    ``first``: to everybody whom it concerns; otherwise to those only who got an earlier revision. ``prepared_at`` is
    set when the ledger has taken over: one delivery for each of them.
    """

    __tablename__ = "at_once"

    revision_id: Mapped[int] = mapped_column(
        ForeignKey("announcement_revisions.id"), primary_key=True, autoincrement=False
    )
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcements.id"), index=True)
    first: Mapped[bool]
    due_at: Mapped[datetime] = mapped_column(index=True)
    prepared_at: Mapped[datetime | None]

    @property
    def group(self) -> str:
        """How the delivery ledger names it."""
        return f"at_once:{self.revision_id}"
