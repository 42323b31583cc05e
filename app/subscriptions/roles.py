"""What people may say about their work: a short list, so that the team sees whom it writes for, and no more."""

from typing import Any, Final

from app.kernel.i18n import lazy

ROLES: Final[dict[str, Any]] = {
    "lead": lazy("Leitung der Verwaltung"),
    "digital": lazy("Digitalisierung, OZG-Koordination"),
    "it": lazy("IT"),
    "organisation": lazy("Organisation, Personal"),
    "specialist": lazy("Fachamt"),
    "press": lazy("Presse- und Öffentlichkeitsarbeit"),
    "council": lazy("Gemeinderat, Kreistag"),
    "service": lazy("Dienstleister der Verwaltung"),
    "other": lazy("Sonstiges"),
}
