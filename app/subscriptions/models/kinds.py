"""The words that columns hold."""

from enum import StrEnum


class State(StrEnum):
    """Where a subscription stands; only an active one receives mail."""

    REQUESTED = "requested"
    ACTIVE = "active"
    WITHDRAWN = "withdrawn"


class DeclarationKind(StrEnum):
    """What somebody declared."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


def values_of(kinds: type[StrEnum]) -> list[str]:
    """What a column of these kinds may hold."""
    return [kind.value for kind in kinds]
