"""The words in which a service and a project are described, and what a reader may ask for."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from app.kernel.i18n import lazy


class SituationKind(StrEnum):
    """Whether people or businesses come into the situation."""

    LIFE = "life"
    BUSINESS = "business"

    @property
    def label(self) -> str:
        """In the reader's language."""
        return str(_LABELS[self])


class ProjectState(StrEnum):
    """How far Saxony is."""

    OPEN = "open"
    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"

    @property
    def label(self) -> str:
        """In the reader's language."""
        return str(_LABELS[self])


class Way(StrEnum):
    """How the service comes to Saxony; empty where our sources do not say."""

    AMT24 = "amt24"
    EFA = "efa"
    THIRD = "third"
    UNKNOWN = ""

    @property
    def label(self) -> str:
        """In the reader's language."""
        return str(_LABELS[self])


class Priority(StrEnum):
    """How urgent the team finds it; empty where nobody decided."""

    NONE = ""
    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"

    @property
    def label(self) -> str:
        """In the reader's language."""
        return str(_LABELS[self])


_LABELS: Final[dict[StrEnum, Any]] = {
    SituationKind.LIFE: lazy("Lebenslage"),
    SituationKind.BUSINESS: lazy("Geschäftslage"),
    ProjectState.OPEN: lazy("offen"),
    ProjectState.PLANNED: lazy("in Planung"),
    ProjectState.RUNNING: lazy("in Bearbeitung"),
    ProjectState.DONE: lazy("umgesetzt"),
    Way.AMT24: lazy("Amt24-Onlineantragsassistent (Eigenentwicklung)"),
    Way.EFA: lazy("„Einer für Alle“ (EfA)"),
    Way.THIRD: lazy("Lösung Dritter"),
    Way.UNKNOWN: lazy("nicht belegt"),
    Priority.NONE: lazy("nicht festgelegt"),
    Priority.LOW: lazy("niedrig"),
    Priority.MIDDLE: lazy("mittel"),
    Priority.HIGH: lazy("hoch"),
}
# The scale of the municipal portals: from no description to a service without paper.
MATURITY: Final[dict[int, Any]] = {
    0: lazy("0 – nicht beschrieben"),
    1: lazy("1 – Information"),
    2: lazy("2 – Formular"),
    3: lazy("3 – Online-Antrag"),
    4: lazy("4 – Ende zu Ende digital"),
}
NO_PROJECT: Final = "none"
ANY_PROJECT: Final = "any"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader looks for; what is empty is not narrowed. ``state`` is a ProjectState, ``any`` or ``none``."""

    text: str = ""
    field: str = ""
    situation: str = ""
    kind: str = ""
    state: str = ""
    municipal: bool = False

    @property
    def is_everything(self) -> bool:
        """Whether nothing was chosen."""
        return self == Wanted()


@dataclass(frozen=True, slots=True)
class ProjectValues:
    """What the team says about a service in Saxony. ``maturity`` is 0 to 4, or None where nobody knows."""

    state: str
    way: str = ""
    lead: str = ""
    priority: str = ""
    maturity: int | None = None
    note: str = ""
    as_of: str = ""
    source: str = ""
