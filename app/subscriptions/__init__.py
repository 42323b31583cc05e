"""People who listen: what they asked for, confirmed, changed and withdrew, each with its proof.

Nobody receives anything before confirming by mail, and everybody can leave with one click (RFC 8058).
"""

from app.subscriptions.declarations import history, tampered
from app.subscriptions.disclosure import latest_erasures
from app.subscriptions.inbound import on_inbound
from app.subscriptions.limits import waiting as sign_ups_waiting
from app.subscriptions.models import (
    Declaration,
    DeclarationKind,
    Format,
    How,
    Newsletter,
    ShownText,
    State,
    Subscriber,
    Subscription,
)
from app.subscriptions.own_data import answer_next as answer_own_data
from app.subscriptions.own_data import ask as ask_for_own_data
from app.subscriptions.queries import (
    LeftBecause,
    Part,
    Personal,
    audience,
    audiences_that_match,
    count_audience,
    find_newsletter,
    get_newsletter,
    leave_reasons,
    newsletters,
    personal,
    preferences_url,
    unsubscribe_url,
    unwelcomed,
)
from app.subscriptions.services import (
    Changed,
    Confirmed,
    LinkExpired,
    Preferences,
    SignUp,
    change,
    confirm,
    create_newsletter,
    mark_welcomed,
    preferences_of,
    request,
    unsubscribe,
)

__all__ = [
    "Changed",
    "Confirmed",
    "Declaration",
    "DeclarationKind",
    "Format",
    "How",
    "LeftBecause",
    "LinkExpired",
    "Newsletter",
    "Part",
    "Personal",
    "Preferences",
    "ShownText",
    "SignUp",
    "State",
    "Subscriber",
    "Subscription",
    "answer_own_data",
    "ask_for_own_data",
    "audience",
    "audiences_that_match",
    "change",
    "confirm",
    "count_audience",
    "create_newsletter",
    "find_newsletter",
    "get_newsletter",
    "history",
    "latest_erasures",
    "leave_reasons",
    "mark_welcomed",
    "newsletters",
    "on_inbound",
    "personal",
    "preferences_of",
    "preferences_url",
    "request",
    "sign_ups_waiting",
    "tampered",
    "unsubscribe",
    "unsubscribe_url",
    "unwelcomed",
]
