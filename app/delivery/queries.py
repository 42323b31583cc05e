"""Questions to the ledger: how far a group is, what is in doubt, why nothing leaves."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import joinedload

from app.delivery.addresses import is_to
from app.delivery.columns import State
from app.delivery.models import ACCEPTED, OPEN, Delivery, Group, Hold, Message, Reply
from app.delivery.queue import Transport
from app.kernel import identity
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.kernel.i18n import lazy

SUPERSEDED: Final = "superseded"
CANCELLED: Final = "cancelled"
# What goes to many at once; all other mails are shown as figures by kind.
SENDING_KINDS: Final = frozenset({"issue", "at_once"})
STATE_LABELS: Final[dict[State, Any]] = {
    State.QUEUED: lazy("wartet"),
    State.SENDING: lazy("unterwegs"),
    State.ACCEPTED: lazy("zugestellt"),
    State.DEFERRED: lazy("aufgeschoben"),
    State.FAILED: lazy("fehlgeschlagen"),
    State.SKIPPED: lazy("übersprungen"),
    State.UNCERTAIN: lazy("ungewiss"),
    State.BOUNCED: lazy("zurückgekommen"),
    State.COMPLAINED: lazy("beschwert"),
}
KIND_LABELS: Final[dict[str, Any]] = {
    "account_invitation": lazy("Einladung in die Redaktion"),
    "account_reset": lazy("Neues Passwort"),
    "address": lazy("Änderung der Adresse"),
    "barrier": lazy("Meldung einer Barriere"),
    "confirm": lazy("Bestätigung der Anmeldung"),
    "links": lazy("Persönliche Links"),
    "notice": lazy("Hinweis auf eine Änderung"),
    "information": lazy("Information vor der ersten Ausgabe"),
    "reconfirm": lazy("Rückfrage, ob der Newsletter noch gewünscht ist"),
    "partner": lazy("Meldung an einen Infokanal"),
    "my_data": lazy("Link zu den eigenen Daten"),
    "test": lazy("Testversand"),
    "welcome": lazy("Willkommensmail"),
}


# Found by the stretch of numbers that a message's deliveries have: one index serves them all.
OF_MESSAGE: Final = and_(Delivery.id.between(Message.first_id, Message.last_id), Delivery.message_id == Message.id)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a group is. ``accepted`` counts what the server took over, bounced and complained included."""

    group: str
    prepared: int = 0
    accepted: int = 0
    failed: int = 0
    skipped: int = 0
    uncertain: int = 0
    open: int = 0
    held: str | None = None
    subject: str = field(default="", compare=False)
    begun_at: datetime | None = field(default=None, compare=False)

    @property
    def balances(self) -> bool:
        """The completion equation: prepared = accepted + failed + skipped + uncertain + still open."""
        return self.prepared == self.accepted + self.failed + self.skipped + self.uncertain + self.open

    @property
    def finished(self) -> bool:
        """Whether nothing is open and nobody is missing."""
        return self.open == 0 and self.balances


def progress(group: str) -> Progress:
    """The figures of one group; all zero if nothing was prepared for it."""
    found = _progress(select(Message.group).where(Message.group == group))
    return found[0] if found else Progress(group)


def sendings(limit: int = 50) -> list[Progress]:
    """The figures of the newest issues, newest first; always in three queries."""
    issues = select(Message.group).where(Message.kind.in_(SENDING_KINDS))
    return _progress(issues.group_by(Message.group).order_by(func.max(Message.id).desc()).limit(limit))


def singles() -> list[tuple[str, State, int]]:
    """How many mails of each kind that is no issue are in which state, the informations of an import included."""
    counted = (
        select(Message.kind, Delivery.state, func.count())
        .join(Message, OF_MESSAGE)
        .where(Message.kind.not_in(SENDING_KINDS))
        .group_by(Message.kind, Delivery.state)
        .order_by(Message.kind, Delivery.state)
    )
    return list(session.execute(counted))


def stopped() -> list[tuple[Hold, Delivery]]:
    """Single mails that wait because the server refused them for our sake; issues are shown with their figures."""
    return list(session.execute(_stopped().order_by(Hold.at.desc())))


def get_stopped(group: str) -> Hold:
    """The hold of what goes on from here. Raises NotFound, also for an issue, which goes on from its own page."""
    row = session.execute(_stopped({"issue"}).where(Hold.group == group).limit(1)).first()
    if row is None:
        raise NotFound(lazy("Diese Nachricht ist nicht angehalten. Bitte öffnen Sie die Übersicht neu."))
    return row[0]


def in_state(state: State, limit: int = 100) -> list[Delivery]:
    """The newest deliveries in this state, with their messages."""
    wanted = select(Delivery).where(Delivery.state == state).options(joinedload(Delivery.message))
    return list(session.scalars(wanted.order_by(Delivery.id.desc()).limit(limit)))


def find(group: str, address: str) -> Delivery | None:
    """The delivery of this group to this address."""
    wanted = select(Delivery).join(Group, Group.id == Delivery.group_id)
    return session.scalar(wanted.where(Group.name == group, is_to(address)))


def accepted_subjects(group: str) -> Select[int | None]:
    """A query for the subjects (subscriptions) whose mail of this group the server took over."""
    wanted = Message.group == group, Delivery.state.in_(ACCEPTED), Delivery.subject_id.is_not(None)
    return select(Delivery.subject_id).join(Message, OF_MESSAGE).where(*wanted)


def of_address(address: str) -> list[Delivery]:
    """Everything the ledger knows about an address, oldest first."""
    wanted = select(Delivery).where(is_to(address)).options(joinedload(Delivery.message))
    return list(session.scalars(wanted.order_by(Delivery.id)))


def reached(groups: Sequence[str]) -> Select[int | None]:
    """Whom mails of these groups have reached, as ``subject_id``: taken over by the server, or perhaps so.

    Who was skipped because something newer took its place counts too: they are owed the newer one.
    """
    states = (*ACCEPTED, State.SENDING, State.UNCERTAIN)
    reason = select(Reply.id).where(Reply.code == 0, Reply.text == SUPERSEDED).scalar_subquery()
    replaced = (Delivery.state == State.SKIPPED) & (Delivery.reason_id == reason)
    found = select(Delivery.subject_id).join(Message, OF_MESSAGE)
    return found.where(Message.group.in_(groups), Delivery.state.in_(states) | replaced)


def locked_by() -> list[str]:
    """What has to be filled in before any mail leaves, by its label; empty when sending is unlocked."""
    return identity.missing()


def trouble() -> Transport | None:
    """The way out, while the server takes no mails: what it says, and when we ask again."""
    resting = select(Transport).where(Transport.failures > 0, Transport.resting_until.is_not(None))
    return session.scalar(resting.limit(1))


def get_uncertain(delivery_id: int) -> Delivery:
    """The delivery in doubt with this id, with its message. Raises NotFound, also when its outcome is known by now."""
    wanted = select(Delivery).where(Delivery.id == delivery_id, Delivery.state == State.UNCERTAIN)
    found = session.scalar(wanted.options(joinedload(Delivery.message)))
    if found is None:
        raise NotFound(lazy("Diese Zustellung ist nicht mehr ungewiss. Bitte öffnen Sie die Übersicht neu."))
    return found


def get_doubtful(group: str) -> Progress:
    """The figures of a sending of which something is in doubt. Raises NotFound, also if all is known by now."""
    found = progress(group)
    if not found.uncertain:
        raise NotFound(lazy("Davon ist nichts mehr ungewiss. Bitte öffnen Sie die Übersicht neu."))
    return found


def _stopped(left_out: Collection[str] = SENDING_KINDS) -> Select[Hold, Delivery]:
    waiting = select(Hold, Delivery).join(Message, Message.group == Hold.group).join(Delivery, OF_MESSAGE)
    return waiting.options(joinedload(Delivery.message)).where(Message.kind.not_in(left_out))


def _progress(wanted: Select[str]) -> list[Progress]:
    messages = (
        select(Message.group, func.sum(Message.prepared), func.max(Message.subject), func.min(Message.created_at))
        .where(Message.group.in_(wanted))
        .group_by(Message.group)
        .order_by(func.max(Message.id).desc())
    )
    groups = {row[0]: row[1:] for row in session.execute(messages)}
    counted = select(Message.group, Delivery.state, func.count()).join(Delivery, OF_MESSAGE)
    counted = counted.where(Message.group.in_(groups))
    states: dict[str, dict[State, int]] = {group: {} for group in groups}
    for group, state, count in session.execute(counted.group_by(Message.group, Delivery.state)):
        states[group][state] = count
    held = {hold.group: hold.reason for hold in session.scalars(select(Hold).where(Hold.group.in_(groups)))}
    return [
        figures(group, prepared, states[group], held.get(group), subject, begun_at)
        for group, (prepared, subject, begun_at) in groups.items()
    ]


def figures(
    group: str, prepared: int, counts: dict[State, int], held: str | None, subject: str, begun_at: datetime
) -> Progress:
    """The figures of a group from how many of its deliveries are in which state."""
    return Progress(
        group=group,
        prepared=int(prepared),
        accepted=sum(counts.get(state, 0) for state in ACCEPTED),
        failed=counts.get(State.FAILED, 0),
        skipped=counts.get(State.SKIPPED, 0),
        uncertain=counts.get(State.UNCERTAIN, 0),
        open=sum(counts.get(state, 0) for state in OPEN),
        held=held,
        subject=subject,
        begun_at=begun_at,
    )
