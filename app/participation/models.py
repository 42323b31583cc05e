"""The table of contributions: what people say back about a service."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.kernel.i18n import lazy


class Kind(StrEnum):
    """What somebody wants to say."""

    COMMENT = "comment"
    PRIORITY = "priority"
    SOLUTION = "solution"
    EXPERTISE = "expertise"

    @property
    def label(self) -> str:
        """In the reader's language."""
        return str(_LABELS[self])


class State(StrEnum):
    """What the team decided."""

    WAITING = "waiting"
    PUBLISHED = "published"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """In the reader's language."""
        return str(_LABELS[self])


_LABELS: Final[dict[StrEnum, Any]] = {
    Kind.COMMENT: lazy("Kommentar"),
    Kind.PRIORITY: lazy("Vorrang"),
    Kind.SOLUTION: lazy("Gute Lösung"),
    Kind.EXPERTISE: lazy("Fachliche Mitwirkung"),
    State.WAITING: lazy("wartet auf Prüfung"),
    State.PUBLISHED: lazy("veröffentlicht"),
    State.REFUSED: lazy("nicht veröffentlicht"),
}


class Contribution(Base):
    """One contribution. ``email`` is never shown in public and forgotten 30 days after the decision."""

    __tablename__ = "contributions"

    id: Mapped[int] = mapped_column(primary_key=True)
    ozg_id: Mapped[int] = mapped_column(ForeignKey("services.ozg_id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), index=True)
    body: Mapped[str]
    name: Mapped[str]
    organisation: Mapped[str]
    email: Mapped[str]
    lang: Mapped[str] = mapped_column(String(5))
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None] = mapped_column(index=True)
    decided_by: Mapped[int | None]
    answer: Mapped[str]
    answered_at: Mapped[datetime | None]

    @property
    def kind_label(self) -> str:
        """What it is, in the reader's language."""
        return Kind(self.kind).label

    @property
    def state_label(self) -> str:
        """What became of it, in the reader's language."""
        return State(self.state).label

    @property
    def author(self) -> str:
        """Who wrote it, as they want to be named; empty for those who did not say."""
        return ", ".join(part for part in (self.name, self.organisation) if part)
