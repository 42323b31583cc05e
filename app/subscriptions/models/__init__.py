"""Newsletters, who takes them, what was declared about it, and the links that confirm."""

from app.subscriptions.models.consent import Confirmation, Declaration, ShownText
from app.subscriptions.models.kinds import DeclarationKind, State
from app.subscriptions.models.people import Newsletter, Subscriber, Subscription

__all__ = [
    "Confirmation",
    "Declaration",
    "DeclarationKind",
    "Newsletter",
    "ShownText",
    "State",
    "Subscriber",
    "Subscription",
]
