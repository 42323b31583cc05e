"""Messages out: a frozen message, a ledger with one row per recipient, and the pump that sends what is due.

It knows addresses, not people: who is in an audience, and why, stands above.
"""

from app.delivery.models import Delivery, Message, OnUncertain, State
from app.delivery.preparation import Audience, CountMismatch, freeze, prepare, queue_one
from app.delivery.queries import Progress, find, is_suppressed, locked_by, of_address, progress
from app.delivery.rules import address_key
from app.delivery.services import NotUncertain, hold, release, send_again, skip, suppress

__all__ = [
    "Audience",
    "CountMismatch",
    "Delivery",
    "Message",
    "NotUncertain",
    "OnUncertain",
    "Progress",
    "State",
    "address_key",
    "find",
    "freeze",
    "hold",
    "is_suppressed",
    "locked_by",
    "of_address",
    "prepare",
    "progress",
    "queue_one",
    "release",
    "send_again",
    "skip",
    "suppress",
]
