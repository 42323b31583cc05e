"""Signing up, confirming, changing, leaving: each appends to the history of the address."""

from app.subscriptions.services.by_staff import MOST, withdraw_by_staff
from app.subscriptions.services.confirmation import (
    Confirmed,
    LinkExpired,
    already_confirmed,
    confirm,
    find_confirmation,
    mark_welcomed,
)
from app.subscriptions.services.leaving import may_undo, say_why, undo, undo_token, unsubscribe, withdraw
from app.subscriptions.services.links import send_links
from app.subscriptions.services.moving import Move, ask_to_move, confirm_move, find_move, forget_old_moves
from app.subscriptions.services.newsletters import create_newsletter
from app.subscriptions.services.preferences import Changed, Preferences, active_subscriptions, change, preferences_of
from app.subscriptions.services.reconfirming import answer, count_stale, start
from app.subscriptions.services.sign_up import SignUp, renew, request
from app.subscriptions.services.waiting import answer_waiting, take, waiting_ids

__all__ = [
    "MOST",
    "Changed",
    "Confirmed",
    "LinkExpired",
    "Move",
    "Preferences",
    "SignUp",
    "active_subscriptions",
    "already_confirmed",
    "answer",
    "answer_waiting",
    "ask_to_move",
    "change",
    "confirm",
    "confirm_move",
    "count_stale",
    "create_newsletter",
    "find_confirmation",
    "find_move",
    "forget_old_moves",
    "mark_welcomed",
    "may_undo",
    "preferences_of",
    "renew",
    "request",
    "say_why",
    "send_links",
    "start",
    "take",
    "undo",
    "undo_token",
    "unsubscribe",
    "waiting_ids",
    "withdraw",
    "withdraw_by_staff",
]
