"""What follows from what: pure decisions about mails that came back."""

from datetime import datetime, timedelta
from typing import Final

from app.delivery.inbound.models import Consequence
from app.delivery.inbound.reading import Cause, Kind, Proof

SOFT_FAILURES: Final = 5  # issues in a row …
SOFT_PERIOD: Final = timedelta(days=15)  # … over at least this time
SOFT_FORGOTTEN: Final = timedelta(days=180)
FORWARDED_PER_SENDER: Final = 5  # replies a day that reach the team from one address
FORWARDED_PER_DAY: Final = 200

_BY_CAUSE: Final[dict[Cause | None, Consequence]] = {
    Cause.HARD: Consequence.SUPPRESSED,
    Cause.FULL: Consequence.COUNTED,
    Cause.SOFT: Consequence.COUNTED,
    Cause.MESSAGE: Consequence.RETURNED,
    Cause.POLICY: Consequence.RETURNED,
    Cause.FORWARDED: Consequence.NOTED,
    Cause.DELAYED: Consequence.NOTED,
    Cause.DELIVERED: Consequence.NOTED,
}

_COMPLAINT: Final = {
    Proof.VERP: Consequence.SUPPRESSED,
    Proof.ENVID: Consequence.SUPPRESSED,
    Proof.LINK: Consequence.UNSUBSCRIBED,
}


def consequence(kind: Kind, cause: Cause | None, proof: Proof) -> Consequence:
    """What a mail of this kind leads to; without proof that it speaks of a mail of ours never more than an entry.

    A link proves less than the envelope: its holder may end a subscription, and so may a complaint that shows it; a
    mailbox that is gone is only counted on its word.
    """
    if kind is Kind.COMPLAINT:
        return _COMPLAINT.get(proof, Consequence.NOTED)
    if kind is Kind.DSN:
        follows = _BY_CAUSE.get(cause, Consequence.NOTED)
        if proof.is_authentic:
            return follows
        if proof is Proof.LINK:
            return Consequence.COUNTED if follows is Consequence.SUPPRESSED else follows
        return Consequence.NOTED
    return Consequence.IGNORED if kind is Kind.AUTO_REPLY else Consequence.KEPT


def cause_for(cause: Cause | None, key: str, failed: str, original: str) -> Cause | None:
    """The cause as it concerns the person that we wrote to (``key``).

    A report about another address (``failed``) speaks of somebody behind a forwarding or a role mailbox; the others
    who read there got the mail. Exchange Online names a mailbox under its technical domain, too.
    """
    if cause not in (Cause.HARD, Cause.FULL, Cause.SOFT) or failed in ("", key):
        return cause
    local, _, domain = failed.partition("@")
    if domain.endswith(".onmicrosoft.com") and local == key.partition("@")[0]:
        return cause
    no_address = "@" not in failed and original in ("", key)  # an internal name, as from X.400 or Domino
    return cause if no_address else Cause.FORWARDED


def is_gone(failures: int, first_at: datetime, now: datetime) -> bool:
    """Whether an address that was never reached in so many issues since ``first_at`` gets nothing any more."""
    return failures >= SOFT_FAILURES and now - first_at >= SOFT_PERIOD
