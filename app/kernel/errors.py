"""What can go wrong in the domain: each says what happened and what to do, in the language of the reader."""

from typing import Any


class DomainError(Exception):
    """A request that cannot be met. ``message`` is for the person who asked (a lazy translation or a plain string)."""

    status = 400

    def __init__(self, message: Any = "") -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


class NotFound(DomainError):
    """There is no such thing, or not for this person."""

    status = 404


class Conflict(DomainError):
    """The thing is not in a state in which this can be done."""

    status = 409


class Gone(DomainError):
    """It was here, and is not any more (an expired link, for example)."""

    status = 410


class Refused(DomainError):
    """This person may not do this."""

    status = 403


class Invalid(DomainError):
    """Values that cannot be accepted: ``fields`` maps each field's name to what to do about it."""

    status = 422

    def __init__(self, message: Any = "", **fields: Any) -> None:
        super().__init__(message or "; ".join(str(text) for text in fields.values()))
        self.fields = fields
