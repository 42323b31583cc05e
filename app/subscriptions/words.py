"""What people read for the words that columns hold."""

from typing import Any, Final

from app.kernel.i18n import lazy
from app.subscriptions.models import Channel, Format, How, LeaveReason

HOW: Final[dict[How, Any]] = {
    How.WITH_ISSUE: lazy("nur die Ausgaben"),
    How.DATES_AT_ONCE: lazy("Ausgaben, dazu neue und geänderte Termine sofort"),
    How.ALL_AT_ONCE: lazy("Ausgaben, dazu jede Meldung sofort"),
}
FORMATS: Final[dict[Format, Any]] = {
    Format.HTML: lazy("gestaltet (HTML)"),
    Format.TEXT: lazy("nur Text"),
}
LEAVE_REASONS: Final[dict[LeaveReason, Any]] = {
    LeaveReason.TOO_MANY: lazy("Es sind mir zu viele E-Mails."),
    LeaveReason.NOT_MY_TOPICS: lazy("Die Themen betreffen mich nicht."),
    LeaveReason.OTHER_TASK: lazy("Ich habe jetzt eine andere Aufgabe."),
    LeaveReason.ELSEWHERE: lazy("Ich lese die Nachrichten an anderer Stelle, zum Beispiel auf der Website."),
    LeaveReason.NEVER_WANTED: lazy("Ich hatte den Newsletter nicht bestellt."),
    LeaveReason.OTHER: lazy("Anderer Grund"),
}

CHANNELS: Final[dict[Channel, Any]] = {
    Channel.PHONE: lazy("am Telefon"),
    Channel.LETTER: lazy("mit einem Brief"),
    Channel.CONVERSATION: lazy("im Gespräch"),
    Channel.MAIL: lazy("mit einer E-Mail"),
    Channel.GONE: lazy("Die Person oder Stelle gibt es nicht mehr."),
}


def how_label(how: How | str) -> Any:
    """How the page calls the moment at which somebody wants to hear from us."""
    return HOW[How(how)]


def format_label(form: Format | str) -> Any:
    """How the page calls the form of the mails."""
    return FORMATS[Format(form)]


def reason_label(reason: LeaveReason | str) -> Any:
    """How the page calls the reason for leaving."""
    return LEAVE_REASONS[LeaveReason(reason)]
