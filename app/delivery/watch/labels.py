"""What the desk calls what it shows of a running delivery."""

from typing import Any, Final

from app.delivery.records import LOST
from app.delivery.watch.rules import Circuit, Hindrance
from app.delivery.watch.ways import Life
from app.kernel.i18n import _, lazy

HINDRANCE_LABELS: Final[dict[Hindrance, Any]] = {
    Hindrance.PACE: lazy("Der Mailserver bittet um weniger Tempo"),
    Hindrance.QUOTA: lazy("Ein Kontingent ist ausgeschöpft oder ein Postfach voll"),
    Hindrance.REFUSED: lazy("Abgelehnt aus Gründen, die nicht an der Adresse liegen"),
    Hindrance.LATER: lazy("Der Mailserver bittet, es später noch einmal zu versuchen"),
    Hindrance.LOST: lazy("Die Verbindung brach ab"),
}
CIRCUIT_LABELS: Final[dict[Circuit, tuple[Any, str]]] = {
    Circuit.UNUSED: (lazy("noch nicht benutzt"), "neutral"),
    Circuit.CLOSED: (lazy("in Ordnung"), "success"),
    Circuit.OPEN: (lazy("ruht"), "danger"),
    Circuit.HALF_OPEN: (lazy("wird erprobt"), "warning"),
}
LIFE_LABELS: Final[dict[Life, tuple[Any, str]]] = {
    Life.ALIVE: (lazy("sendet"), "success"),
    Life.ELSEWHERE: (lazy("sendet auf einem anderen Rechner"), "success"),
    Life.DEAD: (lazy("beendet, wird gerade abgelöst"), "danger"),
}


def happened(said: str) -> str:
    """What became of a try, as the ledger has it: the server's words as they are, ours in the reader's language."""
    return _("Der Sendeprozess endete, bevor die Antwort des Mailservers festgehalten war.") if said == LOST else said
