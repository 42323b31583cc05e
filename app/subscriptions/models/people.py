"""Newsletters, and who takes them."""

import secrets
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Enum, ForeignKey, Index, String, Text, UniqueConstraint, event, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import delivery
from app.kernel.db import Base
from app.subscriptions.models.kinds import Basis, Format, How, State, values_of
from app.taxonomy import search_text

FIRST_GENERATIONS: Final = 30_000  # the ledger keeps a generation in 16 bits


def _folded(context: Any) -> str:
    """What a search finds a new row by."""
    values = context.get_current_parameters()
    return search_text(*(values.get(name) or "" for name in ("normalised", "name", "organisation")))


def _number(context: Any) -> int:
    """The number of a new person's address in the ledger."""
    key = context.get_current_parameters()["normalised"]
    return delivery.numbers_of([key])[key]


def first_generation() -> int:
    """Where the generation of a new subscription's links begins."""
    return secrets.randbelow(FIRST_GENERATIONS) + 1


class Newsletter(Base):
    """One of the publications. ``list_id`` is its name among mailing lists (RFC 2919), without angle brackets."""

    __tablename__ = "newsletters"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    lang: Mapped[str] = mapped_column(String(8), default="de")
    list_id: Mapped[str] = mapped_column(String(255))
    position: Mapped[int] = mapped_column(default=0)


class Subscriber(Base):
    """An address that listens. ``normalised`` is what it is recognised by: lower case, the domain in ASCII.

    ``chain`` names its declarations and says nothing about the person: it stays when the person is forgotten.
    ``paused_until`` is the day in Berlin from which mails come again.
    """

    __tablename__ = "subscribers"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(320))  # as typed, the domain in ASCII (RFC 5891)
    normalised: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    organisation: Mapped[str] = mapped_column(String(200), default="")
    role: Mapped[str] = mapped_column(String(40), default="")  # a key of ``words.ROLES``
    lang: Mapped[str] = mapped_column(String(8), default="de")
    format: Mapped[str] = mapped_column(String(8), default=Format.HTML.value)
    how: Mapped[How] = mapped_column(
        Enum(How, native_enum=False, length=20, values_callable=values_of),
        default=How.WITH_ISSUE,
        server_default=How.WITH_ISSUE.value,
    )
    paused_until: Mapped[date | None]
    address_id: Mapped[int] = mapped_column(default=_number)  # the number of ``normalised`` in the ledger
    chain: Mapped[str] = mapped_column(String(32), unique=True)
    created_at: Mapped[datetime]
    folded: Mapped[str] = mapped_column(Text, default=_folded)  # what a search finds the person by

    subscriptions: Mapped[list["Subscription"]] = relationship(
        back_populates="subscriber", order_by="Subscription.newsletter_id", passive_deletes=True
    )


class Subscription(Base):
    """Membership in one newsletter. Raising ``generation`` revokes the links in all mails sent before.

    Its number is in these links and given once. A backup that was restored gives numbers again that were given after it
    was made: so the first generation is drawn, and links that were sent in between lead nowhere.
    ``reason_counted``: who left has said why; which reason it was is counted without the person (``LeaveCount``).
    Who gets it for a public task and not by consent gets no issue before ``informed_at``, when the mail with the
    information of Art. 14 GDPR was accepted.
    """

    __tablename__ = "subscriptions"
    __table_args__ = (UniqueConstraint("subscriber_id", "newsletter_id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id", ondelete="CASCADE"))
    newsletter_id: Mapped[int] = mapped_column(ForeignKey("newsletters.id"))
    state: Mapped[State] = mapped_column(Enum(State, native_enum=False, length=20, values_callable=values_of))
    regions: Mapped[list[str]] = mapped_column(default=list)
    topics: Mapped[list[str]] = mapped_column(default=list)
    requested_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    welcomed_at: Mapped[datetime | None]
    generation: Mapped[int] = mapped_column(default=1)
    reason_counted: Mapped[bool] = mapped_column(default=False, server_default=false())
    basis: Mapped[Basis] = mapped_column(
        Enum(Basis, native_enum=False, length=20, values_callable=values_of), default=Basis.CONSENT
    )
    informed_at: Mapped[datetime | None]
    import_id: Mapped[int | None] = mapped_column(ForeignKey("subscriber_imports.id", ondelete="SET NULL"), index=True)

    subscriber: Mapped[Subscriber] = relationship(back_populates="subscriptions")
    newsletter: Mapped[Newsletter] = relationship()

    @property
    def is_active(self) -> bool:
        """Whether it receives mail."""
        return self.state is State.ACTIVE


@event.listens_for(Subscriber, "before_update")
def _fold(_mapper: object, _connection: object, person: Subscriber) -> None:
    person.folded = search_text(person.normalised, person.name, person.organisation)


Index("ix_subscriptions_audience", Subscription.newsletter_id, Subscription.state)
