"""What a failure does to an address: suppressed at once, counted over issues, or not blamed."""

from sqlalchemy import select

from app.delivery.inbound import rules
from app.delivery.inbound.causes import cause_of, find_status
from app.delivery.inbound.models import Consequence, SoftBounce
from app.delivery.inbound.reading import Cause, Kind, Proof
from app.delivery.models import ACCEPTED, Delivery, Reason, State
from app.delivery.rules import address_key
from app.delivery.suppression import PURPOSE, lift, suppress, suppression
from app.kernel import clock, tokens
from app.kernel.db import session


def refused(delivery: Delivery, code: int | None, text: str) -> Cause:
    """The server refused this delivery for good, or we gave up: draw the consequences for its address.

    Called inside the transaction that records it. The cause says what it was taken for.
    """
    cause = cause_of(find_status(text), code, text)
    follow(delivery, rules.consequence(Kind.DSN, cause, Proof.ENVID), f"{code or ''} {text}".strip())
    return cause


def follow(delivery: Delivery, follows: Consequence, evidence: str) -> Consequence:
    """Suppress or count, as it follows: 5 issues in a row over at least 15 days are a mailbox that is gone."""
    if follows is Consequence.SUPPRESSED:
        suppress(delivery.address, Reason.BOUNCE, evidence)
    if follows is Consequence.COUNTED and _count(delivery):
        suppress(delivery.address, Reason.BOUNCE, evidence)
        return Consequence.SUPPRESSED
    return follows


def heard_from(address: str) -> None:
    """Somebody used a link that only this mailbox was sent: its bounces are forgotten, and a stop because of them ends.

    What a person wished for, or the team decided, stays.
    """
    for row in session.scalars(select(SoftBounce).where(SoftBounce.digest.in_(_digests(address)))):
        session.delete(row)
    known = suppression(address)
    if known is not None and known.reason is Reason.BOUNCE:
        lift(address)
    session.flush()


def _count(delivery: Delivery) -> bool:
    """Count this delivery, once per issue; whether the address counts as gone by now."""
    if not delivery.message.is_list_mail:
        return False
    now = clock.now()
    wanted = select(SoftBounce).where(SoftBounce.digest.in_(_digests(delivery.address))).with_for_update()
    known = session.scalars(wanted).first()
    if known is None:
        digest = tokens.keyed_hash(PURPOSE, address_key(delivery.address))
        session.add(SoftBounce(digest=digest, failures=1, first_at=now, last_at=now, last_delivery_id=delivery.id))
        session.flush()
        return False
    if delivery.id <= known.last_delivery_id:
        return False
    if _was_reached_between(known, delivery) or now - known.last_at > rules.SOFT_FORGOTTEN:
        known.failures, known.first_at = 0, now
    known.failures, known.last_at, known.last_delivery_id = known.failures + 1, now, delivery.id
    session.flush()
    return rules.is_gone(known.failures, known.first_at, now)


def _was_reached_between(known: SoftBounce, delivery: Delivery) -> bool:
    """Whether a mail between the last one that counted and this one was accepted, and did not come back."""
    between = Delivery.id > known.last_delivery_id, Delivery.id < delivery.id
    came_back = (State.BOUNCED, State.COMPLAINED)
    accepted = [state for state in ACCEPTED if state not in came_back]
    arrived = select(Delivery.id).where(
        Delivery.address_id == delivery.address_id, *between, Delivery.state.in_(accepted)
    )
    return session.scalar(arrived.limit(1)) is not None


def _digests(address: str) -> tuple[str, ...]:
    return tokens.keyed_hashes(PURPOSE, address_key(address))
