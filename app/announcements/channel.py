"""What the hub asks of a kind of channel: to show beforehand what it will say. How, its own feature knows."""

from dataclasses import dataclass
from typing import Protocol

from app.announcements.models import Revision


@dataclass(frozen=True, slots=True)
class Preview:
    """What will be seen in one channel: a headline, the text, and for mails and pages their HTML."""

    channel: str
    subject: str
    text: str
    html: str = ""


class ChannelKind(Protocol):
    """One way to say an announcement; ``name`` is what ``Channel.kind`` stores."""

    @property
    def name(self) -> str:
        """Its key."""

    def preview(self, revision: Revision) -> list[Preview]:
        """What each channel of this kind would say, without sending anything."""
