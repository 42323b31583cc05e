"""Newsletters, who takes them, what was declared about it, and the links that confirm."""

from app.subscriptions.models.consent import Confirmation, Declaration, ShownText
from app.subscriptions.models.kinds import DeclarationKind, Format, How, LeaveReason, State
from app.subscriptions.models.people import Newsletter, Subscriber, Subscription
from app.subscriptions.models.preferences import AddressChange, LeaveCount

__all__ = [
    "AddressChange",
    "Confirmation",
    "Declaration",
    "DeclarationKind",
    "Format",
    "How",
    "LeaveCount",
    "LeaveReason",
    "Newsletter",
    "ShownText",
    "State",
    "Subscriber",
    "Subscription",
]
