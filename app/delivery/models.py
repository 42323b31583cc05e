"""Messages, the ledger of their deliveries, the queue, and what stops a delivery: holds, suppressions, pace."""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    DDL,
    ColumnElement,
    Enum,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    case,
    event,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from app.delivery.columns import Seconds, StateNumber
from app.delivery.columns import State as State
from app.kernel.db import Base, session
from app.kernel.mail import Attachment, Mail


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
LIST_KINDS: Final = frozenset({"issue", "welcome", "at_once", "information", "reconfirm"})


def _states(enum: type[StrEnum]) -> list[str]:
    return [member.value for member in enum]


class Message(Base):
    """One frozen mail of one audience class; nothing in it changes after it was made.

    ``reference`` is the right-hand part of the Message-ID of all its deliveries, ``prepared`` the number of deliveries
    that were written for it: the left side of the completion equation. Its deliveries lie between ``first_id`` and
    ``last_id``, perhaps with others among them. ``priority`` 1 are single mails. After ``expires_at`` nothing of it
    leaves any more. ``forgotten_at``: since then its deliveries have no addresses.
    """

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    group: Mapped[str] = mapped_column(String(120), index=True)
    group_id: Mapped[int]
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
    priority: Mapped[int] = mapped_column(SmallInteger, default=0)
    subject_kind: Mapped[str] = mapped_column(String(40), default="subscription")
    prepared: Mapped[int] = mapped_column(default=0)
    first_id: Mapped[int] = mapped_column(default=0)
    last_id: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    forgotten_at: Mapped[datetime | None]

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


class Group(Base):
    """The number of a group of messages: what makes the deliveries of an issue in several classes one sending."""

    __tablename__ = "message_groups"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)


class Reply(Base):
    """A sentence that many deliveries share: what a server said (code 0: nothing), or why we stopped."""

    __tablename__ = "delivery_replies"
    __table_args__ = (UniqueConstraint("code", "text"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[int] = mapped_column(SmallInteger)
    text: Mapped[str] = mapped_column(Text)


class Delivery(Base):
    """What becomes of one message for one recipient. One row per group of messages and normalised address, ever.

    A row is small and written twice: when it is prepared, and when the server has answered. No index speaks of what
    changes, so that PostgreSQL can write the second version beside the first (HOT); nothing refers to the rows by a
    foreign key, and groups are numbered in their order, so that they can be partitioned by month.

    ``address_id`` is the number of the address (see ``addresses``); the row's own below zero once it is forgotten.
    ``written`` is the address as the person writes it, where that is not its key. ``subject_id`` and ``generation``
    name what the personal links are about (a subscription); ``attempt`` counts the tries that got an answer,
    ``doubts`` how often it was in doubt whether a try had succeeded; ``settled_at`` is when it got its outcome.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("address_id", "group_id"),
        Index("ix_deliveries_subject_id", "subject_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int]
    group_id: Mapped[int]
    subject_id: Mapped[int | None]
    address_id: Mapped[int]
    queued_at: Mapped[datetime] = mapped_column(Seconds)
    due_at: Mapped[datetime] = mapped_column(Seconds)
    settled_at: Mapped[datetime | None] = mapped_column(Seconds, nullable=False, default=None)
    reply_id: Mapped[int] = mapped_column(default=0)
    reason_id: Mapped[int] = mapped_column(default=0)
    state: Mapped[State] = mapped_column(StateNumber, default=State.QUEUED)
    attempt: Mapped[int] = mapped_column(SmallInteger, default=0)
    doubts: Mapped[int] = mapped_column(SmallInteger, default=0)
    generation: Mapped[int] = mapped_column(SmallInteger, default=1)
    address_key: Mapped[str] = mapped_column(String(320))
    written: Mapped[str] = mapped_column(String(320), default="")
    name: Mapped[str] = mapped_column(String(200), default="")

    message: Mapped[Message] = relationship(
        primaryjoin=lambda: foreign(Delivery.message_id) == Message.id, viewonly=True
    )
    _reply: Mapped[Reply | None] = relationship(
        primaryjoin=lambda: foreign(Delivery.reply_id) == Reply.id, viewonly=True, lazy="selectin"
    )
    _why: Mapped[Reply | None] = relationship(
        primaryjoin=lambda: foreign(Delivery.reason_id) == Reply.id, viewonly=True, lazy="selectin"
    )

    @hybrid_property
    def address(self) -> str:
        """Where it goes, as the person writes it."""
        return self.written or self.address_key

    @address.inplace.expression
    @classmethod
    def _address(cls) -> ColumnElement[str]:
        return case((cls.written != "", cls.written), else_=cls.address_key)

    @property
    def group(self) -> str:
        """The group of messages it belongs to, ``issue:12``."""
        return self.message.group

    @property
    def subject_kind(self) -> str:
        """What ``subject_id`` is the number of."""
        return self.message.subject_kind

    @property
    def smtp_code(self) -> int | None:
        """The last code of the server; None if it never answered, or the connection was lost."""
        said = _sentence(self._reply, self.reply_id)
        return (said.code or None) if said else None

    @property
    def smtp_text(self) -> str:
        """The last words of the server, or how the connection was lost."""
        said = _sentence(self._reply, self.reply_id)
        return said.text if said else ""

    @property
    def reason(self) -> str:
        """Why it was stopped or given up, in one word; empty if it was not."""
        why = _sentence(self._why, self.reason_id)
        return why.text if why else ""

    @property
    def accepted_at(self) -> datetime | None:
        """When the server took it over."""
        return self.settled_at if self.state in ACCEPTED else None

    @property
    def message_ref(self) -> str:
        """Its Message-ID, in angle brackets: the same at every try, and at nobody else's (RFC 5322, 3.6.4)."""
        return f"<{self.id}.{self.message.reference}>"


def _sentence(loaded: Reply | None, number: int) -> Reply | None:
    """The sentence with this number; what was loaded with the row may be older than the number."""
    if number and (loaded is None or loaded.id != number):
        return session.get(Reply, number)
    return loaded if number else None


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


def as_files(attachments: Sequence[Attachment]) -> list[Any]:
    """How the files of a message are stored."""
    return [
        {"filename": a.filename, "mimetype": a.mimetype, "content": b64encode(a.content).decode("ascii")}
        for a in attachments
    ]


# A third of each page stays free for second versions: answers are recorded in two steps, every other row in the first,
# so that the room of the first versions is used again in the second.
ROOM: Final = "ALTER TABLE deliveries SET (fillfactor = 67)"
event.listen(Delivery.__table__, "after_create", DDL(ROOM).execute_if(dialect="postgresql"))  # type: ignore[no-untyped-call]
