"""Who gets nothing any more: kept under a keyed hash, so that it outlives the address itself."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, delete, or_, select

from app.delivery.models import Message, Reason, Suppression
from app.delivery.rules import address_key
from app.delivery.services import skip
from app.delivery.upsert import insert_unless_there
from app.kernel import clock, tokens
from app.kernel.db import session

PURPOSE: Final = "suppression"
# Somebody asked for these just now, and reads them or not: a mailbox that was gone may be back.
DESPITE_BOUNCES: Final = frozenset({"confirm", "address"})
EVIDENCE: Final = 500  # characters
_WEIGHT: Final = {Reason.BOUNCE: 0, Reason.STAFF: 1, Reason.WISH: 2, Reason.COMPLAINT: 2}


def suppression(address: str) -> Suppression | None:
    """Why this address gets nothing any more, or None; also when only its keyed hash is left."""
    digests = tokens.keyed_hashes(PURPOSE, address_key(address))
    found = session.scalars(select(Suppression).where(Suppression.digest.in_(digests))).all()
    return max(found, key=lambda row: _WEIGHT[row.reason], default=None)


def is_suppressed(address: str) -> bool:
    """Whether this address gets nothing any more."""
    return suppression(address) is not None


def suppressed_among(keys: Sequence[str]) -> dict[str, str]:
    """Which of these normalised addresses get nothing any more, and for which reason; for many at once."""
    if session.scalar(select(Suppression.digest).limit(1)) is None:
        return {}
    of_digest = {digest: key for key in keys for digest in tokens.keyed_hashes(PURPOSE, key)}
    found = select(Suppression.digest, Suppression.reason).where(Suppression.digest.in_(of_digest))
    return {of_digest[digest]: reason.value for digest, reason in session.execute(found)}


def suppress(address: str, reason: Reason | str, evidence: str = "") -> None:
    """Send nothing to this address any more, and skip what is waiting for it.

    ``reason`` is bounce, complaint, wish or staff; what a person said (complaint, wish) replaces what a machine said,
    never the other way. ``evidence`` is one line for the team, 500 characters at most. Raises ValueError for another
    reason.
    """
    key, wanted = address_key(address), Reason(reason)
    row = {"digest": tokens.keyed_hash(PURPOSE, key), "address_key": key, "reason": wanted.value, "at": clock.now()}
    known = suppression(address)
    if known is None:
        insert_unless_there(Suppression.__table__, row | {"evidence": evidence[:EVIDENCE]})
    elif _WEIGHT[wanted] > _WEIGHT[known.reason]:
        known.reason, known.at, known.evidence, known.address_key = wanted, clock.now(), evidence[:EVIDENCE], key
        session.flush()
    skip("suppressed", address=address)


def lift(address: str) -> bool:
    """Let this address get mails again; whether it was suppressed. What was skipped stays skipped."""
    known = suppression(address)
    if known is None:
        return False
    session.execute(delete(Suppression).where(Suppression.digest.in_(_digests(address))))
    session.expunge(known)
    return True


def forget_address(address: str) -> bool:
    """Keep only the keyed hash of a suppressed address (Art. 17 GDPR); whether there was more."""
    known = select(Suppression).where(Suppression.digest.in_(_digests(address)), Suppression.address_key.is_not(None))
    found = session.scalars(known).all()
    for row in found:
        row.address_key, row.evidence = None, ""
    session.flush()
    return bool(found)


def stops(kind: str) -> ColumnElement[bool]:
    """Which suppressions stop mails of this kind: all, but those for bounces let through what was just asked for."""
    return Suppression.reason != Reason.BOUNCE if kind in DESPITE_BOUNCES else Suppression.reason.is_not(None)


def stops_message() -> ColumnElement[bool]:
    """As ``stops``, for a query that joins the messages."""
    return or_(Suppression.reason != Reason.BOUNCE, Message.kind.not_in(DESPITE_BOUNCES))


def stopped_by_hash(kind: str, address: str) -> bool:
    """Whether a mail of this kind may not go to this address, though only the keyed hash of it is left."""
    known = suppression(address)
    return known is not None and not (known.reason is Reason.BOUNCE and kind in DESPITE_BOUNCES)


def _digests(address: str) -> tuple[str, ...]:
    return tokens.keyed_hashes(PURPOSE, address_key(address))
