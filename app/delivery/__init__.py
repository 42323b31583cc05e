"""Messages out: a frozen message, a ledger with one row per recipient, and the pump that sends what is due.

It knows addresses, not people: who is in an audience, and why, stands above.
"""

from app.delivery.addresses import forget_numbers, number_of, numbers_of, unused_numbers
from app.delivery.inbound.consequences import heard_from, refused
from app.delivery.inbound.models import ReturnedMail, SoftBounce
from app.delivery.inbound.reading import Kind as InboundKind
from app.delivery.inbound.record import Handler as InboundHandler
from app.delivery.inbound.record import Inbound
from app.delivery.models import Delivery, Message, OnUncertain, Reason, State, Suppression
from app.delivery.periods import TEXT_KEPT
from app.delivery.preparation import Audience, CountMismatch, freeze, prepare, queue_one
from app.delivery.privacy import blank, naming
from app.delivery.queries import (
    CANCELLED,
    STATE_LABELS,
    SUPERSEDED,
    Progress,
    accepted_subjects,
    find,
    locked_by,
    of_address,
    progress,
    reached,
)
from app.delivery.rules import address_key
from app.delivery.services import NotUncertain, hold, release, send_again, skip
from app.delivery.suppression import forget_address, is_suppressed, lift, suppress, suppressed_among, suppression
from app.delivery.turns import prepare_alone
from app.delivery.watch.figures import Outgoing, Queue, outgoing, queue, returned_counts, suppressed_counts
from app.delivery.watch.rules import Circuit
from app.delivery.watch.sendings import Outlook, outlook
from app.delivery.watch.ways import Life, Way, ways

__all__ = [
    "CANCELLED",
    "STATE_LABELS",
    "SUPERSEDED",
    "TEXT_KEPT",
    "Audience",
    "Circuit",
    "CountMismatch",
    "Delivery",
    "Inbound",
    "InboundHandler",
    "InboundKind",
    "Life",
    "Message",
    "NotUncertain",
    "OnUncertain",
    "Outgoing",
    "Outlook",
    "Progress",
    "Queue",
    "Reason",
    "ReturnedMail",
    "SoftBounce",
    "State",
    "Suppression",
    "Way",
    "accepted_subjects",
    "address_key",
    "blank",
    "find",
    "forget_address",
    "forget_numbers",
    "freeze",
    "heard_from",
    "hold",
    "is_suppressed",
    "lift",
    "locked_by",
    "naming",
    "number_of",
    "numbers_of",
    "of_address",
    "outgoing",
    "outlook",
    "prepare",
    "prepare_alone",
    "progress",
    "queue",
    "queue_one",
    "reached",
    "refused",
    "release",
    "returned_counts",
    "send_again",
    "skip",
    "suppress",
    "suppressed_among",
    "suppressed_counts",
    "suppression",
    "unused_numbers",
    "ways",
]
