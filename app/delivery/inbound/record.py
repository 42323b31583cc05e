"""Writing down what came back, and doing what follows from it. Who calls holds the transaction."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.delivery import words
from app.delivery.inbound import alarm, forwarding, rules
from app.delivery.inbound.consequences import follow
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

    ``token`` was sent to us on purpose and is valid, or is the link of a mail that somebody complains of. ``sender`` is
    what From claims: it proves nothing. ``subject_id`` is what the delivery was about that a complaint speaks of,
    proven by the envelope; ``automatic``: no mail may answer it.
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
    follows = rules.consequence(reading.kind, cause, proof)
    if reading.kind is Kind.COMPLAINT:
        return _complained(delivery, mail, reading, follows, handlers)
    if delivery is not None and reading.kind is Kind.DSN:
        return _bounced(delivery, mail, cause, follows)
    if reading.kind is Kind.UNSUBSCRIBE:
        return _unsubscribed(reading, mail, handlers)
    if reading.kind is Kind.REPLY:
        return forwarding.forward(mail, reading)
    return follows


def _bounced(delivery: Delivery, mail: ReturnedMail, cause: Cause | None, follows: Consequence) -> Consequence:
    if follows is Consequence.NOTED:
        return follows
    if delivery.state in (*ACCEPTED, State.UNCERTAIN):
        mark(delivery, State.BOUNCED, f"bounced:{cause.value if cause else ''}")
    follows = follow(delivery, follows, _evidence(mail))
    alarm.watch(delivery, Kind.DSN, cause)
    return follows


def _complained(
    delivery: Delivery | None, mail: ReturnedMail, reading: Reading, follows: Consequence, handlers: Sequence[Handler]
) -> Consequence:
    """Proven by the envelope, the address gets nothing any more; by the link, only what the link names ends."""
    if follows is Consequence.SUPPRESSED and delivery is not None:
        told = Inbound(Kind.COMPLAINT, "", None, True, delivery.subject_kind, delivery.subject_id)
        suppress(delivery.address, Reason.COMPLAINT, _evidence(mail))
    elif follows is Consequence.UNSUBSCRIBED:
        told = Inbound(Kind.COMPLAINT, "", reading.who.link, True)
    else:
        return Consequence.NOTED
    done = [handler(told) for handler in handlers]
    if follows is Consequence.UNSUBSCRIBED and not any(done):
        return Consequence.NOTED
    if delivery is not None:
        mark(delivery, State.COMPLAINED, "complained")
        alarm.watch(delivery, Kind.COMPLAINT, None)
    return follows


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
    found = session.get(Delivery, who.delivery_id) if who.delivery_id is not None else None
    if found is not None and who.proof in (Proof.VERP, Proof.ENVID):
        return found, who.proof
    if found is not None and who.reference in ("", found.message.reference.partition("@")[0].lower()):
        return found, Proof.LINK if _is_about(found, who.link) else Proof.MESSAGE_ID
    if who.link is not None and reading.kind is Kind.COMPLAINT:
        return _latest(who.link), Proof.LINK
    return None, Proof.ADDRESS if who.recipient else Proof.NONE


def _is_about(delivery: Delivery, link: Derived | None) -> bool:
    """Whether this link stood in the mail."""
    named = (link.id, link.generation) if link else None
    return delivery.subject_kind == "subscription" and (delivery.subject_id, delivery.generation) == named


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
