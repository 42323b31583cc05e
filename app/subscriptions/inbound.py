"""Leaving by mail: by the token that List-Unsubscribe (RFC 2369) put into the subject, or by a complaint."""

from app import delivery
from app.kernel.errors import NotFound
from app.subscriptions.queries import get_subscription, named_by
from app.subscriptions.services.leaving import withdraw


def on_inbound(mail: delivery.Inbound) -> bool:
    """Act on a mail that came in, in the transaction that records it; whether there was something to do.

    Only a token of ours acts: what From claims proves nothing. Who complains takes nothing any more.
    """
    try:
        if mail.kind is delivery.InboundKind.UNSUBSCRIBE and mail.token is not None:
            withdraw(named_by(mail.token), {"by": "mail"})
            return True
        if mail.kind is delivery.InboundKind.COMPLAINT and mail.subject_kind == "subscription" and mail.subject_id:
            withdraw(get_subscription(mail.subject_id), {"by": "complaint"})
            return True
    except NotFound:
        return False
    return False
