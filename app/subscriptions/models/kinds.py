"""The words that columns hold."""

from enum import StrEnum


class State(StrEnum):
    """Where a subscription stands; only an active one receives mail."""

    REQUESTED = "requested"
    ACTIVE = "active"
    WITHDRAWN = "withdrawn"


class How(StrEnum):
    """When somebody hears from us, beside the issues."""

    WITH_ISSUE = "with_issue"
    DATES_AT_ONCE = "dates_at_once"
    ALL_AT_ONCE = "all_at_once"


class Format(StrEnum):
    """In which form somebody reads mails: HTML with its text, or text only."""

    HTML = "html"
    TEXT = "text"


class LeaveReason(StrEnum):
    """Why somebody left, if they want to say so."""

    TOO_MANY = "too_many"
    NOT_MY_TOPICS = "not_my_topics"
    OTHER_TASK = "other_task"
    ELSEWHERE = "elsewhere"
    NEVER_WANTED = "never_wanted"
    OTHER = "other"


class Channel(StrEnum):
    """How somebody asked the team to end a subscription."""

    PHONE = "phone"
    LETTER = "letter"
    CONVERSATION = "conversation"
    MAIL = "mail"
    GONE = "gone"


class DeclarationKind(StrEnum):
    """What somebody declared."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"
    IMPORTED = "imported"
    INFORMED = "informed"
    RECONFIRMED = "reconfirmed"


class Basis(StrEnum):
    """On which ground somebody gets mail: their consent, or a public task (Art. 6 (1) a and e GDPR)."""

    CONSENT = "consent"
    PUBLIC_TASK = "public_task"


def values_of(kinds: type[StrEnum]) -> list[str]:
    """What a column of these kinds may hold."""
    return [kind.value for kind in kinds]
