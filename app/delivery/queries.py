"""Questions to the ledger: how far a group is, what is in doubt, who gets nothing any more, why nothing leaves."""

from dataclasses import dataclass

from sqlalchemy import func, select

from app.delivery.models import ACCEPTED, OPEN, Delivery, Hold, Message, State, Suppression, Transport
from app.delivery.rules import address_key
from app.kernel import identity
from app.kernel.db import session


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
    prepared = session.scalar(select(func.coalesce(func.sum(Message.prepared), 0)).where(Message.group == group)) or 0
    counted = select(Delivery.state, func.count()).where(Delivery.group == group).group_by(Delivery.state)
    return _progress(group, prepared, dict(session.execute(counted).all()))


def progress_of_kinds(kinds: frozenset[str], limit: int = 50) -> list[Progress]:
    """The figures of the newest groups of these kinds of mail, newest first, in three queries."""
    newest = (
        select(Message.group, func.sum(Message.prepared).label("prepared"), func.max(Message.id).label("newest"))
        .where(Message.kind.in_(kinds))
        .group_by(Message.group)
        .order_by(func.max(Message.id).desc())
        .limit(limit)
    )
    groups = {group: int(prepared) for group, prepared, _ in session.execute(newest)}
    counted = (
        select(Delivery.group, Delivery.state, func.count())
        .where(Delivery.group.in_(groups))
        .group_by(Delivery.group, Delivery.state)
    )
    states: dict[str, dict[State, int]] = {group: {} for group in groups}
    for group, state, count in session.execute(counted):
        states[group][state] = count
    return [_progress(group, prepared, states[group]) for group, prepared in groups.items()]


def singles() -> list[tuple[str, State, int]]:
    """How many single mails of each kind are in which state."""
    counted = (
        select(Message.kind, Delivery.state, func.count())
        .join(Message, Delivery.message_id == Message.id)
        .where(Delivery.priority > 0)
        .group_by(Message.kind, Delivery.state)
        .order_by(Message.kind, Delivery.state)
    )
    return list(session.execute(counted))


def in_state(state: State, limit: int = 100) -> list[Delivery]:
    """The newest deliveries in this state."""
    return list(
        session.scalars(select(Delivery).where(Delivery.state == state).order_by(Delivery.id.desc()).limit(limit))
    )


def find(group: str, address: str) -> Delivery | None:
    """The delivery of this group to this address."""
    key = address_key(address)
    return session.scalar(select(Delivery).where(Delivery.group == group, Delivery.address_key == key))


def of_address(address: str) -> list[Delivery]:
    """Everything the ledger knows about an address, oldest first."""
    key = address_key(address)
    return list(session.scalars(select(Delivery).where(Delivery.address_key == key).order_by(Delivery.id)))


def is_suppressed(address: str) -> bool:
    """Whether this address gets nothing any more."""
    return session.get(Suppression, address_key(address)) is not None


def locked_by() -> list[str]:
    """What has to be filled in before any mail leaves, by its label; empty when sending is unlocked."""
    return identity.missing()


def resting() -> Transport | None:
    """The way out, if the server does not answer and we wait before we ask again."""
    return session.scalar(select(Transport).where(Transport.resting_until.is_not(None)))


def _progress(group: str, prepared: int, counts: dict[State, int]) -> Progress:
    held = session.get(Hold, group)
    return Progress(
        group=group,
        prepared=int(prepared),
        accepted=sum(counts.get(state, 0) for state in ACCEPTED),
        failed=counts.get(State.FAILED, 0),
        skipped=counts.get(State.SKIPPED, 0),
        uncertain=counts.get(State.UNCERTAIN, 0),
        open=sum(counts.get(state, 0) for state in OPEN),
        held=None if held is None else held.reason,
    )
