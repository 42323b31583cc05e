"""People who listen: what they asked for, confirmed, changed and withdrew, each with its proof.

Nobody receives anything before confirming by mail, and everybody can leave with one click (RFC 8058).
"""

from app.subscriptions.declarations import history, tampered
from app.subscriptions.models import (
    Declaration,
    DeclarationKind,
    Newsletter,
    ShownText,
    State,
    Subscriber,
    Subscription,
)
from app.subscriptions.queries import (
    Personal,
    audience,
    count_audience,
    find_newsletter,
    get_newsletter,
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
    "LinkExpired",
    "Newsletter",
    "Personal",
    "Preferences",
    "ShownText",
    "SignUp",
    "State",
    "Subscriber",
    "Subscription",
    "audience",
    "change",
    "confirm",
    "count_audience",
    "create_newsletter",
    "find_newsletter",
    "get_newsletter",
    "history",
    "mark_welcomed",
    "newsletters",
    "personal",
    "preferences_of",
    "preferences_url",
    "request",
    "tampered",
    "unsubscribe",
    "unsubscribe_url",
    "unwelcomed",
]
