"""The accessibility statement as data: when it was made, how, and what does not work yet (EU 2018/1523)."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.kernel.i18n import lazy


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is not accessible yet: what, why, and what to use instead."""

    what: Any
    why: Any
    instead: Any


@dataclass(frozen=True, slots=True)
class Statement:
    """The statement; ``review_on`` is when it has to be looked at again, a year at the latest."""

    made_on: date
    review_on: date
    gaps: tuple[Gap, ...]


STATEMENT: Final = Statement(
    made_on=date(2026, 11, 23),
    review_on=date(2027, 11, 23),
    gaps=(
        Gap(
            lazy("Videos in Deutscher Gebärdensprache fehlen."),
            lazy("Sie sind für Startseiten vorgesehen und werden noch erstellt."),
            lazy("Die wichtigsten Inhalte stehen in Leichter Sprache bereit."),
        ),
        Gap(
            lazy("Die Sprache einzelner Abschnitte, zum Beispiel Sorbisch, lässt sich in Meldungen nicht auszeichnen."),
            lazy("Das Textmodell kennt dafür noch kein Merkmal."),
            lazy("Die Redaktion nennt die Sprache im Text."),
        ),
    ),
)
