"""For who has lost all mails: their own links, sent to the address and told to nobody else."""

import secrets
from typing import Final

from app import delivery
from app.subscriptions import limits, mails
from app.subscriptions.queries import find_by_key, preferences_url, unsubscribe_url
from app.subscriptions.rules import read_address
from app.subscriptions.services.preferences import active_subscriptions

KIND: Final = "links"


def send_links(typed: str, lang: str) -> None:
    """Send the links to change and to leave to this address, if it takes anything; the caller cannot tell.

    At most three mails a day per address, those of a sign-up included. Raises Invalid (``address``).
    """
    address = read_address(typed)
    subscriber = find_by_key(address.key)
    takes = active_subscriptions(subscriber) if subscriber else []
    if subscriber is None or not takes or delivery.is_suppressed(subscriber.address):
        mails.links([], "", lang)  # as much work as for an address that we know
        return
    if limits.may_mail(address.key):
        leave = [(subscription.newsletter.title, unsubscribe_url(subscription)) for subscription in takes]
        mail = mails.links(leave, preferences_url(takes[0]), subscriber.lang)
        delivery.queue_one(KIND, mail, subscriber.address, group=f"{KIND}:{secrets.token_hex(8)}")
