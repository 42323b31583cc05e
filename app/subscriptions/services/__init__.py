"""Signing up, confirming, changing, leaving: each appends to the history of the address."""

from app.subscriptions.services.confirmation import (
    Confirmed,
    LinkExpired,
    already_confirmed,
    confirm,
    find_confirmation,
    mark_welcomed,
)
from app.subscriptions.services.leaving import unsubscribe, withdraw
from app.subscriptions.services.newsletters import create_newsletter
from app.subscriptions.services.preferences import Changed, Preferences, active_subscriptions, change, preferences_of
from app.subscriptions.services.sign_up import SignUp, renew, request
from app.subscriptions.services.waiting import answer_waiting, take, waiting_ids

__all__ = [
    "Changed",
    "Confirmed",
    "LinkExpired",
    "Preferences",
    "SignUp",
    "active_subscriptions",
    "already_confirmed",
    "answer_waiting",
    "change",
    "confirm",
    "create_newsletter",
    "find_confirmation",
    "mark_welcomed",
    "preferences_of",
    "renew",
    "request",
    "take",
    "unsubscribe",
    "waiting_ids",
    "withdraw",
]
