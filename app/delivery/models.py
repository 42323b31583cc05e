"""Messages, the ledger of their deliveries, and what stops a delivery: holds, suppressions, a resting transport."""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Enum, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base
from app.kernel.mail import Attachment, Mail


class State(StrEnum):
    """The fate of one mail for one recipient. It is always true, also after kill -9."""

    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNCERTAIN = "uncertain"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


class OnUncertain(StrEnum):
    """What happens to a delivery in doubt: a person decides, or it is sent once more with the same Message-ID."""

    HOLD = "hold"
    RESEND = "resend"


class Reason(StrEnum):
    """Why an address gets nothing any more: mailbox gone, complaint, the person's wish, the team's decision."""

    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    WISH = "wish"
    STAFF = "staff"


WAITING: Final = (State.QUEUED, State.DEFERRED)
OPEN: Final = (State.QUEUED, State.SENDING, State.DEFERRED)
# A bounce or a complaint comes after the acceptance, so these were accepted too.
ACCEPTED: Final = (State.ACCEPTED, State.BOUNCED, State.COMPLAINED)
# What a person reads in their list of mails: it carries the list headers and the link to leave.
LIST_KINDS: Final = frozenset({"issue", "welcome", "at_once"})


def _states(enum: type[StrEnum]) -> list[str]:
    return [member.value for member in enum]


class Message(Base):
    """One frozen mail of one audience class; nothing in it changes after it was made.

    ``reference`` is the right-hand part of the Message-ID of all its deliveries, ``prepared`` the number of deliveries
    that were written for it: the left side of the completion equation.
    """

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    group: Mapped[str] = mapped_column(String(120), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    lang: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    from_: Mapped[str] = mapped_column("from", String(320))
    reply_to: Mapped[str] = mapped_column(String(320))
    headers: Mapped[dict[str, Any]]
    files: Mapped[list[Any]]
    calendar: Mapped[bytes] = mapped_column(LargeBinary)
    content_hash: Mapped[str] = mapped_column(String(64))
    reference: Mapped[str] = mapped_column(String(320))
    on_uncertain: Mapped[OnUncertain] = mapped_column(
        Enum(OnUncertain, native_enum=False, length=12, values_callable=_states)
    )
    prepared: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]

    @property
    def mail(self) -> Mail:
        """Its content, with the places for the personal parts still open."""
        return Mail(subject=self.subject, text=self.text, html=self.html, lang=self.lang)

    @property
    def attachments(self) -> list[Attachment]:
        """The files that go with it."""
        return [Attachment(f["filename"], f["mimetype"], b64decode(f["content"])) for f in self.files]

    @property
    def is_list_mail(self) -> bool:
        """Whether it goes to the members of a list, who can leave it with one click (RFC 8058)."""
        return self.kind in LIST_KINDS


class Delivery(Base):
    """What becomes of one message for one recipient. One row per group of messages and normalised address, ever.

    ``subject_id`` and ``generation`` name what the personal links are about (a subscription); ``attempt`` counts the
    tries that got an answer, ``doubts`` how often it was in doubt whether a try had succeeded.
    """

    __tablename__ = "deliveries"
    __table_args__ = (UniqueConstraint("group", "address_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"))
    group: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(320))
    address_key: Mapped[str] = mapped_column(String(320), index=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    subject_kind: Mapped[str] = mapped_column(String(40), default="subscription")
    subject_id: Mapped[int | None]
    generation: Mapped[int] = mapped_column(default=1)
    priority: Mapped[int] = mapped_column(default=0)
    state: Mapped[State] = mapped_column(
        Enum(State, native_enum=False, length=12, values_callable=_states), default=State.QUEUED
    )
    attempt: Mapped[int] = mapped_column(default=0)
    doubts: Mapped[int] = mapped_column(default=0)
    queued_at: Mapped[datetime]
    due_at: Mapped[datetime]
    lease_owner: Mapped[str | None] = mapped_column(String(120))
    lease_until: Mapped[datetime | None]
    smtp_code: Mapped[int | None]
    smtp_text: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(String(80), default="")
    accepted_at: Mapped[datetime | None]

    message: Mapped[Message] = relationship()

    @property
    def message_ref(self) -> str:
        """Its Message-ID, in angle brackets: the same at every try, and at nobody else's (RFC 5322, 3.6.4)."""
        return f"<{self.id}.{self.message.reference}>"


class Hold(Base):
    """A group of messages that waits until a person releases it."""

    __tablename__ = "delivery_holds"

    group: Mapped[str] = mapped_column(String(120), primary_key=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]


class Suppression(Base):
    """An address that gets nothing any more, and why.

    ``digest`` is its keyed hash and stays; ``address_key`` and ``evidence`` go with the person they speak of.
    """

    __tablename__ = "suppressions"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    address_key: Mapped[str | None] = mapped_column(String(320), unique=True)
    reason: Mapped[Reason] = mapped_column(Enum(Reason, native_enum=False, length=12, values_callable=_states))
    at: Mapped[datetime]
    evidence: Mapped[str] = mapped_column(Text, default="")


class Transport(Base):
    """The way out: how many mails the pace allows right now, and whether it rests because the server does not answer.

    ``allowance`` was true at ``counted_at``; it grows by SEND_RATE.
    """

    __tablename__ = "transports"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    allowance: Mapped[float]
    counted_at: Mapped[datetime]
    failures: Mapped[int] = mapped_column(default=0)
    resting_until: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(Text, default="")


def as_files(attachments: Sequence[Attachment]) -> list[Any]:
    """How the files of a message are stored."""
    return [
        {"filename": a.filename, "mimetype": a.mimetype, "content": b64encode(a.content).decode("ascii")}
        for a in attachments
    ]


_waiting = Delivery.state.in_([State.QUEUED, State.DEFERRED])
_sending = Delivery.state == State.SENDING
Index(
    "ix_deliveries_due",
    Delivery.priority.desc(),
    Delivery.due_at,
    Delivery.id,
    sqlite_where=_waiting,
    postgresql_where=_waiting,
)
Index("ix_deliveries_sending", Delivery.lease_owner, sqlite_where=_sending, postgresql_where=_sending)
Index("ix_deliveries_subject", Delivery.subject_id, sqlite_where=_waiting, postgresql_where=_waiting)
