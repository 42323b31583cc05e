"""How the desk calls states and entries."""

from app.kernel.i18n import _
from app.subscriptions.models import DeclarationKind, State


def state_words() -> dict[State, str]:
    """How the states of a subscription are called."""
    return {
        State.REQUESTED: _("noch nicht bestätigt"),
        State.ACTIVE: _("aktiv"),
        State.WITHDRAWN: _("abgemeldet"),
    }


def kind_words() -> dict[DeclarationKind, str]:
    """How the entries of a history are called."""
    return {
        DeclarationKind.REQUESTED: _("Anmeldung angefordert"),
        DeclarationKind.CONFIRMED: _("Anmeldung bestätigt"),
        DeclarationKind.CHANGED: _("Einstellungen geändert"),
        DeclarationKind.WITHDRAWN: _("Abgemeldet"),
        DeclarationKind.ERASED: _("Gelöscht"),
        DeclarationKind.IMPORTED: _("Aus einer Liste übernommen"),
        DeclarationKind.RECONFIRMED: _("Auf Rückfrage bestätigt"),
        DeclarationKind.INFORMED: _("Vor der ersten Ausgabe informiert"),
    }
