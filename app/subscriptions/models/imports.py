"""Lists that exist already, and where their import stands."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Enum, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base
from app.subscriptions.models.kinds import Basis, values_of
from app.subscriptions.models.people import Newsletter


class Stage(StrEnum):
    """Where an import stands: nobody of the file is subscribed before ``RUNNING``."""

    UPLOADED = "uploaded"
    CHECKING = "checking"
    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"
    DISCARDED = "discarded"
    FAILED = "failed"


class Import(Base):
    """A file with addresses that are to take one newsletter. It holds no address itself: those stand in the file.

    ``mapping`` says what each column (by its number) means; ``position`` how many rows of the present stage are done,
    written in the same transaction as what was done with them; ``found`` and ``done`` count rows by verdict.
    """

    __tablename__ = "subscriber_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    newsletter_id: Mapped[int] = mapped_column(ForeignKey("newsletters.id"))
    filename: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(8))
    columns: Mapped[list[str]]
    mapping: Mapped[dict[str, Any]]
    basis: Mapped[Basis] = mapped_column(Enum(Basis, native_enum=False, length=20, values_callable=values_of))
    justification: Mapped[str] = mapped_column(Text, default="")
    wording: Mapped[str] = mapped_column(Text, default="")
    how: Mapped[str] = mapped_column(String(200), default="")
    lang: Mapped[str] = mapped_column(String(8), default="de")
    stage: Mapped[Stage] = mapped_column(Enum(Stage, native_enum=False, length=12, values_callable=values_of))
    rows: Mapped[int] = mapped_column(default=0)
    position: Mapped[int] = mapped_column(default=0)
    report_bytes: Mapped[int] = mapped_column(default=0)
    found: Mapped[dict[str, Any]]
    done: Mapped[dict[str, Any]]
    information: Mapped[dict[str, Any]]  # language to the hash of the mail with the information of Art. 14 GDPR
    trouble: Mapped[str] = mapped_column(Text, default="")
    created_by: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    announced_at: Mapped[datetime | None]
    files_deleted_at: Mapped[datetime | None]

    newsletter: Mapped[Newsletter] = relationship()

    @property
    def wants_consent(self) -> bool:
        """Whether each row needs the proof of a consent."""
        return self.basis is Basis.CONSENT

    @property
    def is_at_work(self) -> bool:
        """Whether a job goes through its rows now or soon."""
        return self.stage in (Stage.CHECKING, Stage.RUNNING)
