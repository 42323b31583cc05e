"""The links that partners get: derived from the dispatch, nothing stored."""

from app.announcements import Dispatch
from app.kernel import tokens
from app.kernel.db import session
from app.kernel.i18n import lazy


def acknowledge_token(dispatch_id: int) -> str:
    """The token of the page on which a partner says what became of this dispatch."""
    return tokens.derive("partner", dispatch_id)


def dispatch_of(token: str) -> Dispatch:
    """The dispatch that a token names. Raises BadToken."""
    named = tokens.read("partner", token)
    dispatch = session.get(Dispatch, named.id)
    if dispatch is None:
        raise tokens.BadToken(lazy("Zu diesem Link gibt es nichts mehr. Bitte wenden Sie sich an die Redaktion."))
    return dispatch
