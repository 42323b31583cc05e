"""Writing down what came back, and doing what follows from it. Who calls holds the transaction."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.delivery import words
from app.delivery.inbound import alarm, forwarding, rules
from app.delivery.inbound.consequences import failed
from app.delivery.inbound.mime import MOST_BYTES
from app.delivery.inbound.models import Consequence, ReturnedMail
from app.delivery.inbound.reading import Cause, Kind, Proof, Reading
from app.delivery.models import ACCEPTED, Delivery, Reason, State
from app.delivery.rules import address_key
from app.delivery.suppression import suppress
from app.kernel import clock
from app.kernel.db import session
from app.kernel.tokens import Derived


@dataclass(frozen=True, slots=True)
class Inbound:
    """A mail that features above may want to act on.

    ``token`` was sent to us on purpose and is valid. ``sender`` is what From claims: it proves nothing. ``subject_id``
    is what the delivery was about that a complaint speaks of, proven by a token; ``automatic``: no mail may answer it.
    """

    kind: Kind
    sender: str
    token: Derived | None
    automatic: bool
    subject_kind: str = ""
    subject_id: int | None = None


Handler = Callable[[Inbound], bool]
"""Acts on a mail inside the transaction that records it; whether it did."""


def take(raw: bytes, reading: Reading, handlers: Sequence[Handler]) -> ReturnedMail:
    """Record a mail and draw its consequences. A mail that comes a second time changes nothing."""
    digest = hashlib.sha256(raw).hexdigest()
    known = session.scalar(select(ReturnedMail).where(ReturnedMail.digest == digest))
    if known is not None:
        return known
    delivery, proof = _delivery(reading)
    cause = reading.cause
    if delivery is not None:
        who = reading.who
        cause = rules.cause_for(cause, delivery.address_key, _key(who.recipient), _key(who.original))
    mail = _row(raw, digest, reading)
    mail.proof, mail.cause = proof.value, cause.value if cause else ""
    mail.delivery_id = delivery.id if delivery is not None else None
    mail.address_key = delivery.address_key if delivery is not None else _key(reading.who.recipient) or None
    session.add(mail)
    session.flush()
    mail.consequence = _follow(mail, reading, cause, delivery, proof, handlers).value
    if mail.consequence == Consequence.IGNORED:
        mail.raw = None  # understood, and nobody's business
    session.flush()
    return mail


def _row(raw: bytes, digest: str, reading: Reading) -> ReturnedMail:
    return ReturnedMail(
        at=clock.now(),
        digest=digest,
        kind=reading.kind.value,
        sender=reading.sender,
        title=reading.title,
        code=reading.code,
        status=reading.status,
        text=reading.text,
        size=len(raw),
        raw=raw[:MOST_BYTES],
    )


def _follow(
    mail: ReturnedMail,
    reading: Reading,
    cause: Cause | None,
    delivery: Delivery | None,
    proof: Proof,
    handlers: Sequence[Handler],
) -> Consequence:
    if reading.ours:
        return Consequence.IGNORED
    authentic = delivery is not None and proof.is_authentic
    follows = rules.consequence(reading.kind, cause, authentic=authentic)
    if delivery is not None and authentic and reading.kind is Kind.COMPLAINT:
        _complained(delivery, mail, handlers)
    elif delivery is not None and authentic and reading.kind is Kind.DSN:
        return _bounced(delivery, mail, cause, follows)
    elif reading.kind is Kind.UNSUBSCRIBE:
        return _unsubscribed(reading, mail, handlers)
    elif reading.kind is Kind.REPLY:
        return forwarding.forward(mail, reading)
    return follows


def _bounced(delivery: Delivery, mail: ReturnedMail, cause: Cause | None, follows: Consequence) -> Consequence:
    if follows is Consequence.NOTED:
        return follows
    if delivery.state in (*ACCEPTED, State.UNCERTAIN):
        mark(delivery, State.BOUNCED, f"bounced:{cause.value if cause else ''}")
    follows = failed(delivery, cause, _evidence(mail))
    alarm.watch(delivery, Kind.DSN, cause)
    return follows


def _complained(delivery: Delivery, mail: ReturnedMail, handlers: Sequence[Handler]) -> None:
    mark(delivery, State.COMPLAINED, "complained")
    suppress(delivery.address, Reason.COMPLAINT, _evidence(mail))
    alarm.watch(delivery, Kind.COMPLAINT, None)
    told = Inbound(Kind.COMPLAINT, "", None, True, delivery.subject_kind, delivery.subject_id)
    for handler in handlers:
        handler(told)


def _unsubscribed(reading: Reading, mail: ReturnedMail, handlers: Sequence[Handler]) -> Consequence:
    """By its token, at once; without one the address itself is sent its link, if it is known."""
    told = Inbound(Kind.UNSUBSCRIBE, reading.sender, reading.token, reading.automatic)
    done = [handler(told) for handler in handlers]
    if any(done):
        return Consequence.UNSUBSCRIBED if reading.token else Consequence.LINK_SENT
    return forwarding.forward(mail, reading) if not reading.automatic else Consequence.KEPT


def mark(delivery: Delivery, state: State, reason: str) -> None:
    """Write into the ledger what became of a delivery after it was accepted."""
    delivery.state, delivery.reason_id = state, words.number(None, reason)
    session.flush()


def _delivery(reading: Reading) -> tuple[Delivery | None, Proof]:
    """The delivery that the mail speaks of, and how far that is proven once the ledger was asked."""
    who = reading.who
    if who.delivery_id is None:
        return (_latest(who.link), Proof.LINK) if who.link else (None, who.proof)
    found = session.get(Delivery, who.delivery_id)
    if found is None:
        return None, Proof.NONE
    if who.proof in (Proof.VERP, Proof.ENVID):
        return found, who.proof
    if who.reference and who.reference != found.message.reference.partition("@")[0].lower():
        return None, Proof.NONE
    if who.link is not None and (found.subject_kind, found.subject_id) == ("subscription", who.link.id):
        return found, Proof.LINK
    return found, Proof.MESSAGE_ID


def _latest(link: Derived) -> Delivery | None:
    """The newest mail that the server took over for this subscription."""
    taken = select(Delivery).where(Delivery.subject_id == link.id, Delivery.state.in_(ACCEPTED))
    found = session.scalars(taken.order_by(Delivery.id.desc()).limit(20))
    return next((row for row in found if row.subject_kind == "subscription"), None)


def _key(address: str) -> str:
    return address_key(address)[:320] if "@" in address else address.lower()[:320]


def _evidence(mail: ReturnedMail) -> str:
    codes = "" if mail.text[:3].isdecimal() else f"{mail.code or ''} {mail.status} ".lstrip()
    return f"{codes}{mail.text}"[:400] + f" (Rückmeldung {mail.id})"
