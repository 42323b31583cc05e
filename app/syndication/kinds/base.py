"""What every kind of push channel can do, and the words that they share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from app.announcements import Channel, DispatchState, Preview, Revision
from app.kernel.mail import Attachment, Mail


class Form(StrEnum):
    """How a revision is said to a channel: for the first time, as a correction, or taken back."""

    PUBLISHED = "published"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


class NotTaken(Exception):
    """The channel did not take it; ``final`` when another try is of no use."""

    def __init__(self, message: str, *, final: bool = False) -> None:
        super().__init__(message)
        self.final = final


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is due to one channel. ``key`` is the same at every try, so that the receiver can tell a repetition."""

    channel: Channel
    revision: Revision
    form: Form
    key: str
    attempt: int
    acknowledge_url: str


@dataclass(frozen=True, slots=True)
class Package:
    """A parcel ready to leave: a mail, or the body of a request; nothing has to be asked any more."""

    key: str
    to: str
    attempt: int = 1
    mail: Mail | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    attachments: Sequence[Attachment] = ()
    body: bytes = b""
    secret: str = ""


class Kind(Protocol):
    """One way to push. ``settings`` are the keys of ``Channel.config`` that a person fills in."""

    @property
    def name(self) -> str:
        """What ``Channel.kind`` stores."""

    @property
    def label(self) -> Any:
        """What people call it."""

    def preview(self, revision: Revision) -> list[Preview]:
        """What each active channel of this kind would say."""

    def pack(self, parcel: Parcel) -> Package:
        """Everything that has to be known, read from the database; sends nothing."""

    def trial(self, channel: Channel) -> Package:
        """A package that says that it is a test, with nothing to republish."""

    def carry(self, package: Package) -> dict[str, Any]:
        """Bring it there, outside of any transaction; returns the evidence. Raises NotTaken."""

    def settle(self, package: Package) -> DispatchState:
        """What is to be written in the same transaction as the evidence; returns where the dispatch stands now."""
