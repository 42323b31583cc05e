"""Leaving by mail: by the token that List-Unsubscribe (RFC 2369) put into the subject, or by a complaint."""

from app import delivery
from app.kernel.errors import Invalid, NotFound
from app.subscriptions.queries import find_by_key, get_subscription, named_by
from app.subscriptions.rules import read_address
from app.subscriptions.services.leaving import withdraw
from app.subscriptions.services.links import send_links


def on_inbound(mail: delivery.Inbound) -> bool:
    """Act on a mail that came in, in the transaction that records it; whether there was something to do.

    Only a token of ours acts: what From claims proves nothing. Who asks to leave without one, and did so themselves,
    is sent their links, within the limit of three mails a day. Who complains ends the subscription in question.
    """
    try:
        if mail.kind is delivery.InboundKind.UNSUBSCRIBE and mail.token is not None:
            withdraw(named_by(mail.token), {"by": "mail"})
            return True
        if mail.kind is delivery.InboundKind.COMPLAINT and mail.token is not None:
            withdraw(named_by(mail.token), {"by": "complaint"})
            return True
        if mail.kind is delivery.InboundKind.COMPLAINT and mail.subject_kind == "subscription" and mail.subject_id:
            withdraw(get_subscription(mail.subject_id), {"by": "complaint"})
            return True
    except NotFound:
        return False
    return mail.kind is delivery.InboundKind.UNSUBSCRIBE and not mail.automatic and _send_links(mail.sender)


def _send_links(sender: str) -> bool:
    """To the address itself, so that nobody else can use them."""
    try:
        known = find_by_key(read_address(sender).key)
    except Invalid:
        return False
    if known is None:
        return False
    send_links(sender, known.lang)
    return True
